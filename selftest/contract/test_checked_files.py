"""A fast validator passes what is right; of anything else the reference validator says what is wrong."""

from __future__ import annotations

from typing import Any

from esignon_conformance import resources
from esignon_conformance.contract.checked_files import Checker
from esignon_conformance.contract.loading import read_schemas
from esignon_conformance.contract.yaml_document import Document

SCHEMAS: dict[str, Any] = {
    "file.json": {"type": "object", "required": ["a"]},
    "other.json": {"type": "object", "required": ["b"]},
}


def test_a_file_is_checked_by_each_schema_and_told_under_its_own_name() -> None:
    checker = Checker(SCHEMAS)
    files = [Document(name, "a: 1\n", {"a": 1}) for name in ("one.yaml", "two.yaml")]
    for file in files:
        assert checker.violations(file, "file.json") == []
        assert [one.file for one in checker.violations(file, "other.json")] == [file.file]


def test_a_case_that_is_wrong_is_told_however_often_it_comes() -> None:
    checker = Checker(read_schemas(resources.data_root()))
    right = {"id": "a-case", "title": {"en": "A case"}, "clause": "REQ-1", "burst": {"requests": 3}}
    first = checker.errors_of_case(right | {"builds_on": 1})
    assert first
    assert checker.errors_of_case(right | {"builds_on": 1}) == first


def test_values_that_python_takes_for_equal_are_two_cases() -> None:
    checker = Checker(
        {"cases.json": {"$defs": {"case": {"properties": {"a": {"type": "integer"}}}}}}
    )
    assert checker.errors_of_case({"a": 1}) == []
    assert checker.errors_of_case({"a": True}) != []


def test_what_the_fast_validator_refuses_is_wrong_only_if_the_reference_says_so() -> None:
    # A digit of another script is one to Python, and none to the fast validator.
    checker = Checker({"file.json": {"type": "string", "pattern": "^\\d$"}})
    assert checker.violations(Document("one.yaml", "x", "\u0663"), "file.json") == []
    assert checker.violations(Document("one.yaml", "x", "3"), "file.json") == []
    assert checker.violations(Document("one.yaml", "x", "x"), "file.json")


def test_a_number_beyond_all_bounds_is_left_to_the_reference() -> None:
    checker = Checker({"file.json": {"type": "number"}})
    for value in (10**400, float("inf")):
        assert checker.violations(Document("one.yaml", "x", value), "file.json") == []


def test_schemas_of_a_folder_refer_to_each_other() -> None:
    checker = Checker(
        {"a/one.json": {"$ref": "two.json#/$defs/x"}, "a/two.json": {"$defs": {"x": {"const": 1}}}}
    )
    assert checker.violations(Document("one.yaml", "x", 1), "a/one.json") == []
    assert checker.violations(Document("one.yaml", "x", 2), "a/one.json")
