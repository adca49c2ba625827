"""The HTML of a page as events: tables, headings, examples, and the tabs of components."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser

from .event_kinds import Code, Event, Heading, Paragraph, Row, Table, Tag

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TEXTS = frozenset({*_HEADINGS, "pre", "p", "summary", "li"})
# Tabs of MDX: <TabItem value="200">, <Tab title="200">.
_TABS = frozenset({"tabitem", "tab"})
_NAMES = ("label", "title", "value")


class HtmlReader(HTMLParser):
    """Reads the blocks of HTML of a page: GitBook writes tables so where columns were given widths.

    A blank line ends a block of Markdown and no table, so that one may go on in the next block.
    """

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._before = 0
        self._events: list[Event] = []
        self._rows: list[Row] | None = None
        self._cells: list[str] | None = None
        self._text: tuple[str, int, list[str]] | None = None

    def read(self, content: str, line: int) -> Iterator[Event]:
        """Yield what a block that begins on a line completes."""
        self._before = line - self.getpos()[0]
        self.feed(content)
        yield from self._taken()

    def end(self) -> Iterator[Event]:
        """Yield the table that a page which is cut does not end."""
        self._end_table()
        yield from self._taken()

    @property
    def is_in_cell(self) -> bool:
        """Tell whether a cell of a table is open."""
        return bool(self._cells)

    def _taken(self) -> list[Event]:
        taken, self._events = self._events, []
        return taken

    @property
    def _line(self) -> int:
        return self._before + self.getpos()[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row, a cell, or a text; a tab is an event of its own."""
        if tag == "table":
            self._rows = []
        elif tag == "tr":
            self._cells = []
        elif tag in ("td", "th") and self._cells is not None:
            self._cells.append("")
        elif tag == "br":
            self.handle_data("\n")
        elif self._cells is None and tag in _TEXTS:
            self._text = (tag, self._line, [])
        elif tag in _TABS:
            given = {name: value or "" for name, value in attrs}
            title = next((given[name] for name in _NAMES if given.get(name)), "")
            self._events.append(Tag("tab", self._line, {"title": title}))

    def handle_data(self, data: str) -> None:
        """Add text to the cell or the text that is open."""
        if self._cells:
            self._cells[-1] += data
        elif self._text is not None:
            self._text[2].append(data)

    def handle_endtag(self, tag: str) -> None:
        """End a row, a table, a text, or a tab."""
        if tag == "tr" and self._cells is not None:
            cells = tuple(" ".join(cell.split()) for cell in self._cells)
            if self._rows is not None:
                self._rows.append(Row(cells, self._line))
            self._cells = None
        elif tag == "table":
            self._end_table()
        elif self._text is not None and tag == self._text[0]:
            self._end_text(*self._text)
            self._text = None
        elif tag in _TABS:
            self._events.append(Tag("endtab", self._line))

    def _end_table(self) -> None:
        """End a table, which a page that is cut does not."""
        if self._rows:
            first, *rest = self._rows
            self._events.append(Table(first.cells, tuple(rest), first.line))
        self._rows = None

    def _end_text(self, tag: str, line: int, parts: list[str]) -> None:
        text = "".join(parts)
        if tag == "pre":
            self._events.append(Code("", text, line))
        elif tag in _HEADINGS:
            self._events.append(Heading(" ".join(text.split()), line, int(tag[1])))
        else:
            self._events.append(Paragraph(" ".join(text.split()), (), line, in_list=tag == "li"))
