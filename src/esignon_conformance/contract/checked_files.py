"""Whether data files are as their schemas say.

What is right is told by a fast validator alone; of what that one refuses, the reference validator says
what is wrong, with its words and places.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .checked_note import text_of
from .schema_validation import is_valid_for, validator_for
from .yaml_document import Document, Problem

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

_CASE = "#/$defs/case"


def violations(file: Document, validator: Validator) -> list[Problem]:
    """Return where a file is not as a schema says."""
    errors = sorted(validator.iter_errors(file.value), key=lambda error: list(map(str, error.path)))
    return [file.problem(error.message[:300], tuple(error.absolute_path)) for error in errors]


class Checker:
    """The schemas of one folder, compiled once."""

    def __init__(self, schemas: dict[str, Any]) -> None:
        self.schemas = schemas

    @cached_property
    def text(self) -> bytes:
        """Return the schemas as the text that is part of a contract's fingerprint."""
        return text_of(self.schemas)

    @cached_property
    def _is_valid(self) -> Callable[[str, Any], bool]:
        return is_valid_for(self.schemas)

    @cached_property
    def _validator(self) -> Callable[..., Validator]:
        return validator_for(self.schemas)

    def violations(self, file: Document, schema: str) -> list[Problem]:
        """Return where a file is not as a schema says."""
        if self._is_valid(schema, file.value):
            return []
        return violations(file, self._validator(schema))

    def errors_of_case(self, case: Mapping[str, Any]) -> list[str]:
        """Return what is wrong with a case after its defaults and members are filled in."""
        if self._is_valid(f"cases.json{_CASE}", case):
            return []
        validator = self._validator("cases.json", _CASE)
        return [error.message for error in validator.iter_errors(case)]
