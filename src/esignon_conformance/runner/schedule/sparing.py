"""What a run does without where requests are few: repeats, long bursts, most follow-ups.  Pure."""

from __future__ import annotations

from dataclasses import replace

from ...contract.model import Case

# REJ-11: "Each situation is sent three times."  What is sent so often is repeated on purpose.
_ON_PURPOSE = 3
_MOST_AT_ONCE, _MOST_ROUNDS = 4, 2
# What is sent again where it deviates, and the right logins of the end, have to fit beside the cases.
_LEAST_KEPT, _MOST_KEPT, _PART_KEPT = 8, 28, 10


def spared(case: Case) -> Case:
    """Return a case as it is sent where requests are few: once, or a small burst."""
    if case.burst:
        size, rounds = int(case.burst["size"]), int(case.burst["rounds"])
        small = {"size": min(size, _MOST_AT_ONCE), "rounds": min(rounds, _MOST_ROUNDS)}
        return replace(case, burst={**case.burst, **small})
    return case if case.repeat >= _ON_PURPOSE else replace(case, repeat=1)


def kept_for_findings(most: int) -> int:
    """Return how many of so many requests are left for what only a target that deviates is sent."""
    return max(_LEAST_KEPT, min(_MOST_KEPT, most // _PART_KEPT))
