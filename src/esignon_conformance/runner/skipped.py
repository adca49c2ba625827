"""How many cases were not sent, and why: for the summary, the statement and a plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..contract.skip_reason import BY_LIMITS, COULD_NOT, Reason
from ..i18n.catalogue import render, word
from ..i18n.language import Language
from ..verdicts.not_judged import reason_message

# What limits and ends of the run left out. What an account that misses leaves out is told elsewhere.
_TOLD = BY_LIMITS | COULD_NOT


def lost(unsent: Mapping[str, Reason]) -> dict[str, Reason]:
    """Return the cases that limits left out, or that the run was ended before."""
    return {name: reason for name, reason in unsent.items() if reason.word in _TOLD}


def not_sent_lines(reasons: Iterable[Reason], language: Language) -> Iterator[str]:
    """Yield how many cases are not sent, one line a reason."""
    counts = Counter(render(reason_message(reason), language) for reason in reasons)
    for text, count in counts.items():
        yield word("cases-not-sent", language, count=count, reason=text)


def not_sent_rows(unsent: Mapping[str, Reason], language: Language) -> list[dict[str, Any]]:
    """Return which cases were not sent for which reason, as plain data."""
    rows: dict[Reason, list[str]] = {}
    for name, reason in lost(unsent).items():
        rows.setdefault(reason, []).append(name)
    return [
        {"why": reason.word, "reason": render(reason_message(reason), language), "cases": cases}
        for reason, cases in rows.items()
    ]
