"""Reads the text of a page into facts, in each of the styles that pages of the API are written in."""

from __future__ import annotations

from ...contract.facts import Example, Facts
from ...i18n.message import say
from .events import events
from .gathered import Gathered
from .page_state import PageState
from .placing import placed
from .text import PageError, page_text


def read_pages(data: bytes) -> tuple[Facts, ...]:
    """Read all operations of a page, in its order.

    Raises `PageError` where the bytes are no text, or where no operation stands in it.
    """
    text = page_text(data)
    found = tuple(events(text))
    lines = text.splitlines()
    reader = PageState(lines)
    reader.read(found)
    if not reader.found:
        if reader.no_operation is not None:
            raise reader.no_operation
        webhook = PageState(lines, is_webhook=True)
        webhook.read(found)
        if not _is_webhook(webhook.found):
            raise PageError(say("page-no-operation"))
        reader = webhook
    return tuple(placed(one, data, is_webhook=reader.is_webhook) for one in reader.found)


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
