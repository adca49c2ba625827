"""A line for the terminal: parts with a style each, so that colours are no part of the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

Style = Literal["plain", "good", "bad", "warning", "title", "faint"]
# What moves the cursor, sets colours, ends a line or turns the order of letters, as a server may send it.
_UNSEEN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


@dataclass(frozen=True)
class Line:
    r"""One line.  `wraps` is false for what is copied or aligned, and is then left to the terminal.

    What a terminal would act on is written as its escape (`\x1b`).
    """

    parts: tuple[tuple[str, Style], ...] = ()
    wraps: bool = True

    def __post_init__(self) -> None:
        if _UNSEEN.search(self.text):
            seen = tuple((_UNSEEN.sub(_as_escape, text), style) for text, style in self.parts)
            object.__setattr__(self, "parts", seen)

    @property
    def text(self) -> str:
        """Return the text without any style."""
        return "".join(text for text, _ in self.parts)

    def scrubbed(self, scrub: Callable[[str], str]) -> Line:
        """Return the line with its secrets masked, also one that lies across two parts."""
        if scrub(self.text) == self.text:
            return self
        parts = tuple((scrub(text), style) for text, style in self.parts)
        masked = replace(self, parts=parts)
        whole = scrub(masked.text)
        return masked if whole == masked.text else replace(self, parts=((whole, "plain"),))


def _as_escape(found: re.Match[str]) -> str:
    # As the scrubber knows it, which looks at the line after that.
    number = ord(found[0])
    return f"\\x{number:02x}" if number < 256 else f"\\u{number:04x}"


EMPTY = Line()


def line_of(text: str, style: Style = "plain") -> Line:
    """Return a line in one style."""
    return Line(((text, style),))


def cell_width(text: str) -> int:
    """Return how many columns of a terminal a text takes; Hangul takes two a character."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
