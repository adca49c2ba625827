"""What is looked for in a text to be masked, and what of it was found where.  Pure."""

from __future__ import annotations

from typing import NamedTuple

from .unescape import View

# Characters of the shortest piece that tells: every piece of a secret is found by one.
GRAM = 6


class Needle(NamedTuple):
    """What is looked for: folded and exact text, the name that replaces it, its shortest piece."""

    folded: str
    exact: str
    name: str
    least: int


class Match(NamedTuple):
    """A needle, or a piece of one, in the source: its place, and how well it fits."""

    start: int
    end: int
    is_whole: bool
    is_exact: bool
    name: str


def extent_of(folded: str, at: int, needle: Needle, offset: int) -> tuple[int, int]:
    """Return where a text agrees with a needle around the gram at `at`, the needle's at `offset`."""
    wanted = needle.folded
    if folded.startswith(wanted, at - offset) and at >= offset:
        return at - offset, at - offset + len(wanted)
    if needle.least == len(wanted):
        return at, at
    start, first = at, offset
    while start and first and folded[start - 1] == wanted[first - 1]:
        start, first = start - 1, first - 1
    end, last = at + GRAM, offset + GRAM
    while end < len(folded) and last < len(wanted) and folded[end] == wanted[last]:
        end, last = end + 1, last + 1
    return start, end


def match_of(view: View, start: int, end: int, needle: Needle) -> Match:
    """Return what stands from start to end of a view as a match, in the places of its source."""
    is_whole = end - start == len(needle.folded)
    is_exact = is_whole and view.text[start:end] == needle.exact
    name = needle.name if is_whole else f"<part of {needle.name[1:]}"
    return Match(*view.span(start, end), is_whole, is_exact, name)


def folded_of(text: str) -> str:
    """Return a text of the same length without letter case, and base64 in one alphabet."""
    lowered = text.lower()
    if len(lowered) != len(text):
        # A few letters grow when lowered, which would shift every position after them.
        lowered = "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
    return lowered.replace("-", "+").replace("_", "/")
