"""Undoes escapes in a text, and tells where in the text each character that comes out had stood."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

# What each begins with stands in front, since most of a long page is passed over by that alone.
_ESCAPES = re.compile(
    r"""
    (?=[\\%&\x00\x1b])(?:
      (?P<units>(?:\\(?:[ux]\{[0-9a-fA-F]{1,6}\}|U[0-9a-fA-F]{8}|[uU][0-9a-fA-F]{4}))+)
    | (?P<octets>(?:%[0-9a-fA-F]{2})+|(?:\\[xX][0-9a-fA-F]{2})+)
    | (?P<octal>(?:\\[0-3][0-7]{2})+)
    | (?P<decimal>(?:\\[4-9][0-9]{3,5})+)
    | (?P<entity>&(?:\#[0-9]{1,7}|\#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,9});)
    | (?P<control>\\[nrtbfNRTBF])
    | \\(?P<plain>[!-/:-@\[-`{-~])
    | (?P<nothing>\x00+|\x1b\[[0-9;]*m)
    )
    """,
    re.VERBOSE,
)
_UNIT = re.compile(r"\\(?:[ux]\{([0-9a-fA-F]{1,6})\}|U([0-9a-fA-F]{8})|[uU]([0-9a-fA-F]{4}))")
_OCTET = re.compile(r"(?:%|\\[xX])([0-9a-fA-F]{2})")
_NUMBER = re.compile(r"\\([0-9]+)")
# Text spelled out: as numbers, in pairs of hexadecimal digits, as single characters.
_LISTS = re.compile(
    r"""
    (?=[-0-9a-fA-F"']|(?<=\[))(?:
      (?P<pairs>\b[0-9a-fA-F]{2}(?:[ :-][0-9a-fA-F]{2}){5,}\b)
    | (?P<numbers>(?<![\w.-])(?:0[xX][0-9a-fA-F]{1,2}|-?[0-9]{1,5})
        (?:(?:\s{0,40},\s{0,40}|\ )(?:0[xX][0-9a-fA-F]{1,2}|-?[0-9]{1,5})){5,}(?!\w|\.[0-9]))
    | (?P<quoted>(?P<quote>["'])(?:\\.|[^\\\n])(?P=quote)
        (?:\s{0,40},\s{0,40}(?P=quote)(?:\\.|[^\\\n])(?P=quote)){5,})
    | (?P<bare>(?<=\[)(?:[^\n](?=,\ )|(?=,\ ))(?:,\ (?:[^\n](?=,\ |\])|(?=,\ |\]))){5,}(?=\]))
    )
    """,
    re.VERBOSE,
)
# What every list holds five of in a row, with what stands before each: quick to look for.
_ITEMS = re.compile(
    r"""
    [,\ :-](?:
      (?<=[ :-])[0-9a-fA-F]{2}(?:[ :-][0-9a-fA-F]{2}){4}
    | (?:(?<=\ )|(?<=,)\s{0,40}+)(?:0[xX][0-9a-fA-F]{1,2}|-?[0-9]{1,5})
        (?:(?:\s{0,40},\s{0,40}|\ )(?:0[xX][0-9a-fA-F]{1,2}|-?[0-9]{1,5})){4}
    | (?<=,)\s{0,40}["'](?:\\.|[^\\\n])["']
        (?:\s{0,40},\s{0,40}["'](?:\\.|[^\\\n])["']){4}
    | (?<=,)\ [^\n]?(?:,\ [^\n]?){4}
    )
    """,
    re.VERBOSE,
)
_LISTED = re.compile(r"0[xX][0-9a-fA-F]{1,2}|-?[0-9]+")
# Of `a, b, c` each character; where one was left out, as NUL is, nothing stands between two commas.
_BARE = re.compile(r"(?:(?<=, )|^)[^\n](?=, |$)")
_QUOTED = re.compile(r"""(["'])(?:\\(.)|(.))\1""")
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_MOST_LAYERS = 6
# The same few texts are asked for again and again; a longer one is not kept.
_KEPT = 16_384
_LAST = 0x10FFFF
_FIRST_PRINTED = 0x20
_SHORTEST_LIST = 6
_WHITE = frozenset(b"\t\n\r")


@dataclass(frozen=True)
class View:
    """A text with its escapes undone.

    The character at `i` came from ``source[positions[i]:positions[i + 1]]``; without `positions` the
    text is the source itself.  `is_spelled` tells that lists are undone in it, too.
    """

    text: str
    positions: tuple[int, ...] | None = None
    is_spelled: bool = False

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the source the characters from `start` to `end` stand."""
        if self.positions is None:
            return start, end
        return self.positions[start], self.positions[end]


def views(source: str) -> Iterator[View]:
    r"""Yield a text as it is and then with one layer of escapes after another undone.

    Undone are `\uXXXX`, `\xNN`, `%NN`, octal and decimal numbers behind a backslash, HTML's entities
    and JSON's other escapes, in any mix; JSON in JSON and the like have a layer each.  Left out are NUL,
    which UTF-16 and UTF-32 have between letters, and the colours of a terminal.  Last comes the text
    with its lists of numbers and of single characters as the text that they spell.
    """
    view = View(source)
    yield view
    for _ in range(_MOST_LAYERS):
        undone = _without_a_layer(view) if _may_hold_escapes(view.text) else None
        if undone is None:
            break
        view = undone
        yield view
    spelled = _replaced(view, _LISTS, _spelled) if _may_hold_lists(view.text) else None
    if spelled is not None:
        yield replace(spelled, is_spelled=True)


def unescaped(text: str) -> str:
    """Return a text with every escape undone."""
    *_, last = layers(text)
    return last


def layers(source: str) -> tuple[str, ...]:
    """Return the texts that `views` yields, quicker, since nobody asks where they came from."""
    return _kept_layers(source) if len(source) <= _KEPT else tuple(_layers(source))


@lru_cache(maxsize=1024)
def _kept_layers(source: str) -> tuple[str, ...]:
    return tuple(_layers(source))


def _layers(source: str) -> Iterator[str]:
    text = source
    yield text
    for _ in range(_MOST_LAYERS):
        undone = _ESCAPES.sub(_as_text, text) if _may_hold_escapes(text) else text
        if undone == text:
            break
        text = undone
        yield text
    spelled = _LISTS.sub(_as_text, text) if _may_hold_lists(text) else text
    if spelled != text:
        yield spelled


def may_be_unescaped(text: str) -> bool:
    """Tell whether a text may have other layers than itself."""
    return _may_hold_escapes(text) or _may_hold_lists(text)


def _may_hold_escapes(text: str) -> bool:
    return "\\" in text or "%" in text or "&" in text or "\0" in text or "\x1b" in text


def _may_hold_lists(text: str) -> bool:
    """Tell whether a text has as much of what stands between the items of lists as a list has."""
    most = max(text.count(","), text.count(" "), text.count(":"), text.count("-"))
    return most >= _SHORTEST_LIST - 1 and _ITEMS.search(text) is not None


def _as_text(match: re.Match[str]) -> str:
    if match.lastgroup == "octets":
        return _text_of_octets(match.group())
    replaced = _spelled(match) if match.re is _LISTS else _undone(match)
    return match.group() if replaced is None else "".join(one for one, _ in replaced)


def _text_of_octets(written: str) -> str:
    """Return what `_decoded` makes of octets: a run of them may be as long as the answer."""
    data = bytes.fromhex("".join(_OCTET.findall(written)))
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    return text.replace("\0", "")


def _without_a_layer(view: View) -> View | None:
    return _replaced(view, _ESCAPES, _undone)


def _replaced(
    view: View,
    pattern: re.Pattern[str],
    meaning: Callable[[re.Match[str]], list[tuple[str, int]] | None],
) -> View | None:
    """Return a view with what a pattern finds replaced by what it means, None where that is nothing."""
    text = view.text
    pieces: list[str] = []
    starts: list[int] = []
    end = 0
    for match in pattern.finditer(text):
        replaced = meaning(match)
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
            octets = [(int(one[1], 16), start + one.start()) for one in _OCTET.finditer(written)]
            return _decoded(octets)
        case "octal":
            return _decoded(
                [(int(one[1], 8), start + one.start()) for one in _NUMBER.finditer(written)]
            )
        case "decimal":
            return _characters_of(
                [(int(one[1]), start + one.start()) for one in _NUMBER.finditer(written)]
            )
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


def _decoded(octets: Sequence[tuple[int, int]]) -> list[tuple[str, int]]:
    """Return octets as the text that they are in UTF-8, else each as the character of its number."""
    data = bytes(octet for octet, _ in octets)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return _characters_of(octets)
    found: list[tuple[str, int]] = []
    at = 0
    for one in text:
        if one != "\0":
            found.append((one, octets[at][1]))
        at += len(one.encode())
    return found


def _characters_of(numbers: Sequence[tuple[int, int]]) -> list[tuple[str, int]]:
    return [(chr(number), at) for number, at in numbers if number]


def _spelled(match: re.Match[str]) -> list[tuple[str, int]] | None:
    """Return the characters that a list spells with their places, or None where it spells no text."""
    start, written = match.start(), match.group()
    if match["quoted"] is not None:
        return [(one[2] or one[3], start + one.start()) for one in _QUOTED.finditer(written)]
    if match["bare"] is not None:
        return [(one.group(), start + one.start()) for one in _BARE.finditer(written)]
    # .NET's BitConverter has a dash between them, which is no sign.
    digits = written.replace(" ", "").replace(":", "")
    if match["pairs"] is not None and not digits.isdecimal():
        numbers = [(int(written[at : at + 2], 16), start + at) for at in range(0, len(written), 3)]
    else:
        numbers = [
            (int(one.group(), 16 if one.group()[:2] in ("0x", "0X") else 10), start + one.start())
            for one in _LISTED.finditer(written)
        ]
    if min(number for number, _ in numbers) < 0:
        # Java's bytes have a sign.
        numbers = [(number % 256, at) for number, at in numbers]
    # A control character between them, NUL above all, makes it no other text.
    numbers = [one for one in numbers if one[0] >= _FIRST_PRINTED or one[0] in _WHITE]
    if len(numbers) < _SHORTEST_LIST:
        return None
    is_bytes = all(number < 256 for number, _ in numbers)
    return _decoded(numbers) if is_bytes else _characters_of(numbers)
