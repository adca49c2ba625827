"""ReadMe's blocks, `[block:parameters]` with JSON up to `[/block]`: tables, code, headings, HTML."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from markdown_it.rules_block import StateBlock

from .event_kinds import Code, Event, Heading, Paragraph, Row, Table, Tag
from .html_events import HtmlReader

_BEGIN = re.compile(r"^\[block:([a-z-]{1,40})\]\s*$")
_END = "[/block]"
_CELL = re.compile(r"^(h|\d{1,4})-(\d{1,2})$")
_TEXTS = frozenset({"textarea", "text"})
# What a page says beside its facts, and pictures.
_ASIDE = frozenset({"callout", "image", "embed", "tutorial-tile"})


def readme_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Read the lines of a block, up to its end or that of the page."""
    match = _BEGIN.match(_line_of(state, start))
    if match is None:
        return False
    if silent:
        return True
    last = start + 1
    while last < end and not _line_of(state, last).strip().startswith(_END):
        last += 1
    token = state.push("readme_block", "", 0)
    token.info, token.map = match[1], [start, min(last + 1, end)]
    token.content = state.getLines(start + 1, last, 0, False)
    state.line = min(last + 1, end)
    return True


def _line_of(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] : state.eMarks[number]]


def block_events(
    kind: str, content: str, line: int, plain: Callable[[str], str]
) -> Iterator[Event]:
    """Yield what a block holds; one that is no JSON is told as damaged by a tag of its own."""
    if kind in _ASIDE:
        return
    try:
        held = json.loads(content, strict=False)
    except (ValueError, RecursionError):
        held = None
    if not isinstance(held, dict):
        yield Tag("damaged-block", line, {"about": kind})
        return
    if kind == "api-header":
        yield Heading(plain(_text(held.get("title"))), line, 2)
    elif kind == "code":
        yield from _codes(held, content, line)
    elif kind == "parameters":
        yield from _table(held, content, line, plain)
    elif kind == "html":
        reader = HtmlReader(is_whole=True)
        yield from reader.read(_text(held.get("html")), line)
        yield from reader.end()
    elif kind in _TEXTS:
        yield Paragraph(plain(_text(held.get("text"))), (), line)


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _codes(held: Mapping[str, Any], content: str, line: int) -> Iterator[Event]:
    codes = held.get("codes")
    lines = (at for at, text in enumerate(content.splitlines(), line + 1) if '"code":' in text)
    for one in codes if isinstance(codes, list) else ():
        if isinstance(one, dict):
            said = f"{_text(one.get('language'))} {_text(one.get('name'))}"
            yield Code(said.rstrip(), _text(one.get("code")), next(lines, line))


def _table(
    held: Mapping[str, Any], content: str, line: int, plain: Callable[[str], str]
) -> Iterator[Event]:
    data = held.get("data")
    cells: dict[int, dict[int, str]] = {}
    for key, text in data.items() if isinstance(data, dict) else ():
        if match := _CELL.match(key):
            row = -1 if match[1] == "h" else int(match[1])
            cells.setdefault(row, {})[int(match[2])] = plain(_text(text))
    if not cells:
        return
    width = max(at for row in cells.values() for at in row) + 1
    lines = _lines_of_rows(content, line)
    rows = {
        row: Row(tuple(cells[row].get(at, "") for at in range(width)), lines.get(row, line))
        for row in sorted(cells)
    }
    head = rows.pop(-1, None) or Row(("",) * width, line)
    yield Table(head.cells, tuple(rows.values()), head.line)


def _lines_of_rows(content: str, line: int) -> dict[int, int]:
    """Return the line on which the first cell of each row stands."""
    found: dict[int, int] = {}
    for at, text in enumerate(content.splitlines(), line + 1):
        for match in re.finditer(r'"(h|\d{1,4})-\d{1,2}"\s*:', text):
            found.setdefault(-1 if match[1] == "h" else int(match[1]), at)
    return found
