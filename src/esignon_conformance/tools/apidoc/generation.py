"""The contract that facts come to: OpenAPI 3.1 with the schemas of each operation, before the overlay.

Nothing here is inferred: what is required, constant or of a format, and which answers there may be
besides, stands in the overlay.  Examples come last, since they are of what the overlay made of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from ...contract.facts import Facts, Parameter, stated_value
from .generated_schemas import reference, schemas_of
from .operation_line import variables_of
from .outcomes import outcomes_of
from .parameter_types import known_type

_MEDIA_TYPE = "application/json"
PARTS = ("request", "envelope", "success", "refusal")
# Every document names the server under test first; the page's own follows, and is never the default.
_UNDER_TEST: Mapping[str, Any] = {
    "url": "{scheme}://{host}:{port}{prefix}",
    "description": "The server under test; this machine unless told otherwise.",
    "variables": {
        "scheme": {"default": "http", "enum": ["http", "https"]},
        "host": {"default": "127.0.0.1"},
        "port": {"default": "8080"},
        "prefix": {
            "default": "",
            "description": "What a gateway puts before /api, without a slash at its end.",
        },
    },
}
_PRODUCTION = "The vendor's PRODUCTION service, as the page prints it. Never a test host."


@dataclass(frozen=True)
class Place:
    """Where an operation stands in the OpenAPI document: among its `paths` or `webhooks`, and its key."""

    among: str
    key: str

    @property
    def target(self) -> str:
        """Return the place as a JSONPath."""
        return f"$.{self.among}['{self.key}']"


def places_of(operations: Mapping[str, Facts]) -> dict[str, Place]:
    """Return the place of each operation.

    Operations that share method and path, and differ in the code of their request, have the name of the
    operation as a fragment behind the path: OpenAPI has one operation for each, and no fragment is sent.
    """
    taken: set[tuple[str, str]] = set()
    found = {}
    for name, facts in operations.items():
        if facts.is_webhook:
            found[name] = Place("webhooks", name)
            continue
        is_first = (facts.path, facts.method) not in taken
        taken.add((facts.path, facts.method))
        found[name] = Place("paths", facts.path if is_first else f"{facts.path}#{name}")
    return found


def contract_of(operations: Mapping[str, Facts]) -> dict[str, Any]:
    """Return the OpenAPI document of operations by name, their schemas among its components."""
    first = next(iter(operations.values()))
    origins = dict.fromkeys(facts.origin for facts in operations.values() if facts.origin)
    items: dict[str, dict[str, Any]] = {"paths": {}, "webhooks": {}}
    schemas: dict[str, Any] = {}
    for name, place in places_of(operations).items():
        facts = operations[name]
        item = items[place.among].setdefault(place.key, {})
        described = _operation(name, facts)
        in_path = [_parameter(one) for one in path_parameters(facts)]
        if in_path and item.setdefault("parameters", in_path) != in_path:
            described["parameters"] = [*in_path, *described.get("parameters", ())]
        item[facts.method.lower()] = described
        schemas |= {f"{name}_{part}": schema for part, schema in schemas_of(name, facts).items()}
    webhooks = {"webhooks": items["webhooks"]} if items["webhooks"] else {}
    return {
        "openapi": "3.1.0",
        "info": {"title": first.title or next(iter(operations)), "version": first.edition or "-"},
        "servers": [_UNDER_TEST, *({"url": one, "description": _PRODUCTION} for one in origins)],
        "paths": items["paths"],
        **webhooks,
        "components": {"schemas": schemas},
    }


def media_type(facts: Facts) -> str:
    """Return the media type of requests: what the page describes the header Content-Type as."""
    named = (one for one in facts.of("header") if one.name.lower() == "content-type")
    return next((said for one in named if (said := stated_value(facts, one))), _MEDIA_TYPE)


def path_parameters(facts: Facts) -> tuple[Parameter, ...]:
    """Return the parameters of the path, in their order on the page, under the names that the URL has.

    One that the page lists under another name is that one, if no other is left.
    """
    variables = variables_of(facts.url)
    listed = facts.of("path")
    known = [one for one in listed if one.name in variables]
    without = [name for name in variables if name not in {one.name for one in known}]
    lost = [one for one in listed if one.name not in variables]
    if len(without) == 1 and len(lost) == 1:
        return tuple(one if one in known else replace(one, name=without[0]) for one in listed)
    return (*known, *(Parameter("path", name, "", facts.line) for name in without))


def _operation(name: str, facts: Facts) -> dict[str, Any]:
    operation: dict[str, Any] = {"operationId": name}
    others = [one for one in facts.parameters if one.location in ("query", "header")]
    listed = [_parameter(one) for one in others if one.name.lower() != "content-type"]
    if listed:
        operation["parameters"] = listed
    if facts.of("body") or facts.request_example is not None:
        content = {"schema": reference(name, "request")}
        operation["requestBody"] = {"required": True, "content": {media_type(facts): content}}
    statuses = dict.fromkeys(
        one.status for one in facts.examples if one.of == "response" and one.status is not None
    )
    if not facts.has_response:
        operation["responses"] = {"2XX": {"description": "The page shows no answer."}}
        return operation
    operation["responses"] = {
        str(status): {
            "description": "As the page shows it.",
            "content": {
                _MEDIA_TYPE: {"schema": _answer(name, facts, status in facts.refusal_statuses)}
            },
        }
        for status in statuses or (200,)
    }
    return operation


def _answer(name: str, facts: Facts, is_refusal: bool) -> dict[str, Any]:
    if is_refusal:
        return reference(name, "refusal")
    if outcomes_of(facts) == "status":
        return reference(name, "success")
    return {"oneOf": [reference(name, "success"), reference(name, "refusal")]}


def _parameter(one: Parameter) -> dict[str, Any]:
    described: dict[str, Any] = {"name": one.name, "in": one.location}
    if one.location == "path" or one.required is not None:
        described["required"] = one.location == "path" or one.required
    return described | {"schema": {"type": _type(one)}}


def _type(one: Parameter) -> str:
    return known_type(one.type) or "string"
