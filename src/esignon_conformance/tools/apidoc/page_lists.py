"""Lists that stand for tables: of parameters, ``name (string, required): text``, or of result codes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from .event_kinds import Event, Paragraph, Row, Table
from .parameter_types import is_plain_type, is_type

_ITEM = re.compile(
    r"^(?P<name>[A-Za-z_$][\w.$\[\]-]{0,80})\*?\s*(?P<sign>[:：]?)\s*(?P<open>[(（\[<]?)\s*"
    r"(?P<type>[^\W\d_]{2,20}(?:\[\])?)\s*(?P<more>[,/|;]\s*[^)）\]>]{1,40})?[)）\]>]?"
    r"(?:\s*[:：,\-–—]\s*|\s+|$)(?P<text>.*)$",
    re.DOTALL,
)
_CODE = re.compile(
    r"^[\"'`]?(?P<code>-\d|\d{2,4})[\"'`]?\s*[:：=\-–—]\s*(?P<text>\S.*)$", re.DOTALL
)
_WHETHER = re.compile(r"\b(required|mandatory|optional)\b|(필수|선택|必須|任意)", re.IGNORECASE)
_PARAMETERS = ("Name", "Type", "Required", "Description")
_CODES = ("Code", "Description")


def with_lists_as_tables(page: Iterable[Event]) -> Iterator[Event]:
    """Yield the events of a page, each list of parameters or of codes as a table."""
    items: list[Paragraph] = []
    for event in page:
        if isinstance(event, Paragraph) and event.in_list:
            items.append(event)
            continue
        yield from _taken(items)
        items = []
        yield event
    yield from _taken(items)


def _taken(items: list[Paragraph]) -> Iterator[Event]:
    if items:
        for head, row_of in ((_PARAMETERS, _parameter), (_CODES, _code)):
            rows = [row for one in items if (row := row_of(one)) is not None]
            # Most of a list of anything else is no such row.
            if len(rows) * 2 > len(items) and (len(rows) > 1 or head is _PARAMETERS):
                left = {row.line for row in rows}
                yield from (one for one in items if one.line not in left)
                yield Table(head, tuple(rows), items[0].line)
                return
    yield from items


def _parameter(item: Paragraph) -> Row | None:
    match = _ITEM.match(item.text[:2_000])
    if match is None or not is_type(match["type"]):
        return None
    # "url address of the page": a type in plain words is one only behind a sign, or if it is that alone.
    if not match["open"] and not (match["sign"] and is_plain_type(match["type"])):
        return None
    said = _WHETHER.search(match["more"] or "") or _WHETHER.match(match["text"].lstrip("([（ "))
    name = "-" * max(0, item.depth - 1) + match["name"]
    return Row((name, match["type"], said[0] if said else "", match["text"].strip()), item.line)


def _code(item: Paragraph) -> Row | None:
    match = _CODE.match(item.text[:2_000])
    return Row((match["code"], match["text"]), item.line) if match else None
