"""A page as a sequence of headings, tables, code, paragraphs and GitBook tags, each with its line.

Markdown is read by markdown-it-py.  GitBook's `{% … %}` lines are a block of their own, for which it
has one more rule here, so that they are never read as text nor code as one of them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

_TAG = re.compile(r"\{%\s*([A-Za-z][\w-]*)((?:[^%]|%(?!\}))*)%\}")
_ATTRIBUTE = re.compile(
    r"""(?<![\w-])([A-Za-z][\w-]*)\s*=\s*"""
    r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\S+))"""
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
# Links are left out on purpose: none is a fact, and they are what makes hostile text slow to read.
_BLOCKS = ("table", "fence", "heading", "hr", "blockquote", "list", "html_block")
_INLINES = ("newline", "escape", "entity", "backticks", "emphasis", "html_inline")
# A line longer than this is read as text without any markup.
_LONGEST_INLINE = 20_000


@dataclass(frozen=True)
class Tag:
    """A GitBook tag, such as ``{% tab title="200" %}``; the names of closing tags begin with ``end``."""

    name: str
    line: int
    attributes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Heading:
    """A heading without its markup."""

    text: str
    line: int


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: its text, and what in it is written as code."""

    text: str
    code: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Code:
    """A fenced block: the word after its fence, its text, and the line on which the text begins."""

    info: str
    text: str
    line: int


@dataclass(frozen=True)
class Row:
    """A row of a table."""

    cells: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class Table:
    """A table: the cells of its head, and its rows."""

    head: tuple[str, ...]
    rows: tuple[Row, ...]
    line: int


@dataclass(frozen=True)
class Rule:
    """A rule across the page: what follows the operation after it is no part of it."""

    line: int


Event = Tag | Heading | Paragraph | Code | Table | Rule


def events(text: str) -> Iterator[Event]:
    """Yield what a page is made of, but for what stands in lists and quotations."""
    tokens = iter(_blocks().parse(text))
    for token in tokens:
        line = token.map[0] + 1 if token.map else 0
        if token.level:
            continue
        match token.type:
            case "gitbook_tag":
                yield Tag(token.info, line, token.meta)
            case "heading_open":
                yield Heading(plain(next(tokens).content), line)
            case "paragraph_open":
                content = next(tokens).content
                yield Paragraph(plain(content), _code_in(content), line)
            case "fence":
                yield Code(token.info.strip(), token.content, line + 1)
            case "table_open":
                yield _table(tokens, line)
            case "html_block" if "<table" in token.content.lower():
                yield from _html_tables(token.content, line)
            case "hr":
                yield Rule(line)


def plain(content: str) -> str:
    """Return inline Markdown as plain text: entities and escapes undone, markup and HTML left out."""
    return " ".join("".join(_texts(_inline(content))).split())


def _texts(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "text_special", "code_inline"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak") or token.content.lower().startswith("<br"):
            yield " "


def _code_in(content: str) -> tuple[str, ...]:
    if "`" not in content:
        return ()
    return tuple(token.content for token in _inline(content) if token.type == "code_inline")


def _inline(content: str) -> list[Token]:
    if len(content) > _LONGEST_INLINE:
        return [Token("text", "", 0, content=content)]
    (token,) = _INLINE.parseInline(content)
    return token.children or []


def _blocks() -> MarkdownIt:
    reader = MarkdownIt("zero", {"html": True}).enable(list(_BLOCKS)).disable("inline")
    reader.block.ruler.before(
        "table", "gitbook_tag", _gitbook_tag, {"alt": ["paragraph", "blockquote", "table"]}
    )
    return reader


_INLINE = MarkdownIt("zero", {"html": True}).enable(list(_INLINES))


def _gitbook_tag(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """Read a line that begins with a GitBook tag: its tags, and the text between them."""
    line = state.src[state.bMarks[start] + state.tShift[start] : state.eMarks[start]]
    if not _TAG.match(line):
        return False
    if silent:
        return True
    position = 0
    for match in _TAG.finditer(line):
        _push_text(state, line[position : match.start()], start)
        token = state.push("gitbook_tag", "", 0)
        token.info, token.map = match[1].lower(), [start, start + 1]
        token.meta = {name.lower(): value for name, value in _attributes(match[2])}
        position = match.end()
    _push_text(state, line[position:], start)
    state.line = start + 1
    return True


def _push_text(state: StateBlock, text: str, line: int) -> None:
    if text.strip():
        state.push("paragraph_open", "p", 1).map = [line, line + 1]
        token = state.push("inline", "", 0)
        token.content, token.map, token.children = text.strip(), [line, line + 1], []
        state.push("paragraph_close", "p", -1)


def _attributes(text: str) -> Iterator[tuple[str, str]]:
    for match in _ATTRIBUTE.finditer(text):
        value = next((part for part in match.groups()[1:] if part is not None), "")
        yield match[1], _ESCAPE.sub(r"\1", html.unescape(value)).strip()


def _table(tokens: Iterator[Token], line: int) -> Table:
    rows: list[Row] = []
    cells: list[str] = []
    at = line
    for token in tokens:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            cells, at = [], (token.map[0] + 1 if token.map else at)
        elif token.type == "inline":
            cells.append(plain(token.content))
        elif token.type == "tr_close":
            rows.append(Row(tuple(cells), at))
    return Table(rows[0].cells, tuple(rows[1:]), line)


class _HtmlTables(HTMLParser):
    """Collects the rows of HTML tables: what GitBook writes where columns were given widths."""

    def __init__(self, line: int) -> None:
        super().__init__(convert_charrefs=True)
        self._first = line - 1
        self.tables: list[list[Row]] = []
        self._cells: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a table, a row or a cell."""
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self._cells = []
        elif tag in ("td", "th") and self._cells is not None:
            self._cells.append("")

    def handle_data(self, data: str) -> None:
        """Add text to the cell that is open."""
        if self._cells:
            self._cells[-1] += data

    def handle_endtag(self, tag: str) -> None:
        """End a row."""
        if tag == "tr" and self._cells is not None and self.tables:
            cells = tuple(" ".join(cell.split()) for cell in self._cells)
            self.tables[-1].append(Row(cells, self._first + self.getpos()[0]))
            self._cells = None


def _html_tables(content: str, line: int) -> Iterator[Table]:
    parser = _HtmlTables(line)
    parser.feed(content)
    for rows in parser.tables:
        if rows:
            yield Table(rows[0].cells, tuple(rows[1:]), rows[0].line)
