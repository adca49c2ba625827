"""The figures of a load run as an object of the statement."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from ..recording.load import Latencies, LoadFigures
from ..runner.run import Run

# A timeline has so many parts at most: what a picture can show.
_MOST_PARTS = 300


def load_object(load: LoadFigures) -> dict[str, Any]:
    """Return the figures as plain data."""
    highest, busy = load.strains.highest, load.strains.busy
    return {
        "users": load.users,
        "workers": load.workers,
        "lost_workers": load.lost,
        "interrupted": load.interrupted,
        "requests": load.requests,
        "failures": load.failures,
        "requests_per_second": round(load.throughput, 1),
        "answers_429": load.limited,
        "without_retry_after": load.without_wait,
        "latency_ms": [
            {
                "situation": situation,
                "code": code,
                "count": latencies.count,
                **_percentiles(latencies),
            }
            for (situation, code), latencies in sorted(load.by.items())
        ],
        "budget": [
            {
                "situation": one.situation,
                "p95": round(one.p95, 1),
                "budget": one.budget,
                "count": one.count,
                "over": one.over,
                "came_to": one.word,
            }
            for one in load.budget
        ],
        "sender": {
            "busy_seconds": len(busy & load.seconds.keys()),
            "cpu": round(highest.cpu, 3),
            "late_ms": round(highest.late_ms, 1),
        },
        "seconds": load.duration,
        "timeline_step": _step(load),
        "timeline": list(_timeline(load, busy)),
    }


def passing_gateway_errors(run: Run) -> int:
    """Return how many answers 502, 503 and 504 were gone when the request was sent again."""
    if run.traffic is not None and run.traffic.load is not None:
        return run.traffic.load.gone
    return sum(len(one.passing) for one in run.recording.exchanges)


def _step(load: LoadFigures) -> int:
    """Return how many seconds a part of the timeline has: one, unless the run was long."""
    return max(1, -(-load.duration // _MOST_PARTS))


def _timeline(load: LoadFigures, busy: Collection[int]) -> Iterator[dict[str, Any]]:
    if not load.seconds:
        return
    first, last, step = min(load.seconds), max(load.seconds), _step(load)
    for begin in range(first, last + 1, step):
        span = range(begin, begin + step)
        seconds = [load.seconds[one] for one in span if one in load.seconds]
        latencies = Latencies()
        for one in seconds:
            latencies.take(one.latencies)
        yield {
            "second": begin - first,
            "requests": latencies.count,
            "failures": sum(one.failures for one in seconds),
            "p50": round(latencies.percentile(50), 1),
            "p95": round(latencies.percentile(95), 1),
            "busy": any(one in busy for one in span),
        }


def _percentiles(latencies: Latencies) -> dict[str, float]:
    found = {f"p{share}": round(latencies.percentile(share), 1) for share in (50, 95, 99)}
    return {**found, "longest": round(latencies.longest, 1)}
