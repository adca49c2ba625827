"""Text in Markdown that stays what it is: what a server sent is no mark-up."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_BACKTICKS = re.compile("`+")
# Every mark that Markdown or HTML reads in the middle of a line, and what GitHub makes links of.
_ACTIVE = re.compile(r"([\\`*_{}\[\]<>#|~&@$])")
# What begins a list or underlines a head, where it comes first.
_FIRST = re.compile(r"^(\s*\d*)([-+=.)])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


def escaped(text: str) -> str:
    """Return a text for a line of Markdown, in which no character is a mark."""
    return _FIRST.sub(r"\1\\\2", _ACTIVE.sub(r"\\\1", _CONTROL.sub(" ", text)))


def code(text: str) -> str:
    """Return a text as a Markdown code span, whatever backticks it holds."""
    text = _CONTROL.sub(" ", text)
    fence = "`" * (_longest_fence(text) + 1)
    pad = " " if text[:1] in "` " or text[-1:] in "` " else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def fenced(text: str) -> Iterator[str]:
    """Yield the lines of a Markdown code block that holds a text, whatever fences it holds."""
    fence = "`" * max(3, _longest_fence(text) + 1)
    yield f"{fence}text"
    yield from (_CONTROL.sub(" ", line) for line in text.split("\n"))
    yield fence


def _longest_fence(text: str) -> int:
    return max((len(one) for one in _BACKTICKS.findall(text)), default=0)


def table(rows: Sequence[Sequence[str]], numbers: bool = False) -> Iterator[str]:
    """Yield the lines of a table whose first row is its head; the cells are Markdown."""
    head, *rest = rows
    yield f"| {' | '.join(head)} |"
    yield f"| --- |{(' ---: |' if numbers else ' --- |') * (len(head) - 1)}"
    yield from (f"| {' | '.join(row)} |" for row in rest)
