"""What a load run measured: latency by situation and code, failures over time, workers that went away."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field

from .load_budget import Measured
from .load_strain import Strains

# Latencies of one bucket differ by less than this: a run of any length fits into a few hundred numbers.
_STEP = math.log(1.02)
_SHORTEST = 0.01
# A right login that succeeded, whose latencies are kept second by second.
_RIGHT = ("right", "00")


@dataclass
class Latencies:
    """How often which latency was seen, in milliseconds, rounded to 2%."""

    count: int = 0
    longest: float = 0.0
    buckets: Counter[int] = field(default_factory=Counter)

    def add(self, milliseconds: float) -> None:
        """Count an answer that took so long."""
        self.count += 1
        self.longest = max(self.longest, milliseconds)
        self.buckets[round(math.log(max(milliseconds, _SHORTEST)) / _STEP)] += 1

    def take(self, other: Latencies) -> None:
        """Count what others have counted, too."""
        self.count += other.count
        self.longest = max(self.longest, other.longest)
        self.buckets.update(other.buckets)

    def percentile(self, share: float) -> float:
        """Return what so many of a hundred answers took at most; 0 where there were none."""
        wanted, seen = self.count * share / 100, 0
        for bucket, count in sorted(self.buckets.items()):
            seen += count
            if seen >= wanted:
                return min(self.longest, math.exp(bucket * _STEP))
        return 0.0


@dataclass
class Second:
    """What was answered within one second of the run: how late, by situation, right logins apart."""

    failures: int = 0
    total_ms: float = 0.0
    latencies: Latencies = field(default_factory=Latencies)
    right: Latencies = field(default_factory=Latencies)
    answered: Counter[str] = field(default_factory=Counter)


@dataclass
class LoadFigures:
    """Figures of a load run; `by` are the latencies by situation and code.

    `workers` took part, and `lost` of them went away without a word: what these had sent and not yet
    handed on is not in any figure.  `failures` are requests without an answer, and HTTP 5xx.  `limited`
    are answers 429, of which `without_wait` did not say for how long.
    """

    users: int = 0
    workers: int = 0
    lost: int = 0
    interrupted: bool = False
    requests: int = 0
    failures: int = 0
    limited: int = 0
    without_wait: int = 0
    # Answers 502, 503 and 504 that were gone when the request was sent again.
    gone: int = 0
    by: dict[tuple[str, str], Latencies] = field(default_factory=dict)
    seconds: dict[int, Second] = field(default_factory=dict)
    strains: Strains = field(default_factory=Strains)
    # How each situation that the target has a budget for compares with it.
    budget: list[Measured] = field(default_factory=list)

    def add(
        self, situation: str, code: str, ended: float, milliseconds: float, *, failed: bool
    ) -> None:
        """Count a request: what it was, what came, when its answer was there and how long that took."""
        self.requests += 1
        self.failures += failed
        self.by.setdefault((situation, code), Latencies()).add(milliseconds)
        second = self.seconds.setdefault(int(ended), Second())
        second.failures += failed
        second.total_ms += milliseconds
        second.latencies.add(milliseconds)
        second.answered[situation] += 1
        if (situation, code) == _RIGHT:
            second.right.add(milliseconds)

    @property
    def duration(self) -> int:
        """Return over how many seconds answers came."""
        return max(self.seconds) - min(self.seconds) + 1 if self.seconds else 0

    @property
    def throughput(self) -> float:
        """Return the requests a second, without the first and the last second, which are parts of one."""
        if self.duration <= 2:
            return self.requests / max(1, self.duration)
        ends = (min(self.seconds), max(self.seconds))
        inner = self.requests - sum(self.seconds[one].latencies.count for one in ends)
        return inner / (self.duration - 2)
