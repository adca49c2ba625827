"""What the logins of an account came to, in the order of the file: which refusals a lock may explain."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ...transport.messages import Exchange
from .tally import ClauseTally

# So many refused right logins of an account are kept as evidence until another one succeeds.
_MOST_KEPT = 20


@dataclass
class AccountHistory:
    """Tells of an account's right logins which refusals the server has to answer for.

    A right login that is refused after a wrong one is no evidence: the account may be locked.  One that
    is refused before any has succeeded is, where none ever does (REQ-1).  One that is refused between
    two that succeeded is (SUC-8), since a password that was changed does not change back.
    """

    account: str = ""
    successes: int = 0
    judged: int = 0
    # Right logins whose answer had no outcome.
    lost: int = 0
    wrong: int = 0
    was_let_in: bool = False
    before: list[Exchange] = field(default_factory=list)
    since: list[Exchange] = field(default_factory=list)
    # When the first and the last right login that succeeded were sent.
    first: float = math.inf
    last: float = -math.inf
    between: list[Exchange] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Tell whether the account was let in before, and no wrong password came since."""
        return self.was_let_in and not self.wrong

    def right(self, exchange: Exchange, *, is_success: bool) -> bool:
        """Note a right login; tell whether it may be judged."""
        if is_success:
            self.between += self.since[: _MOST_KEPT - len(self.between)]
            self.since.clear()
            self.successes += 1
            self.first, self.last = (
                min(self.first, exchange.began),
                max(self.last, exchange.began),
            )
            self.judged += 1
            self.was_let_in, self.wrong = True, 0
            return True
        if self.wrong:
            return False
        self.judged += 1
        kept = self.since if self.was_let_in else self.before
        if len(kept) < _MOST_KEPT:
            kept.append(exchange)
        return True

    def wrong_password(self) -> None:
        """Note a login with another password than the right one."""
        self.wrong += 1

    def note_lost(self, tally: ClauseTally) -> None:
        """Note the right logins without an outcome, and whether the account had others."""
        if self.lost:
            tally.lost[self.account] += self.lost
        if self.successes:
            tally.heard.add(self.account)

    def never_let_in(self) -> Iterator[Exchange]:
        """Yield the refused right logins of an account of which none succeeded: REQ-1."""
        yield from () if self.successes else self.before

    def let_in_now_and_then(self) -> Iterator[Exchange]:
        """Yield the refused right logins between two that succeeded: SUC-8."""
        # Several clients, or processes of a load run, stand one after the other in no strict order: what
        # counts is when a request was sent, as far as that is known.
        known = self.first < self.last
        yield from (one for one in self.between if not known or self.first < one.began < self.last)


def share_refused(histories: Iterable[AccountHistory]) -> float:
    """Return what part of the right logins that may be judged was refused, of all accounts."""
    counts = [(one.judged - one.successes, one.judged) for one in histories if one.successes]
    return sum(one for one, _ in counts) / (sum(every for _, every in counts) or 1)
