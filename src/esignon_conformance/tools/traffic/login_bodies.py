"""Bodies of right logins that others in a file got at times, as from a cache before some replicas."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterator
from dataclasses import dataclass, field

from ...checks.deviation import Deviation
from ...checks.own_body import tells_a_cache
from ...transport.messages import Exchange
from .cases import RIGHT, UNREADABLE
from .shared_bodies import shared_body

# Bodies that are remembered: of a cached login the body comes again and again.
_MOST = 20_000
# So many accounts that got one body prove that it is the answer to more than one of them.
_TWO = 2


@dataclass(slots=True)
class _Alike:
    """The answers of one path that have one body."""

    is_of_login: bool = False
    accounts: tuple[str, ...] = ()
    cases: Counter[str] = field(default_factory=Counter)
    unreadable: Exchange | None = None


@dataclass
class LoginBodies:
    """Counts which requests got which body."""

    most: int = _MOST
    _bodies: OrderedDict[tuple[str, int], _Alike] = field(default_factory=OrderedDict)
    _cases: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, exchange: Exchange, case: str, body: int, *, is_right: bool) -> None:
        """Count an answer to a case; `is_right` says that it was a right login and was let in."""
        target = exchange.request.target
        self._cases[target, case] += 1
        found = self._bodies.setdefault((target, body), _Alike())
        self._bodies.move_to_end((target, body))
        if len(self._bodies) > self.most:
            self._bodies.popitem(last=False)
        found.is_of_login |= is_right
        found.cases[case] += 1
        account = exchange.request.account
        if case == UNREADABLE:
            found.unreadable = found.unreadable or exchange
        elif account not in found.accounts:
            found.accounts = (*found.accounts, account)[:_TWO]

    def shared(self) -> Iterator[tuple[Exchange, Deviation | None]]:
        """Yield a request that got the body of a login which others got, with what proves a cache.

        Where too few got it there is no deviation, and no ground for a tick either.
        """
        # REQ-9: "different requests are answered each for itself".  What came to right logins, their tokens
        # included, comes at times to other accounts, and to bodies that no parser reads.
        of_logins: dict[str, list[_Alike]] = {}
        for (target, _), alike in self._bodies.items():
            if alike.is_of_login:
                of_logins.setdefault(target, []).append(alike)
        for target, bodies in of_logins.items():
            came = sum((one.cases for one in bodies), Counter[str]())
            own = {
                case for case in came if case != RIGHT and came[case] < self._cases[target, case]
            }
            shared = [one for one in bodies if one.unreadable and not own.isdisjoint(one.cases)]
            first = next((one.unreadable for one in shared), None)
            if first is None or all(len(one.accounts) < _TWO for one in shared):
                continue
            unreadable = sum(one.cases[UNREADABLE] for one in shared)
            # A cache that keeps answers for a second gives each to few.
            later = sum(one.cases.total() - 1 for one in shared)
            yield first, shared_body(unreadable) if tells_a_cache(later, unreadable) else None
