"""Accounts that look locked: what a lock caused is nobody's finding, and no password is tried then."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ...contract.model import Contract
from ...contract.skip_reason import Reason
from ...recording.access import outcome_to_client
from ...recording.answer_origin import Likeness, likeness
from ...recording.recording import Lock, Recording
from ...recording.response import is_refusal
from ...target.target import REAL_ACCOUNTS
from ...transport.delivery import is_limit
from ...transport.lockout_guard import AccountGuard
from ...transport.messages import Exchange
from .exchange_loop import TargetGone

# "If the account later succeeds without a pause of 30 s": then it was no lock.
_LONGEST_WITHOUT_PAUSE = 30.0


@dataclass
class Locks:
    """Notes the locks of a run.

    `let_in` is, by account, how many exchanges had been recorded when it was last let in.  `held_back` are
    the accounts that nobody has seen locked: all others were, so that no password of theirs was tried.
    """

    contract: Contract
    recording: Recording
    guard: AccountGuard
    let_in: Mapping[str, int]
    held_back: set[str] = field(default_factory=set)

    def lock(self, name: str) -> None:
        """Take an account for locked: its last right login was refused, as was the one before."""
        self.guard.set_state(name, "locked")
        found = list(self._caused(name, self._alike(name)))
        ids = tuple(one.id for one in found)
        self._excuse(found, name)
        if not ids:
            return
        self.recording.locks[name] = Lock(name, ids[0], ids[-1], ids, time.monotonic())

    def reason(self, name: str) -> Reason:
        """Return why nothing more is sent with an account: a limit of its email is told as that alone."""
        is_limited = self.guard.accounts[name].email in self.recording.own_limits
        if is_limited:
            return Reason("limited-email")
        return Reason("locked-others" if name in self.held_back else "locked", name)

    def lock_rest(self, name: str, probes: Iterable[Exchange]) -> None:
        """Send no password any more, as every account that was used is refused.

        `probes` are requests that need no account.  Raises `TargetGone` where they are refused alike:
        the lock is one of all that comes from this address.
        """
        for other in REAL_ACCOUNTS:
            if other in self.guard.accounts:
                if self.guard.state(other) != "locked":
                    self.held_back.add(other)
                self.guard.set_state(other, "locked")
        alike = self._alike(name)
        self._excuse(list(self._caused(name, alike, everyone=True)), name)
        like = [one for one in probes if likeness(one, self.contract.codes) == alike]
        self._excuse(like, name)
        if any(not self._is_allowed(one) for one in like):
            raise TargetGone(Reason("locked", name))

    def young(self) -> list[str]:
        """Return the accounts whose lock is so young that a right login may still tell that it is none."""
        now = time.monotonic()
        locks = self.recording.locks.values()
        return [one.account for one in locks if now - one.at < _LONGEST_WITHOUT_PAUSE]

    def take_back(self, name: str) -> None:
        """Judge what was taken for the doing of a lock: the account was let in again so soon."""
        caused = self.recording.locks.pop(name).caused
        for exchange in [one for one in self.recording.exchanges if one.id in caused]:
            if is_limit(exchange.answer):
                # The target's limit is no word on the request, whoever was let in since.
                self.recording.excused[exchange.id] = Reason("limited-email")
            else:
                self.recording.judge_again(exchange.id)

    def _excuse(self, exchanges: Iterable[Exchange], name: str) -> None:
        for exchange in exchanges:
            self.recording.excuse(exchange.id, self.reason(name))

    def _alike(self, name: str) -> Likeness:
        """Return how the last right login of an account was refused."""
        logins = (one for one in reversed(self.recording.exchanges) if self._is_login(one, name))
        last = next(logins, None)
        return likeness(last, self.contract.codes) if last is not None else ("", None)

    def _is_login(self, exchange: Exchange, name: str) -> bool:
        is_plain = self.contract.cases[exchange.case].is_plain_right_login
        return is_plain and exchange.request.account == name

    def _caused(self, name: str, alike: Likeness, *, everyone: bool = False) -> Iterator[Exchange]:
        """Yield what came of a lock since the account, or with `everyone` any account, was let in."""
        since = max(self.let_in.values(), default=0) if everyone else self.let_in.get(name, 0)
        for exchange in self.recording.exchanges[since:]:
            if likeness(exchange, self.contract.codes) != alike:
                continue
            named = everyone or name in self.guard.named(exchange.request)
            if self._is_login(exchange, name) or (named and not self._is_allowed(exchange)):
                yield exchange

    def _is_allowed(self, exchange: Exchange) -> bool:
        """Tell whether a case allows what it got, so that it is judged whoever gave it."""
        case = self.contract.cases[exchange.case]
        allowed = case.expect or self.contract.clauses[case.clause].parameters.get("outcomes", ())
        result = outcome_to_client(exchange, case.tags, self.contract.codes)
        return result in allowed or ("refused" in allowed and is_refusal(result))
