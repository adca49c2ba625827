"""The HTML of a page as events: tables, headings, examples, and the tabs of components."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html.parser import HTMLParser

from .event_kinds import Code, Event, Heading, Paragraph, Tag
from .html_table import HtmlTable

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_TEXTS = frozenset({*_HEADINGS, "pre", "p", "summary", "li", "dt", "dd"})
# Tabs of MDX: <TabItem value="200">, <Tab title="200">.
_TABS = frozenset({"tabitem", "tab"})
_NAMES = ("label", "title", "value")
# What is no part of an article, or is said beside it, as in a quotation of Markdown.
_ASIDE = frozenset(
    {"script", "style", "template", "noscript", "svg", "button", "select", "nav", "footer", "aside"}
    | {"blockquote", "title", "iframe"}
)
_LISTS = frozenset({"ul", "ol"})
# Elements within a line of text; any other ends the line.
_IN_LINE = frozenset(
    {"a", "abbr", "b", "bdi", "big", "br", "cite", "code", "em", "font", "i", "img", "ins", "kbd"}
    | {"label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "tt", "u", "var"}
    | {"wbr"}
)
_METHOD = re.compile(r"^(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)$", re.IGNORECASE)
_LANGUAGE = re.compile(r"(?:^|\s)lang(?:uage)?-([\w+#-]+)")


class HtmlReader(HTMLParser):
    """Reads HTML: blocks of it in Markdown, where columns were given widths, or a whole article.

    A blank line ends a block of Markdown and no table, so that one may go on in the next block.  Of a whole
    article, text that stands in no paragraph is read, too, each line of it as one.
    """

    def __init__(
        self, *, is_whole: bool = False, plain: Callable[[str], str] = lambda text: text
    ) -> None:
        super().__init__(convert_charrefs=True)
        self._before = 0
        self._events: list[Event] = []
        self._table: HtmlTable | None = None
        self._inner_tables = 0
        self._text: tuple[str, int, list[str]] | None = None
        self._is_whole = is_whole
        self._plain = plain
        self._lists = 0
        # The element that is left out, and how many of its name are open.
        self._aside = ""
        self._aside_depth = 0
        self._info = ""

    def read(self, content: str, line: int) -> Iterator[Event]:
        """Yield what a block that begins on a line completes."""
        self._before = line - self.getpos()[0]
        self.feed(content)
        yield from self._taken()

    def end(self) -> Iterator[Event]:
        """Yield the table and the text that a page which is cut does not end."""
        self._end_table()
        if self._is_whole:
            self._end_text()
        yield from self._taken()

    @property
    def is_in_cell(self) -> bool:
        """Tell whether a cell of a table is open."""
        return self._table is not None and self._table.is_in_cell

    def _taken(self) -> list[Event]:
        taken, self._events = self._events, []
        return taken

    @property
    def _line(self) -> int:
        return self._before + self.getpos()[0]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take an element without content: one that is left out begins nothing."""
        if tag not in _ASIDE:
            self.handle_starttag(tag, attrs)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row, a cell, or a text; a tab is an event of its own."""
        if self._is_aside(tag):
            return
        given = {name: value or "" for name, value in attrs}
        if tag == "table":
            self._begin_table()
        elif tag == "br":
            self.handle_data("\n")
        elif self._table is not None:
            self._begin_in_table(self._table, tag, given)
        elif self._is_in_pre:
            self._info = (_info_of(given) if tag == "code" else "") or self._info
        elif tag in _TEXTS:
            self._end_text()
            self._text, self._info = (tag, self._line, []), ""
        elif tag in _TABS:
            title = next((given[name] for name in _NAMES if given.get(name)), "")
            self._events.append(Tag("tab", self._line, {"title": title}))
        elif tag not in _IN_LINE:
            self._end_loose()
            self._lists += tag in _LISTS

    def _is_aside(self, tag: str) -> bool:
        """Tell whether an element that begins is left out, or stands in one that is."""
        if not self._aside and self._is_whole and tag in _ASIDE:
            self._aside = tag
        self._aside_depth += bool(self._aside) and tag == self._aside
        return bool(self._aside)

    def _begin_in_table(self, table: HtmlTable, tag: str, given: Mapping[str, str]) -> None:
        if self._inner_tables or tag not in ("tr", "td", "th"):
            if tag not in _IN_LINE:
                table.add(" ")
        elif tag == "tr":
            table.begin_row(self._line)
        else:
            table.begin_cell(given)

    @property
    def _is_in_pre(self) -> bool:
        return self._text is not None and self._text[0] == "pre"

    def handle_data(self, data: str) -> None:
        """Add text to the cell or the text that is open."""
        if self._aside:
            return
        if self._table is not None:
            self._table.add(data)
        elif self._text is not None:
            self._text[2].append(data)
        elif self._is_whole and data.strip():
            self._text = ("", self._line, [data])

    def handle_endtag(self, tag: str) -> None:
        """End a row, a table, a text, or a tab."""
        if self._aside:
            self._aside_depth -= tag == self._aside
            self._aside = self._aside if self._aside_depth else ""
            return
        if self._table is not None:
            self._end_in_table(self._table, tag)
        elif self._text is not None and tag == self._text[0]:
            self._end_text()
        elif self._is_in_pre and tag in ("div", "p", "li"):
            self.handle_data("\n")
        elif tag in _TABS:
            self._events.append(Tag("endtab", self._line))
        elif tag not in _IN_LINE:
            self._end_loose()
        if tag in _LISTS:
            self._lists = max(0, self._lists - 1)

    def _end_in_table(self, table: HtmlTable, tag: str) -> None:
        if tag == "table" and self._inner_tables:
            self._inner_tables -= 1
        elif tag == "table":
            self._end_table()
        elif tag == "tr" and not self._inner_tables:
            table.end_row(self._line)
        elif tag not in _IN_LINE:
            table.add(" ")

    def _begin_table(self) -> None:
        if self._table is not None and self._table.is_in_cell:
            self._inner_tables += 1
            return
        self._end_table()
        self._end_loose()
        starts = self.get_starttag_text() or ""
        # The cells of MDX's <Table> are Markdown.
        self._table = HtmlTable(self._plain if starts.startswith("<Table") else None)

    def _end_table(self) -> None:
        """End a table, which a page that is cut does not."""
        if self._table is not None:
            self._events += self._table.ended(self._line)
        self._table, self._inner_tables = None, 0

    def _end_loose(self) -> None:
        """End text that stands in no paragraph."""
        if self._text is not None and self._text[0] == "":
            self._end_text()

    def _end_text(self) -> None:
        if self._text is None:
            return
        (tag, line, parts), self._text = self._text, None
        text = "".join(parts)
        if tag == "pre":
            self._events.append(Code(self._info, text.lstrip("\n"), line + _blank_lines(text)))
        elif tag in _HEADINGS:
            self._events.append(Heading(" ".join(text.split()), line, int(tag[1])))
        elif text.strip() or not self._is_whole:
            depth = max(self._lists, tag == "li")
            spans = _spans(parts) if self._is_whole else ()
            plain = " ".join(text.split())
            self._events.append(Paragraph(plain, spans, line, depth > 0, depth))


def _info_of(given: Mapping[str, str]) -> str:
    """Return the language of code and its title, as they stand behind a fence of Markdown."""
    language = _LANGUAGE.search(given.get("class", ""))
    name = given.get("name") or given.get("data-title") or ""
    return f"{language[1] if language else ''} {name}".rstrip()


def _blank_lines(text: str) -> int:
    return len(text) - len(text.lstrip("\n"))


def _spans(parts: list[str]) -> tuple[str, ...]:
    """Return the pieces of a line of text, the address behind a method in one piece."""
    pieces = [one.strip() for one in parts if one.strip()]
    if len(pieces) > 1 and _METHOD.match(pieces[0]):
        address = "".join(parts).strip()[len(pieces[0]) :].strip()
        if not re.search(r"\s", address):
            return (pieces[0], address)
    return tuple(pieces)
