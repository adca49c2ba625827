"""What the Allure results say: names, labels, links, verdicts; the environment and the build."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from allure_commons import model2
from allure_commons.model2 import Label, Parameter, Status, StatusDetails

from esignon_conformance.app.pytest_plugin.allure_writing import ResultWriter
from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.contract.waiver import Waiver
from esignon_conformance.i18n.language import Language
from esignon_conformance.reports.allure_environment import environment, executor, write_environment
from esignon_conformance.reports.statement import statement
from esignon_conformance.runner.run import Run
from selftest.app.test_outcomes import run_of
from selftest.support.exchanges import MAIN, contract, refusal, success
from selftest.support.judged import basis


def measured_test(parameter: tuple[str, str], status: str, message: str = "") -> model2.TestResult:
    """Return what Allure measured of a test of the suite."""
    item = model2.TestResult(
        uuid=parameter[1], name="x", fullName="tests.test_cases#test_case", start=1, stop=2
    )
    item.status, item.historyId, item.testCaseId = status, "h", "t"
    item.statusDetails = StatusDetails(message=message, trace="Traceback of pytest")
    item.parameters = [Parameter(name=parameter[0], value=repr(parameter[1]))]
    item.labels = [Label(name="thread", value="1-MainThread")]
    return item


def written(
    folder: Path,
    run: Run,
    parameter: tuple[str, str],
    status: str = Status.PASSED,
    message: str = "",
    *,
    language: Language = "en",
) -> dict[str, Any]:
    """Return the result that is written for a clause of which one test ran."""
    (found,) = all_written(
        folder, run, measured_test(parameter, status, message), language=language
    )
    return found


def all_written(
    folder: Path, run: Run, *items: model2.TestResult, language: Language = "en"
) -> list[dict[str, Any]]:
    """Return the results that are written for tests."""
    folder.mkdir(exist_ok=True)
    writer = ResultWriter(run, language, folder)
    for item in items:
        writer.take_result(item)
    writer.finish()
    found = [json.loads(path.read_text(encoding="utf-8")) for path in folder.iterdir()]
    for path in folder.iterdir():
        path.unlink()
    return found


def labels(result: dict[str, Any], name: str) -> list[str]:
    return [one["value"] for one in result["labels"] if one["name"] == name]


def faulty_run() -> Run:
    return run_of([*basis(), refusal("wrong-password-digits", code="99")])


def test_a_mask_that_is_put_into_a_page_is_text_in_it(tmp_path: Path) -> None:
    run = faulty_run()
    run.scrubber.register_password("Response Body header", "main password")
    page = written(tmp_path, run, ("clause_id", "REJ-1"))["descriptionHtml"]
    assert "&lt;main password&gt;" in page
    assert "<main password>" not in page


def test_a_result_stands_in_the_tree_of_the_page(tmp_path: Path) -> None:
    result = written(tmp_path, run_of(basis()), ("case_id", "wrong-password"))
    clause = contract().clauses["REJ-1"]
    assert result["name"] == f"REJ-1 {clause.title['en']}"
    assert [one["name"] for one in result["steps"]] == ["A wrong password [wrong-password]"]
    assert labels(result, "epic") == ["eSignon API"]
    assert labels(result, "feature") == ["Issue an authentication token (인증토큰 발급)"]
    assert labels(result, "suite") == ["REJ Refusals"]
    assert labels(result, "severity") == ["critical"]
    assert labels(result, "tag") == ["holds"]
    assert labels(result, "thread") == []
    assert "parameters" not in result
    (link,) = result["links"]
    assert link["url"].endswith("/issued/token#:~:text=Response%20Body%20header.result_code")


def test_the_tests_of_a_clause_are_steps_of_one_result(tmp_path: Path) -> None:
    run = run_of(
        [*basis(), *(refusal(f"wrong-password-{one}", code="99") for one in ("digits", "hangul"))]
    )
    run.recording.unsent["wrong-password-same-length"] = Reason("locked", "main")
    tests = [
        measured_test(("case_id", "wrong-password-digits"), Status.FAILED, "Failed: the letter"),
        measured_test(("case_id", "wrong-password-hangul"), Status.SKIPPED, "Skipped: as digits"),
        measured_test(("case_id", "wrong-password-same-length"), Status.SKIPPED, "Skipped: locked"),
        measured_test(("case_id", "wrong-password"), Status.PASSED),
        measured_test(("clause_id", "ENV-1"), Status.PASSED),
        measured_test(("draw_clause_id", "ENV-1"), Status.PASSED),
    ]
    found = {one["fullName"]: one for one in all_written(tmp_path, run, *tests)}
    assert sorted(found) == ["login/ENV-1", "login/REJ-1"]
    steps = found["login/REJ-1"]["steps"]
    assert [one["status"] for one in steps] == ["failed", "failed", "broken", "passed"]
    assert steps[2]["statusDetails"]["message"] == "locked"
    assert found["login/REJ-1"]["status"] == "failed"
    assert [one["name"] for one in found["login/ENV-1"]["steps"]] == ["Bodies made by chance"]


def test_results_start_in_the_order_of_the_clauses(tmp_path: Path) -> None:
    ids = ("SUC-2", "ENV-10", "SUC-1", "REQ-8", "ENV-9")
    tests = [measured_test(("clause_id", one), Status.PASSED) for one in ids]
    found = all_written(tmp_path, run_of(basis()), *tests)
    in_time = sorted(found, key=lambda one: one["start"])
    assert len({one["start"] for one in found}) == len(ids)
    assert all(one["start"] <= one["stop"] for one in found)
    assert [one["fullName"].removeprefix("login/") for one in in_time] == [
        "REQ-8",
        "ENV-9",
        "ENV-10",
        "SUC-1",
        "SUC-2",
    ]


@pytest.mark.parametrize(
    "parameter",
    [("case_id", "wrong-password"), ("clause_id", "ENV-1"), ("draw_clause_id", "ENV-1")],
)
def test_a_result_has_the_same_history_in_both_languages(
    parameter: tuple[str, str], tmp_path: Path
) -> None:
    korean, english = (
        written(tmp_path, run_of(basis()), parameter, language=language)
        for language in ("ko", "en")
    )
    assert korean["fullName"] == english["fullName"] == f"login/{english['name'].split()[0]}"
    assert korean["historyId"] == english["historyId"]
    assert korean["name"] != english["name"]


def test_a_failure_says_in_a_line_what_it_is_and_has_no_trace(tmp_path: Path) -> None:
    run = faulty_run()
    result = written(
        tmp_path, run, ("case_id", "wrong-password-digits"), Status.FAILED, "Failed: text"
    )
    assert result["statusDetails"]["message"].startswith('Expected: result_code "10" · Got: ')
    assert "trace" not in result["statusDetails"]
    assert "See it again" in result["descriptionHtml"]
    assert labels(result, "tag") == ["fails"]


def test_half_of_a_surrogate_pair_in_an_answer_is_told_by_its_escape(tmp_path: Path) -> None:
    run = run_of([*basis(), refusal("wrong-password-digits", {"/header/result_code": "\ud800"})])
    result = written(tmp_path, run, ("clause_id", "ENV-5"), Status.FAILED, "Failed: text")
    assert "\ud800" in json.dumps(result, ensure_ascii=False)


def test_an_error_of_ours_keeps_its_trace_and_no_secret(tmp_path: Path) -> None:
    secret = MAIN.password.get_secret_value()
    result = written(
        tmp_path, run_of(basis()), ("clause_id", "ENV-1"), Status.BROKEN, f"KeyError: {secret}"
    )
    assert result["statusDetails"]["trace"] == "Traceback of pytest"
    assert secret not in json.dumps(result)


def test_an_error_in_judging_still_leaves_results(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_arguments: object) -> None:
        raise KeyError("judging")

    monkeypatch.setattr("esignon_conformance.runner.run.judge", fails)
    run = run_of(basis())
    result = written(tmp_path, run, ("case_id", "wrong-password"), Status.BROKEN, "KeyError")
    assert result["fullName"] == "login/REJ-1"
    assert labels(result, "tag") == []


def test_what_lacks_an_account_names_the_settings(tmp_path: Path) -> None:
    run = run_of([one for one in basis() if one.situation != "blocked"])
    cases = [one.id for one in contract().cases_of("REJ-4")]
    run.recording.unsent |= dict.fromkeys(cases, Reason("no-account", "blocked"))
    case = cases[0]
    result = written(tmp_path, run, ("case_id", case), Status.SKIPPED, "Skipped: no account")
    assert labels(result, "tag") == ["not-judged"]
    assert result["status"] == "skipped"
    assert result["statusDetails"]["message"].startswith("Missing: ESIGNON_BLOCKED_COMPANY_ID, ")


def test_a_waived_deviation_links_its_ticket(tmp_path: Path) -> None:
    ticket = "https://tickets.example.invalid/A-1"
    run = faulty_run()
    verdict = run.by_clause["REJ-1"]
    waiver = Waiver("known", "login team", ticket, date(2030, 1, 1), clause="REJ-1")
    finding = replace(verdict.findings[0], waiver=waiver)
    run.by_clause["REJ-1"] = replace(verdict, verdict="waived", findings=(finding,), waiver=waiver)
    result = written(tmp_path, run, ("case_id", "wrong-password-digits"), Status.SKIPPED, "waived")
    assert labels(result, "tag") == ["waived"]
    assert labels(result, "owner") == ["login team"]
    assert {"type": "issue", "name": ticket, "url": ticket} in result["links"]
    assert "2030-01-01" in result["descriptionHtml"]


def test_an_advisory_is_one(tmp_path: Path) -> None:
    run = run_of([*basis(), success("password-blank-after")])
    result = written(tmp_path, run, ("case_id", "password-blank-after"), Status.SKIPPED, "x")
    assert labels(result, "tag") == ["advisory"]
    assert result["status"] == "unknown", "the report names it advisory, not skipped"
    assert labels(result, "severity") == ["minor"]


# The environment and the build


def test_the_environment_tells_what_the_run_was_made_with(tmp_path: Path) -> None:
    told = statement(faulty_run(), 1, "en")
    told |= {"labels": {"build": "4.2=rc #1"}, "limits": {"requests": 100, "max_time": None}}
    rows = dict(environment(told, "en"))
    assert rows["Target"] == "http://127.0.0.1:9"
    assert rows["Seed"] == "1"
    assert rows["Limits"] == "100 requests"
    assert rows["Label: build"] == "4.2=rc #1"
    write_environment(tmp_path, told, {}, "en")
    lines = (tmp_path / "environment.properties").read_text(encoding="utf-8").splitlines()
    assert r"Label\:\ build=4.2=rc #1" in lines
    assert not (tmp_path / "executor.json").exists()


@pytest.mark.parametrize(
    ("variables", "name", "build", "url"),
    [
        (
            {
                "GITHUB_ACTIONS": "true",
                "GITHUB_SERVER_URL": "https://git.example.test",
                "GITHUB_REPOSITORY": "o/r",
                "GITHUB_RUN_ID": "77",
                "GITHUB_RUN_NUMBER": "12",
                "GITHUB_WORKFLOW": "nightly",
            },
            "GitHub Actions",
            "nightly #12",
            "https://git.example.test/o/r/actions/runs/77",
        ),
        (
            {
                "GITLAB_CI": "true",
                "CI_JOB_NAME": "contract",
                "CI_PIPELINE_IID": "5",
                "CI_JOB_URL": "https://git.example.test/-/jobs/9",
            },
            "GitLab CI",
            "contract #5",
            "https://git.example.test/-/jobs/9",
        ),
        (
            {
                "JENKINS_URL": "https://ci.example.test/",
                "JOB_NAME": "contract",
                "BUILD_NUMBER": "3",
                "BUILD_URL": "javascript:alert(1)",
            },
            "Jenkins",
            "contract #3",
            None,
        ),
    ],
)
def test_the_build_is_known_from_its_variables(
    variables: dict[str, str], name: str, build: str, url: str | None
) -> None:
    found = executor(variables)
    assert found is not None
    assert (found["name"], found["buildName"], found.get("buildUrl")) == (name, build, url)
    assert executor({}) is None
