"""The blocks that describe an operation in GitBook's syntaxes: their names, and what they say."""

from __future__ import annotations

import re
from typing import get_args

from ...contract.facts import Location, Parameter
from .event_kinds import Tag
from .headings import Section
from .operation_line import Named, joined

_STATUS = re.compile(r"(?<!\d)([1-5]\d\d)(?!\d)")
# What a block of the older syntax and its parts are in the words of the newer one.
SECTIONS: dict[str, Section] = {
    "api-method-path-parameters": "path",
    "api-method-query-parameters": "query",
    "api-method-headers": "header",
    "api-method-body-parameters": "body",
    "api-method-form-data-parameters": "body",
}
OPERATIONS = frozenset({"api-method", "swagger", "openapi", "openapi-operation"})
PARAMETERS = frozenset({"api-method-parameter", "swagger-parameter"})
RESPONSES = frozenset({"tab", "api-method-response-example", "swagger-response"})
SUMMARIES = frozenset({"api-method-summary"})


def operation_of(tag: Tag) -> Named | None:
    """Return the operation that a block names, None where it names neither method nor path."""
    given = tag.attributes
    if "method" not in given and "path" not in given:
        return None
    host = given.get("host") or given.get("baseurl") or ""
    return Named(given.get("method", ""), joined(host, given.get("path", "")), tag.line)


def status_in(text: str) -> int | None:
    """Return the HTTP status that a text names, None where it names none."""
    match = _STATUS.search(text)
    return int(match[1]) if match is not None else None


def parameter_of(tag: Tag, section: Section) -> Parameter | None:
    """Return the parameter that a block begins, None where it is of no known place."""
    given = tag.attributes
    place = given.get("in") or section
    if place not in get_args(Location):
        return None
    location: Location = place  # type: ignore[assignment]  # it is one of them: see above
    required = {"true": True, "false": False}.get(given.get("required", "").lower())
    kind = given.get("type", "").lower()
    return Parameter(location, given.get("name", ""), kind, tag.line, "", required)
