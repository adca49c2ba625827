"""JSON texts as regular expressions of JavaScript, for a tool that matches bodies by nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_BLANK = r"[ \t\n\r]*"
_STRING = r'"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"'
_NUMBER = r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
# A regular expression does not count: members that nobody documented may be nested so deep.
_DEPTH = 3


def text_pattern(schema: Mapping[str, Any]) -> str:
    """Return the pattern of a whole text that a schema of objects and strings takes.

    The members may stand in any order and among others, and their names and constants may be escaped.
    """
    # Not ^ and $, which a tool may let match at each line.
    return rf"(?<![\s\S]){_BLANK}{_value(schema)}{_BLANK}(?![\s\S])"


def _value(schema: Mapping[str, Any]) -> str:
    if "const" in schema:
        return _constant(schema["const"])
    if schema["type"] == "string":
        return _STRING
    pair = _pair(_STRING, _any(_DEPTH))
    members = "".join(
        rf"(?=\{{(?:{_BLANK}{pair}{_BLANK},)*{_BLANK}{_pair(_constant(name), _value(child))}{_BLANK}[,}}])"
        for name, child in schema["properties"].items()
    )
    return members + _object(pair)


def _any(depth: int) -> str:
    """Return the pattern of any JSON value of a depth at most."""
    plain = f"{_STRING}|{_NUMBER}|true|false|null"
    if not depth:
        return f"(?:{plain})"
    inner = _any(depth - 1)
    return f"(?:{plain}|{_object(_pair(_STRING, inner))}|{_array(inner)})"


def _object(pair: str) -> str:
    return rf'\{{{_BLANK}(?:{pair}{_BLANK}(?:,{_BLANK}(?=")|(?=\}})))*\}}'


def _array(value: str) -> str:
    return rf"\[{_BLANK}(?:{value}{_BLANK}(?:,{_BLANK}(?!\])|(?=\])))*\]"


def _pair(name: str, value: str) -> str:
    return f"{name}{_BLANK}:{_BLANK}{value}"


def _constant(text: str) -> str:
    """Return the pattern of a string, each character as itself or escaped.  It is plain ASCII."""
    return '"' + "".join(_character(one) for one in text) + '"'


def _character(one: str) -> str:
    digits = "".join(
        f"[{digit}{digit.upper()}]" if digit.isalpha() else digit for digit in f"{ord(one):04x}"
    )
    literal = one if one.isalnum() or one == "_" else f"\\x{ord(one):02x}"
    return rf"(?:{literal}|\\u{digits})"
