"""Which clause a drawn body falls under: pure, from the bytes as they are sent."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ...transport.json_reader import member, read_json
from .keywords import applied, fixed_members, undocumented
from .lenient import may_be_read

# A text that no account has: bodies with right credentials hold these, and they are filled in when
# a request is made.
EMAIL = "fill.in.here@marker.invalid"
PASSWORD = "Fill-In.Here#Marker"  # noqa: S105 - a marker, and nobody's password

_DEEPEST = 8
_LARGEST_NUMBER = 2**53
_LONGEST_TEXT = 200
_LONGEST_BODY = 8192
_REFUSED = ("refused", "turned-away")


@dataclass(frozen=True)
class Kind:
    """What a body is: the clause that judges its outcome, its situation, whose credentials it has.

    `expect` is empty where the clause's own outcomes are expected.
    """

    clause: str
    situation: str
    account: str = "made-up"
    expect: tuple[str, ...] = ()
    # A body made by chance may look like an attack, and a firewall may say so with a page of its own.
    tags: frozenset[str] = frozenset({"hostile"})

    @property
    def same_as(self) -> str | None:
        """Return the case that the outcome has to be the same as."""
        return "right-login" if self.clause == "REQ-2" else None


_ODD = frozenset({"odd", "hostile"})
_PLAIN: frozenset[str] = frozenset()
# What a firewall may take for part of an attack.
_LOOKS_HOSTILE = frozenset("<>$'\"`;|&\\{}()%#*=")
UNREADABLE = Kind("REJ-7", "malformed")
LENIENT = Kind("REJ-13", "malformed")
MISSING = Kind("REJ-8", "missing")
WRONG_TYPE = Kind("REJ-8", "wrong-type")
OTHER_CODE = Kind("REJ-9", "wrong-type")
SAME_VALUE = Kind("REQ-2", "right", account="main", tags=_PLAIN)
EXTRA = Kind("REQ-4", "right", account="main", tags=_PLAIN)
NOBODY = Kind("REJ-2", "odd", expect=_REFUSED, tags=_ODD)
ODD = Kind("ENV-10", "odd", expect=_REFUSED, tags=_ODD)
KINDS: tuple[Kind, ...] = (
    *(UNREADABLE, LENIENT, MISSING, WRONG_TYPE, OTHER_CODE),
    *(SAME_VALUE, EXTRA, NOBODY, ODD),
)


def classify(body: bytes, schema: Mapping[str, Any]) -> Kind:
    """Return what a body is; `EMAIL` and `PASSWORD` in it stand for right credentials.

    When in doubt whether some parser could read it, it is `LENIENT` and not `UNREADABLE`.
    """
    text = read_json(body)
    if text.problem is not None or text.duplicates:
        return LENIENT if may_be_read(body) else UNREADABLE
    violated = [one for one in applied(schema, text.value) if not one.satisfied]
    if violated:
        if {one.place for one in violated} <= set(fixed_members(schema)):
            return OTHER_CODE
        missing = any(one.keyword == "required" for one in violated)
        return MISSING if missing else WRONG_TYPE
    extra = list(undocumented(schema, text.value))
    if len(body) > _LONGEST_BODY or any(_is_odd(schema, *one) for one in extra):
        return ODD
    credentials = [member(text.value, f"/body/{name}")[1] for name in ("memb_email", "memb_pwd")]
    if credentials != [EMAIL, PASSWORD]:
        return NOBODY
    return EXTRA if extra else SAME_VALUE


def _is_odd(schema: Mapping[str, Any], _place: str, name: str, value: Any) -> bool:
    """Tell whether an undocumented member may well be refused: for its size, name or characters."""
    # Some parsers take names in any letter case, and then this is a documented one.
    if not name or name.casefold() in {known.casefold() for known in _names(schema)}:
        return True
    return name.startswith("__") or _is_odd_text(name) or _is_odd_value(value, 1)


def _names(schema: Mapping[str, Any]) -> Iterator[str]:
    for name, child in schema.get("properties", {}).items():
        yield name
        yield from _names(child)


def _is_odd_value(value: Any, depth: int) -> bool:
    if depth > _DEEPEST:
        return True
    match value:
        case str():
            return _is_odd_text(value)
        case bool() | None:
            return False
        case int() | float():
            return not math.isfinite(value) or abs(value) > _LARGEST_NUMBER
        case list():
            return any(_is_odd_value(child, depth + 1) for child in value)
        case dict():
            return any(
                not name or _is_odd_text(name) or _is_odd_value(child, depth + 1)
                for name, child in value.items()
            )
    return True


def _is_odd_text(text: str) -> bool:
    return len(text) > _LONGEST_TEXT or not text.isprintable() or bool(_LOOKS_HOSTILE & set(text))
