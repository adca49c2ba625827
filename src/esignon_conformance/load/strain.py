"""How busy the process that sends is itself: what it is late by is no latency of a server."""

from __future__ import annotations

import time
from collections.abc import Callable

_NAP = 0.05
_NAPS = 20


def watch(
    tell: Callable[[dict[str, object]], None],
    sleep: Callable[[float], object],
    *,
    clock: Callable[[], float] = time.perf_counter,
    used: Callable[[], float] = time.process_time,
    now: Callable[[], float] = time.time,
    rounds: int | None = None,
) -> None:
    """Tell about each second the share of a CPU that was used, and how late naps ended on average.

    An answer waits for the loop of its process as long as a nap does.
    """
    while rounds is None or rounds > 0:
        began, used_before, late = clock(), used(), 0.0
        for _ in range(_NAPS):
            slept_at = clock()
            sleep(_NAP)
            late += max(0.0, clock() - slept_at - _NAP)
        share = (used() - used_before) / max(clock() - began, 1e-9)
        tell({"say": "strain", "at": now(), "cpu": share, "late_ms": late / _NAPS * 1000})
        rounds = None if rounds is None else rounds - 1
