"""A page as a sequence of headings, tables, code, paragraphs and GitBook tags, each with its line.

Markdown is read by markdown-it-py.  GitBook's `{% … %}` lines and ReadMe's `[block:…]` are blocks of
their own, for which it has two more rules here, so that they are never read as text nor code as one of
them.
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
from .readme_blocks import block_events, readme_block

_TAG = re.compile(r"\{%\s*([A-Za-z][\w-]*)((?:[^%]|%(?!\}))*)%\}")
_ATTRIBUTE = re.compile(
    r"""(?<![\w-])([A-Za-z][\w-]*)\s*=\s*"""
    r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\S+))"""
)
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
# Links are left out on purpose: none is a fact, and they are what makes hostile text slow to read.
_BLOCKS = ("table", "fence", "heading", "lheading", "hr", "blockquote", "list", "html_block")
_INLINES = ("newline", "escape", "entity", "backticks", "emphasis", "html_inline")
_HEADING = re.compile(r"(#{2,6})([^#\s][^\n]{0,200})(?:\n|\Z)")
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?:(?!---)[^\n]{0,2000}\n){0,100}---[ \t]*(?:\n|\Z)")
_FRONT_TITLE = re.compile(r"^title:[ \t]*(\S[^\n]*)$", re.MULTILINE)
# A line longer than this is read as text without any markup.
_LONGEST_INLINE = 20_000


def events(text: str) -> Iterator[Event]:
    """Yield what a page is made of; of lists the text alone, of quotations nothing."""
    front, body = _front_matter(text)
    yield from front
    tokens = iter(_blocks().parse(_without_callouts(body)))
    markup = HtmlReader(plain=plain)
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
                yield from _text(content, _line(token), token.level // 2)
        elif token.type == "html_block" and not token.level:
            yield from markup.read(token.content, _line(token))
        elif not token.level:
            yield from _block(token, tokens)
    yield from markup.end()


def _front_matter(text: str) -> tuple[list[Event], str]:
    """Return the title in a page's front matter as its heading, and the page with blank lines for that."""
    match = _FRONT_MATTER.match(text)
    if match is None:
        return [], text
    found: list[Event] = []
    if title := _FRONT_TITLE.search(match[0]):
        line = text.count("\n", 0, title.start()) + 1
        found.append(Heading(title[1].strip().strip("\"'"), line))
    return found, "\n" * match[0].count("\n") + text[match.end() :]


def _without_callouts(text: str) -> str:
    """Return a text with blank lines for MDX's callouts: like hints, they hold no facts."""
    kept: list[str] = []
    position = 0
    while (start := text.find("<Callout", position)) >= 0:
        end = text.find("</Callout>", start)
        if end < 0:
            break
        end += len("</Callout>")
        kept += (text[position:start], "\n" * text.count("\n", start, end))
        position = end
    return "".join((*kept, text[position:]))


def _block(token: Token, tokens: Iterator[Token]) -> Iterator[Event]:
    """Yield the block that a token begins, where it is one that holds facts."""
    line = _line(token)
    match token.type:
        case "gitbook_tag":
            yield Tag(token.info, line, token.meta)
        case "readme_block":
            yield from block_events(token.info, token.content, line, plain)
        case "heading_open":
            yield Heading(plain(next(tokens).content), line, int(token.tag[1]))
        case "fence":
            yield Code(token.info.strip(), token.content, line + 1)
        case "table_open":
            yield _table(tokens, line)
        case "hr":
            yield Rule(line)


def _text(content: str, line: int, depth: int) -> Iterator[Event]:
    """Yield a paragraph, and before it the heading that ReadMe reads where no blank is behind the signs."""
    if match := _HEADING.match(content):
        yield Heading(plain(match[2]), line, len(match[1]))
        content, line = content[match.end() :], line + 1
    if _is_example(content):
        # Code that is set in by blanks alone.
        yield Code("", content, line)
    elif content.strip():
        yield Paragraph(plain(content), _code_in(content), line, depth > 0, depth)


def _is_example(content: str) -> bool:
    text = content.strip()
    return (
        text[:1] in ("{", "[") and text[-1:] in ("}", "]") and re.search(r'"\s*:', text) is not None
    )


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
    for name, rule in (("gitbook_tag", _gitbook_tag), ("readme_block", readme_block)):
        reader.block.ruler.before(
            "table", name, rule, {"alt": ["paragraph", "blockquote", "table"]}
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
