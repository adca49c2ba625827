"""REJ-13: a few more bodies that only a lenient parser reads, and are read (see `should_json`)."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import TypeAlias

from ..login import STEPS
from ..pipeline import Json, LoginRequest
from ..reading import no_number, without_duplicates
from .registry import add, changed

Read: TypeAlias = Callable[[bytes], Json]


def _commas_and_comments(raw: bytes) -> Json:
    text = re.sub(r"/\*.*?\*/|\n//[^\n]*", "", raw.decode(), flags=re.DOTALL)
    text = re.sub(r",\s*([}\]])", r"\1", text)
    return json.loads(text, object_pairs_hook=without_duplicates, parse_constant=no_number)


# fmt: off
READ: tuple[tuple[str, str, Read], ...] = (
    ("commas-and-comments", "A comma too many and comments are passed over.", _commas_and_comments),
    ("names-twice", "Of a name that stands twice the last is taken, as in JavaScript.",
     lambda raw: json.loads(raw.decode(), parse_constant=no_number)),
    ("no-numbers", "NaN and Infinity are taken for numbers.",
     lambda raw: json.loads(raw.decode(), object_pairs_hook=without_duplicates)),
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
    add(f"reads-{_name}", "REJ-13", _sentence, _build, level="should")
