"""What a run may ask of a target: how fast, how much, how long, how many wrong passwords."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

Spent = Literal["request-limit", "time-up"]


@dataclass(frozen=True)
class Limits:
    """The limits of a run; None where there is none.

    `max_time` is in seconds.  `concurrency` is how many requests a burst sends at once.
    `wrong_passwords_in_a_row` and `wrong_passwords` are counted for each account, the latter over the
    whole run; 0 of either sends none.
    """

    requests_per_second: float | None
    requests: int | None
    max_time: float
    concurrency: int
    wrong_passwords_in_a_row: int
    wrong_passwords: int | None

    @property
    def interval(self) -> float:
        """Return the seconds between two requests."""
        return 1 / self.requests_per_second if self.requests_per_second else 0.0

    @property
    def sends_wrong_passwords(self) -> bool:
        """Tell whether a wrong password is sent at all."""
        return self.wrong_passwords_in_a_row > 0 and self.wrong_passwords != 0


TWENTY_MINUTES = 1200.0
# `--depth smoke` sends no more, whatever comes back and whatever the limits allow.
SMOKE_REQUESTS = 150
# `--depth deep` asks for more than the cases, and has room for it.
_DEEP_ELSEWHERE = 2000
# A server on this machine is nobody else's: it is asked as fast and as often as it answers.
ON_LOOPBACK = Limits(
    requests_per_second=None,
    requests=None,
    max_time=TWENTY_MINUTES,
    concurrency=8,
    wrong_passwords_in_a_row=3,
    wrong_passwords=None,
)
ELSEWHERE = Limits(
    requests_per_second=5.0,
    requests=600,
    max_time=TWENTY_MINUTES,
    concurrency=4,
    wrong_passwords_in_a_row=3,
    wrong_passwords=60,
)


def limits_of(depth: str, given: Mapping[str, Any], *, is_loopback: bool) -> Limits:
    """Return the limits of a run of a depth: what was given replaces what is usual."""
    usual = ON_LOOPBACK if is_loopback else ELSEWHERE
    if depth == "deep" and not is_loopback:
        usual = replace(usual, requests=_DEEP_ELSEWHERE)
    limits = replace(usual, **given)
    if depth == "smoke":
        return replace(limits, requests=min(limits.requests or SMOKE_REQUESTS, SMOKE_REQUESTS))
    return limits


class LimitReached(Exception):
    """The run has used up one of its own limits: nothing more is sent."""

    def __init__(self, spent: Spent) -> None:
        self.spent = spent
        super().__init__(spent)


class Budget:
    """Counts the requests and the seconds of a run.  The time runs from the making of it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._began = time.monotonic()
        self._ends = self._began + limits.max_time
        self.requests = 0

    def take(self, count: int = 1) -> None:
        """Count requests that are about to be sent.  Raises `LimitReached`, and counts none then."""
        if self.left <= 0:
            raise LimitReached("time-up")
        if self._limits.requests is not None and self.requests + count > self._limits.requests:
            raise LimitReached("request-limit")
        self.requests += count

    @property
    def left(self) -> float:
        """Return how many seconds are left."""
        return self._ends - time.monotonic()

    @property
    def passed(self) -> float:
        """Return how many seconds have passed."""
        return time.monotonic() - self._began

    @property
    def requests_left(self) -> int | None:
        """Return how many requests are left; None where there is no limit."""
        most = self._limits.requests
        return None if most is None else max(0, most - self.requests)

    def check_pause(self, seconds: float) -> None:
        """Raise `LimitReached` at once where the time would be up before a pause ends."""
        if seconds >= self.left:
            raise LimitReached("time-up")
