"""The text of a page: what it is no page of at first sight, and the bounds of what is read at all."""

from __future__ import annotations

from ...i18n.message import Message, say
from .html_page import is_html

# Beyond what any page of the API has, and within what is read in a second.
LARGEST = 100_000
MOST_LINES = 4_000
_BEGINNING = 1_000
# A page that a browser saved has its scripts in it.
LARGEST_HTML = 1_000_000
_MOST_TAGS = 20_000
# Blanks that look like a plain one, and marks that nobody sees, are how editors write, and no fact.
_BLANKS = str.maketrans(
    {"\u00a0": " ", "\u202f": " ", "\u2007": " ", "\u200b": None, "\u2060": None, "\ufeff": None}
)


class PageError(Exception):
    """The page cannot be read as a page of an operation: why, and on which line (0 for the whole)."""

    def __init__(self, message: Message, line: int = 0) -> None:
        self.message = message
        self.line = line
        super().__init__(message.key)


def page_text(data: bytes) -> str:
    """Return the text of a page with plain line ends.

    Raises `PageError` where there is none, or too much of it, or it is no text in UTF-8.
    """
    if not data.strip():
        raise PageError(say("page-empty"))
    most = (
        LARGEST_HTML
        if is_html(data[:_BEGINNING].decode("utf-8-sig", errors="replace"))
        else LARGEST
    )
    if len(data) > most:
        raise PageError(say("page-too-large", most=most))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PageError(say("page-no-text"), data[: error.start].count(b"\n") + 1) from None
    if "\0" in text:
        raise PageError(say("page-no-text"), text[: text.index("\0")].count("\n") + 1)
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_BLANKS)
    if most == LARGEST_HTML and text.count("<") > _MOST_TAGS:
        raise PageError(say("page-too-large", most=most))
    if most == LARGEST and text.count("\n") > MOST_LINES:
        raise PageError(say("page-too-long", most=MOST_LINES))
    return text
