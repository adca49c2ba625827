r"""Lets a strict JSON parser read lone surrogates, which browsers and mitmproxy write as escapes.

RFC 8259 §8.2 leaves open what becomes of them, and yajl refuses the whole file.  mitmproxy writes each
byte that is no UTF-8 so (`\udc80` to `\udcff`).
"""

from __future__ import annotations

import re
from typing import BinaryIO

_ANY = re.compile(rb"\\u[dD][89a-fA-F]")
_PAIR_OR_ONE = re.compile(
    rb"(?<!\\)((?:\\\\)*)(?:(\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    rb"|\\u([dD][89a-fA-F][0-9a-fA-F]{2}))"
)
_LOW = b"cdef"
# A low one is kept as a character of a private plane, U+F0000 to U+F03FF, by the high one before it.
_HIGH_OF_PLANE, _LOST = rb"\udb80", rb"\ufffd"
_FIRST, _LAST, _LOW_SURROGATES = 0xF0000, 0xF03FF, 0xDC00
_ANY_KEPT = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")
_BACK = {code: code - _FIRST + _LOW_SURROGATES for code in range(_FIRST, _LAST + 1)}
# None of these is a part of an escape, so that a piece may end before one.
_NO_ESCAPE = (b" ", b",", b":", b"{", b"}", b"[", b"]")


class WithoutLoneSurrogates:
    """A file of JSON in which every surrogate has its other half; `with_lone_surrogates` undoes it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._rest = b""

    def read(self, size: int) -> bytes:
        """Return the next piece of the file, about as long as asked for; nothing at the end."""
        if size <= 0:
            return b""
        while piece := self._file.read(size):
            data = self._rest + piece
            at = max(data.rfind(one) for one in _NO_ESCAPE)
            if at > 0:
                self._rest = data[at:]
                return _with_pairs(data[:at])
            self._rest = data
        data, self._rest = self._rest, b""
        return _with_pairs(data)


def _with_pairs(data: bytes) -> bytes:
    return _PAIR_OR_ONE.sub(_paired, data) if _ANY.search(data) else data


def _paired(match: re.Match[bytes]) -> bytes:
    before, pair, lone = match.groups()
    if pair is not None:
        return match.group()
    low = lone[1:2].lower() in _LOW
    return before + (_HIGH_OF_PLANE + rb"\u" + lone if low else _LOST)


def with_lone_surrogates(text: str) -> str:
    """Return a text with the surrogates that stood alone in it."""
    return text.translate(_BACK) if not text.isascii() and _ANY_KEPT.search(text) else text
