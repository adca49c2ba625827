"""A page's OpenAPI document takes its place among the page's events, and what it repeats is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from . import operation_line as operations
from .block_syntax import OPERATIONS, operation_of
from .event_kinds import Code, Event, Heading, Paragraph, Table, Tag
from .openapi_block import openapi_events, openapi_of


@dataclass(frozen=True)
class _Found:
    at: int
    events: tuple[Event, ...]


def with_openapi(page: Sequence[Event]) -> tuple[Event, ...]:
    """Return the events of a page with its OpenAPI document as blocks.

    Where the page names no operation before it, what stands before it is about the operation all the same:
    then the document is read first, behind the page's title.
    """
    found = [
        _Found(at, tuple(openapi_events(document, event)))
        for at, event in enumerate(page)
        if isinstance(event, Code) and (document := openapi_of(event)) is not None
    ]
    if not found:
        return tuple(page)
    events = list(page)
    for one in reversed(found):
        events[one.at : one.at + 1] = one.events
    first = found[0]
    before = events[: first.at]
    if any(_names_operation(event) for event in before):
        return tuple(events)
    title = 1 + next((at for at, one in enumerate(before) if isinstance(one, Heading)), -1)
    rest = [*before[title:], *events[first.at + len(first.events) :]]
    return (*before[:title], *first.events, *rest)


def with_operation_first(page: tuple[Event, ...], line: int) -> tuple[Event, ...]:
    """Return the events of a page, that which names its operation on a line behind the page's title."""
    at = next(
        (at for at, one in enumerate(page) if one.line == line and _names_operation(one)), None
    )
    if at is None:
        return page
    title = 1 + next((at for at, one in enumerate(page[:at]) if isinstance(one, Heading)), -1)
    return (*page[:title], page[at], *page[title:at], *page[at + 1 :])


def _names_operation(event: Event) -> bool:
    match event:
        case Tag():
            return event.name in OPERATIONS and operation_of(event) is not None
        case Table():
            return bool(list(operations.in_table(event)))
        case Code():
            return operations.in_block(event) is not None
        case Heading():
            return operations.in_line(event.text, event.line) is not None
        case Paragraph():
            named = operations.in_code(event.code, event.line)
            return (named or operations.in_line(event.text, event.line)) is not None
    return False
