"""Examples as pages write them: JSON, or nearly (trailing commas, comments, `…` for what is left out)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import pyjson5
import yaml

_DEEPEST = 40
_LONGEST = 64 * 1024
# Strings and comments are taken whole, so that dots within them are no ellipsis.  Those without an end
# are taken, too: looking for the end from each place anew would take minutes on hostile text.
_PART = re.compile(
    r"""("(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)"""
    r"""|(//[^\n]*|/\*.*?(?:\*/|\Z))"""
    r"""|(:[ \t]*)?(?:\.{3}|…)([ \t]*,)?"""
    r"""|(\t)""",
    re.DOTALL,
)


class ExampleError(Exception):
    """The text of an example is no JSON, not even nearly; the message is the parser's."""


def read_example(text: str) -> tuple[Any, dict[str, int]]:
    """Return the value of an example, and the line of each member by its JSON pointer, from 0.

    What `…` stands for is left out, or null where it is a member's value.  Raises `ExampleError`.
    """
    if len(text) > _LONGEST:
        raise ExampleError(f"{len(text)} characters")
    try:
        return _read(text)
    except ExampleError:
        unescaped = html.unescape(text)
        if unescaped == text:
            raise
        return _read(unescaped)


def _read(text: str) -> tuple[Any, dict[str, int]]:
    cleaned = _PART.sub(_cleaned, text)
    try:
        value = pyjson5.decode(cleaned, maxdepth=_DEEPEST)
    except pyjson5.Json5Exception as error:
        raise ExampleError(str(error.args[0] if error.args else error)) from None
    if not isinstance(value, dict | list):
        raise ExampleError("no object")
    return value, dict(_lines(cleaned))


def _cleaned(match: re.Match[str]) -> str:
    string, comment, colon, comma, tab = match.groups()
    if string is not None:
        return string
    if comment is not None:
        return "\n" * comment.count("\n")
    if tab is not None:
        return " "
    return f"{colon}null{comma or ''}" if colon is not None else ""


def _lines(text: str) -> Iterator[tuple[str, int]]:
    """Yield the line of each member.  JSON is YAML, whose reader knows where each node begins."""
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.YAMLError:
        return
    if node is not None:
        yield "", node.start_mark.line
        yield from _lines_in(node, "")


def _lines_in(node: yaml.Node, pointer: str) -> Iterator[tuple[str, int]]:
    if isinstance(node, yaml.MappingNode):
        for key, child in node.value:
            at = f"{pointer}/{str(key.value).replace('~', '~0').replace('/', '~1')}"
            yield at, key.start_mark.line
            yield from _lines_in(child, at)
    elif isinstance(node, yaml.SequenceNode):
        for index, child in enumerate(node.value):
            yield f"{pointer}/{index}", child.start_mark.line
            yield from _lines_in(child, f"{pointer}/{index}")
