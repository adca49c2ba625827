"""What is looked for in a text to be masked, and what of it was found where.  Pure."""

from __future__ import annotations

import re
from typing import NamedTuple

from .encodings import BASE64, BASE64_OF_URLS, CHARACTERS
from .unescape import View

# Characters of the shortest piece that tells: every piece of a secret is found by one.
GRAM = 6
# What comes to no character at all, at the end of what was found.
_NOTHING = re.compile(
    r"(?:\x00|\\+(?:[uU]0000|[xX]00|000)|%(?:25)*00|&\#0{1,7};|\x1b\[[0-9;]*m)+\Z"
)


class Needle(NamedTuple):
    """What is looked for: folded and exact text, what it is called, its shortest piece, its form."""

    folded: str
    exact: str
    name: str
    least: int
    form: str = ""


class Match(NamedTuple):
    """A needle, or a piece of one, in the source: its place, how well it fits, what replaces it."""

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


def match_of(source: str, view: View, start: int, end: int, needle: Needle) -> Match:
    """Return what stands from start to end of a view as a match, in the places of its source."""
    is_whole = end - start == len(needle.folded)
    is_exact = is_whole and view.text[start:end] == needle.exact
    first, last = view.span(start, end)
    # A NUL behind a password may be what a request is about, and so stays in sight.
    nothing = _NOTHING.search(source, first, last) if view.positions is not None else None
    if nothing is not None and nothing.start() > first:
        last = nothing.start()
    name = _named(needle.name, _form_of(source, view, start, end, needle))
    return Match(first, last, is_whole, is_exact, f"<{name}>" if is_whole else f"<part of {name}>")


def _form_of(source: str, view: View, start: int, end: int, needle: Needle) -> str:
    """Return the form in which a needle was found: base64 has two alphabets, and a list may spell it."""
    if needle.form in (BASE64, BASE64_OF_URLS):
        written = view.text[start:end]
        if "-" in written or "_" in written:
            return BASE64_OF_URLS
        return BASE64 if "+" in written or "/" in written else needle.form
    if view.is_spelled and not needle.form and source[view.span(start, end)[0]] in "\"'":
        return CHARACTERS
    return needle.form


def _named(name: str, form: str) -> str:
    """Return what a secret in a form is called: ``main password: as base64``."""
    if not form:
        return name
    return f"{name}, as {form}" if ": " in name else f"{name}: as {form}"


def folded_of(text: str) -> str:
    """Return a text of the same length without letter case, and base64 in one alphabet."""
    lowered = text.lower()
    if len(lowered) != len(text):
        # A few letters grow when lowered, which would shift every position after them.
        lowered = "".join(one.lower() if len(one.lower()) == 1 else one for one in text)
    return lowered.replace("-", "+").replace("_", "/")
