"""The contract that facts come to: OpenAPI 3.1 with the schemas of each operation, before the overlay.

Nothing here is inferred: what is required, constant or of a format, and which answers there may be
besides, stands in the overlay.  Examples come last, since they are of what the overlay made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from ...contract.facts import Example, Facts, Parameter, json_type, members, placeholder
from .operation_line import variables_of
from .parameter_types import known_type

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
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
# How the outcome of an answer is told: by the codes of the page's table; by any result code, where the
# page has no such table; or by the HTTP status, where its answers have no result code.
Outcomes = Literal["table", "open", "status"]


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
        schemas |= {f"{name}_{part}": schema for part, schema in _schemas(name, facts).items()}
    webhooks = {"webhooks": items["webhooks"]} if items["webhooks"] else {}
    return {
        "openapi": "3.1.0",
        "info": {"title": first.title or next(iter(operations)), "version": first.edition or "-"},
        "servers": [_UNDER_TEST, *({"url": one, "description": _PRODUCTION} for one in origins)],
        "paths": items["paths"],
        **webhooks,
        "components": {"schemas": schemas},
    }


def reference(name: str, part: str) -> dict[str, str]:
    """Return the reference to a schema of an operation among the components."""
    return {"$ref": f"#/components/schemas/{name}_{part}"}


def media_type(facts: Facts) -> str:
    """Return the media type of requests: what the page describes the header Content-Type as."""
    named = (one for one in facts.of("header") if one.name.lower() == "content-type")
    return next((one.description for one in named if "/" in one.description), _MEDIA_TYPE)


def success_code(facts: Facts) -> str:
    """Return the result code of the page's example of a success, or that which its table calls one.

    It is empty where neither is there: then the HTTP status tells the outcome.
    """
    if not facts.has_envelope:
        return ""
    code: str = facts.success.value["header"]["result_code"]
    if code and placeholder(code) is None:
        return code
    return next((one.code for one in facts.codes if one.kind == "success"), "")


def outcomes_of(facts: Facts) -> Outcomes:
    """Return how the outcome of an answer is told."""
    if not success_code(facts):
        return "status"
    return "table" if facts.codes else "open"


def texts(facts: Facts) -> dict[str, str]:
    """Return the text of each result code.  That of the success is the one its example shows."""
    code = success_code(facts)
    if not code:
        return {}
    said = facts.success.value["header"].get("result_msg")
    said = said if isinstance(said, str) and placeholder(said) is None else ""
    found = {one.code: one.text for one in facts.codes}
    # A table of the failures alone has no row for the success.
    found = found if code in found else {code: said or "-", **found}
    return found | {code: said or found[code]}


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


# ---- schemas -----------------------------------------------------------------------------------------


def _schemas(name: str, facts: Facts) -> dict[str, Any]:
    base = {"$schema": _DIALECT}
    schemas: dict[str, Any] = {}
    if facts.of("body") or facts.request is not None:
        sent = _schema_of(facts.request_example or {}, facts.request)
        schemas["request"] = base | _typed(sent, facts.of("body"), facts.request)
    if outcomes_of(facts) == "status":
        shown: dict[str, Any] = {}
        if facts.has_response:
            shown = _schema_of(facts.success.value, facts.success)
            shown = _typed(shown, facts.of("response"), facts.success)
        return schemas | {"envelope": base | {}, "success": base | shown, "refusal": base | {}}
    return schemas | {part: base | schema for part, schema in _of_envelope(name, facts).items()}


def _of_envelope(name: str, facts: Facts) -> dict[str, Any]:
    """Return the schemas of answers that have a header with a result code."""
    example = facts.success.value
    header = _schema_of(example["header"], facts.success, "/header")
    code, codes = success_code(facts), texts(facts)
    known = [{"const": one, "title": text} for one, text in codes.items()]
    is_open = outcomes_of(facts) == "open"
    # Where the page has no table of codes, other codes than that of its example are failures.
    header["properties"]["result_code"] = {"type": "string"} | (
        {"anyOf": [*known, {"minLength": 1}]} if is_open else {"oneOf": known}
    )
    of_success = _with_code({"const": code})
    body = example.get("body")
    if isinstance(body, dict):
        shown = _schema_of(body, facts.success, "/body")
        of_success["properties"]["body"] = _typed(
            {"type": "object", "properties": {"body": shown}}, facts.of("response"), facts.success
        )["properties"]["body"]
    # What a page shows beside header and body is documented, too.
    beside = {each: one for each, one in example.items() if each not in ("header", "body")}
    of_success["properties"] |= _schema_of(beside, facts.success)["properties"]
    failures = (
        {"not": {"const": code}} if is_open else {"enum": [one for one in codes if one != code]}
    )
    envelope = {"allOf": [reference(name, "envelope")]}
    return {
        "envelope": {
            "type": "object",
            "properties": {"header": header, "body": {"type": "object"}},
        },
        "success": envelope | of_success,
        "refusal": envelope | _with_code(failures),
    }


def _with_code(code: Mapping[str, Any]) -> dict[str, Any]:
    header = {"type": "object", "properties": {"result_code": dict(code)}}
    return {"type": "object", "properties": {"header": header}}


def _schema_of(value: Any, example: Example | None, pointer: str = "") -> dict[str, Any]:
    """Return the schema that an example's value has at least: its types and its members.

    A member whose name is a place left open stands for members of any name.
    """
    if value is None or (example is not None and pointer in example.untyped):
        return {}
    if isinstance(value, dict):
        named = {
            name: _schema_of(child, example, f"{pointer}/{_escaped(name)}")
            for name, child in value.items()
        }
        any_name = [schema for name, schema in named.items() if placeholder(name) is not None]
        known = {name: schema for name, schema in named.items() if placeholder(name) is None}
        described: dict[str, Any] = {"type": "object", "properties": known}
        return described | ({"additionalProperties": any_name[0]} if any_name else {})
    if isinstance(value, list):
        items = _schema_of(value[0], example, f"{pointer}/0") if value else {}
        return {"type": "array", "items": items}
    return {"type": json_type(value)}


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _typed(
    schema: dict[str, Any], parameters: Iterable[Parameter], example: Example | None
) -> dict[str, Any]:
    """Give a schema the types that a table of parameters says, and the members that only it names.

    Where the example shows a value of another type than the table says, neither is certain: no type.
    """
    values = dict(members(example.value)) if example is not None else {}
    for one in parameters:
        place = schema
        for step in one.pointer.split("/")[1:]:
            if place.get("type") == "array" or step == "0":
                place = place.setdefault("items", {})
                if step.isdigit():
                    continue
            place = place.setdefault("properties", {}).setdefault(step, {})
        said = known_type(one.type) if one.type else ""
        shown = place.get("type")
        if said is None or (one.type and not said):
            # The page's word for the type says nothing: that of the example is left.
            said = shown or ""
        if not one.type and not shown:
            said = "string"
        if not said:
            continue
        value = values.get(one.pointer)
        is_open = value is None or placeholder(value) is not None
        if shown in (None, said) or is_open or {shown, said} == {"integer", "number"}:
            place["type"] = said
            if said not in ("object", "array"):
                continue
        else:
            place.pop("type", None)
    return schema
