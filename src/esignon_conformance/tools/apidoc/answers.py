"""Examples for the OpenAPI document: the page's own, with a made-up value for each placeholder."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ...contract.bindings import plain_place
from ...contract.facts import Facts, Parameter, members, needed_members, placeholder
from .generated_schemas import reference
from .generation import places_of
from .outcomes import outcomes_of, success_code, texts
from .parameter_types import known_type

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
# A place left open that names the values which may stand there: {START or END}.
_ONE_OF = re.compile(r"([!-+\--~]+)\s*(?:(?:or|또는|または|\||/|,)\s*[!-+\--~]+\s*)+(?:\(.*\))?")


def add_examples(document: dict[str, Any], operations: Mapping[str, Facts]) -> None:
    """Add the examples of each operation to a document: of its parameters, its request, its answers.

    An operation's `x-made-up` gives the value at a place; places that share a placeholder share it.
    """
    for name, place in places_of(operations).items():
        facts = operations[name]
        item = document[place.among][place.key]
        operation = item[facts.method.lower()]
        values = _values(facts, operation.pop(MADE_UP, {}))
        for parameter in (*item.get("parameters", ()), *operation.get("parameters", ())):
            at = f"{parameter['in']} {parameter['name']}"
            parameter.setdefault("example", values.get(at, _name(at)))
        for content in operation.get("requestBody", {}).get("content", {}).values():
            types = _types(facts.of("body"))
            value = _filled(_whole_request(facts), "request", values, types)
            example = content.setdefault("examples", {}).setdefault("documented", {})
            example["value"] = value
        answers = _answers(facts, values)
        for response in operation["responses"].values():
            for content in response.get("content", {}).values():
                _add_answers(content, name, answers, success_code(facts))


def _types(parameters: Iterable[Parameter]) -> dict[str, str]:
    """Return the types that a table says of members, by their pointers with 0 for every index."""
    return {one.pointer: known_type(one.type) or "" for one in parameters}


def _whole_request(facts: Facts) -> Any:
    """Return the example of a request with the members that it lacks and needs, made up by type."""
    whole = copy.deepcopy(facts.request_example) if facts.request_example is not None else {}
    types = _types(facts.of("body"))
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
    values = {**_listed_values(facts), **given}
    for group in facts.bindings:
        places = [plain_place(place) for place in group]
        value = next((values[place] for place in places if place in values), "")
        value = value or _one_of(facts, group) or _name(places[0])
        values |= dict.fromkeys(places, value)
    return values


def _listed_values(facts: Facts) -> dict[str, str]:
    """Return the first of the values that the page lists for a member, by its place."""
    found: dict[str, str] = {}
    for one in facts.values:
        steps = [step for step in re.split(r"[.\[\]]+", one.name.casefold()) if step]
        for example in facts.examples:
            for pointer, value in members(example.value):
                path = [step for step in pointer.casefold().split("/") if not step.isdigit()]
                if path[-len(steps) :] == steps and placeholder(value) is not None:
                    found.setdefault(f"{example.of} {pointer}", one.value)
    # A query whose value the URL has already.
    in_url = (one for one in facts.of("query") if not one.type and one.description)
    return found | {one.place: one.description for one in in_url}


def _one_of(facts: Facts, group: Iterable[str]) -> str:
    """Return the first of the values that the words of a shared place name, empty where they name none."""
    values = {
        f"{example.name} {pointer}": value
        for example in facts.examples
        for pointer, value in members(example.value)
    }
    return next((found for at in group if (found := _named_value(values.get(at)))), "")


def _named_value(value: object) -> str:
    match = _ONE_OF.fullmatch(placeholder(value) or "")
    return match[1] if match else ""


def _name(place: str) -> str:
    return f"made-up-{place.replace('/', ' ').strip('${}<>').split()[-1]}"


def _filled(
    value: Any,
    of: str,
    values: Mapping[str, str],
    types: Mapping[str, str] | None = None,
    pointer: str = "",
) -> Any:
    """Return a value with something made up, of the type that the page says, for each place left open."""
    if isinstance(value, dict):
        return {
            (_name(name) if placeholder(name) else name): _filled(
                child, of, values, types, f"{pointer}/{name}"
            )
            for name, child in value.items()
        }
    if isinstance(value, list):
        return [
            _filled(child, of, values, types, f"{pointer}/{index}")
            for index, child in enumerate(value)
        ]
    if placeholder(value) is None:
        return value
    said = (types or {}).get(re.sub(r"/\d+", "/0", pointer), "")
    if said in _BY_TYPE:
        return copy.deepcopy(_BY_TYPE[said])
    return values.get(f"{of} {pointer}") or _named_value(value) or _name(pointer)


def _answers(facts: Facts, values: Mapping[str, str]) -> dict[str, Any]:
    """Return an answer with each result code: the page's example, and refusals after its header."""
    if not facts.has_response:
        return {}
    types = _types(facts.of("response"))
    success = _filled(facts.success.value, "response", values, types)
    code = success_code(facts)
    if outcomes_of(facts) == "status":
        return {code: success}
    found = {}
    for each, text in texts(facts).items():
        header = success["header"] | {"result_code": each}
        header |= {"result_msg": text} if "result_msg" in header else {}
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
        examples.setdefault(code or "documented", {})["value"] = answers[code]
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
