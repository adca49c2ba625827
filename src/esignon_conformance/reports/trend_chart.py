"""How many clauses failed, run by run, as a small SVG: the trend over the nights."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from ..i18n.catalogue import word
from ..i18n.language import Language
from .history import FormerRun

_MOST = 30
_STEP, _LEFT, _HEIGHT, _TALLEST = 27, 4, 74, 40


def trend_svg(runs: Sequence[FormerRun], language: Language) -> str:
    """Return bars of failed clauses, advisories on top; nothing where there are fewer than two runs.

    The last bar is the run that the report tells of.
    """
    shown = runs[-_MOST:]
    if len(shown) < 2:
        return ""
    counts = [(_count(one, "fails"), _count(one, "advisory"), one.day) for one in shown]
    tallest = max(1, *(fails + advisories for fails, advisories, _ in counts))
    bars = []
    for number, (fails, advisories, day) in enumerate(counts):
        x = _LEFT + number * _STEP
        red, orange = (round(count * _TALLEST / tallest) for count in (fails, advisories))
        top = _TALLEST + 14 - red - orange
        text = word("trend-run", language, day=day, fails=fails, advisories=advisories)
        bars.append(
            f"<g><title>{escape(text)}</title>"
            f'<rect x="{x}" y="{top}" width="18" height="{orange}" fill="#e69f00"/>'
            f'<rect x="{x}" y="{top + orange}" width="18" height="{red}" fill="#d55e00"/>'
            f'<text x="{x + 9}" y="{top - 3}" class="n m">{fails or "·"}</text>'
            f'<text x="{x + 9}" y="{_TALLEST + 27}" class="n m">{day[8:]}</text></g>'
        )
    width = _LEFT + len(counts) * _STEP
    first, last = counts[0], counts[-1]
    label = word("trend-label", language, first=first[2], last=last[2], runs=len(counts))
    words = "; ".join(
        word("trend-run", language, day=day, fails=fails, advisories=advisories)
        for fails, advisories, day in counts
    )
    return (
        f"<h3>{escape(label)}</h3>"
        f'<svg class="ec-pic" role="img" aria-label="{escape(label)}" width="{width}" '
        f'height="{_HEIGHT}" viewBox="0 0 {width} {_HEIGHT}"><desc>{escape(words)}</desc>'
        f'{"".join(bars)}<path d="M0 {_TALLEST + 14.5}H{width}" class="b"/></svg>'
    )


def _count(run: FormerRun, verdict: str) -> int:
    return sum(1 for one in run.verdicts.values() if one == verdict)
