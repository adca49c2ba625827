"""junit.xml: a clause is a test, and a failure reads like the letter."""

from __future__ import annotations

import json
from pathlib import Path

import junitparser
import pytest

from esignon_conformance.contract.model import GROUPS
from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.i18n.catalogue import word
from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.reports.finding_text import letter
from selftest.support.exchanges import contract, refusal, with_answer
from selftest.support.judged import basis
from selftest.support.written_runs import (
    cases_of,
    deviating,
    run_of,
    suites_of,
)


def test_a_clause_is_a_test_that_is_named_by_its_id(tmp_path: Path) -> None:
    suites = suites_of(run_of(tmp_path, deviating()))
    assert list(cases_of(suites)) == list(contract().clauses)
    assert [suite.name for suite in suites] == [f"login.{group}" for group in GROUPS]
    assert {case.classname for case in cases_of(suites).values()} == {
        f"login.{group}" for group in GROUPS
    }


def test_a_clause_that_fails_is_one_failure_that_reads_like_the_letter(tmp_path: Path) -> None:
    run = run_of(tmp_path, deviating())
    failed = {
        name: case.result
        for name, case in cases_of(suites_of(run)).items()
        if any(isinstance(one, junitparser.Failure) for one in case.result)
    }
    assert list(failed) == ["REJ-1"]
    (failure,) = failed["REJ-1"]
    findings = run.by_clause["REJ-1"].findings
    assert len(findings) == 2
    assert failure.text == letter(run, "REJ-1", findings, "en")
    assert failure.message.startswith(contract().clauses["REJ-1"].title["en"])
    assert 'Got: result_code "99"' in failure.message
    assert failure.message.endswith("and 1 more finding")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_does_not_fail_is_skipped_with_its_reason(tmp_path: Path, language: Language) -> None:
    run = run_of(tmp_path, deviating())
    run.recording.unsent["blocked-company"] = Reason("no-account", "blocked")
    cases = cases_of(suites_of(run, language))
    for name, told in (
        ("SUC-13", word("label-got", language)),
        ("SEC-5", word("not-needed-on-loopback", language)),
        (
            "REJ-4",
            word("reason-no-account", language, account=word("env-account-blocked", language)),
        ),
    ):
        (skipped,) = cases[name].result
        assert isinstance(skipped, junitparser.Skipped)
        assert told in skipped.message
    assert cases["REQ-1"].result == []


def test_a_must_clause_that_could_not_be_judged_is_an_error(tmp_path: Path) -> None:
    run = run_of(tmp_path, basis())
    run.recording.unsent["blocked-company"] = Reason("limited")
    could_not = [one for one in run.verdicts if one.verdict == "could-not-judge"]
    assert {one.level for one in could_not} == {"must", "should", "observe"}
    cases = cases_of(suites_of(run))
    for one in could_not:
        (told,) = cases[one.clause].result
        kind = junitparser.Error if one.level == "must" else junitparser.Skipped
        assert isinstance(told, kind), one.clause


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("varied", "headline"),
    [
        ({"internal_error": True}, "headline-internal"),
        ({"interrupted": True}, "headline-interrupted"),
    ],
)
def test_a_run_that_fails_by_none_of_its_clauses_is_an_error_of_its_own(
    tmp_path: Path, varied: dict[str, bool], headline: str, language: Language
) -> None:
    suites = suites_of(run_of(tmp_path, basis(), **varied), language)
    (error,) = cases_of(suites)["run"].result
    assert isinstance(error, junitparser.Error)
    assert error.message == word(headline, language, clauses="")
    assert (suites.failures, suites.errors) == (0, 1)


def test_what_fail_on_names_is_a_failure(tmp_path: Path) -> None:
    run = run_of(tmp_path, deviating()[:-3] + deviating()[-1:], fail_on=frozenset({"advisory"}))
    suites = suites_of(run)
    failed = {
        name: one
        for name, case in cases_of(suites).items()
        for one in case.result
        if isinstance(one, junitparser.Failure)
    }
    assert {name: one.type for name, one in failed.items()} == {"SUC-13": "advisory"}
    assert "run" not in cases_of(suites)


def test_a_code_that_never_came_is_an_error_of_the_run(tmp_path: Path) -> None:
    run = run_of(tmp_path, basis(), fail_on=frozenset({"uncovered:12"}))
    (error,) = cases_of(suites_of(run))["run"].result
    assert isinstance(error, junitparser.Error)
    assert 'code "12" never came' in error.message


def test_the_counts_of_a_junit_file_are_those_of_its_tests(tmp_path: Path) -> None:
    run = run_of(tmp_path, deviating())
    run.recording.unsent["blocked-company"] = Reason("limited")
    suites = suites_of(run)
    counted = [suite.tests for suite in suites], [suite.failures for suite in suites]
    errors, skipped = [suite.errors for suite in suites], [suite.skipped for suite in suites]
    told = (suites.tests, suites.failures, suites.errors)
    suites.update_statistics()  # type: ignore[no-untyped-call]  # it has none
    assert told == (suites.tests, suites.failures, suites.errors)
    assert counted == ([suite.tests for suite in suites], [suite.failures for suite in suites])
    assert errors == [suite.errors for suite in suites]
    assert skipped == [suite.skipped for suite in suites]
    assert min(suites.tests, suites.failures, suites.errors, suites.skipped) > 0


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1b", "\ufffe", "\ud800"])
def test_what_xml_cannot_hold_is_told_by_its_number(tmp_path: Path, character: str) -> None:
    # Written as an escape in the answer, such a character is there once the JSON is read.
    answer = json.dumps({"header": {"result_code": f"1{character}0"}}).encode()
    run = run_of(tmp_path, [*basis(), with_answer(refusal(), body=answer)])
    failed = cases_of(suites_of(run))["ENV-5"].result
    assert f"\\u{ord(character):04x}" in failed[0].text
