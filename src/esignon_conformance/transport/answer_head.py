"""The head of an answer as it came, read where a library refuses it: its lines and its header fields."""

from __future__ import annotations

import re

from .messages import Headers, field_kept_once

_HEAD_END = re.compile(rb"\n\r?\n")
_BLANKS = " \t\r"


def parted(came: bytes) -> tuple[bytes, bytes]:
    """Return a head, and what came behind it."""
    end = _HEAD_END.search(came)
    return (came[: end.end()], came[end.end() :]) if end else (came, b"")


def fields(head: bytes) -> tuple[Headers, bool]:
    """Return the header fields of a head, and whether one is folded.

    A line without a colon is a name alone.
    """
    found: list[tuple[str, str]] = []
    is_folded = False
    for line in head.decode("latin-1").split("\n")[1:]:
        if found and line[:1] in (" ", "\t"):
            is_folded = True
            name, value = found[-1]
            found[-1] = (name, f"{value} {line.strip(_BLANKS)}".strip(_BLANKS))
        elif line.strip("\r"):
            name, _, value = line.partition(":")
            found.append(field_kept_once(name.strip("\r"), value.strip(_BLANKS)))
    return tuple(found), is_folded


def values(headers: Headers, name: str) -> set[str]:
    """Return the members of the list that the fields of a name are together."""
    of_name = (value for key, value in headers if key.lower() == name.lower())
    return {part.strip() for value in of_name for part in value.split(",")} - {""}
