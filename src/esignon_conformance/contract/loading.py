"""Reads `contracts/` and `schemas/` into a `Contract`, and reports all that is wrong at once."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from .. import resources
from ..files import write_text
from ..i18n.message import say
from .checked_files import Checker
from .checked_note import CHECKED, fingerprint_of, is_noted, note
from .described_operation import operation_of
from .expansion import expand
from .model import ANY_SUCCESS, Case, Clause, Codes, Contract, Impact, Operation
from .sending_order import read_order
from .yaml_document import ContractError, Document, Problem, read

_TUPLES = ("patch", "raw", "expect", "http_answers", "breaks_too", "shares")

# What is wrong with how the parts of a contract fit together: of the contract, the files of its clauses
# and of its facts, and where each case stands.
CrossCheck = Callable[
    [Contract, Document, Document, Mapping[str, tuple[Document, int]]], list[Problem]
]


@dataclass
class Seen:
    """What was read already, for who reads the contracts of many operations of one folder.

    `values` has what each text of YAML says.  Who writes a text knows that, and need not read it again:
    the files are read all the same, and are those texts to the letter or are taken for what they are.
    """

    documents: dict[Path, Document] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    checkers: dict[Path, Checker] = field(default_factory=dict)
    contracts: dict[tuple[Path, str], Contract] = field(default_factory=dict)


def load(
    root: Path | None, operation: str, cross_check: CrossCheck, seen: Seen | None = None
) -> Contract:
    """Read and check the contract of one operation.  `contract_check.load` is this with its check.

    `root` is the folder that holds `contracts/` and `schemas/`; the schemas of the data files are
    those of the suite wherever it has none of its own.  A contract that is to the letter the one which
    `note_checked` has found right is not checked at each start.  Raises `ContractError`, which lists
    every problem with its file and line.
    """
    base = root or resources.data_root()
    seen = seen if seen is not None else Seen()
    found = seen.contracts.get((base, operation))
    if found is None:
        found = _load(base, operation, cross_check, seen, trusting=True)
        seen.contracts[base, operation] = found
    return found


def _load(
    base: Path, operation: str, cross_check: CrossCheck, seen: Seen, *, trusting: bool
) -> Contract:
    """Load a contract; with `trusting`, one that was noted to be right is not checked again."""
    if base not in seen.checkers:
        schemas = read_schemas(base)
        if "cases.json" not in schemas:
            schemas = read_schemas(resources.data_root()) | schemas
        seen.checkers[base] = Checker(schemas)
    checker = seen.checkers[base]
    schemas = checker.schemas
    folder = base / "contracts" / operation
    paths = [base / "contracts" / "openapi.yaml", folder / "clauses.yaml", folder / "facts.yaml"]
    cases_at = sorted((folder / "cases").glob("*.yaml"))
    openapi, clauses_file, facts_file, *case_files = _read_all([*paths, *cases_at], base, seen)
    # An operation without other language editions has no such file.
    texts_files = _read_all(folder.glob("texts.yaml"), base, seen)
    # Nor has a drafted one clauses of a load run.
    load_files = _read_all(folder.glob("load.yaml"), base, seen)
    files = [openapi, clauses_file, facts_file, *texts_files, *load_files, *case_files]
    fingerprint = fingerprint_of(files, checker.text)
    known = trusting and is_noted(folder / CHECKED, fingerprint)
    if not known:
        _refuse_violations(
            [clauses_file, *load_files], facts_file, texts_files, case_files, checker
        )
    request_schema = schemas.get(f"{operation}/request.json", {})
    described = operation_of(openapi, operation, request_schema)
    cases, places_of, problems = _cases(case_files, described, None if known else checker)
    envelope = schemas[f"{operation}/envelope.json"]
    contract = Contract(
        operation=described,
        edition=clauses_file.value["edition"],
        page_sha256=facts_file.value["page"]["sha256"],
        fingerprint=fingerprint,
        clauses={entry["id"]: _clause(entry) for entry in clauses_file.value["clauses"]},
        cases=cases,
        documented_texts=_documented_texts(envelope),
        other_texts=_other_texts(texts_files),
        codes=_codes(envelope, schemas[f"{operation}/success.json"]),
        schemas=schemas,
        login=_login_for(described, base, cross_check, seen),
        order=read_order(folder),
        load_clauses={
            entry["id"]: _clause(entry) for file in load_files for entry in file.value["clauses"]
        },
    )
    if not known:
        problems += cross_check(contract, clauses_file, facts_file, places_of)
    if problems:
        raise ContractError(problems)
    return contract


def note_checked(root: Path, operation: str, cross_check: CrossCheck) -> Path:
    """Check a contract, note beside it that it was found right, and return that file.

    Raises `ContractError` as `load` does.
    """
    path = root / "contracts" / operation / CHECKED
    contract = _load(root, operation, cross_check, Seen(), trusting=False)
    write_text(path, note(contract.fingerprint))
    return path


def _login_for(
    operation: Operation, base: Path, cross_check: CrossCheck, seen: Seen
) -> Contract | None:
    """Return the contract of the operation that issues the token which `operation` needs, if any.

    It stands beside the operation's own, or else among the suite's.
    """
    if operation.token is None:
        return None
    beside = (base / "contracts" / operation.token.operation / "clauses.yaml").is_file()
    root = base if beside else resources.data_root()
    return load(root, operation.token.operation, cross_check, seen)


def _read_all(paths: Iterable[Path], base: Path, seen: Seen) -> list[Document]:
    """Read files, and tell the problems of all of them at once."""
    documents: list[Document] = []
    problems: list[Problem] = []
    for path in paths:
        try:
            if path not in seen.documents:
                seen.documents[path] = read(path, base, seen.values)
            documents.append(seen.documents[path])
        except ContractError as error:
            problems += error.problems
    if problems:
        raise ContractError(problems)
    return documents


def _refuse_violations(
    clauses_files: Iterable[Document],
    facts_file: Document,
    texts_files: Iterable[Document],
    case_files: Iterable[Document],
    checker: Checker,
) -> None:
    problems = checker.violations(facts_file, "facts.json")
    for file in clauses_files:
        problems += checker.violations(file, "clauses.json")
    for file in texts_files:
        problems += checker.violations(file, "texts.json")
    for file in case_files:
        problems += checker.violations(file, "cases.json")
    if problems:
        raise ContractError(problems)


def _cases(
    files: Iterable[Document], operation: Operation, checker: Checker | None
) -> tuple[dict[str, Case], dict[str, tuple[Document, int]], list[Problem]]:
    """Return the cases of the files, the place of each, and what is wrong with them."""
    cases: dict[str, Case] = {}
    places_of: dict[str, tuple[Document, int]] = {}
    problems: list[Problem] = []
    for file in files:
        for index, entry in enumerate(file.value["cases"]):
            merged = {**file.value.get("defaults", {}), **entry}
            for case in _expanded(merged, operation.request_schema, file, index, problems):
                errors = checker.errors_of_case(case) if checker is not None else ()
                found = [f"case {case['id']}: {error}" for error in errors]
                if case["id"] in cases:
                    found.append(f"the case id {case['id']} stands twice")
                problems += [file.problem(message, ("cases", index)) for message in found]
                if not found:
                    cases[case["id"]] = _case(case, operation.method)
                    places_of[case["id"]] = (file, index)
    return cases, places_of, problems


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


def read_schemas(base: Path) -> dict[str, Any]:
    """Return the JSON Schemas below `schemas/` by their path there.

    Raises `ContractError` where one is no JSON.
    """
    folder = base / "schemas"
    schemas: dict[str, Any] = {}
    for path in sorted(folder.rglob("*.json")):
        name = path.relative_to(folder).as_posix()
        try:
            value = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            line = getattr(error, "lineno", 1)
            raise ContractError([Problem(f"schemas/{name}", line, say("file-no-json"))]) from error
        value.pop("$id", None)
        schemas[name] = value
    return schemas


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
        impact=_impact(entry.get("impact")),
        impact_when_issued=_impact(entry.get("impact_when_issued")),
    )


def _impact(entry: Mapping[str, Any] | None) -> Impact | None:
    return None if entry is None else Impact(**entry)


def _case(entry: Mapping[str, Any], documented_method: str) -> Case:
    values: dict[str, Any] = {
        key: tuple(value) if key in _TUPLES else value for key, value in entry.items()
    }
    told = entry.get("told_with", ())
    values["told_with"] = (told,) if isinstance(told, str) else tuple(told)
    values["tags"] = frozenset(entry.get("tags", ()))
    if entry.get("method") == documented_method:
        del values["method"]
    return Case(**values)


def _documented_texts(envelope: Mapping[str, Any]) -> dict[str, str]:
    code = _code_of(envelope)
    branches = [*code.get("oneOf", ()), *code.get("anyOf", ())]
    return {branch["const"]: branch["title"] for branch in branches if "const" in branch}


def _code_of(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a schema of answers says of the result code, nothing where they have none."""
    header = schema.get("properties", {}).get("header", {})
    code: Mapping[str, Any] = header.get("properties", {}).get("result_code", {})
    return code


def _other_texts(files: Iterable[Document]) -> dict[str, dict[str, str]]:
    """Return by language and code the texts of the page's other editions."""
    return {one["language"]: one["texts"] for file in files for one in file.value["editions"]}


def _codes(envelope: Mapping[str, Any], success: Mapping[str, Any]) -> Codes:
    texts = _documented_texts(envelope)
    if not texts:
        # The answers of this operation have no result code: the HTTP status tells the outcome.
        return Codes(ANY_SUCCESS, frozenset(), outcomes="status")
    issued = _code_of(success)["const"]
    outcomes: Literal["table", "open"] = "open" if "anyOf" in _code_of(envelope) else "table"
    return Codes(issued, frozenset(texts) - {issued}, outcomes=outcomes)
