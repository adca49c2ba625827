"""A JSON document piece by piece, so that one of any size fits into little memory."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

import ijson

from .lone_surrogates import WithoutLoneSurrogates

# What is raised where a document is no JSON, or ends before its end.
NOT_JSON = (ijson.JSONError, UnicodeDecodeError)


def items_of(file: BinaryIO, place: str) -> Iterator[Any]:
    """Yield the values of the array at a place such as `log.entries`."""
    yield from ijson.items(WithoutLoneSurrogates(file), f"{place}.item", use_float=True)


def events_of(file: BinaryIO) -> Iterator[tuple[str, str, Any]]:
    """Yield the events of a document: place, kind, value."""
    yield from ijson.parse(WithoutLoneSurrogates(file))
