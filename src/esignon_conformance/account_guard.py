"""Keeps the suite from locking an account: counts requests that name it and were not let in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from .exchange import Request
from .target import REAL_ACCOUNTS, Account

State = Literal["unknown", "good", "refused", "locked"]
MOST_IN_A_ROW = 3


@dataclass
class _Standing:
    state: State = "unknown"
    in_a_row: int = 0


@dataclass
class AccountGuard:
    """The standing of each real account in this run.

    A request counts against an account when it names its email, in any case, anywhere in its bytes,
    and is not answered "00".  Only an answer "00" resets the count.
    """

    accounts: Mapping[str, Account]
    _standing: dict[str, _Standing] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in REAL_ACCOUNTS:
            if name in self.accounts:
                self._standing[name] = _Standing()

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

    def state(self, name: str) -> State:
        """Return the standing of an account."""
        return self._standing[name].state

    def set_state(self, name: str, state: State) -> None:
        """Set the standing of an account."""
        self._standing[name].state = state

    def in_a_row(self, name: str) -> int:
        """Return how many requests in a row named the account and were not let in."""
        return self._standing[name].in_a_row

    def is_exhausted(self, name: str) -> bool:
        """Tell whether a right login must come before the next wrong one."""
        return self._standing[name].in_a_row >= MOST_IN_A_ROW

    def note(self, names: list[str], issued: bool) -> None:
        """Count a request that named these accounts."""
        for name in names:
            standing = self._standing[name]
            standing.in_a_row = 0 if issued else standing.in_a_row + 1


def _unescaped(data: bytes) -> bytes:
    r"""Return the bytes with `\u00xx` and percent escapes of ASCII undone, enough to find an email."""
    if b"\\u00" not in data and b"%" not in data:
        return data
    pieces, position = bytearray(), 0
    while position < len(data):
        for prefix, length in ((b"\\u00", 6), (b"%", 3)):
            digits = data[position + len(prefix) : position + length]
            if data.startswith(prefix, position) and len(digits) == 2:
                try:
                    pieces.append(int(digits, 16))
                except ValueError:
                    continue
                position += length
                break
        else:
            pieces.append(data[position])
            position += 1
    return bytes(pieces).lower()
