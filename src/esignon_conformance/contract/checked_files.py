"""Whether data files are as their schemas say; where many are alike, each is looked at once.

The contracts of a whole site share most of their cases, and JSON Schema is what takes most of the time
in which they are checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .schema_validation import validator_for
from .yaml_document import Document, Problem

if TYPE_CHECKING:
    from jsonschema.protocols import Validator


def violations(file: Document, validator: Validator) -> list[Problem]:
    """Return where a file is not as a schema says."""
    errors = sorted(validator.iter_errors(file.value), key=lambda error: list(map(str, error.path)))
    return [file.problem(error.message[:300], tuple(error.absolute_path)) for error in errors]


class Checker:
    """The schemas of one folder, and what was found to be as they say."""

    def __init__(self, schemas: dict[str, Any]) -> None:
        self.schemas = schemas
        self._right: set[tuple[str, str]] = set()

    @cached_property
    def _validator(self) -> Callable[..., Validator]:
        return validator_for(self.schemas)

    def violations(self, file: Document, schema: str) -> list[Problem]:
        """Return where a file is not as a schema says."""
        key = (schema, file.text)
        if key in self._right:
            return []
        found = violations(file, self._validator(schema))
        if not found:
            self._right.add(key)
        return found

    def errors_of_case(self, case: Mapping[str, Any]) -> list[str]:
        """Return what is wrong with a case after its defaults and members are filled in."""
        # The representation tells 1, 1.0 and True apart, which are equal to Python, not to a schema.
        key = ("a case", repr(case))
        if key in self._right:
            return []
        found = [error.message for error in self._case_validator.iter_errors(case)]
        if not found:
            self._right.add(key)
        return found

    @cached_property
    def _case_validator(self) -> Validator:
        return self._validator("cases.json", "#/$defs/case")
