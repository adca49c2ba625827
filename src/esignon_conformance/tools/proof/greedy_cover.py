"""A greedy weighted cover: which case to send next, by what each was measured to show.  Pure."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Mapping
from dataclasses import dataclass

# What counts of a known-bad server that an earlier case has shown: it may well be missed there.
_SHOWN_BEFORE = 0.25
# A server that only a should clause speaks of, beside one that breaks a must clause.
OF_SHOULD = 0.3
# One that breaks where what most programs take for granted is not so: there are many of these.
OF_COMMON = 3.0
# Servers that are in no collection: each case may have one of its own, and so may those that are alike,
# with each of them half as likely.
_OF_ITS_OWN, _OF_ITS_KIND = 0.3, 0.5


@dataclass(frozen=True)
class Candidate:
    """A case as the cover sees it: what it costs in requests, whom it shows, and of what kinds it is."""

    name: str
    requests: float
    shows: frozenset[str]
    kinds: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Place:
    """A case in the order: how many servers it is the first to show, one of them, and how many it shows."""

    candidate: Candidate
    new: int
    example: str


def cover(
    candidates: Collection[Candidate],
    weights: Mapping[str, float],
    first: Collection[str] = (),
    shown: Collection[str] = (),
) -> list[Place]:
    """Return all candidates, at each place the one that shows the most for each request it costs.

    `weights` says what a server counts, `shown` which ones are shown before.  Those of the names in
    `first` come before all others.
    """
    left = {
        name: weight * (_SHOWN_BEFORE if name in shown else 1) for name, weight in weights.items()
    }
    of_kind = {kind: _OF_ITS_KIND for one in candidates for kind in one.kinds}
    seen, places = set(shown), list[Place]()

    def gain(one: Candidate) -> float:
        servers = sum(left[name] for name in one.shows if name in left)
        alike = sum(of_kind[kind] for kind in sorted(one.kinds))
        return round((servers + alike + _OF_ITS_OWN) / one.requests, 9)

    for part in (
        [one for one in candidates if one.name in first],
        [one for one in candidates if one.name not in first],
    ):
        # A gain only ever falls: the first one that is still what it was is the highest.
        waiting = [(-gain(one), number, one) for number, one in enumerate(part)]
        heapq.heapify(waiting)
        while waiting:
            _, number, best = heapq.heappop(waiting)
            now = (-gain(best), number, best)
            if waiting and now[:2] > waiting[0][:2]:
                heapq.heappush(waiting, now)
                continue
            new = sorted(name for name in best.shows if name in weights and name not in seen)
            places.append(Place(best, len(new), new[0] if new else ""))
            seen.update(new)
            for name in best.shows & left.keys():
                left[name] *= _SHOWN_BEFORE
            for kind in best.kinds:
                of_kind[kind] /= 2
    return places
