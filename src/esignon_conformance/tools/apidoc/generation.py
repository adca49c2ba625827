"""The contract that facts come to: OpenAPI 3.1 with the schemas of each operation, before the overlay.

Nothing here is inferred: what is required, constant or of a format, and which answers there may be
besides, stands in the overlay.  Examples come last, since they are of what the overlay made of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...contract.facts import Facts, Parameter, json_type, placeholder

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
_TYPES = {
    "int": "integer",
    "long": "integer",
    "bool": "boolean",
    "list": "array",
    "float": "number",
}


def contract_of(operations: Mapping[str, Facts]) -> dict[str, Any]:
    """Return the OpenAPI document of operations by name, their schemas among its components."""
    first = next(iter(operations.values()))
    origins = dict.fromkeys(facts.origin for facts in operations.values() if facts.origin)
    paths: dict[str, Any] = {}
    schemas: dict[str, Any] = {}
    for name, facts in operations.items():
        item = paths.setdefault(facts.path, {})
        if facts.of("path"):
            item["parameters"] = [_parameter(one) for one in facts.of("path")]
        item[facts.method.lower()] = _operation(name, facts)
        schemas |= {f"{name}_{part}": schema for part, schema in _schemas(name, facts).items()}
    return {
        "openapi": "3.1.0",
        "info": {"title": first.title or next(iter(operations)), "version": first.edition or "-"},
        "servers": [_UNDER_TEST, *({"url": one, "description": _PRODUCTION} for one in origins)],
        "paths": paths,
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
    """Return the result code of the page's example of a success."""
    code: str = facts.success.value["header"]["result_code"]
    return code


def texts(facts: Facts) -> dict[str, str]:
    """Return the text of each result code.  That of the success is the one its example shows."""
    header = facts.success.value["header"]
    found = {one.code: one.text for one in facts.codes}
    if success_code(facts) in found and placeholder(header.get("result_msg")) is None:
        found[success_code(facts)] = header.get("result_msg") or found[success_code(facts)]
    return found


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
    operation["responses"] = {
        str(status): {
            "description": "As the page shows it.",
            "content": {_MEDIA_TYPE: {"schema": _answer(name, status in facts.refusal_statuses)}},
        }
        for status in statuses or (200,)
    }
    return operation


def _answer(name: str, is_refusal: bool) -> dict[str, Any]:
    if is_refusal:
        return reference(name, "refusal")
    return {"oneOf": [reference(name, "success"), reference(name, "refusal")]}


def _parameter(one: Parameter) -> dict[str, Any]:
    described: dict[str, Any] = {"name": one.name, "in": one.location}
    if one.location == "path" or one.required is not None:
        described["required"] = one.location == "path" or one.required
    return described | {"schema": {"type": _type(one)}}


def _type(one: Parameter) -> str:
    base = one.type.partition("(")[0].strip().removesuffix("[]")
    if one.type.endswith("[]") or base.startswith("array"):
        return "array"
    known = _TYPES.get(base, base)
    return known if known in ("string", "integer", "number", "boolean", "object") else "string"


# ---- schemas -----------------------------------------------------------------------------------------


def _schemas(name: str, facts: Facts) -> dict[str, Any]:
    example = facts.success.value
    header = _schema_of(example["header"])
    code, codes = success_code(facts), texts(facts)
    header["properties"]["result_code"] = {
        "type": "string",
        "oneOf": [{"const": one, "title": text} for one, text in codes.items()],
    }
    of_success = _with_code({"const": code})
    body = example.get("body")
    if isinstance(body, dict):
        of_success["properties"]["body"] = _typed(_schema_of(body), facts.of("response"))
    base = {"$schema": _DIALECT}
    envelope = {"allOf": [reference(name, "envelope")]}
    schemas: dict[str, Any] = {
        "envelope": base
        | {"type": "object", "properties": {"header": header, "body": {"type": "object"}}},
        "success": base | envelope | of_success,
        "refusal": base | envelope | _with_code({"enum": [one for one in codes if one != code]}),
    }
    if facts.of("body") or facts.request_example is not None:
        sent = _schema_of(facts.request_example or {})
        schemas = {"request": base | _typed(sent, facts.of("body"))} | schemas
    return schemas


def _with_code(code: Mapping[str, Any]) -> dict[str, Any]:
    header = {"type": "object", "properties": {"result_code": dict(code)}}
    return {"type": "object", "properties": {"header": header}}


def _schema_of(value: Any) -> dict[str, Any]:
    """Return the schema that an example's value has at least: its types and its members."""
    if isinstance(value, dict):
        named = {name: _schema_of(child) for name, child in value.items()}
        return {"type": "object", "properties": named}
    if isinstance(value, list):
        return {"type": "array", "items": _schema_of(value[0]) if value else {}}
    return {} if value is None else {"type": json_type(value)}


def _typed(schema: dict[str, Any], parameters: Iterable[Parameter]) -> dict[str, Any]:
    """Give a schema the types that a table of parameters says, and the members that only it names."""
    for one in parameters:
        place = schema
        for step in one.pointer.split("/")[1:]:
            if place.get("type") == "array" or step == "0":
                place = place.setdefault("items", {})
                if step.isdigit():
                    continue
            place = place.setdefault("properties", {}).setdefault(step, {})
        place["type"] = _type(one)
    return schema
