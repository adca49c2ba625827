"""Holds the parts of a page against each other: where its members belong, and what it leaves open.

A table may name a member without the part of the body that it is in, a path parameter otherwise than the
URL, a type with a slip.  What only one reading fits is taken; what is not certain is noted as a doubt.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from ...contract.bindings import bindings_of
from ...contract.facts import (
    Example,
    Facts,
    Location,
    Parameter,
    members,
)
from .columns import HEADER_FIELDS
from .gathered import Gathered, Listed
from .headings import language_of
from .operation_line import query_of, variables_of
from .parameter_types import is_misspelt, known_type
from .placing_doubts import doubt_codes, doubt_members, doubt_path, has_code, header_of

_STEP = re.compile(r"[^.\[\]]+")
_PARTS = ("header", "body")
_WEBHOOK_METHOD = "POST"


def placed(page: Gathered, data: bytes, *, is_webhook: bool) -> Facts:
    """Return the facts of an operation, its parts held against each other."""
    examples = _sorted(page, is_webhook)
    if is_webhook:
        page.doubt("no-address", 1)
        if page.unplaced:
            # They are of the request that the message was ordered in, on another page.
            page.doubt("unplaced", page.unplaced[0].line, page.unplaced[0].name)
            page.unplaced.clear()
        page.method, page.url, page.line = _WEBHOOK_METHOD, "/", 1
    parameters = _placed(page, examples)
    doubt_path(page, parameters)
    doubt_members(page, parameters, examples)
    doubt_codes(page, examples, is_webhook)
    return Facts(
        method=page.method,
        url=page.url,
        line=page.line,
        parameters=tuple(parameters),
        examples=tuple(examples),
        codes=tuple(page.codes),
        language=language_of([page.title, *page.headings]),
        sha256=hashlib.sha256(data).hexdigest(),
        bindings=bindings_of(parameters, examples),
        title=page.title,
        tables=dict(page.tables),
        statuses=tuple(page.statuses),
        values=tuple(page.values),
        doubts=tuple(sorted(page.doubts, key=lambda one: one.line)),
        is_webhook=is_webhook,
    )


# ---- examples ----------------------------------------------------------------------------------------


def _sorted(page: Gathered, is_webhook: bool) -> list[Example]:
    """Return the examples, those of other messages than the operation's own told apart.

    Where one answer has a result code, a message without one is another: one that the API sends.
    """
    if is_webhook:
        return [replace(one, of="request", status=None) for one in page.examples]
    examples = list(page.examples)
    responses = [one for one in examples if one.of == "response"]
    # Failures alone may have one, beside a success that is not wrapped: each has its HTTP status.
    if any(has_code(one) and (one.status is None or one.status < 400) for one in responses):
        examples = [
            replace(one, of="other") if one.of == "response" and not has_code(one) else one
            for one in examples
        ]
    responses = [one for one in examples if one.of == "response"]
    for name, part in page.parts:
        where = _place_of_part(name, responses[:1])
        if where is not None:
            page.doubt("part-of", part.line, where)
            examples[examples.index(responses[0])] = _with_part(responses[0], where, part)
            responses = [one for one in examples if one.of == "response"]
    first = next((one for one in responses if has_code(one)), None)
    for one in responses:
        if first is not None and one is not first and _differs(first, one):
            page.doubt("another-success", one.line)
    return examples


def _differs(one: Example, other: Example) -> bool:
    """Tell whether two answers with one result code have other members in their bodies."""
    codes = {str(header_of(each).get("result_code")) for each in (one, other)}
    bodies = [each.value.get("body") for each in (one, other)]
    return len(codes) == 1 and set(bodies[0] or ()) != set(bodies[1] or ())


def _place_of_part(name: str, responses: Iterable[Example]) -> str | None:
    """Return the pointer of the untyped item of a response that a heading gives an example of."""
    words = set(re.findall(r"\w+", name))
    for example in responses:
        for pointer in example.untyped:
            parent = pointer.rpartition("/")[0]
            if pointer.rpartition("/")[2].isdigit() and parent.rpartition("/")[2] in words:
                return pointer
    return None


def _with_part(example: Example, pointer: str, part: Example) -> Example:
    """Return an example with the example of a part in its place."""
    *steps, last = pointer.split("/")[1:]

    def put(value: Any, rest: list[str]) -> Any:
        if isinstance(value, dict):
            step, *more = rest
            return {**value, step: put(value[step], more)}
        return [part.value if str(index) == last else one for index, one in enumerate(value)]

    lines = {f"{pointer}{at}": line for at, line in part.lines.items()}
    return replace(
        example,
        value=put(example.value, steps),
        lines={**example.lines, **lines},
        untyped=tuple(one for one in example.untyped if one != pointer)
        + tuple(f"{pointer}{one}" for one in part.untyped),
    )


# ---- parameters --------------------------------------------------------------------------------------


def _placed(page: Gathered, examples: list[Example]) -> list[Parameter]:
    """Return the parameters where they belong."""
    variables, query = variables_of(page.url), query_of(page.url)
    found: list[Parameter] = []
    for listed in page.listed:
        one = listed.parameter
        if one.location == "path" and one.name not in variables and one.name in query:
            page.doubt("query-called-path", one.line, one.name)
            one = replace(one, location="query")
        elif one.location in ("body", "response"):
            one = _member(page, listed, examples)
        found.append(one)
    found += _told_by_name(page, variables, query, examples)
    for name, value in query.items():
        if name not in {one.name for one in found if one.location == "query"}:
            page.doubt("query-not-listed", page.line, name)
            found.append(Parameter("query", name, "", page.line, value))
    found = _once(page, found)
    for one in found:
        if known_type(one.type) is None:
            page.doubt("type-unknown", one.line, one.type)
        elif is_misspelt(one.type):
            page.doubt("type-misspelt", one.line, one.type)
    return found


def _once(page: Gathered, listed: Iterable[Parameter]) -> list[Parameter]:
    """Return each parameter once: a page may list it twice, in a table and in its OpenAPI document."""
    found: dict[str, Parameter] = {}
    for one in listed:
        first = found.setdefault(one.place, one)
        if first is one:
            continue
        types = {known_type(each.type) for each in (first, one)} - {""}
        said = {each.required for each in (first, one)} - {None}
        if len(types) > 1 or len(said) > 1:
            page.doubt("parameter-twice", one.line, one.name)
        found[one.place] = replace(
            first,
            type=first.type or one.type,
            required=one.required if first.required is None else first.required,
            description=first.description or one.description,
        )
    return list(found.values())


def _told_by_name(
    page: Gathered, variables: Iterable[str], query: Iterable[str], examples: list[Example]
) -> Iterator[Parameter]:
    """Yield the rows of tables that do not say where they belong, where the URL or the example does."""
    locations: tuple[tuple[Location, frozenset[str]], ...] = (
        ("path", frozenset(variables)),
        ("query", frozenset(query)),
    )
    for one in page.unplaced:
        location = next((name for name, names in locations if one.name in names), None)
        if location is None and one.name.lower() in HEADER_FIELDS:
            location = "header"
        if location is not None:
            yield replace(one, location=location)
            continue
        member = _member(page, Listed(one), examples, is_certain=False)
        if member.pointer in _pointers(examples, "request"):
            page.doubt("placed-by-example", one.line, one.name)
            yield member
        else:
            page.doubt("unplaced", one.line, one.name)


def _pointers(examples: Iterable[Example], of: str) -> set[str]:
    return {at for one in examples if one.of == of for at, _ in members(one.value)}


def _member(
    page: Gathered, listed: Listed, examples: list[Example], *, is_certain: bool = True
) -> Parameter:
    """Return a member of a body under the name of its place, as the examples show it."""
    one = listed.parameter
    of = "request" if one.location == "body" else "response"
    steps = _STEP.findall(one.name)
    shown = [example for example in examples if example.of == of]
    prefixed = [listed.part, *steps] if listed.part else steps
    named = [prefixed, *([steps] if listed.part and steps and steps[0] in _PARTS else [])]
    for path in named:
        for example in shown:
            if (name := _walked(example.value, path)) is not None:
                return replace(one, name=name)
    if not listed.part:
        # A table of the members of the body alone, which the example has inside "body".
        for part in _PARTS[::-1]:
            for example in shown:
                inner = example.value.get(part) if isinstance(example.value, dict) else None
                if isinstance(inner, dict) and (name := _walked(inner, steps)) is not None:
                    if is_certain:
                        page.doubt("placed-by-example", one.line, one.name)
                    return replace(one, name=f"{part}.{name}")
    return replace(one, name=one.name if not listed.part else f"{listed.part}.{one.name}")


def _walked(value: Any, steps: list[str]) -> str | None:
    """Return the name of a member with ``[]`` after what is an array, None where it is not there."""
    name = ""
    for step in steps:
        if isinstance(value, list):
            value = next((one for one in value if isinstance(one, dict) and step in one), None)
            name += "[]"
        if not isinstance(value, dict) or step not in value:
            return None
        value = value[step]
        name = f"{name}.{step}" if name else step
    return name
