"""The latency of a load run on the last screen: a table, and lines where that would break."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..i18n.catalogue import word
from ..i18n.language import Language
from .load_tables import Load, latency_rows
from .styled_text import EMPTY, Line, Style, cell_width, line_of

# The first columns hold text, the others numbers.
_TEXTS = 2


def load_table(load: Load, language: Language, width: int | None) -> Iterator[Line]:
    """Yield latency by situation and code; `width` is that of a terminal."""
    rows = latency_rows(load, language)
    if not rows:
        return
    yield EMPTY
    widths = [max(cell_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    if width is not None and sum(widths) + 2 * (len(widths) - 1) > width:
        yield from (line_of(_sentence(row, language)) for row in rows[1:])
        return
    for number, row in enumerate(rows):
        style: Style = "faint" if number == 0 else "plain"
        yield Line(tuple((text, style) for text in _cells(row, widths)), wraps=False)


def _cells(row: Sequence[str], widths: Sequence[int]) -> Iterator[str]:
    for column, (cell, wide) in enumerate(zip(row, widths, strict=True)):
        space, gap = " " * (wide - cell_width(cell)), "  " if column else ""
        yield f"{gap}{cell}{space}" if column < _TEXTS else f"{gap}{space}{cell}"


def _sentence(row: Sequence[str], language: Language) -> str:
    names = ("situation", "code", "count", "p50", "p95", "p99", "longest")
    return word("load-latency", language, **dict(zip(names, row, strict=True)))
