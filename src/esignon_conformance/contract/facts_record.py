"""Facts as YAML: printed for a reader with all that the page says, recorded without its prose."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from .facts import Doubt, Example, Facts, MemberValue, Parameter, ResultCode, stated_value

_WIDTH = 110
_HEADER = """\
# The facts of the page, with their lines: recorded by `esignon-conformance derive --record`, never by hand.
# Its prose stands nowhere here. `make contract` makes openapi.yaml and the schemas of this.
"""


class _Flow(dict[str, Any]):
    """A mapping that is written on one line."""


class _Dumper(yaml.CSafeDumper):
    """PyYAML's fast safe dumper, without aliases, which nobody reads."""

    def ignore_aliases(self, data: object) -> bool:
        """Write everything out."""
        return True


_Dumper.add_representer(
    _Flow,
    lambda dumper, data: dumper.represent_mapping(
        "tag:yaml.org,2002:map", data.items(), flow_style=True
    ),
)


def to_yaml(value: Any) -> str:
    """Return plain data as YAML, members in their order and text as it is."""
    return yaml.dump(value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH)


def noted_yaml(value: Any, known: dict[str, Any], head: str = "") -> str:
    """Return plain data as YAML behind a comment, and note what that text says."""
    text = head + to_yaml(value)
    # Tuples and mappings of a kind of their own are written as plain ones.
    known[text] = json.loads(json.dumps(value))
    return text


def recorded(facts: Facts, known: dict[str, Any] | None = None) -> str:
    """Return the text of `facts.yaml`: the facts of a page without its prose."""
    return noted_yaml(as_data(facts, prose=False), {} if known is None else known, _HEADER)


def as_data(facts: Facts, *, prose: bool) -> dict[str, Any]:
    """Return facts as plain data; without `prose`, descriptions only where they are facts."""
    page = {"edition": facts.edition, "sha256": facts.sha256, "language": facts.language}
    return {
        "page": _present(page),
        "operation": {"method": facts.method, "url": facts.url, "line": facts.line}
        | ({"is_webhook": True} if facts.is_webhook else {})
        | ({"title": facts.title} if prose and facts.title else {}),
        "parameters": [_parameter(facts, one, prose) for one in facts.parameters],
        "examples": [_example(one) for one in facts.examples],
        "codes": [_code(one) for one in facts.codes],
        "bindings": [list(group) for group in facts.bindings],
        "tables": _Flow(facts.tables),
    } | _listed(facts)


def _listed(facts: Facts) -> dict[str, Any]:
    """Return what most pages have nothing of."""
    lists: dict[str, list[Any]] = {
        "statuses": [_code(one) for one in facts.statuses],
        "values": [
            _Flow({"name": one.name, "value": one.value, "line": one.line}) for one in facts.values
        ],
        "doubts": [
            _Flow({"kind": one.kind, "line": one.line} | _present({"about": one.about}))
            for one in facts.doubts
        ],
    }
    return {name: rows for name, rows in lists.items() if rows}


def _code(one: ResultCode) -> _Flow:
    kind = _present({"kind": one.kind})
    return _Flow({"code": one.code} | kind | {"text": one.text, "line": one.line})


def _present(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value not in ("", None)}


def _parameter(facts: Facts, parameter: Parameter, prose: bool) -> _Flow:
    description = parameter.description if prose else stated_value(facts, parameter)
    return _Flow(
        {"in": parameter.location, "name": parameter.name, "type": parameter.type}
        | _present({"description": description, "required": parameter.required})
        | {"line": parameter.line}
    )


def _example(example: Example) -> dict[str, Any]:
    row: dict[str, Any] = {"of": example.of} | _present({"status": example.status})
    row |= {"line": example.line, "status_line": example.status_line, "value": example.value}
    row |= {"lines": _Flow(example.lines)}
    return row | ({"untyped": list(example.untyped)} if example.untyped else {})


def from_data(data: Mapping[str, Any]) -> Facts:
    """Return the facts that plain data holds, which `schemas/facts.json` describes."""
    page, operation = data["page"], data["operation"]
    return Facts(
        method=operation["method"],
        url=operation["url"],
        line=operation["line"],
        parameters=tuple(
            Parameter(
                one["in"],
                one["name"],
                one["type"],
                one["line"],
                one.get("description", ""),
                one.get("required"),
            )
            for one in data["parameters"]
        ),
        examples=tuple(
            Example(
                one["of"],
                one["value"],
                one["line"],
                one.get("status"),
                one["status_line"],
                one["lines"],
                tuple(one.get("untyped", ())),
            )
            for one in data["examples"]
        ),
        codes=_codes(data["codes"]),
        language=page["language"],
        sha256=page["sha256"],
        bindings=tuple(tuple(group) for group in data["bindings"]),
        edition=page.get("edition", ""),
        title=operation.get("title", ""),
        tables=data["tables"],
        statuses=_codes(data.get("statuses", ())),
        values=tuple(
            MemberValue(one["name"], one["value"], one["line"]) for one in data.get("values", ())
        ),
        doubts=tuple(
            Doubt(one["kind"], one["line"], one.get("about", "")) for one in data.get("doubts", ())
        ),
        is_webhook=operation.get("is_webhook", False),
    )


def _codes(rows: Iterable[Mapping[str, Any]]) -> tuple[ResultCode, ...]:
    return tuple(
        ResultCode(one["code"], one.get("kind", ""), one["text"], one["line"]) for one in rows
    )
