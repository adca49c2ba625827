"""Examples for the OpenAPI document: the page's own, with a made-up value for each placeholder."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping
from typing import Any

from ...contract.bindings import plain_place
from ...contract.facts import Facts, needed_members, placeholder
from .generation import reference, success_code, texts

# What an overlay says about examples.  Both are used up here and stand in no document.
MADE_UP = "x-made-up"
# What stands for a member that the page's example lacks.
_BY_TYPE: Mapping[str, Any] = {
    "object": {},
    "array": [],
    "integer": 1,
    "number": 1,
    "boolean": True,
}
DEFAULT_ANSWER = "x-default-answer"


def add_examples(document: dict[str, Any], operations: Mapping[str, Facts]) -> None:
    """Add the examples of each operation to a document: of its parameters, its request, its answers.

    An operation's `x-made-up` gives the value at a place; places that share a placeholder share it.
    """
    for name, facts in operations.items():
        item = document["paths"][facts.path]
        operation = item[facts.method.lower()]
        values = _values(facts, operation.pop(MADE_UP, {}))
        for parameter in (*item.get("parameters", ()), *operation.get("parameters", ())):
            place = f"{parameter['in']} {parameter['name']}"
            parameter.setdefault("example", values.get(place, _name(place)))
        for content in operation.get("requestBody", {}).get("content", {}).values():
            value = _filled(_whole_request(facts), "request", values)
            example = content.setdefault("examples", {}).setdefault("documented", {})
            example["value"] = value
        answers = _answers(facts, values)
        for response in operation["responses"].values():
            for content in response.get("content", {}).values():
                _add_answers(content, name, answers, success_code(facts))


def _whole_request(facts: Facts) -> Any:
    """Return the example of a request with the members that it lacks and needs, made up by type."""
    whole = copy.deepcopy(facts.request_example) if facts.request_example is not None else {}
    types = {one.pointer: one.type for one in facts.of("body")}
    for pointer in needed_members(facts):
        holder, name = _parent(whole, pointer)
        if isinstance(holder, dict) and name not in holder:
            holder[name] = copy.deepcopy(_BY_TYPE.get(types.get(pointer, ""), f"{{{name}}}"))
    return whole


def _parent(value: Any, pointer: str) -> tuple[Any, str]:
    """Return what holds a member, made where it is absent, and the member's name."""
    *parents, name = pointer.split("/")[1:]
    for step in parents:
        value = value.setdefault(step, {}) if isinstance(value, dict) else None
    return value, name


def _values(facts: Facts, given: Mapping[str, str]) -> dict[str, str]:
    """Return the made-up value of each place, one for all places that share a placeholder."""
    values = dict(given)
    for group in facts.bindings:
        places = [plain_place(place) for place in group]
        value = next((values[place] for place in places if place in values), _name(places[0]))
        values |= dict.fromkeys(places, value)
    return values


def _name(place: str) -> str:
    return f"made-up-{place.replace('/', ' ').split()[-1]}"


def _filled(value: Any, place: str, values: Mapping[str, str], pointer: str = "") -> Any:
    if isinstance(value, dict):
        return {
            name: _filled(child, place, values, f"{pointer}/{name}")
            for name, child in value.items()
        }
    if isinstance(value, list):
        return [
            _filled(child, place, values, f"{pointer}/{index}") for index, child in enumerate(value)
        ]
    if placeholder(value) is None:
        return value
    return values.get(f"{place} {pointer}", _name(pointer))


def _answers(facts: Facts, values: Mapping[str, str]) -> dict[str, Any]:
    """Return an answer with each result code: the page's example, and refusals after its header."""
    success = _filled(facts.success.value, "response", values)
    code = success_code(facts)
    found = {}
    for each, text in texts(facts).items():
        header = success["header"] | {"result_code": each, "result_msg": text}
        found[each] = success | {"header": header} if each == code else {"header": header}
    return found


def _add_answers(
    content: dict[str, Any], name: str, answers: Mapping[str, Any], success: str
) -> None:
    schema = content["schema"]
    fitting = list(_fitting(schema, name, answers, success))
    default = content.pop(DEFAULT_ANSWER, fitting[0] if fitting else None)
    examples = content.setdefault("examples", {})
    for code in fitting:
        examples.setdefault(code, {})["value"] = answers[code]
    if default is not None:
        schema["examples"] = [answers[default]]


def _fitting(
    schema: Mapping[str, Any], name: str, answers: Mapping[str, Any], success: str
) -> Iterator[str]:
    """Yield the codes whose answers a response documents."""
    named = [schema, *schema.get("oneOf", ())]
    takes = {part for part in ("success", "refusal") if any(_is(one, name, part) for one in named)}
    for code in answers:
        if ("success" if code == success else "refusal") in takes:
            yield code


def _is(schema: Mapping[str, Any], name: str, part: str) -> bool:
    return schema.get("$ref") == reference(name, part)["$ref"]
