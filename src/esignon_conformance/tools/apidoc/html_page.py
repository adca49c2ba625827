"""A whole page of HTML, as a browser saves it: the article, among what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .event_kinds import Event
from .html_events import HtmlReader

_HTML = re.compile(
    r"^\s*(?:<!--[^>]{0,500}-->\s*)?<(!doctype html|html|\?xml|head|body)\b", re.IGNORECASE
)
_BEGINNING = 1_000
# What may hold the article, the narrowest first.
_SCOPES = ("article", "main", "body")


def is_html(text: str) -> bool:
    """Tell whether a text is a whole page of HTML."""
    return _HTML.match(text[:_BEGINNING]) is not None


def articles(text: str) -> Iterator[tuple[Event, ...]]:
    """Yield what the page is made of, first as its article has it, then as what is around that has it."""
    lower = text.lower()
    for scope in _SCOPES:
        match = re.search(rf"<{scope}\b", lower)
        if match is None:
            continue
        end = lower.rfind(f"</{scope}")
        inner = text[match.start() : end if end > match.start() else len(text)]
        yield _events(inner, lower.count("\n", 0, match.start()) + 1)
    if re.search(r"<body\b", lower) is None:
        yield _events(text, 1)


def _events(text: str, line: int) -> tuple[Event, ...]:
    reader = HtmlReader(is_whole=True)
    # What is cut within a tag is no text.
    return (*reader.read(text, line), *reader.end())
