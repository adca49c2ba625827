"""Which keywords of the request's JSON Schema a body violates and which it satisfies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

_TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}
_SAYS_NOTHING = frozenset({"$schema", "$comment", "$id", "title", "description", "examples"})


@dataclass(frozen=True)
class Applied:
    """A keyword of the schema that a body was held against, and whether it is satisfied.

    `place` is the JSON pointer of what the keyword speaks of; of `required` it is the member.
    """

    place: str
    keyword: str
    satisfied: bool

    @property
    def name(self) -> str:
        """Return the place and the keyword, such as ``/body/memb_pwd type``."""
        return f"{self.place or '/'} {self.keyword}"


def applied(schema: Mapping[str, Any], value: Any, place: str = "") -> Iterator[Applied]:
    """Yield every keyword that speaks of a value, outer ones first."""
    for keyword, wanted in schema.items():
        if keyword == "properties":
            for name, child in wanted.items():
                if isinstance(value, dict) and name in value:
                    yield from applied(child, value[name], f"{place}/{name}")
        elif keyword == "required":
            if isinstance(value, dict):
                for name in wanted:
                    yield Applied(f"{place}/{name}", keyword, name in value)
        elif keyword not in _SAYS_NOTHING:
            yield Applied(place, keyword, _holds(keyword, wanted, value))


def all_keywords(schema: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """Yield the name of every keyword of a schema, as `Applied.name` has it."""
    for keyword, wanted in schema.items():
        if keyword == "properties":
            for name, child in wanted.items():
                yield from all_keywords(child, f"{place}/{name}")
        elif keyword == "required":
            yield from (Applied(f"{place}/{name}", keyword, True).name for name in wanted)
        elif keyword not in _SAYS_NOTHING:
            yield Applied(place, keyword, True).name


def fixed_members(schema: Mapping[str, Any], place: str = "") -> Iterator[str]:
    """Yield the pointers of the members that the schema gives one value only."""
    if "const" in schema:
        yield place
    for name, child in schema.get("properties", {}).items():
        yield from fixed_members(child, f"{place}/{name}")


def undocumented(
    schema: Mapping[str, Any], value: Any, place: str = ""
) -> Iterator[tuple[str, str, Any]]:
    """Yield the pointer of the object, the name and the value of each member no schema names."""
    known = schema.get("properties", {})
    if not isinstance(value, dict) or not known:
        return
    for name, child in value.items():
        if name in known:
            yield from undocumented(known[name], child, f"{place}/{name}")
        else:
            yield place, name, child


def _holds(keyword: str, wanted: Any, value: Any) -> bool:
    # By hand what the schema has today: jsonschema takes 20 times as long, and a run has hundreds.
    if keyword == "type" and isinstance(wanted, str) and wanted in _TYPES:
        is_boolean = isinstance(value, bool)
        return isinstance(value, _TYPES[wanted]) and (not is_boolean or wanted == "boolean")
    if keyword == "const" and isinstance(wanted, str):
        return bool(value == wanted)
    return _validator(keyword, repr(wanted), _Wanted(wanted)).is_valid(value)


class _Wanted:
    """The value of a keyword, kept out of what a validator is remembered by."""

    def __init__(self, value: Any) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Wanted)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=64)
def _validator(keyword: str, _text: str, wanted: _Wanted) -> Validator:
    import jsonschema  # noqa: PLC0415 - seldom needed

    return jsonschema.Draft202012Validator({keyword: wanted.value})
