"""REJ-13: bodies that only a lenient parser reads, and are read, as widely used parsers do by default."""

from __future__ import annotations

import ast
import codecs
import json
import re
from collections.abc import Callable
from typing import TypeAlias

import pyjson5
import yaml

from ..login import STEPS
from ..pipeline import Json, LoginRequest
from ..request_reader import no_number, without_duplicates
from .registry import add, changed

Read: TypeAlias = Callable[[bytes], Json]


def _strict(text: str) -> Json:
    return json.loads(text, object_pairs_hook=without_duplicates, parse_constant=no_number)


def _mended(pattern: str, instead: str) -> Read:
    return lambda raw: _strict(re.sub(pattern, instead, raw.decode(), flags=re.DOTALL))


def _json5(raw: bytes) -> Json:
    try:
        return pyjson5.decode(raw.decode())
    except pyjson5.Json5DecoderException as error:
        raise ValueError(str(error)) from None


def _first_value(raw: bytes) -> Json:
    return json.JSONDecoder().raw_decode(raw.decode().lstrip())[0]


def _yaml(raw: bytes) -> Json:
    try:
        return yaml.safe_load(raw.decode())
    except yaml.YAMLError as error:
        raise ValueError(str(error)) from None


def _literal(raw: bytes) -> Json:
    try:
        return ast.literal_eval(raw.decode().strip())
    except (SyntaxError, TypeError, MemoryError, RecursionError) as error:
        raise ValueError(str(error)) from None


def _first_of_two(pairs: list[tuple[str, Json]]) -> Json:
    return dict(reversed(pairs))


def _raw_characters(raw: bytes) -> Json:
    return json.loads(raw.decode(), strict=False, object_pairs_hook=without_duplicates)


# fmt: off
READ: tuple[tuple[str, str, Read], ...] = (
    ("reads-python", "JSON is read as Python does by default: NaN and names twice are taken.",
     lambda raw: json.loads(raw.decode("utf-8-sig"))),
    ("reads-any-unicode", "JSON is read in UTF-16 and UTF-32, too.", json.loads),
    ("reads-json5", "JSON5 is read.", _json5),
    ("reads-first-value", "What follows the value is passed over, as Jackson does by default.",
     _first_value),
    ("reads-commas-and-comments", "A comma too many and comments are passed over.",
     lambda raw: _strict(re.sub(r",\s*([}\]])", r"\1",
                                re.sub(r"/\*.*?\*/|\n//[^\n]*", "", raw.decode())))),
    ("reads-names-twice", "Of a name that stands twice the last is taken, as in JavaScript.",
     lambda raw: json.loads(raw.decode(), parse_constant=no_number)),
    ("reads-no-numbers", "NaN and Infinity are taken for numbers.",
     lambda raw: json.loads(raw.decode(), object_pairs_hook=without_duplicates)),
    ("reads-byte-order-mark", "A byte order mark is passed over.",
     lambda raw: _strict(raw.removeprefix(codecs.BOM_UTF8).decode())),
    ("reads-comma-too-many", "A comma before a closing brace is passed over.",
     _mended(r",\s*([}\]])", r"\1")),
    ("reads-comments", "Comments are passed over.", _mended(r"/\*.*?\*/|\n//[^\n]*", "")),
    ("reads-single-quotes", "Single quotation marks are read as double ones.", _mended("'", '"')),
    ("reads-leading-zeros", "A number may begin with zeros.", _mended(r":\s*0+(\d)", r":\1")),
    ("reads-raw-characters", "A line end, a tab or NUL may stand raw in a string.",
     _raw_characters),
    ("reads-broken-utf-8", "Bytes that are not UTF-8 are replaced, as in JavaScript and Go.",
     lambda raw: _strict(raw.decode("utf-8", "replace"))),
    ("reads-unknown-escapes", "A backslash before any character is passed over.",
     _mended(r'\\([^"\\/bfnrtu])', r"\1")),
    ("reads-words", "Words without quotation marks are read as names.",
     _mended(r"([{,]\s*)([a-z]\w*)\s*:", r'\1"\2":')),
    ("reads-yaml", "YAML is read.", _yaml),
    ("reads-python-literal", "A Python literal is read.", _literal),
    ("reads-first-of-two", "Of a name that stands twice the first is taken.",
     lambda raw: json.loads(raw.decode(), object_pairs_hook=_first_of_two)),
    ("reads-go-stream", "The first value of a stream is read, with broken UTF-8 replaced, as in Go.",
     lambda raw: _first_value(raw.decode("utf-8", "replace").encode())),
    ("reads-utf-8-in-part", "Bytes that are not UTF-8 are dropped.",
     lambda raw: _strict(raw.decode("utf-8", "ignore"))),
    ("reads-latin-1", "A body that is not UTF-8 is read as Latin-1.",
     lambda raw: _strict(raw.decode("latin-1"))),
    ("reads-to-nul", "A body ends at its first NUL, as a string of C does.",
     lambda raw: _strict(raw.partition(b"\0")[0].decode())),
    ("reads-to-last-brace", "A closing brace too many is passed over.",
     _mended(r"}\s*}\s*}\s*$", "}}")),
    ("reads-block-comments", "Comments between /* and */ are passed over.",
     _mended(r"/\*.*?\*/", "")),
)
# fmt: on


def _reading(read: Read) -> Callable[[LoginRequest], Json]:
    def read_too(request: LoginRequest) -> Json:
        try:
            return STEPS.read(request)
        except ValueError:
            return read(request.raw)

    return read_too


for _name, _sentence, _read in READ:
    _build = changed(read=_reading(_read))
    add(_name, "REJ-13", _sentence, _build, level="should")
