"""Doubts about where the parts of a page belong: its URL, tables, codes and examples differ."""

from __future__ import annotations

import re
from typing import Any

from ...contract.facts import Example, Parameter, json_type, members, placeholder
from .gathered import Gathered
from .operation_line import variables_of
from .parameter_types import known_type


def header_of(example: Example) -> dict[str, Any]:
    """Return the header of the envelope that an example shows, empty where it shows none."""
    value = example.value
    header = value.get("header") if isinstance(value, dict) else None
    return header if isinstance(header, dict) else {}


def has_code(example: Example) -> bool:
    """Tell whether an example shows a result code."""
    return "result_code" in header_of(example)


def doubt_path(page: Gathered, parameters: list[Parameter]) -> None:
    """Note where the URL and the table of its parameters have other names."""
    variables = variables_of(page.url)
    listed = [one for one in parameters if one.location == "path"]
    without = [name for name in variables if name not in {one.name for one in listed}]
    lost = [one for one in listed if one.name not in variables]
    if len(without) == 1 and len(lost) == 1:
        page.doubt("path-name-differs", lost[0].line, f"{lost[0].name}, {{{without[0]}}}")
        return
    for name in without:
        page.doubt("path-not-listed", page.line, name)
    for one in lost:
        page.doubt("path-not-in-url", one.line, one.name)


def doubt_members(page: Gathered, parameters: list[Parameter], examples: list[Example]) -> None:
    """Note where a table of members and the examples of their message differ."""
    for location, of in (("body", "request"), ("response", "response")):
        listed = [one for one in parameters if one.location == location]
        shown = [one for one in examples if one.of == of]
        if not listed or not shown:
            continue
        values = {at: value for one in reversed(shown) for at, value in members(one.value)}
        untyped = {at for one in shown for at in one.untyped}
        for one in listed:
            if one.pointer not in values:
                page.doubt("listed-not-shown", one.line, one.name)
            elif one.pointer not in untyped and _is_other_type(one.type, values[one.pointer]):
                page.doubt("type-differs", one.line, one.name)
        named = {re.sub(r"/\d+", "/0", one.pointer) for one in listed}
        for at, value in members(shown[0].value):
            plain = re.sub(r"/\d+", "/0", at)
            name = at.rpartition("/")[2]
            is_named = not name.isdigit() and placeholder(name) is None
            if is_named and plain not in named and not isinstance(value, dict | list):
                page.doubt("shown-not-listed", shown[0].line_of(at), at)


def _is_other_type(said: str, value: Any) -> bool:
    wanted = known_type(said)
    if not wanted or value is None:
        return False
    shown = json_type(value)
    if isinstance(value, str) and placeholder(value) is not None:
        # A place left open in quotation marks may stand for a value of any type.
        return False
    return shown != wanted and (shown, wanted) != ("integer", "number")


def doubt_codes(page: Gathered, examples: list[Example], is_webhook: bool) -> None:
    """Note where the codes of the page are missing, or are others than its examples have."""
    responses = [one for one in examples if one.of == "response"]
    if not responses and not is_webhook and not _is_broken(page):
        page.doubt("no-response-example", page.line)
    if not page.codes and any(has_code(one) and (one.status or 0) < 400 for one in responses):
        page.doubt("no-codes", responses[0].line)
    for one in page.codes:
        if not one.kind:
            page.doubt("code-kind", one.line, one.code)
    sent = [one for one in examples if one.of == "request"]
    for example in sent:
        code = header_of(example).get("request_code")
        said = _said_codes(page)
        if isinstance(code, str) and placeholder(code) is None and said and code not in said:
            page.doubt("code-differs", example.line_of("/header/request_code"), code)


def _said_codes(page: Gathered) -> set[str]:
    """Return the codes of the request that the tables of the page give."""
    return {page.code} - {""}


def _is_broken(page: Gathered) -> bool:
    return any(one.kind == "example-broken" for one in page.doubts)
