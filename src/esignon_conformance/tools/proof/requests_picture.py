"""A picture of requests against found servers, as SVG without anything loaded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _HEIGHT = 760, 540
_LEFT, _TOP, _RIGHT, _BOTTOM = 56, 34, 736, 360
_MOST, _LEAST = 600, 0.2
# Okabe and Ito's colours, told apart by those who see fewer; and dashes beside them.
_STYLES = (
    ("#0072b2", ""),
    ("#009e73", ""),
    ("#777777", "2 4"),
    ("#56b4e9", "7 4"),
    ("#d55e00", "2 4"),
)
_POINT = "#cc79a7"
_LINE = 19


@dataclass(frozen=True)
class Curve:
    """A line: by number of requests, which part of some servers is found."""

    name: str
    found: Mapping[int, float]


@dataclass(frozen=True)
class Point:
    """What was measured once, of other servers; without a name it belongs to the one before."""

    name: str
    requests: int
    found: float


def picture(curves: Sequence[Curve], points: Sequence[Point]) -> str:
    """Return the picture: curves of the known-bad servers, and points that were measured on others."""
    told = "; ".join(
        f"{one.name}: {100 * one.found[150]:.0f} % with 150 requests" for one in curves
    )
    return "\n".join(
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
            'aria-label="Requests against found servers" font-family="sans-serif" font-size="13">',
            f"<desc>{escape(told)}</desc>",
            f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>',
            *_axes(),
            *(_curve(one, *style) for one, style in zip(curves, _STYLES, strict=True)),
            *_points(points),
            *_legend(curves, points),
            "</svg>\n",
        )
    )


def _x(requests: float) -> float:
    return round(_LEFT + (_RIGHT - _LEFT) * requests / _MOST, 1)


def _y(found: float) -> float:
    return round(_BOTTOM - (_BOTTOM - _TOP) * (found - _LEAST) / (1 - _LEAST), 1)


def _axes() -> Iterator[str]:
    for step in range(20, 101, 10):
        y = _y(step / 100)
        yield f'<path d="M{_LEFT} {y}H{_RIGHT}" stroke="#ddd"/>'
        yield f'<text x="{_LEFT - 8}" y="{y + 4}" text-anchor="end">{step} %</text>'
    for step in range(0, _MOST + 1, 100):
        yield f'<path d="M{_x(step)} {_BOTTOM}v5" stroke="#333"/>'
        yield f'<text x="{_x(step)}" y="{_BOTTOM + 19}" text-anchor="middle">{step}</text>'
    yield f'<path d="M{_LEFT} {_BOTTOM}H{_RIGHT}" stroke="#333"/>'
    yield f'<path d="M{_x(150)} {_TOP}V{_BOTTOM}" stroke="#999" stroke-dasharray="1 3"/>'
    yield f'<text x="{_x(150) + 4}" y="{_TOP - 6}" fill="#555">--depth smoke</text>'
    yield f'<text x="{_LEFT}" y="{_TOP - 18}" font-weight="bold">found servers</text>'
    yield f'<text x="{_RIGHT}" y="{_BOTTOM + 36}" text-anchor="end" font-weight="bold">requests</text>'


def _curve(one: Curve, color: str, dashes: str) -> str:
    path = "L".join(f"{_x(step)} {_y(max(found, _LEAST))}" for step, found in one.found.items())
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path d="M{path}" fill="none" stroke="{color}" stroke-width="2"{dashed}/>'


def _points(points: Sequence[Point]) -> Iterator[str]:
    number = 0
    for one in points:
        number += bool(one.name)
        x, y = _x(one.requests), _y(one.found)
        yield _mark(x, y, number)


def _mark(x: float, y: float, number: int) -> str:
    if number == 1:
        return f'<path d="M{x - 6} {y}l6 -7 6 7 -6 7z" fill="{_POINT}" stroke="#333"/>'
    return f'<circle cx="{x}" cy="{y}" r="5" fill="#fff" stroke="{_POINT}" stroke-width="3"/>'


def _legend(curves: Sequence[Curve], points: Sequence[Point]) -> Iterator[str]:
    y = _BOTTOM + 56
    for one, (color, dashes) in zip(curves, _STYLES, strict=True):
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        yield f'<path d="M{_LEFT} {y - 4}h34" stroke="{color}" stroke-width="2"{dashed}/>'
        yield f'<text x="{_LEFT + 44}" y="{y}">{escape(one.name)}</text>'
        y += _LINE
    for number, point in enumerate((one for one in points if one.name), start=1):
        yield _mark(_LEFT + 17, y - 4, number)
        text = f"{point.name} (108 other servers, counted once)"
        yield f'<text x="{_LEFT + 44}" y="{y}">{escape(text)}</text>'
        y += _LINE
