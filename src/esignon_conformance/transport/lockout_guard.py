"""Keeps the suite from locking an account: counts what names it and was not let in, and wrong passwords."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ..target.limits import ON_LOOPBACK, Limits
from ..target.target import REAL_ACCOUNTS, Account
from .messages import Request

# In lower case, as it is looked for.
_ESCAPE = re.compile(rb"\\u00([0-9a-f]{2})|%([0-9a-f]{2})")
# Stands for all that one address sends, beside the accounts of a count.
ADDRESS = "*"
State = Literal["unknown", "good", "refused", "locked"]


@dataclass
class Tally:
    """What each account of a target has met in a run, however many parts the run sends in.

    `in_a_row` counts requests that named it and were not let in; `wrong` the wrong passwords in all;
    `failed` the wrong logins since it was last let in, and those of any account under `ADDRESS`.
    """

    in_a_row: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)


@dataclass
class AccountGuard:
    """The standing of each real account.

    A request counts against an account when it names its email, in any case, anywhere in its bytes,
    and is not answered "00".  Only a right login that is answered "00" resets the count.  It is a
    wrong password when it does not hold the account's own as `memb_pwd`.
    """

    accounts: Mapping[str, Account]
    limits: Limits = ON_LOOPBACK
    tally: Tally = field(default_factory=Tally)
    _standing: dict[str, State] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in REAL_ACCOUNTS:
            if name in self.accounts:
                self._standing[name] = "unknown"

    def named(self, request: Request) -> list[str]:
        """Return the real accounts that a request names."""
        sent = (request.body + request.target.encode()).lower()
        unescaped = _unescaped(sent)
        found = []
        for name in self._standing:
            email = self.accounts[name].email.get_secret_value().strip().lower().encode()
            is_its_own = request.account == name and request.memb_email == self.accounts[name].email
            if is_its_own or email in sent or email in unescaped:
                found.append(name)
        return found

    def wrong(self, request: Request, names: Iterable[str]) -> list[str]:
        """Return which of the accounts that a request names it names without the right password."""
        return [name for name in names if request.password != self.accounts[name].password]

    def wrong_in(self, requests: Iterable[Request]) -> Counter[str]:
        """Return how many wrong passwords of each account some requests hold."""
        return Counter(name for one in requests for name in self.wrong(one, self.named(one)))

    def state(self, name: str) -> State:
        """Return the standing of an account."""
        return self._standing[name]

    def set_state(self, name: str, state: State) -> None:
        """Set the standing of an account."""
        self._standing[name] = state

    def in_a_row(self, name: str) -> int:
        """Return how many requests in a row named the account and were not let in."""
        return self.tally.in_a_row[name]

    def is_exhausted(self, name: str) -> bool:
        """Tell whether a right login must come before the next request that may not be let in."""
        return self.in_a_row(name) >= max(1, self.limits.wrong_passwords_in_a_row)

    def room(self, name: str) -> int:
        """Return how often a request that names the account may go out before the next right login."""
        return max(1, self.limits.wrong_passwords_in_a_row) - self.in_a_row(name)

    def has_spent(self, name: str, times: int = 1) -> bool:
        """Tell whether the account is not sent so many more wrong passwords in this run."""
        most = self.limits.wrong_passwords
        is_spent = most is not None and self.tally.wrong[name] + times > most
        return is_spent or not self.limits.sends_wrong_passwords

    def note(
        self, names: Iterable[str], issued: bool, wrong: Iterable[str] = (), times: int = 1
    ) -> None:
        """Count a request that named some accounts and was a wrong password for some of them.

        `times` is how often it went onto the wire.  A wrong password that is let in starts no count
        again: whether the server counts it is not known.
        """
        wrong = tuple(wrong)
        for name in names:
            if issued and name not in wrong:
                self.tally.failed[name] = self.tally.failed[ADDRESS] = 0
            is_over = issued and name not in wrong
            self.tally.in_a_row[name] = 0 if is_over else self.tally.in_a_row[name] + times
        for name in wrong:
            self.tally.wrong[name] += times

    def note_failed(self, names: Iterable[str]) -> None:
        """Note a wrong login, well-formed and refused, for the accounts whose password it got wrong."""
        for name in (*names, ADDRESS):
            self.tally.failed[name] += 1

    def failed(self, name: str) -> int:
        """Return how many wrong logins there were since an account, or any, was last let in."""
        return self.tally.failed[name]


def _unescaped(data: bytes) -> bytes:
    r"""Return the bytes with `\u00xx` and percent escapes of ASCII undone, enough to find an email."""
    return _ESCAPE.sub(lambda found: bytes.fromhex((found[1] or found[2]).decode()), data).lower()
