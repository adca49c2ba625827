"""From single deviations to findings: what deviates alike is one.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from ..checks.deviation import Deviation
from ..contract.model import Case
from ..contract.waiver import Waiver
from ..transport.messages import Exchange
from .model import Finding


def findings_of(
    case_of: Callable[[Exchange], Case],
    pairs: Iterable[tuple[Exchange, Deviation | None]],
    waiver_for: Callable[[Exchange], Waiver | None],
) -> Iterator[Finding]:
    """Yield one finding for all exchanges that deviate alike, the one nearest to the page first.

    `pairs` are exchanges with their deviation; what a waiver covers and what none does are apart.
    """
    groups: dict[tuple[Any, ...], list[tuple[Exchange, Deviation]]] = {}
    for exchange, deviation in pairs:
        if deviation is not None:
            key = (waiver_for(exchange), *deviation.likeness)
            groups.setdefault(key, []).append((exchange, deviation))
    for (waiver, *_), found in groups.items():
        rows = sorted(found, key=lambda row: _plainness(case_of(row[0]), row[0]))
        first, deviation = rows[0]
        yield Finding(
            case=first.case,
            cases=tuple(dict.fromkeys(exchange.case for exchange, _ in rows)),
            pointer=deviation.pointer,
            expected=deviation.expected,
            got=deviation.got,
            exchanges=tuple(dict.fromkeys(exchange.id for exchange, _ in rows)),
            waiver=waiver,
        )


def _plainness(case: Case, exchange: Exchange) -> tuple[bool, bool, bool, bool, bool, int, float]:
    """Return what comes first in a finding: the case nearest to the page, then the smallest draw.

    Nearest are cases that stand in a file, of the documented media type, with its header fields and
    path, no odd values, and written as the page writes it: no other order, escapes or bytes.
    """
    other_form = case.same_as or case.raw or case.burst or case.method or case.builds_on
    return (
        case.is_drawn,
        not exchange.request.as_documented,
        bool(case.headers or case.query),
        bool(case.tags),
        bool(other_form),
        len(exchange.request.body) if case.is_drawn else 0,
        exchange.began,
    )
