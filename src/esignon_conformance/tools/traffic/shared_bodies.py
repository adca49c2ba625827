"""One body for different requests under load, as a cache in front gives it until its time is up."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass, field

from ...checks.deviation import Deviation
from ...checks.own_body import tells_a_cache
from ...i18n.message import say
from ...transport.messages import Exchange

# Bodies that are remembered: answers that overlap come close to each other, but for what waits to be
# judged, of which one process may have 10,000 more than another.
_MOST = 20_000
_NONE = (0, 0)


@dataclass(slots=True)
class _Shared:
    is_of_login: bool = False
    others: int = 0
    unreadable: int = 0
    is_told: bool = False

    @property
    def shared(self) -> tuple[int, int]:
        """Return how many others got the body of a login, and how many of them are unreadable."""
        is_shared = self.is_of_login and self.unreadable > 0
        return (self.others - 1, self.unreadable) if is_shared else _NONE


@dataclass
class SharedBodies:
    """Counts by path and body which requests got it; for a load run, in which each answer is fresh."""

    most: int = _MOST
    bodies: OrderedDict[Hashable, _Shared] = field(default_factory=OrderedDict)
    # Of the bodies of logins that unreadable requests got: how many others got one, and of what kind.
    _others: int = 0
    _unreadable: int = 0

    def add(
        self, exchange: Exchange, body: int, *, is_right: bool, is_unreadable: bool
    ) -> Deviation | None:
        """Count an answer; return the deviation with which it is proven that a body is shared.

        `is_right` says that the request was a right login and was let in.
        """
        key = (exchange.request.target, body)
        proof = self.take(key, 1, int(is_unreadable), is_of_login=is_right)
        return None if proof is None else shared_body(proof)

    def take(self, key: Hashable, others: int, unreadable: int, *, is_of_login: bool) -> int | None:
        """Count answers that have a body; return of how many unreadable ones once that is a proof."""
        # REQ-9: different requests are answered each for itself.  What was answered to a right login
        # with "00" is, byte for byte, the answer to bodies that no parser reads.
        found = self.bodies.setdefault(key, _Shared())
        self.bodies.move_to_end(key)
        if len(self.bodies) > self.most:
            self.bodies.popitem(last=False)
        before = found.shared
        found.is_of_login |= is_of_login
        found.others += others
        found.unreadable += unreadable
        # Where logins are few, a cache that keeps answers for a second gives each to few.
        self._others += found.shared[0] - before[0]
        self._unreadable += found.shared[1] - before[1]
        is_proof = tells_a_cache(self._others, self._unreadable)
        if found.is_told or found.shared == _NONE or not is_proof:
            return None
        found.is_told = True
        return self._unreadable


def shared_body(unreadable: int) -> Deviation:
    """Return the deviation of a login whose answer so many bodies got that no parser reads."""
    got = say("the-body-of-a-login", others=unreadable)
    return Deviation(say("its-own-answer"), got, group="shared")
