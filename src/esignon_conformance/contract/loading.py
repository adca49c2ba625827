"""Reads `contracts/` and `schemas/` into a `Contract`, and reports all that is wrong at once."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import jsonschema
from jsonschema.protocols import Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from .. import places
from .cross_checks import cross_check
from .expansion import expand
from .model import Case, Clause, Contract, Operation
from .yaml_document import ContractError, Document, Problem, read

_TUPLES = ("patch", "raw", "expect")


def load(root: Path | None = None, operation: str = "login", stamp: Path | None = None) -> Contract:
    """Read, check and cross-check the contract of one operation.

    `root` is the folder that holds `contracts/` and `schemas/`.  `stamp` is a file that remembers the
    fingerprint of a contract found right, so that the same one is not checked at each start.  Raises
    `ContractError`, which lists every problem with its file and line.
    """
    base = root or places.data_root()
    schemas = _read_schemas(base)
    folder = base / "contracts" / operation
    paths = [base / "contracts" / "openapi.yaml", folder / "clauses.yaml"]
    openapi, clauses_file, *case_files = _read_all(
        [*paths, *sorted((folder / "cases").glob("*.yaml"))], base
    )
    fingerprint = _fingerprint([openapi, clauses_file, *case_files], schemas)
    known = stamp is not None and stamp.is_file() and stamp.read_text("ascii") == fingerprint
    if not known:
        _refuse_violations(clauses_file, case_files, validator_for(schemas))
    request_schema = schemas[f"{operation}/request.json"]
    check = None if known else validator_for(schemas)("cases.json", "#/$defs/case")
    cases, places_of, problems = _cases(case_files, request_schema, check)
    contract = Contract(
        operation=_operation(openapi, operation, request_schema),
        edition=clauses_file.value["edition"],
        page_sha256=_page_hash(folder),
        fingerprint=fingerprint,
        clauses={entry["id"]: _clause(entry) for entry in clauses_file.value["clauses"]},
        cases=cases,
        documented_texts=_documented_texts(schemas[f"{operation}/envelope.json"]),
        schemas=schemas,
    )
    if not known:
        problems += cross_check(contract, clauses_file, places_of)
    if problems:
        raise ContractError(problems)
    if stamp is not None and not known:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(fingerprint, encoding="ascii")
    return contract


def _read_all(paths: Iterable[Path], base: Path) -> list[Document]:
    """Read files, and tell the problems of all of them at once."""
    documents: list[Document] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            documents.append(read(path, base))
        except ContractError as error:
            problems += error.problems
    if problems:
        raise ContractError(problems)
    return documents


def _refuse_violations(
    clauses_file: Document, case_files: Iterable[Document], validator: Callable[..., Validator]
) -> None:
    problems = _violations(clauses_file, validator("clauses.json"))
    for file in case_files:
        problems += _violations(file, validator("cases.json"))
    if problems:
        raise ContractError(problems)


def _cases(
    files: Iterable[Document], schema: Mapping[str, Any], check: Validator | None
) -> tuple[dict[str, Case], dict[str, tuple[Document, int]], list[Problem]]:
    """Return the cases of the files, the place of each, and what is wrong with them."""
    cases: dict[str, Case] = {}
    places_of: dict[str, tuple[Document, int]] = {}
    problems: list[Problem] = []
    for file in files:
        for index, entry in enumerate(file.value["cases"]):
            merged = {**file.value.get("defaults", {}), **entry}
            for case in _expanded(merged, schema, file, index, problems):
                errors = check.iter_errors(case) if check is not None else ()
                found = [f"case {case['id']}: {error.message}" for error in errors]
                if case["id"] in cases:
                    found.append(f"the case id {case['id']} stands twice")
                problems += [file.problem(message, ("cases", index)) for message in found]
                if not found:
                    cases[case["id"]] = _case(case)
                    places_of[case["id"]] = (file, index)
    return cases, places_of, problems


def validator_for(schemas: Mapping[str, Any]) -> Callable[..., Validator]:
    """Return a function that builds a validator for a schema file, or for a place in it.

    References between the files, relative to `schemas/`, are resolved without the network.
    """
    registry: Registry[Any] = Registry().with_resources(
        (name, Resource.from_contents(value, default_specification=DRAFT202012))
        for name, value in schemas.items()
    )

    def build(name: str, fragment: str = "") -> Validator:
        return jsonschema.Draft202012Validator({"$ref": f"{name}{fragment}"}, registry=registry)

    return build


def _expanded(
    entry: Mapping[str, Any],
    schema: Mapping[str, Any],
    file: Document,
    index: int,
    problems: list[Problem],
) -> Iterable[dict[str, Any]]:
    try:
        return list(expand(entry, schema))
    except KeyError as error:
        message = f"case {entry['id']}: clause names no clause for the member {error}"
        problems.append(file.problem(message, ("cases", index)))
        return []


def _read_schemas(base: Path) -> dict[str, Any]:
    folder = base / "schemas"
    schemas: dict[str, Any] = {}
    for path in sorted(folder.rglob("*.json")):
        name = path.relative_to(folder).as_posix()
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            line = getattr(error, "lineno", 1)
            raise ContractError([Problem(f"schemas/{name}", line, str(error))]) from error
        value.pop("$id", None)
        schemas[name] = value
    return schemas


def _violations(file: Document, validator: Validator) -> list[Problem]:
    errors = sorted(validator.iter_errors(file.value), key=lambda error: list(map(str, error.path)))
    return [file.problem(error.message[:300], tuple(error.absolute_path)) for error in errors]


def _clause(entry: Mapping[str, Any]) -> Clause:
    return Clause(
        id=entry["id"],
        level=entry["level"],
        basis=entry["basis"],
        place=entry["place"],
        title=entry["title"],
        rationale=entry["rationale"],
        check=entry["check"],
        parameters=entry.get("with", {}),
        depends_on=tuple(entry.get("depends_on", ())),
        sees=tuple(entry.get("sees", ())),
        reference=entry.get("reference", ""),
    )


def _case(entry: Mapping[str, Any]) -> Case:
    values: dict[str, Any] = {
        key: tuple(value) if key in _TUPLES else value for key, value in entry.items()
    }
    values["tags"] = frozenset(entry.get("tags", ()))
    return Case(**values)


def _operation(openapi: Document, operation: str, schema: Mapping[str, Any]) -> Operation:
    value = openapi.value if isinstance(openapi.value, dict) else {}
    paths = value.get("paths")
    for path, item in paths.items() if isinstance(paths, dict) else ():
        for method, described in item.items() if isinstance(item, dict) else ():
            if isinstance(described, dict) and described.get("operationId") == operation:
                try:
                    ((media_type, body),) = described["requestBody"]["content"].items()
                    example = next(iter(body["examples"].values()))["value"]
                except (AttributeError, LookupError, TypeError, ValueError, StopIteration):
                    message = f"the operation {operation} has no request body with an example"
                    at = ("paths", path, method)
                    raise ContractError([openapi.problem(message, at)]) from None
                docs = described.get("externalDocs")
                page = str(docs.get("url", "")) if isinstance(docs, dict) else ""
                return Operation(operation, method.upper(), path, media_type, schema, example, page)
    raise ContractError([openapi.problem(f"no operation has the operationId {operation}")])


def _documented_texts(envelope: Mapping[str, Any]) -> dict[str, str]:
    codes = envelope["properties"]["header"]["properties"]["result_code"]["oneOf"]
    return {branch["const"]: branch["title"] for branch in codes}


def _page_hash(folder: Path) -> str:
    path = folder / "page.sha256"
    try:
        return path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        shown = f"contracts/{folder.name}/{path.name}"
        raise ContractError([Problem(shown, 1, f"cannot be read: {error}")]) from error


def _fingerprint(files: Iterable[Document], schemas: Mapping[str, Any]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.text.encode())
    digest.update(json.dumps(schemas, sort_keys=True).encode())
    return digest.hexdigest()
