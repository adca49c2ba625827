"""A page as a sequence of headings, tables, code, paragraphs and GitBook tags, each with its line.

Markdown is read by markdown-it-py.  GitBook's `{% … %}` lines are a block of their own, for which it
has one more rule here, so that they are never read as text nor code as one of them.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from .event_kinds import Code, Event, Heading, Paragraph, Row, Rule, Table, Tag
from .html_events import HtmlReader

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


def events(text: str) -> Iterator[Event]:
    """Yield what a page is made of; of lists the text alone, of quotations nothing."""
    tokens = iter(_blocks().parse(text))
    markup = HtmlReader()
    quotations = 0
    for token in tokens:
        quotations += {"blockquote_open": 1, "blockquote_close": -1}.get(token.type, 0)
        if quotations:
            continue
        if token.type == "paragraph_open":
            content = next(tokens).content
            if markup.is_in_cell:
                markup.handle_data(f" {plain(content)}")
            else:
                in_list = token.level > 0
                yield Paragraph(plain(content), _code_in(content), _line(token), in_list)
        elif token.type == "html_block" and not token.level:
            yield from markup.read(token.content, _line(token))
        elif not token.level:
            yield from _block(token, tokens)
    yield from markup.end()


def _block(token: Token, tokens: Iterator[Token]) -> Iterator[Event]:
    """Yield the block that a token begins, where it is one that holds facts."""
    line = _line(token)
    match token.type:
        case "gitbook_tag":
            yield Tag(token.info, line, token.meta)
        case "heading_open":
            yield Heading(plain(next(tokens).content), line, int(token.tag[1]))
        case "fence":
            yield Code(token.info.strip(), token.content, line + 1)
        case "table_open":
            yield _table(tokens, line)
        case "hr":
            yield Rule(line)


def _line(token: Token) -> int:
    return token.map[0] + 1 if token.map else 0


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
