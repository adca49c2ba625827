"""What a parser has to forgive to read a body that RFC 8259 does not call JSON."""

from __future__ import annotations

import json
from typing import NoReturn

from ..transport.json_reader import read_json

# Each has a text in the catalogue: `read-` before it.
LENIENCIES: tuple[str, ...] = (
    *("byte-order-mark", "utf-16-or-32", "broken-utf-8", "name-twice", "text-after-value"),
    *("comment", "trailing-comma", "single-quotes", "word", "no-number", "number-form"),
    *("control-character", "escape", "other-form"),
)
_MARK = "utf-8-sig"
_COMMENTS = ("//", "/*", "#")
_BY_MESSAGE = (("Invalid control", "control-character"), ("Invalid \\", "escape"))


class _NoNumber(Exception):
    """NaN or Infinity stands where a value belongs."""


def _no_number(_: str) -> NoReturn:
    raise _NoNumber


_DECODER = json.JSONDecoder(parse_constant=_no_number, parse_int=float)


def leniency(data: bytes) -> str:
    """Return the first thing in a body that only a lenient parser takes, one of `LENIENCIES`."""
    encoding = json.detect_encoding(data)
    if encoding == _MARK:
        return "byte-order-mark"
    if encoding != "utf-8":
        return "utf-16-or-32"
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return "broken-utf-8"
    try:
        _, end = _DECODER.raw_decode(text, len(text) - len(text.lstrip(" \t\r\n")))
    except _NoNumber:
        return "no-number"
    except json.JSONDecodeError as error:
        return _at(text, error)
    except RecursionError:
        return "other-form"
    if text[end:].strip(" \t\r\n"):
        # Be it a comment: a parser that stops at the end of the value has not read it as one.
        return "text-after-value"
    return "name-twice" if read_json(data).duplicates else "other-form"


def _at(text: str, error: json.JSONDecodeError) -> str:
    """Return what stands where a strict parser stopped."""
    for begins, name in _BY_MESSAGE:
        if error.msg.startswith(begins):
            return name
    before, after = text[: error.pos].rstrip(" \t\r\n"), text[error.pos :]
    # Python 3.13 stops at the comma itself, earlier ones at what closes after it.
    is_at_comma = before.endswith(",") or after.startswith(",")
    if is_at_comma and after.lstrip(", \t\r\n").startswith(("}", "]")):
        return "trailing-comma"
    if after.startswith(_COMMENTS):
        return "comment"
    if after.startswith("'"):
        return "single-quotes"
    begins_number = after[:1].isdigit() or after.startswith(("+", "-", "."))
    if begins_number or (after[:1].isalpha() and before[-1:].isdigit()):
        return "number-form"
    return "word" if after[:1].isalpha() or after[:1] in ("_", "$") else "other-form"
