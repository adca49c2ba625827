"""Whether latency grew all through a load run, while the load stayed the same.  Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Literal

from .load import Latencies, LoadFigures, Second

PARTS = 5
SHORTEST_SECONDS = 10
# Right logins that a part has at least: enough for a median.
LEAST_IN_A_PART = 20
# From one part to the next, and from the first to the last.
_EACH, _IN_ALL, _IN_ALL_MS = 1.1, 3.0, 100.0
# The same load: so many more logins may be under way at once.
_SAME = 1.2
# A run begins where so much of the usual number of logins at once is reached.
_FULL = 0.8
# In so much of the run the sender may have been busy itself.
_BUSY = 0.1

WhyNot = Literal["short", "few", "busy", "level", "more"]


@dataclass(frozen=True)
class Growth:
    """The medians of right logins of the parts in milliseconds; `why_not` says why it is no growth.

    ``short`` and ``few``: too little was measured; ``busy``: the sender was; ``level``: latency did not
    grow all the time; ``more``: it grew, and so did the number of logins at once.
    """

    seconds: int
    medians: tuple[float, ...] = ()
    why_not: WhyNot | None = None


def growth_of(figures: LoadFigures) -> Growth:
    """Return how the latency of right logins went through the whole seconds of a run."""
    seconds = _steady(figures)
    if len(seconds) < SHORTEST_SECONDS:
        return Growth(len(seconds), why_not="short")
    parts = [
        [
            figures.seconds[one]
            for one in seconds[len(seconds) * at // PARTS : len(seconds) * (at + 1) // PARTS]
            if one in figures.seconds
        ]
        for at in range(PARTS)
    ]
    rights = [_joined(one.right for one in part) for part in parts]
    medians = tuple(one.percentile(50) for one in rights)
    why_not: WhyNot | None = None
    if any(one.count < LEAST_IN_A_PART for one in rights):
        why_not = "few"
    elif not _grows(medians):
        why_not = "level"
    elif len(figures.strains.busy & set(seconds)) > _BUSY * len(seconds):
        why_not = "busy"
    elif _at_once(parts[-1]) > _SAME * _at_once(parts[0]):
        why_not = "more"
    return Growth(len(seconds), medians, why_not)


def _steady(figures: LoadFigures) -> list[int]:
    """Return the whole seconds of a run from where all of its users send."""
    if not figures.seconds:
        return []
    whole = list(range(min(figures.seconds) + 1, max(figures.seconds)))
    at_once = {one: _at_once([figures.seconds.get(one, Second())]) for one in whole}
    full = _FULL * median(at_once.values()) if at_once else 0.0
    while whole and at_once[whole[0]] < full:
        whole.pop(0)
    return whole


def _at_once(seconds: Iterable[Second]) -> float:
    """Return how many requests were under way at once: what they took, by the time (Little's law)."""
    found = list(seconds)
    return sum(one.total_ms for one in found) / 1000 / max(1, len(found))


def _grows(medians: tuple[float, ...]) -> bool:
    first, last = medians[0], medians[-1]
    each = all(after >= _EACH * before for before, after in pairwise(medians))
    return each and last >= _IN_ALL * first and last - first >= _IN_ALL_MS


def _joined(latencies: Iterable[Latencies]) -> Latencies:
    found = Latencies()
    for one in latencies:
        found.take(one)
    return found
