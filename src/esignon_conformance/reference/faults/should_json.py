"""REJ-13: bodies that only a lenient parser reads, and are read."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable
from typing import TypeAlias

import pyjson5
import yaml

from ..login import STEPS
from ..pipeline import Json, LoginRequest
from .registry import add, changed

# What a lenient reader makes of the bytes; it raises ValueError where it reads nothing.
Read: TypeAlias = Callable[[bytes], Json]

_STRICT = json.JSONDecoder()


def _first(text: str) -> Json:
    return json.JSONDecoder(strict=False).raw_decode(text.lstrip())[0]


def _json5(raw: bytes) -> Json:
    try:
        return pyjson5.decode(raw.decode("utf-8"))
    except pyjson5.Json5DecoderException as error:
        raise ValueError(str(error)) from None


def _yaml(raw: bytes) -> Json:
    try:
        return yaml.safe_load(raw.decode("utf-8"))
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None


def _literal(raw: bytes) -> Json:
    try:
        return ast.literal_eval(raw.decode("utf-8").strip())
    except (SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ValueError(str(error)) from None


def _sub(pattern: str, text: str) -> Read:
    return lambda raw: json.loads(re.sub(pattern, text, raw.decode("utf-8"), flags=re.DOTALL))


def _first_of_duplicates(pairs: list[tuple[str, Json]]) -> Json:
    return dict(reversed(pairs))


# fmt: off
READERS: tuple[tuple[str, str, Read], ...] = (
    ("python-text", "Python reads the text: NaN, and names twice.",
     lambda raw: json.loads(raw.decode("utf-8"))),
    ("python-bytes", "Python reads the bytes: a byte order mark, UTF-16 and UTF-32, too.",
     json.loads),
    ("json5", "JSON5 is taken for JSON.", _json5),
    ("yaml", "YAML is taken for JSON.", _yaml),
    ("python-literal", "A Python literal is taken for JSON.", _literal),
    ("go-stream", "The first value of a stream is read, broken UTF-8 replaced, as in Go.",
     lambda raw: _first(raw.decode("utf-8", "replace"))),
    ("first-value", "What follows the value is not read, as by Jackson's default.",
     lambda raw: _STRICT.raw_decode(raw.decode("utf-8").lstrip())[0]),
    ("mark-skipped", "A byte order mark is passed over, as by Express.",
     lambda raw: json.loads(raw.decode("utf-8-sig"), object_pairs_hook=_without_twice)),
    ("first-of-two", "Of a name that comes twice the first is taken.",
     lambda raw: json.loads(raw.decode("utf-8"), object_pairs_hook=_first_of_duplicates)),
    ("utf-8-replaced", "Bytes that are not UTF-8 are replaced.",
     lambda raw: json.loads(raw.decode("utf-8", "replace"), object_pairs_hook=_without_twice)),
    ("utf-8-dropped", "Bytes that are not UTF-8 are dropped.",
     lambda raw: json.loads(raw.decode("utf-8", "ignore"), object_pairs_hook=_without_twice)),
    ("latin-1", "A body that is not UTF-8 is read as Latin-1.",
     lambda raw: json.loads(raw.decode("latin-1"), object_pairs_hook=_without_twice)),
    ("control-characters", "Raw control characters in strings are taken.",
     lambda raw: json.loads(raw.decode("utf-8"), strict=False, object_pairs_hook=_without_twice)),
    ("c-string", "A body ends at its first NUL.",
     lambda raw: json.loads(raw.partition(b"\0")[0], object_pairs_hook=_without_twice)),
    ("trailing-commas", "A comma before a closing brace is passed over.", _sub(r",\s*}", "}")),
    ("block-comments", "Comments between /* and */ are passed over.", _sub(r"/\*.*?\*/", "")),
    ("line-comments", "Comments from // to the line's end are passed over.",
     _sub(r"\n//[^\n]*", "")),
    ("leading-zeros", "Zeros before a number are passed over.",
     _sub(r"(?<=[:,\s])0+(?=\d)", "")),
    ("unknown-escapes", "A backslash before any character stands for the character.",
     _sub(r'\\(?=[^"\\/bfnrtu])', "")),
    ("unquoted-names", "A name need not stand in quotation marks.",
     _sub(r"(?<=[{,\s])(\w+)\s*:", r'"\1":')),
    ("single-quotes", "Single quotation marks are as good as double ones.", _sub("'", '"')),
    ("brace-too-many", "Closing braces beyond the last one are passed over.",
     _sub(r"}\s*}\s*}\s*$", "}}")),
)
# fmt: on


def _without_twice(pairs: list[tuple[str, Json]]) -> Json:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name stands twice in an object")
    return members


def _lenient(read: Read) -> Callable[[LoginRequest], Json]:
    """Read what the right reader reads as it does, and all else leniently."""

    def reader(request: LoginRequest) -> Json:
        try:
            return STEPS.read(request)
        except ValueError:
            return read(request.raw)

    return reader


for _name, _sentence, _read in READERS:
    _build = changed(read=_lenient(_read))
    add(f"lenient-{_name}", "REJ-13", _sentence, _build, level="should")
