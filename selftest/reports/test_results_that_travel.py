"""ctrf.json, in-toto.json and traceability.json, each held against what its authors published."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from google.protobuf.json_format import (  # type: ignore[import-untyped]  # it has no types
    ParseDict,
    ParseError,
)
from in_toto_attestation.predicates.test_result.v0 import (  # type: ignore[import-untyped]  # as above
    test_result_pb2 as predicates,
)
from in_toto_attestation.v1.statement import (  # type: ignore[import-untyped]  # as above
    Statement,
)

from esignon_conformance import resources
from esignon_conformance.files import write_json
from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.reports.artefacts.ctrf import ctrf
from esignon_conformance.reports.artefacts.in_toto import in_toto
from esignon_conformance.reports.statement import STATEMENT_NAME, statement
from esignon_conformance.runner.run import Run
from esignon_conformance.tools.proof.traceability import traceability
from esignon_conformance.tools.reference.faults import FAULTS
from esignon_conformance.tools.reference.liberties import LIBERTIES
from selftest.support.exchanges import TARGET, success
from selftest.support.judged import basis
from selftest.support.written_runs import (
    MATRIX_OF_PROOF,
    deviating,
    run_of,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_ctrf_has_the_form_of_its_own_schema_and_counts_each_clause_once(
    tmp_path: Path, language: Language
) -> None:
    run = run_of(tmp_path, deviating())
    made = ctrf(run, 1, language)
    schema = json.loads(
        (Path(__file__).parents[1] / "schemas" / "ctrf-0.0.json").read_text("utf-8")
    )
    jsonschema.validate(made, schema, format_checker=jsonschema.FormatChecker())
    summary = made["results"]["summary"]
    assert summary["tests"] == len(run.contract.clauses)
    assert sum(summary[one] for one in ("passed", "failed", "skipped", "other")) == summary["tests"]
    failed = [
        one["labels"]["clause"] for one in made["results"]["tests"] if one["status"] == "failed"
    ]
    assert failed == [one.clause for one in run.verdicts if one.verdict == "fails"]


@pytest.mark.parametrize(
    ("status", "varied", "failed"),
    [
        (3, {"internal_error": True}, ["run"]),
        (1, {"fail_on": frozenset({"advisory"})}, ["SUC-13"]),
        (1, {"fail_on": frozenset({"uncovered:12"})}, ["run"]),
        (2, {"interrupted": True}, []),
    ],
)
def test_ctrf_of_a_run_that_failed_has_a_test_that_failed(
    tmp_path: Path, status: int, varied: dict[str, Any], failed: list[str]
) -> None:
    exchanges = [*basis(), success(changes={"/body/device_id": ""})]
    made = ctrf(run_of(tmp_path, exchanges, **varied), status, "en")
    tests = made["results"]["tests"]
    assert [one["name"].split()[0] for one in tests if one["status"] == "failed"] == failed
    schema = Path(__file__).parents[1] / "schemas" / "ctrf-0.0.json"
    jsonschema.validate(made, json.loads(schema.read_text("utf-8")))


def test_the_schema_of_ctrf_is_that_of_its_authors_unchanged() -> None:
    folder = Path(__file__).parents[1] / "schemas"
    digest = hashlib.sha256((folder / "ctrf-0.0.json").read_bytes()).hexdigest()
    assert f"`{digest}`" in (folder / "README.md").read_text("utf-8")


def _test_result(run: Run, status: int) -> dict[str, Any] | None:
    write_json(run.report_dir / STATEMENT_NAME, statement(run, status, "en"))
    return in_toto(run, status, run.report_dir / STATEMENT_NAME)


def test_a_test_result_is_bound_to_the_statement_and_to_what_labels_name(tmp_path: Path) -> None:
    digest = "ab" * 32
    labels = {"image": f"registry.test/login@sha256:{digest}", "commit": "cd" * 20, "build": "7"}
    run = run_of(tmp_path, deviating(), target=replace(TARGET, labels=labels))
    made = _test_result(run, 1)
    schema = json.loads((resources.schemas() / "in-toto-test-result.json").read_text("utf-8"))
    jsonschema.validate(made, schema)
    assert made is not None
    written = hashlib.sha256((tmp_path / STATEMENT_NAME).read_bytes()).hexdigest()
    assert [one["digest"] for one in made["subject"]] == [
        {"sha256": written},
        {"sha256": digest},
        {"gitCommit": "cd" * 20},
    ]
    failed = [one.clause for one in run.verdicts if one.verdict == "fails"]
    assert (made["predicate"]["result"], made["predicate"]["failedTests"]) == ("FAILED", failed)


def _read_by_in_toto(document: dict[str, Any]) -> None:
    """Read a statement with in-toto's own messages, which know every member; raise what they raise."""
    read = Statement([], "", {})
    ParseDict(document, read.pb)
    read.validate()
    ParseDict(document["predicate"], predicates.TestResult())


@pytest.mark.parametrize("status", [0, 1])
def test_in_totos_own_library_reads_a_test_result_and_refuses_a_broken_one(
    tmp_path: Path, status: int
) -> None:
    labels = {"image": f"registry.test/login@sha256:{'ab' * 32}", "commit": "cd" * 20}
    run = run_of(
        tmp_path, basis() if status == 0 else deviating(), target=replace(TARGET, labels=labels)
    )
    made = _test_result(run, status)
    assert made is not None
    _read_by_in_toto(made)
    nameless = [{"name": made["subject"][0]["name"]}, *made["subject"][1:]]
    predicate = {**made["predicate"], "passed": []}
    for broken in ({**made, "subject": nameless}, {**made, "predicate": predicate}):
        with pytest.raises((ValueError, ParseError)):
            _read_by_in_toto(broken)


@pytest.mark.parametrize(("status", "varied"), [(6, {}), (2, {}), (0, {"is_whole": False})])
def test_a_run_without_a_verdict_has_no_test_result(
    status: int, varied: dict[str, Any], tmp_path: Path
) -> None:
    assert _test_result(run_of(tmp_path, basis(), **varied), status) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_clause_leads_to_its_cases_its_servers_and_what_the_run_made_of_it(
    tmp_path: Path, language: Language
) -> None:
    run = run_of(tmp_path, deviating())
    made = traceability(run, MATRIX_OF_PROOF, language)
    schema = json.loads((resources.schemas() / "traceability.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(made, schema)
    rows = {one["id"]: one for one in made["clauses"]}
    assert list(rows) == list(run.contract.clauses)
    assert {one["server"] for row in rows.values() for one in row["known_bad"]} == FAULTS.keys()
    assert {one["server"] for one in made["known_good"]} == LIBERTIES.keys()
    cases = {one["id"] for row in rows.values() for one in row["cases"]}
    assert cases == run.contract.cases.keys()
    # None is proven by nothing, but for what is in unshown.yaml.
    unproven = [
        name for name, row in rows.items() if row["level"] != "observe" and not row["known_bad"]
    ]
    assert unproven == ["SEC-5"]
    failed = rows["REJ-1"]
    sent = {one["id"]: one["sent"] for one in failed["cases"]}
    assert sent["wrong-password-hangul"] == 1
    verdict = run.by_clause["REJ-1"]
    assert failed["run"]["verdict"] == "fails"
    assert {*failed["run"]["evidence"]} == {
        name for one in verdict.findings for name in one.exchanges
    }
    (server,) = (one for one in failed["known_bad"] if one["server"] == "takes-any-password")
    assert len(server["shown_by"]) == 3
    assert {*server["shown_by"]} <= sent.keys()
    assert server["shown_by_in_all"] >= len(sent)


def test_the_servers_of_the_suite_prove_nothing_of_another_contract(tmp_path: Path) -> None:
    run = run_of(tmp_path, basis(), contract_folder="elsewhere")
    made = traceability(run, MATRIX_OF_PROOF, "en")
    assert (made["known_good"], {len(one["known_bad"]) for one in made["clauses"]}) == ([], {0})
