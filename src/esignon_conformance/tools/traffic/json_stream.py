"""A JSON document piece by piece, so that one of any size fits into little memory."""

from __future__ import annotations

import codecs
import json
import math
import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, BinaryIO, NoReturn

import ijson

from .lone_surrogates import WithoutLoneSurrogates
from .opened_file import NOT_UNPACKED

# What is raised where a document is no JSON, or ends before its end.
NOT_JSON = (ijson.JSONError, UnicodeDecodeError, *NOT_UNPACKED)
_PIECE = 1 << 18
# The array begins early, and one value of it is no longer, or the quick reading is left.
_LATEST_BEGIN, _LONGEST_VALUE = 1 << 20, 1 << 23
# What ijson takes for an integer; it refuses what is more, and what no float holds.
_MOST = 1 << 63
# Of the place of a value its names are written out at each level, so that depth costs its square.
_DEEPEST = 5000
_WHITE = re.compile(r"[ \t\r\n]*")


def items_of(file: BinaryIO, place: str) -> Iterator[Any]:
    """Yield the values of the array at a place such as `log.entries`."""
    count = 0
    try:
        for value in _QuickReader(file).objects_of(place):
            yield value
            count += 1
    except (_Unusual, ValueError, RecursionError):
        # ijson has the last word on what is odd, from the beginning: it needs no more memory for it.
        file.seek(0)
    else:
        return
    items = ijson.items(events_of(file), f"{place}.item", use_float=True)
    yield from islice(items, count, None)


def events_of(file: BinaryIO) -> Iterator[tuple[str, str, Any]]:
    """Yield the events of a document: place, kind, value.

    Raises `NOT_JSON`, also where values are nested too deep.
    """
    yield from ijson.parse(_shallow(file))


def _shallow(file: BinaryIO) -> Iterator[tuple[str, Any]]:
    depth = 0
    for event, value in ijson.basic_parse(WithoutLoneSurrogates(file), use_float=True):
        if event.startswith("start"):
            depth += 1
            if depth > _DEEPEST:
                raise ijson.JSONError
        elif event.startswith("end"):
            depth -= 1
        yield event, value


class _Unusual(Exception):
    """A document is not as nearly all are: objects in an array near its beginning, and little behind."""


def _no_constant(_text: str) -> NoReturn:
    # NaN and Infinity are no JSON.
    raise _Unusual


def _integer(text: str) -> int:
    number = int(text)
    if not -_MOST <= number < _MOST:
        raise _Unusual
    return number


def _fraction(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise _Unusual
    return number


_DECODER = json.JSONDecoder(parse_constant=_no_constant, parse_int=_integer, parse_float=_fraction)


class _QuickReader:
    """Reads the objects of an array with Python's own decoder, which is four times as fast as ijson."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = WithoutLoneSurrogates(file)
        self._decode = codecs.getincrementaldecoder("utf-8")().decode
        self._text, self._at, self._is_end = "", 0, False

    def objects_of(self, place: str) -> Iterator[Any]:
        """Yield the values of the array at a place.  Raises `_Unusual` or `ValueError`."""
        names = place.split(".")
        for name in names:
            self._expect("{")
            while self._value(_LATEST_BEGIN) != name:
                self._expect(":")
                self._value(_LATEST_BEGIN)
                self._expect(",")
            self._expect(":")
        self._expect("[")
        if self._next() != "]":
            while True:
                if self._next() != "{":
                    raise _Unusual
                yield self._value(_LONGEST_VALUE)
                if self._next() == "]":
                    break
                self._expect(",")
        self._expect("]")
        self._end(names)

    def _end(self, names: Sequence[str]) -> None:
        """Read what is behind the array; a second one of its name would be one of its place, too."""
        for name in reversed(names):
            while self._next() != "}":
                self._expect(",")
                if self._value(_LATEST_BEGIN) == name:
                    raise _Unusual
                self._expect(":")
                self._value(_LATEST_BEGIN)
            self._expect("}")
        if self._next():
            raise _Unusual

    def _expect(self, sign: str) -> None:
        if self._next() != sign:
            raise _Unusual
        self._at += 1

    def _next(self) -> str:
        """Return the next character that is no white space, empty at the end."""
        while True:
            match = _WHITE.match(self._text, self._at)
            self._at = match.end() if match is not None else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if self._is_end:
                return ""
            self._read(_PIECE)

    def _value(self, longest: int) -> Any:
        """Return the next value, a text or an object: no other ends where it seems to."""
        if self._next() not in ('"', "{", "["):
            raise _Unusual
        while True:
            try:
                value, self._at = _DECODER.raw_decode(self._text, self._at)
            except json.JSONDecodeError:
                waiting = len(self._text) - self._at
                if self._is_end or waiting > longest:
                    raise
                # As much again, so that a long value is not tried too often.
                self._read(max(_PIECE, waiting))
            else:
                return value

    def _read(self, size: int) -> None:
        data = self._file.read(size)
        self._is_end = not data
        self._text = self._text[self._at :] + self._decode(data, self._is_end)
        self._at = 0
