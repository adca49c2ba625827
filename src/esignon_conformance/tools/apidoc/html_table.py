"""A table of HTML while it is read: its cells, merged ones too, and rows that stand above others."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping

from .event_kinds import Event, Paragraph, Row, Table

_WIDEST = 30
_TALLEST = 500


class HtmlTable:
    """The rows of a table so far, and the cell that is open.

    A cell that is merged over rows stands in each of them.  A row that is one cell over the whole width is
    the title of what follows: there the table is ended, and another one begins with the same head.
    """

    def __init__(self, markup: Callable[[str], str] | None = None) -> None:
        self._markup = markup
        self._rows: list[Row | Paragraph] = []
        # The cells of the open row by their columns.
        self._cells: dict[int, list[str]] | None = None
        self._at = -1
        self._wide = 1
        self._tall: dict[int, tuple[str, int]] = {}
        self._spans: list[tuple[int, int]] = []
        self._line = 0

    @property
    def is_in_cell(self) -> bool:
        """Tell whether a cell is open."""
        return bool(self._cells)

    def begin_row(self, line: int) -> None:
        """Begin a row, where one is open after that."""
        self.end_row(line)
        self._cells, self._at, self._wide, self._spans = {}, -1, 1, []

    def begin_cell(self, given: Mapping[str, str]) -> None:
        """Begin a cell in the next column that no merged cell of a row above reaches into."""
        if self._cells is None:
            return
        at = self._at + self._wide
        while at in self._tall and at < _WIDEST:
            self._cells[at] = [self._tall[at][0]]
            at += 1
        self._at = at
        self._wide = _count(given.get("colspan"), _WIDEST)
        self._spans.append((at, _count(given.get("rowspan"), _TALLEST)))
        self._cells[at] = []

    def add(self, data: str) -> None:
        """Add text to the open cell."""
        if self._cells:
            self._cells[self._at].append(data)

    def end_row(self, line: int) -> None:
        """End the open row."""
        if self._cells is None:
            return
        given = {at: " ".join("".join(parts).split()) for at, parts in self._cells.items()}
        if self._markup is not None:
            given = {at: self._markup(text) for at, text in given.items()}
        merged = {at: text for at, (text, _) in self._tall.items()}
        whole = merged | given
        width = max([at + 1 for at in whole] + [self._at + self._wide, 0])
        self._tall = {at: (text, left - 1) for at, (text, left) in self._tall.items() if left > 1}
        self._tall |= {at: (given[at], rows - 1) for at, rows in self._spans if rows > 1}
        is_title = len(self._spans) == 1 and self._wide > 1 and not merged
        if is_title and self._rows:
            self._rows.append(Paragraph(given[self._at], (), line))
        else:
            self._rows.append(Row(tuple(whole.get(at, "") for at in range(width)), line))
        self._cells = None

    def ended(self, line: int) -> Iterator[Event]:
        """Yield the table, or the tables that titles within it begin, and those titles."""
        self.end_row(line)
        head = next((row for row in self._rows if isinstance(row, Row)), None)
        if head is None:
            return
        rows: list[Row] = []
        at = head.line
        for row in self._rows[self._rows.index(head) + 1 :]:
            if isinstance(row, Row):
                rows.append(row)
                continue
            if rows:
                yield Table(head.cells, tuple(rows), at)
            rows, at = [], row.line
            yield row
        if rows or not any(isinstance(row, Paragraph) for row in self._rows):
            yield Table(head.cells, tuple(rows), at)


def _count(text: str | None, most: int) -> int:
    found = 1
    with contextlib.suppress(ValueError):
        found = int(text or "1")
    return min(max(found, 1), most)
