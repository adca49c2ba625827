"""`each:` cases: one entry that stands for many, multiplied from the request's JSON Schema."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

JSON_TYPES: tuple[str, ...] = ("null", "boolean", "number", "string", "array", "object")


@dataclass(frozen=True)
class Member:
    """A required member of the request: its name, its JSON pointer and its JSON type."""

    name: str
    pointer: str
    type: str


def required_members(schema: Mapping[str, Any], pointer: str = "") -> Iterator[Member]:
    """Yield every required member of an object schema, parents before children."""
    for name in schema.get("required", ()):
        child = schema.get("properties", {}).get(name, {})
        yield Member(name, f"{pointer}/{name}", child.get("type", "string"))
        yield from required_members(child, f"{pointer}/{name}")


def expand(entry: Mapping[str, Any], schema: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the cases that an entry with `each:` stands for, or the entry itself without one.

    `{member}` and `{type}` are filled in in the id and the titles only: payloads are never templates.
    A missing member gives one case a member, `types: wrong` one a member and JSON type that is not
    its own. `clause` maps the member's name to the clause that judges it, `builds_on` and `told_with` some
    names to the case that theirs build on or are told with, `essential` some to the JSON type whose case is
    essential.
    """
    if "each" not in entry:
        yield dict(entry)
        return
    members = list(required_members(schema))
    names = Counter(member.name for member in members)
    for member in members:
        # Two members of one name are told apart by where they stand.
        label = member.name if names[member.name] == 1 else member.pointer
        if entry["each"].get("types") == "wrong":
            for kind in JSON_TYPES:
                # A whole number is a number, so another number is not of another type.
                if kind != ("number" if member.type == "integer" else member.type):
                    yield _filled(entry, member, label, kind, _wrong_type(member, kind))
        else:
            yield _filled(entry, member, label, "", {"op": "remove", "path": member.pointer})


def _wrong_type(member: Member, kind: str) -> dict[str, Any]:
    """Return the operation that gives `member` another type, around the right value where it can."""
    replace = {"op": "replace", "path": member.pointer}
    secrets = {"memb_email": "email", "memb_pwd": "password"}
    if kind in ("array", "object") and member.name in secrets:
        recipe = {"account": "main", "field": secrets[member.name], "as": f"in-{kind}"}
        return {**replace, "secret": recipe}
    plain = {"null": None, "boolean": True, "number": 1}
    if kind in plain:
        return {**replace, "value": plain[kind]}
    return {**replace, "wrap": kind}


def _kebab(name: str) -> str:
    """Return a name of a member as a part of an id: ``memb_pwd`` and ``membPwd`` give ``memb-pwd``."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", name)
    return re.sub(r"[^a-z0-9]+", "-", parted.lower()).strip("-") or "member"


def _filled(
    entry: Mapping[str, Any], member: Member, label: str, kind: str, operation: Mapping[str, Any]
) -> dict[str, Any]:
    def fill(text: str, name: str) -> str:
        return text.replace("{member}", name).replace("{type}", kind)

    case = {key: value for key, value in entry.items() if key != "each"}
    case["id"] = fill(entry["id"], _kebab(label))
    case["title"] = {code: fill(text, label.strip("/")) for code, text in entry["title"].items()}
    case["clause"] = entry["clause"][member.name]
    for relation in ("builds_on", "told_with"):
        if member.name in case.pop(relation, {}):
            case[relation] = entry[relation][member.name]
    if case.pop("essential", {}).get(member.name) == kind:
        case["essential"] = True
    case["patch"] = [dict(operation)]
    return case
