"""The room that a run's own limits leave for draws: what tells more than chance does comes first."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from ...contract.model import Case
from ...contract.skip_reason import Reason
from ...target.limits import Budget

# A draw, and the right logins that may follow it.
_OF_A_DRAW = 4
# Requests that an example comes to: its two bodies, and a right login now and then.
_OF_AN_EXAMPLE = 3


@dataclass(frozen=True)
class Needs:
    """What has to be left of a run's limits for what is sent later: requests, and seconds."""

    requests: int = 0
    seconds: float = 0.0


class DrawRoom:
    """Tells, draw by draw, whether it still fits beside the cases after it, as far as can be foreseen.

    `kept` is what has to be left when all of them have been sent.
    """

    def __init__(self, budget: Budget, cases: Sequence[Case], kept: Needs) -> None:
        self._budget = budget
        self._kept = kept
        # How often cases that are no draws are sent after each.
        later, self._later = 0, [0] * len(cases)
        for index in range(len(cases) - 1, -1, -1):
            self._later[index] = later
            later += 0 if cases[index].is_drawn else _times(cases[index])
        self._turns = 0
        self._sent, self._began = budget.requests, time.monotonic()

    def note(self, case: Case) -> None:
        """Count a case that has been sent: how many requests it came to tells of those after it."""
        self._turns += _times(case)

    def lacks(self, index: int) -> Reason | None:
        """Return the limit that leaves no room for the draw at an index; None where there is room."""
        sent = self._budget.requests - self._sent
        each = sent / self._turns if self._turns else 1.0
        requests = math.ceil(self._later[index] * each) + self._kept.requests + _OF_A_DRAW
        took = (time.monotonic() - self._began) / sent if sent else 0.0
        seconds = self._later[index] * each * took + self._kept.seconds
        return limit_of_draws(self._budget, requests, seconds)


def _times(case: Case) -> int:
    mixed = len(case.burst.get("mix", ())) * int(case.burst.get("rounds", 1))
    return max(case.repeat, mixed)


def limit_of_draws(budget: Budget, requests: int, seconds: float) -> Reason | None:
    """Return the limit that leaves fewer requests, or no more seconds, as why a draw is not sent."""
    left = budget.requests_left
    if left is not None and left < requests:
        return Reason("request-limit")
    return Reason("time-limit") if budget.left <= seconds else None


def examples_within(budget: Budget, most: int, interval: float, kept: Needs) -> int:
    """Return how many of so many examples fit into what a run's limits leave beside `kept`.

    `interval` is the least time between two requests, in seconds.
    """
    room = [most]
    if budget.requests_left is not None:
        room.append((budget.requests_left - kept.requests) // _OF_AN_EXAMPLE)
    each = max(interval, budget.passed / budget.requests if budget.requests else 0.0)
    if each > 0:
        room.append(int((budget.left - kept.seconds) / each) // _OF_AN_EXAMPLE)
    return max(0, min(room))
