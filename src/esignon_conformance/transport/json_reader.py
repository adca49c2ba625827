"""Strict reading of a JSON text from bytes (RFC 8259): what a client with any parser may rely on."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, ClassVar, NoReturn, Self

from .json_nesting import NotJson, flattened, is_deep

_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_EXCERPT = 40
_MOST_IN_A_ROW = 64
# An email or a token has no more characters, and none of these.
_LONGEST_WORD = 260
_BETWEEN_WORDS = frozenset(" \t\r\n\"',:;{}[]()<>&=")


class _Refused(Exception):
    """The text is JSON for a lenient parser only."""


@dataclass(frozen=True)
class JsonText:
    """A JSON value as read from bytes, or the reason (a message key and its words) why it is none.

    `duplicates` are JSON pointers of names that stand more than once in one object.  `is_cut` says that
    arrays or objects are nested so deep that `value` has them empty from there on.
    """

    value: Any = None
    problem: str | None = None
    detail: str = ""
    duplicates: tuple[str, ...] = ()
    readable: bool = field(default=False)
    is_cut: bool = False

    @property
    def is_whole(self) -> bool:
        """Tell whether `value` holds all that the text says."""
        return self.readable and not (self.problem or self.duplicates or self.is_cut)


class Number(float):
    """A number that says how it was written: an integer of 5,000 digits is no infinity."""

    def __new__(cls, text: str) -> Self:
        """Return the number that a JSON text holds."""
        made = super().__new__(cls, text)
        made.text = text
        return made

    text: str


class _Object(dict[str, Any]):
    """An object that remembers which of its names stood more than once.

    `spoiled` counts such objects: where it is as it was before a text was read, the text has none.
    """

    spoiled: ClassVar[int] = 0
    duplicates: tuple[str, ...] = ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = _Object(pairs)
    if len(value) != len(pairs):
        counts = Counter(name for name, _ in pairs)
        value.duplicates = tuple(sorted(name for name, count in counts.items() if count > 1))
        _Object.spoiled += 1
    return value


def _no_constant(text: str) -> NoReturn:
    raise _Refused(text)


def _integer(text: str) -> int | float:
    # CPython refuses to convert integers beyond some thousand digits.
    return int(text) if len(text) < 4000 else Number(text)


# Made once: json.loads would build one of these for every answer.
_STRICT = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_constant=_no_constant,
    parse_int=_integer,
    parse_float=Number,
    strict=True,
)


def read_json(data: bytes) -> JsonText:
    """Read `data` as one JSON text in UTF-8 without a byte order mark (RFC 8259 §8.1, §2)."""
    if data.startswith(_BYTE_ORDER_MARKS):
        return JsonText(problem="byte-order-mark", detail=data[:3].hex())
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        return JsonText(problem="not-utf-8", detail=f"{data[error.start]:#04x} @ {error.start}")
    if not text.strip(" \t\r\n"):
        return JsonText(problem="no-json-text", detail=str(len(data)))
    start = len(text) - len(text.lstrip(" \t\r\n"))
    is_cut, spoiled = False, _Object.spoiled
    try:
        if is_deep(data):
            text, is_cut = flattened(text, start)
        value, end = _STRICT.raw_decode(text, start)
    except NotJson as error:
        return JsonText(problem="not-json", detail=f"{error}: {_around(text, error.position)}")
    except _Refused as error:
        return JsonText(problem="not-a-number", detail=str(error))
    except json.JSONDecodeError as error:
        return JsonText(problem="not-json", detail=f"{error.msg}: {_around(text, error.pos)}")
    if text[end:].strip(" \t\r\n"):
        around = _around(text, end)
        return JsonText(value, "text-after-value", around, readable=True, is_cut=is_cut)
    # Another thread may have met some: then it is only looked for in vain.
    duplicates = _duplicates(value) if _Object.spoiled != spoiled else ()
    return JsonText(value, duplicates=tuple(duplicates), readable=True, is_cut=is_cut)


def values_after(data: bytes) -> Iterator[Any]:
    """Yield the values of the JSON texts that follow the first one, as far as they are JSON."""
    text, at = data.decode("utf-8", errors="replace"), 0
    for number in range(_MOST_IN_A_ROW):
        at += len(text[at:]) - len(text[at:].lstrip(" \t\r\n"))
        try:
            value, at = _STRICT.raw_decode(text, at)
        except (_Refused, ValueError, RecursionError):
            return
        if number:
            yield value


def _around(text: str, position: int) -> str:
    start = word_bound(text, max(0, position - _EXCERPT // 2), -1)
    end = word_bound(text, min(len(text), position + _EXCERPT // 2), 1)
    return f"… {text[start:end]!r} …"


def word_bound(text: str, position: int, step: int) -> int:
    """Return where the word around a position begins (`step` -1) or ends (1), if that is not far.

    An excerpt that cuts a word in two would hide from the scrubber that it is a secret.
    """
    for at in range(position, position + step * _LONGEST_WORD, step):
        edge = at - 1 if step < 0 else at
        if not 0 <= edge < len(text) or text[edge] in _BETWEEN_WORDS:
            return at
    return position


def _duplicates(value: Any) -> list[str]:
    found: list[str] = []
    stack: list[tuple[str, Any]] = [("", value)]
    while stack:
        pointer, current = stack.pop()
        if isinstance(current, _Object):
            found += (f"{pointer}/{name}" for name in current.duplicates)
        stack += [
            (f"{pointer}/{name}", child)
            for name, child in _children(current)
            if isinstance(child, (dict, list))
        ]
    return sorted(found)


def _children(value: Any) -> Iterable[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return value.items()
    return enumerate(value) if isinstance(value, list) else ()


_ABSENT = object()


def member(value: Any, pointer: str) -> tuple[bool, Any]:
    """Return whether the member that a JSON pointer of plain names leads to is there, and its value."""
    for name in _names_of(pointer):
        value = value.get(name, _ABSENT) if isinstance(value, dict) else _ABSENT
        if value is _ABSENT:
            return False, None
    return True, value


@lru_cache(maxsize=1024)
def _names_of(pointer: str) -> tuple[str, ...]:
    return tuple(pointer.split("/")[1:])


def strings(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the JSON pointer and the text of every string in a value, names of members included."""
    stack: list[tuple[str, Any]] = [("", value)]
    while stack:
        pointer, current = stack.pop()
        if isinstance(current, str):
            yield pointer, current
        elif isinstance(current, dict):
            for name, child in current.items():
                yield f"{pointer}/{name}", name
                stack.append((f"{pointer}/{name}", child))
        elif isinstance(current, list):
            stack.extend((f"{pointer}/{index}", child) for index, child in enumerate(current))


def numbers(value: Any) -> Iterator[tuple[str, str]]:
    """Yield the JSON pointer of every number in a value, and how it may stand in a text."""
    stack: list[tuple[str, Any]] = [("", value)]
    while stack:
        pointer, current = stack.pop()
        if isinstance(current, Number):
            yield pointer, current.text
            if math.isfinite(current):
                yield pointer, repr(float(current))
        elif isinstance(current, int) and not isinstance(current, bool):
            yield pointer, str(current)
        stack += [(f"{pointer}/{name}", child) for name, child in _children(current)]


def written(value: Any) -> str:
    """Return a JSON value as a text, and in it the numbers that no float holds as they were written."""
    text = json.dumps(_marked(value), ensure_ascii=False)
    return text.replace(f'"{_MARK}', "").replace(f'{_MARK}"', "") if _MARK in text else text


# Around a number that stands in place of itself as a string: no answer holds it, as it is no character.
_MARK = "\ufdd0number\ufdd1"


def _marked(value: Any) -> Any:
    if isinstance(value, Number):
        return value if math.isfinite(value) else f"{_MARK}{value.text}{_MARK}"
    if isinstance(value, dict):
        return {name: _marked(child) for name, child in value.items()}
    if isinstance(value, list):
        return [_marked(child) for child in value]
    return value
