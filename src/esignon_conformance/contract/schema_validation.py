"""JSON Schema validation by the schemas of a contract.

The library is loaded with the first validator: a run sends requests before it needs one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


def is_valid_for(schemas: Mapping[str, Any]) -> Callable[[str, Any], bool]:
    """Return a function that tells whether a value is as a schema file, or a place in it, says.

    It is a hundred times as fast as a validator, and takes no pattern less strictly; it does not say what
    is wrong.
    """
    import jsonschema_rs  # noqa: PLC0415 - see the docstring of the module

    base = "suite:///"
    registry = jsonschema_rs.Registry([(f"{base}{name}", value) for name, value in schemas.items()])
    built: dict[str, jsonschema_rs.Draft202012Validator] = {}

    def is_valid(place: str, value: Any) -> bool:
        try:
            if place not in built:
                reference = {"$ref": f"{base}{place}"}
                built[place] = jsonschema_rs.Draft202012Validator(reference, registry=registry)
            return built[place].is_valid(value)
        except (TypeError, ValueError, jsonschema_rs.ReferencingError):
            # No JSON, a number beyond what it can hold, a schema that is none: the validator says so.
            return False

    return is_valid


def validator_for(schemas: Mapping[str, Any]) -> Callable[..., Validator]:
    """Return a function that builds a validator for a schema file, or for a place in it.

    References between the files, relative to `schemas/`, are resolved without the network.
    """
    import jsonschema  # noqa: PLC0415 - see the docstring of the module
    from referencing import Registry, Resource  # noqa: PLC0415 - as above
    from referencing.jsonschema import DRAFT202012  # noqa: PLC0415 - as above

    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(value, default_specification=DRAFT202012))
        for name, value in schemas.items()
    )

    def build(name: str, fragment: str = "") -> Validator:
        return jsonschema.Draft202012Validator({"$ref": f"{name}{fragment}"}, registry=registry)

    return build
