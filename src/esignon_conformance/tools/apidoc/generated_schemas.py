"""The JSON Schemas that the facts of an operation come to, before the overlay."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...contract.facts import Example, Facts, Parameter, json_type, members, placeholder
from .outcomes import outcomes_of, success_code, texts
from .parameter_types import known_type

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def reference(name: str, part: str) -> dict[str, str]:
    """Return the reference to a schema of an operation among the components."""
    return {"$ref": f"#/components/schemas/{name}_{part}"}


def schemas_of(name: str, facts: Facts) -> dict[str, Any]:
    """Return the schemas of an operation by their part, of `PARTS`."""
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
