"""Undoes escapes in a text, and tells where in the text each character that comes out had stood."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

_ESCAPES = re.compile(
    r"""
      (?P<units>(?:\\(?:u\{[0-9a-fA-F]{1,6}\}|U[0-9a-fA-F]{8}|[uU][0-9a-fA-F]{4}))+)
    | (?P<octets>(?:%[0-9a-fA-F]{2})+|(?:\\[xX][0-9a-fA-F]{2})+)
    | (?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,9});)
    | (?P<control>\\[nrtbfNRTBF])
    | \\(?P<plain>["'/\\])
    | (?P<nothing>\x00+|\x1b\[[0-9;]*m)
    """,
    re.VERBOSE,
)
_UNIT = re.compile(r"\\(?:u\{([0-9a-fA-F]{1,6})\}|U([0-9a-fA-F]{8})|[uU]([0-9a-fA-F]{4}))")
_OCTET = re.compile(r"(?:%|\\[xX])([0-9a-fA-F]{2})")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_MOST_LAYERS = 6
_LAST = 0x10FFFF


@dataclass(frozen=True)
class View:
    """A text with its escapes undone.

    The character at `i` came from ``source[positions[i]:positions[i + 1]]``; without `positions` the
    text is the source itself.
    """

    text: str
    positions: tuple[int, ...] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the source the characters from `start` to `end` stand."""
        if self.positions is None:
            return start, end
        return self.positions[start], self.positions[end]


def views(source: str) -> Iterator[View]:
    r"""Yield a text as it is and then with one layer of escapes after another undone.

    Undone are `\uXXXX`, `\xNN`, `%NN`, HTML's entities and JSON's other escapes, in any mix; JSON in
    JSON and the like have a layer each.  Left out are NUL, which UTF-16 and UTF-32 have between
    letters, and the colours of a terminal.
    """
    view = View(source)
    yield view
    for _ in range(_MOST_LAYERS):
        undone = _without_a_layer(view)
        if undone is None:
            return
        view = undone
        yield view


def unescaped(text: str) -> str:
    """Return a text with every escape undone."""
    *_, last = views(text)
    return last.text


def _without_a_layer(view: View) -> View | None:
    text = view.text
    if not ("\\" in text or "%" in text or "&" in text or "\0" in text or "\x1b" in text):
        return None
    pieces: list[str] = []
    starts: list[int] = []
    end = 0
    for match in _ESCAPES.finditer(text):
        replaced = _undone(match)
        if replaced is None:
            continue
        starts += range(end, match.start())
        pieces.append(text[end : match.start()])
        for character, at in replaced:
            pieces.append(character)
            starts.append(at)
        end = match.end()
    if not end:
        return None
    starts += range(end, len(text) + 1)
    pieces.append(text[end:])
    if view.positions is not None:
        starts = [view.positions[at] for at in starts]
    return View("".join(pieces), tuple(starts))


def _undone(match: re.Match[str]) -> list[tuple[str, int]] | None:
    """Return the characters of an escape with their places, or None where it is none."""
    start, written = match.start(), match.group()
    match match.lastgroup:
        case "units":
            return _characters(written, start)
        case "octets":
            return _decoded(written, start)
        case "entity":
            character = html.unescape(written)
            return (
                [(one, start) for one in character if one != "\0"] if character != written else None
            )
        case "control":
            return [(_CONTROLS[written[-1].lower()], start)]
        case "plain":
            return [(written[-1], start)]
    return []


def _characters(written: str, start: int) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    for unit in _UNIT.finditer(written):
        code, at = int(unit[1] or unit[2] or unit[3], 16), start + unit.start()
        if code == 0 or code > _LAST:
            continue
        before = ord(found[-1][0]) if found else 0
        if 0xDC00 <= code <= 0xDFFF and 0xD800 <= before <= 0xDBFF:
            code = 0x10000 + ((before - 0xD800) << 10) + (code - 0xDC00)
            at = found.pop()[1]
        found.append((chr(code), at))
    return found


def _decoded(written: str, start: int) -> list[tuple[str, int]]:
    """Return octets as the text that they are in UTF-8, else each as the character of its number."""
    octets = list(_OCTET.finditer(written))
    data = bytes(int(octet[1], 16) for octet in octets)
    places = [start + octet.start() for octet in octets]
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
        return [(one, at) for one, at in zip(text, places, strict=True) if one != "\0"]
    found: list[tuple[str, int]] = []
    at = 0
    for one in text:
        if one != "\0":
            found.append((one, places[at]))
        at += len(one.encode())
    return found
