"""Reads the text of a page into facts, in each of the styles that pages of the API are written in."""

from __future__ import annotations

from collections.abc import Iterable

from ...contract.facts import Example, Facts
from ...i18n.message import say
from .event_kinds import Event
from .events import events
from .gathered import Gathered
from .html_page import articles, is_html
from .page_lists import with_lists_as_tables
from .page_openapi import with_openapi, with_operation_first
from .page_state import PageState
from .placing import placed
from .sent_requests import with_sent_request
from .text import PageError, page_text

_MOST_CODES = 40


def read_pages(data: bytes) -> tuple[Facts, ...]:
    """Read all operations of a page, in its order.

    Raises `PageError` where the bytes are no text, or where no operation stands in it.
    """
    text = page_text(data)
    lines = text.splitlines()
    if is_html(text):
        found = next((one for part in articles(text) if (one := _operations(part, lines))), None)
        if found is None:
            raise PageError(say("page-is-html"))
    else:
        found = _operations(events(text), lines)
        if found is None:
            raise PageError(say("page-no-operation"))
    return tuple(placed(one, data, is_webhook=found.is_webhook) for one in found.found)


def _operations(events_of_page: Iterable[Event], lines: list[str]) -> PageState | None:
    """Return what a page says of its operations, None where it has none.

    Raises `PageError` where it names one whose path cannot be told, or lists result codes alone.
    """
    page = with_openapi(tuple(with_lists_as_tables(events_of_page)))
    reader = _read(page, lines)
    if len(reader.found) == 1 and not reader.found[0].examples:
        # A page may name its operation below what it says of it.
        again = _read(with_operation_first(page, reader.found[0].line), lines)
        reader = again if again.found and again.found[0].examples else reader
    if len(reader.found) > 1 and all(_is_bare(one) for one in reader.found):
        # A list of operations, such as an introduction has: each has a page of its own.
        return None
    if reader.found:
        return reader
    if reader.no_operation is not None:
        raise reader.no_operation
    reader = _read(with_sent_request(page), lines)
    if reader.found:
        return reader
    webhook = _read(page, lines, is_webhook=True)
    if _is_webhook(webhook.found):
        return webhook
    holds = [one for one in webhook.found if one.codes and not (one.examples or one.listed)]
    if codes := [one.code for found in holds for one in found.codes]:
        raise PageError(say("page-only-codes", codes=", ".join(codes[:_MOST_CODES])))
    return None


def _read(page: Iterable[Event], lines: list[str], *, is_webhook: bool = False) -> PageState:
    reader = PageState(lines, is_webhook=is_webhook)
    reader.read(page)
    return reader


def _is_bare(one: Gathered) -> bool:
    """Tell whether a page says no more of an operation than its method and address."""
    return not (one.listed or one.unplaced or one.examples or one.codes or one.values or one.sent)


def _is_webhook(found: list[Gathered]) -> bool:
    """Tell whether a page without an operation describes a message: its parameters and an example of it."""
    return any(
        (one.listed or one.unplaced)
        and any(_is_message(example) for example in one.examples)
        and not any(_is_answer(example) for example in one.examples)
        for one in found
    )


def _is_message(example: Example) -> bool:
    value = example.value
    return isinstance(value, dict) and all(
        isinstance(value.get(part), dict) and value[part] for part in ("header", "body")
    )


def _is_answer(example: Example) -> bool:
    """Tell whether an example has a result code: then the page is one of an operation, and damaged."""
    header = example.value.get("header") if isinstance(example.value, dict) else None
    return isinstance(header, dict) and "result_code" in header


def read_page(data: bytes) -> Facts:
    """Read a page of one operation.  Raises `PageError` as `read_pages` does, and for a second one."""
    first, *more = read_pages(data)
    if more:
        raise PageError(say("page-second-operation", first=first.line), more[0].line)
    return first
