"""The figures of a load run: as lines for people, and as an object of the statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from ..i18n.catalogue import word
from ..i18n.language import Language
from ..recording.load import Latencies, LoadFigures

# A timeline has so many parts at most: what a picture can show.
_MOST_PARTS = 300


def load_line(load: LoadFigures, servers: Iterable[str], language: Language) -> str:
    """Return the line that says what was asked, by how many, and how fast."""
    return word(
        "load-notice",
        language,
        servers=", ".join(sorted(servers)) or "-",
        users=load.users,
        workers=load.workers,
        requests=load.requests,
        rate=f"{load.throughput:.1f}",
    )


def lines_of_load(load: LoadFigures, language: Language) -> Iterator[str]:
    """Yield what was measured, and what of the run is in no figure."""
    if load.interrupted:
        yield word("load-interrupted", language)
    if load.lost:
        yield word("load-lost", language, count=load.lost, all=load.workers)
    if load.failures:
        yield word("load-failures", language, count=load.failures, all=load.requests)
    busy = len(load.strains.busy() & load.seconds.keys())
    if busy:
        highest = load.strains.highest
        numbers = {"cpu": f"{highest.cpu * 100:.0f}", "late": f"{highest.late_ms:.0f}"}
        yield word("load-busy", language, count=busy, all=load.duration, **numbers)
    if load.limited:
        yield word("load-limited", language, count=load.limited, without=load.without_wait)
    for (situation, code), latencies in sorted(load.by.items()):
        numbers = {name: _shown(value) for name, value in _percentiles(latencies).items()}
        yield word(
            "load-latency",
            language,
            situation=situation,
            code=code,
            count=latencies.count,
            **numbers,
        )


def load_object(load: LoadFigures) -> dict[str, Any]:
    """Return the figures as plain data."""
    highest, busy = load.strains.highest, load.strains.busy()
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


def _shown(milliseconds: float) -> str:
    return f"{milliseconds:.1f}" if milliseconds < 10 else f"{milliseconds:.0f}"
