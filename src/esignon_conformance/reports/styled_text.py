"""A line for the terminal: parts with a style each, so that colours are no part of the text."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

Style = Literal["plain", "good", "bad", "warning", "title", "faint"]


@dataclass(frozen=True)
class Line:
    """One line.  `wraps` is false for what is copied or aligned, and is then left to the terminal."""

    parts: tuple[tuple[str, Style], ...] = ()
    wraps: bool = True

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


EMPTY = Line()


def line_of(text: str, style: Style = "plain") -> Line:
    """Return a line in one style."""
    return Line(((text, style),))


def cell_width(text: str) -> int:
    """Return how many columns of a terminal a text takes; Hangul takes two a character."""
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)
