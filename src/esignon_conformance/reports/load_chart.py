"""A load run over time as SVG: latency (half and 95% of the answers), and requests with their failures."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from ..i18n.catalogue import word
from ..i18n.language import Language
from .load_tables import Load, milliseconds

Part = Mapping[str, Any]


@dataclass(frozen=True)
class _Layout:
    """How wide the picture is, how high its two parts are, and what stands left of them."""

    width: int
    latency: int
    requests: int
    left: int = 46
    right: int = 40
    marks: int = 6


_WIDE = _Layout(920, 190, 84)
# As wide as a phone, so that its text is as large there as any other.
_NARROW = _Layout(330, 150, 70, left=40, right=34, marks=4)
_TITLE, _GAP, _AXIS = 24, 40, 22
_LEVELS = 4
# Where a scale may end, by powers of ten.
_TOPS = (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10)


def load_svg(load: Load, language: Language, *, narrow: bool = False) -> str:
    """Return the picture; nothing where there is no answer to show."""
    parts: Sequence[Part] = load["timeline"]
    if not any(one["requests"] for one in parts):
        return ""
    layout = _NARROW if narrow else _WIDE
    top = _TITLE + layout.latency + _GAP
    height = top + layout.requests + _AXIS
    label = escape(word("load-picture", language), quote=True)
    drawn = "".join(
        (
            *_strained(parts, layout, top),
            *_latency(load, parts, layout, language),
            f'<g transform="translate(0 {top})">',
            *_requests(load, parts, layout, language),
            "</g>",
        )
    )
    return (
        f'<svg class="ec-pic" role="img" aria-label="{label}" viewBox="0 0 {layout.width} {height}" '
        f'width="100%"><desc>{escape(_in_words(load, language))}</desc>{drawn}</svg>'
    )


def _in_words(load: Load, language: Language) -> str:
    """Return what the picture shows, for who hears it."""
    answered = [one for one in load["timeline"] if one["requests"]]
    first, last = answered[0], answered[-1]
    highest = max(answered, key=lambda one: float(one["p95"]))
    return word(
        "load-picture-words",
        language,
        seconds=load["seconds"],
        first=milliseconds(first["p95"]),
        last=milliseconds(last["p95"]),
        highest=milliseconds(highest["p95"]),
        at=highest["second"],
        failures=load["failures"],
        requests=load["requests"],
    )


# ---- both parts ------------------------------------------------------------------------------------


def _x(number: float, parts: Sequence[Part], layout: _Layout) -> float:
    return layout.left + number / len(parts) * (layout.width - layout.left - layout.right)


def _y(value: float, highest: float, height: int) -> float:
    return height - value / highest * height


def round_up(value: float) -> float:
    """Return the next number whose quarters are easy to read."""
    power = 10.0 ** math.floor(math.log10(max(value, 1e-6)))
    return next(one * power for one in _TOPS if one * power >= value)


def _levels(highest: float, layout: _Layout, height: int, *, count: int) -> Iterator[str]:
    """Yield lines across at equal heights, with their values on the left."""
    for number in range(count + 1):
        value = highest * number / count
        y = _y(value, highest, height)
        yield f'<path d="M{layout.left} {y:.1f}H{layout.width - layout.right}" class="grid"/>'
        yield f'<text x="{layout.left - 6}" y="{y + 4:.1f}" class="n r">{value:g}</text>'


def _strained(parts: Sequence[Part], layout: _Layout, top: int) -> Iterator[str]:
    for number, one in enumerate(parts):
        if one["busy"]:
            x, end = _x(number, parts, layout), _x(number + 1, parts, layout)
            for y, height in ((_TITLE, layout.latency), (top, layout.requests)):
                yield (
                    f'<rect x="{x:.1f}" y="{y}" width="{end - x:.1f}" height="{height}" '
                    'class="strained"/>'
                )


# ---- latency ---------------------------------------------------------------------------------------


def _latency(
    load: Load, parts: Sequence[Part], layout: _Layout, language: Language
) -> Iterator[str]:
    budgets = sorted({float(one["budget"]) for one in load["budget"]})
    # A budget far above all that came would press the lines to the ground.
    longest = max(float(one["p95"]) for one in parts)
    shown = [one for one in budgets if one <= 3 * longest]
    highest = round_up(max(longest, *shown, 1.0) if shown else max(longest, 1.0))
    title = word("load-picture-latency", language)
    yield f'<text y="12" class="h">{escape(title)}</text><g transform="translate(0 {_TITLE})">'
    yield from _levels(highest, layout, layout.latency, count=_LEVELS)
    for line in _lines(parts):
        upper, lower = (_points(line, name, highest, parts, layout) for name in ("p95", "p50"))
        yield f'<path d="M{" ".join((*upper, *reversed(lower)))}z" class="band"/>'
        yield f'<path d="M{" ".join(upper)}" class="p95"/>'
        yield f'<path d="M{" ".join(lower)}" class="p50"/>'
    for budget in shown:
        y = _y(budget, highest, layout.latency)
        yield f'<path d="M{layout.left} {y:.1f}H{layout.width - layout.right}" class="limit"/>'
        text = escape(word("load-picture-budget", language, budget=f"{budget:g}"))
        x = layout.width - layout.right - 4
        yield f'<text x="{x}" y="{y - 4:.1f}" class="n r halo">{text}</text>'
    yield from _labels(parts, highest, layout)
    yield "</g>"


def _lines(parts: Sequence[Part]) -> Iterator[list[int]]:
    """Yield the rows of parts without a gap: where nothing came there is no latency."""
    line: list[int] = []
    for number, one in enumerate(parts):
        if one["requests"]:
            line.append(number)
        elif line:
            yield line
            line = []
    if line:
        yield line


def _points(
    line: Iterable[int], name: str, highest: float, parts: Sequence[Part], layout: _Layout
) -> list[str]:
    found = [
        f"{_x(one + 0.5, parts, layout):.1f},{_y(parts[one][name], highest, layout.latency):.1f}"
        for one in line
    ]
    # A part alone is a short line.
    return found if len(found) > 1 else [found[0], f"{found[0]} h3"]


def _labels(parts: Sequence[Part], highest: float, layout: _Layout) -> Iterator[str]:
    last = max(number for number, one in enumerate(parts) if one["requests"])
    upper, lower = (_y(parts[last][name], highest, layout.latency) for name in ("p95", "p50"))
    # The lower label gives way where both would stand in one place.
    lower = max(lower, upper + 12)
    if lower > layout.latency:
        upper, lower = min(upper, layout.latency - 12), layout.latency
    x = layout.width - layout.right + 5
    yield f'<text x="{x}" y="{upper + 4:.1f}" class="n h">95%</text>'
    yield f'<text x="{x}" y="{lower + 4:.1f}" class="n">50%</text>'


# ---- requests and failures -------------------------------------------------------------------------


def _requests(
    load: Load, parts: Sequence[Part], layout: _Layout, language: Language
) -> Iterator[str]:
    step, height = load["timeline_step"], layout.requests
    highest = round_up(max(one["requests"] / step for one in parts))
    title = word("load-picture-requests", language, failures=load["failures"])
    yield f'<text y="-10" class="h">{escape(title)}</text>'
    yield from _levels(highest, layout, height, count=2)
    for number, one in enumerate(parts):
        x, end = _x(number, parts, layout), _x(number + 1, parts, layout)
        wide = max(0.6, (end - x) * 0.86)
        for count, kind in ((one["requests"], "bar"), (one["failures"], "bad")):
            if count:
                tall = max(1.0, count / step / highest * height)
                yield (
                    f'<rect x="{x:.1f}" y="{height - tall:.1f}" width="{wide:.1f}" '
                    f'height="{tall:.1f}" class="{kind}"/>'
                )
    for number in _marks(len(parts), layout.marks):
        x = _x(number, parts, layout)
        yield f'<text x="{x:.1f}" y="{height + 15}" class="n m">{number * step} s</text>'


def _marks(count: int, most: int) -> range:
    return range(0, count + 1, max(1, math.ceil(round_up(count / most))))
