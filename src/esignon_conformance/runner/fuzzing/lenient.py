"""Whether some lenient parser may read a text: a superset of all leniencies known, and no parser.

It knows what JSON5, Gson, Jackson with every leniency on and their like take: comments, single
quotes, words without quotes, other separators, commas too many, control characters anywhere,
whatever follows a complete value.  What it refuses is no JSON to any of them; what it takes one might.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator

import pyjson5

_PREFIX = ")]}'"
_STRUCTURE = "{}[],;:="
_CLOSED_BY = {"{": "}", "[": "]"}
_HEX = re.compile(r"[0-9a-fA-F]{4}")
_SPACE_CATEGORIES = ("Z", "Cc", "Cf")


class _Hopeless(Exception):
    """No parser takes the text from here."""


def may_be_read(data: bytes) -> bool:
    """Tell whether some lenient parser may read a value from the beginning of `data`.

    When in doubt it is True: a parser that is blamed for what it may do is worse than one that is
    let off.
    """
    return any(_takes(text) or _is_json5(text) for text in _texts(data))


def _texts(data: bytes) -> set[str]:
    """Return the texts that a parser may take the bytes for."""
    found = {
        data.decode("utf-8", errors="replace"),
        data.decode("utf-8", errors="ignore"),
        data.decode("latin-1"),
    }
    encoding = json.detect_encoding(data)
    if not encoding.startswith("utf-8"):
        found.add(data.decode(encoding, errors="replace"))
    return found


def _is_json5(text: str) -> bool:
    try:
        pyjson5.decode(text)
    except (pyjson5.Json5DecoderException, RecursionError, ValueError):
        return False
    return True


def _takes(text: str) -> bool:
    text = text.removeprefix("\ufeff").removeprefix(_PREFIX)
    return any(_reads_a_value(text, hashes) for hashes in (True, False))


def _reads_a_value(text: str, hashes: bool) -> bool:
    """Tell whether a complete value stands at the beginning, whatever may follow it."""
    # What is open, and in each what came last: "" nothing, "name", ":" or "value".
    opened: list[list[str]] = []
    try:
        for token in _tokens(text, hashes):
            if token in _CLOSED_BY:
                _come(opened, "container")
                opened.append([token, ""])
                continue
            if token in ("}", "]"):
                _close(opened, token)
            elif token in (",", ";"):
                _separate(opened)
            elif token in (":", "="):
                _colon(opened)
            else:
                _come(opened, "scalar")
            if not opened:
                return True
    except _Hopeless:
        return False
    return False


def _come(opened: list[list[str]], what: str) -> None:
    """Take a value, or the name of a member."""
    if not opened:
        return
    kind, last = opened[-1]
    if kind == "{" and last == "" and what == "scalar":
        opened[-1][1] = "name"
    elif (kind == "{" and last == ":") or (kind == "[" and last == ""):
        opened[-1][1] = "value"
    else:
        raise _Hopeless


def _close(opened: list[list[str]], token: str) -> None:
    if not opened or _CLOSED_BY[opened[-1][0]] != token or opened[-1][1] in ("name", ":"):
        raise _Hopeless
    opened.pop()


def _separate(opened: list[list[str]]) -> None:
    if not opened or opened[-1][1] in ("name", ":"):
        raise _Hopeless
    opened[-1][1] = ""


def _colon(opened: list[list[str]]) -> None:
    if not opened or opened[-1][1] != "name":
        raise _Hopeless
    opened[-1][1] = ":"


def _tokens(text: str, hashes: bool) -> Iterator[str]:
    """Yield structure as it is and any string or word as ``x``.  Raises `_Hopeless` in a string."""
    at = 0
    while at < len(text):
        one = text[at]
        if _is_space(one):
            at += 1
        elif text.startswith("//", at) or (hashes and one == "#"):
            at = _line_end(text, at)
        elif text.startswith("/*", at):
            at = _after(text, "*/", at + 2)
        elif text.startswith("=>", at):
            yield ":"
            at += 2
        elif one in _STRUCTURE:
            yield one
            at += 1
        else:
            at = _string_end(text, at) if one in "\"'" else _word_end(text, at)
            yield "x"


def _is_space(one: str) -> bool:
    return one.isspace() or unicodedata.category(one).startswith(_SPACE_CATEGORIES)


def _line_end(text: str, at: int) -> int:
    ends = [found for found in (text.find("\n", at), text.find("\r", at)) if found >= 0]
    return min(ends, default=len(text))


def _after(text: str, what: str, at: int) -> int:
    found = text.find(what, at)
    if found < 0:
        raise _Hopeless
    return found + len(what)


def _string_end(text: str, at: int) -> int:
    quote, at = text[at], at + 1
    while at < len(text):
        if text[at] == quote:
            return at + 1
        if text[at] == "\\":
            if text.startswith("u", at + 1) and not _HEX.match(text, at + 2):
                raise _Hopeless
            at += 1
        at += 1
    raise _Hopeless


def _word_end(text: str, at: int) -> int:
    while at < len(text) and text[at] not in _STRUCTURE and not _is_space(text[at]):
        at += 1
    return at
