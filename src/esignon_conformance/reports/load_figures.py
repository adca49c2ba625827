"""The figures of a load run: as lines for people, and as an object of the statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from ..i18n.catalogue import word
from ..i18n.language import Language
from ..recording.load import Latencies, LoadFigures


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
    first = min(load.seconds, default=0)
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
        "timeline": [
            {
                "second": moment - first,
                "requests": second.latencies.count,
                "failures": second.failures,
                "p50": round(second.latencies.percentile(50), 1),
                "p95": round(second.latencies.percentile(95), 1),
            }
            for moment, second in sorted(load.seconds.items())
        ],
    }


def _percentiles(latencies: Latencies) -> dict[str, float]:
    found = {f"p{share}": round(latencies.percentile(share), 1) for share in (50, 95, 99)}
    return {**found, "longest": round(latencies.longest, 1)}


def _shown(milliseconds: float) -> str:
    return f"{milliseconds:.1f}" if milliseconds < 10 else f"{milliseconds:.0f}"
