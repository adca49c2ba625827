"""The figures of a load run as tables and lines, from what the statement says of them.  Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..i18n.catalogue import word
from ..i18n.language import Language

Load = Mapping[str, Any]
_SHARES = ("p50", "p95", "p99")


def load_of(statement: Mapping[str, Any]) -> Load | None:
    """Return what a statement says of a load run, None where it is of none."""
    found: Load | None = (statement.get("traffic") or {}).get("load")
    return found


def load_line(load: Load, server: str, language: Language) -> str:
    """Return the line that says what was asked, by how many, for how long and how fast."""
    return word(
        "load-notice",
        language,
        servers=server,
        users=load["users"],
        workers=load["workers"],
        seconds=load["seconds"],
        requests=load["requests"],
        rate=f"{load['requests_per_second']:.1f}",
    )


def latency_rows(load: Load, language: Language) -> list[list[str]]:
    """Return the table of latency by situation and code, its head first; empty where nothing came."""
    if not load["latency_ms"]:
        return []
    named = ("situation", "code", "count", *_SHARES, "longest")
    heads = [word(f"load-head-{one}", language) for one in named]
    return [heads, *(_row(one, language) for one in load["latency_ms"])]


def _row(one: Mapping[str, Any], language: Language) -> list[str]:
    return [
        word(f"situation-{one['situation']}", language),
        code_text(one["code"], language),
        str(one["count"]),
        *(milliseconds(one[name]) for name in (*_SHARES, "longest")),
    ]


def code_text(code: str, language: Language) -> str:
    """Return what came in words: a result code, an HTTP status, or why there was no answer."""
    if code.startswith("HTTP "):
        return code
    is_code = len(code) <= len("0000")
    return f'"{code}"' if is_code else word(f"load-none-{code}", language)


def load_lines(load: Load, language: Language) -> Iterator[str]:
    """Yield what else was measured, and what of the run is in no figure."""
    if load["interrupted"]:
        yield word("load-interrupted", language)
    if load["lost_workers"]:
        yield word("load-lost", language, count=load["lost_workers"], all=load["workers"])
    yield word("load-failures", language, count=load["failures"], all=load["requests"])
    if load["answers_429"]:
        without = load["without_retry_after"]
        yield word("load-limited", language, count=load["answers_429"], without=without)
    for one in load["budget"]:
        yield word(
            "load-budget",
            language,
            situation=word(f"situation-{one['situation']}", language),
            budget=f"{one['budget']:g}",
            count=one["count"],
            p95=milliseconds(one["p95"]),
            over=one["over"],
        )
    sender = load["sender"]
    if sender["busy_seconds"]:
        yield word(
            "load-busy",
            language,
            count=sender["busy_seconds"],
            all=load["seconds"],
            cpu=f"{sender['cpu'] * 100:.0f}",
            late=f"{sender['late_ms']:.0f}",
        )


def milliseconds(value: float) -> str:
    """Return a latency as it is shown."""
    return f"{value:.1f}" if value < 10 else f"{value:.0f}"
