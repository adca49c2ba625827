"""A few known-bad and known-good servers before the real suite, and the command that proves them."""

from __future__ import annotations

import argparse
import json
import signal
import time
from collections.abc import Collection
from pathlib import Path

import pytest

from esignon_conformance import resources
from esignon_conformance.app.cli.prove import (
    add_arguments,
    main,
    prove,
    prove_one,
)
from esignon_conformance.runner.depth import Depth
from esignon_conformance.runner.requests import contract_check
from esignon_conformance.tools.proof.matrix import Row, read, stored
from esignon_conformance.tools.proof.parts import all_servers
from esignon_conformance.tools.proof.proven import fingerprints_of, unless_proven
from esignon_conformance.tools.proof.proven import read as read_proven
from esignon_conformance.tools.proof.score import Result, Score, lines
from esignon_conformance.tools.reference.faults import FAULTS

CONTRACT = contract_check.load()

# A fault of every group, and exactly the clauses that fail for it.
EXPECTED: dict[str, list[str]] = {
    "second-account-over-202": ["REQ-1"],
    "tabs-unread": ["REQ-2"],
    "get-takes-query": ["REQ-5"],
    "html-to-empty-body": ["ENV-1"],
    "type-problem-json": ["ENV-2"],
    "response-code-of-request": ["ENV-4"],
    "session-id-absent-on-refusals": ["ENV-7"],
    "breaks-on-surrogate-email": ["ENV-10"],
    "login-after-unreadable-12": ["SUC-8"],
    "token-object": ["SUC-1"],
    "token-of-company": ["SUC-10"],
    "takes-any-password": ["REJ-1"],
    "unreadable-10": ["REJ-7"],
    "compares-first-8": ["SEC-2"],
    "shows-python-traceback": ["SEC-4"],
    "wire-line-end-after-refusal": ["SUC-8"],
}
ADVISED: dict[str, list[str]] = {"password-stripped": ["SEC-6"], "reads-json5": ["REJ-13"]}
KNOWN_GOOD = (
    "refusals-over-own-status",
    "any-media-type",
    "locks-after-five",
    "chunked",
    "firewall-403",
)


# `make test` runs the suite against these alone; `.ci/run` against all that are named above, and beside it
# against a part of the whole collection.
FEW = ("takes-any-password", "password-stripped", "locks-after-five")


def _proved(names: Collection[str], directory: Path, depth: Depth = "quick") -> Score:
    proved = prove(set(names), depth, 2, directory, matrix=directory / "shown.jsonl.gz")
    written = json.loads((directory / "prove.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(proved.as_json()))
    assert read(directory / "shown.jsonl.gz").keys() == set(names) & FAULTS.keys()
    return proved


# One process proves them all, however the tests are shared out.
PROVEN_ONCE = pytest.mark.xdist_group("proven once")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> Score:
    return _proved(FEW, tmp_path_factory.mktemp("few"), "smoke")


@pytest.fixture(scope="module")
def score(tmp_path_factory: pytest.TempPathFactory) -> Score:
    """Prove those that something has touched since they were proven, and of the others a quarter a day."""
    servers = {name: all_servers()[name] for name in (*EXPECTED, *ADVISED, *KNOWN_GOOD)}
    data = resources.data_root() / "selftest"
    today = fingerprints_of(servers, CONTRACT, read(data / "shown.jsonl.gz"))
    day = int(time.strftime("%j", time.gmtime()))
    chosen = unless_proven(servers, day, today, read_proven(data / "proven.json.gz"), ())
    return _proved(chosen.names, tmp_path_factory.mktemp("prove"))


def _of(name: str, score: Score) -> Result:
    found = next((one for one in score.results if one.name == name), None)
    return found or pytest.skip("nothing has touched it since it was proven")


@pytest.mark.slow
@PROVEN_ONCE
@pytest.mark.parametrize("name", EXPECTED)
def test_a_fault_fails_its_clause_and_no_other(name: str, score: Score) -> None:
    result = _of(name, score)
    assert list(result.failed) == EXPECTED[name], result.shown
    assert result.exit_status == 1
    assert EXPECTED[name][0] == FAULTS[name].clauses[0]


@pytest.mark.slow
@PROVEN_ONCE
@pytest.mark.parametrize("name", ADVISED)
def test_a_fault_of_a_should_clause_is_advised_of_and_fails_nothing(
    name: str, score: Score
) -> None:
    result = _of(name, score)
    assert list(result.advised) == ADVISED[name], result.shown
    assert result.failed == (), result.shown
    assert result.exit_status == 0
    assert ADVISED[name][0] == FAULTS[name].clauses[0]


@pytest.mark.slow
@PROVEN_ONCE
@pytest.mark.parametrize("name", KNOWN_GOOD)
def test_a_liberty_fails_nothing(name: str, score: Score) -> None:
    result = _of(name, score)
    assert result.failed == (), result.shown
    assert result.exit_status == 0


@pytest.mark.slow
def test_what_builds_on_a_failed_clause_is_not_judged(few: Score) -> None:
    result = next(one for one in few.results if one.name == "takes-any-password")
    assert {"REJ-3", "SEC-2", "SEC-6", "SEC-7"} <= set(result.not_judged)


def test_the_score_of_the_few_passes(few: Score) -> None:
    assert few.passes
    assert few.failed_clauses == (1, 1)
    told = list(lines(few))
    assert told[0].split()[-3:] == ["1", "/", "1"]
    assert "should faults advised of       1 / 1" in told
    assert "must clause failed             0 / 1" in told
    by_name = {one.name: one for one in few.results}
    assert list(by_name["takes-any-password"].failed) == EXPECTED["takes-any-password"]
    assert list(by_name["password-stripped"].advised) == ADVISED["password-stripped"]
    assert by_name["locks-after-five"].exit_status == 0


@pytest.mark.slow
@PROVEN_ONCE
def test_the_score_of_the_chosen_passes(score: Score) -> None:
    assert score.passes
    assert score.failed_clauses in ((1, 1), (0, 0))
    faults = {one.name for one in score.results} & EXPECTED.keys()
    assert next(lines(score)).split()[-3:] == [str(len(faults)), "/", str(len(faults))]


@pytest.mark.slow
@PROVEN_ONCE
def test_the_case_that_shows_a_fault_comes_first(score: Score) -> None:
    assert _of("html-to-empty-body", score).cases["ENV-1"][0] == "empty-body"


def test_each_result_names_the_cases_that_show_the_fault(few: Score) -> None:
    by_name = {one.name: one for one in few.results}
    assert by_name["takes-any-password"].cases["REJ-1"]
    assert "password-blank-after" in by_name["password-stripped"].cases["SEC-6"]


@pytest.mark.slow
@PROVEN_ONCE
def test_each_result_names_all_cases_that_show_the_fault(score: Score) -> None:
    assert set(_of("password-stripped", score).cases["SEC-6"]) >= {
        *("password-blank-after", "password-blank-before", "password-line-end-after")
    }


def _asked(*words: str) -> int:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    # The command takes requests to end for its own; this process goes on.
    before = signal.getsignal(signal.SIGTERM)
    try:
        return main(parser.parse_args(words))
    finally:
        signal.signal(signal.SIGTERM, before)


def test_only_what_the_matrix_lacks_is_asked(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    matrix = tmp_path / "shown.jsonl.gz"
    matrix.write_bytes(stored({name: Row("quick", {}) for name in FAULTS}))
    chosen = ("--missing", f"--matrix={matrix}", f"--report-dir={tmp_path}")
    assert _asked(*chosen, "--only=session-id") == 0
    assert "faults found                   0 / 0" in capfd.readouterr().out
    assert _asked("--missing") == 4
    assert "--missing needs the file of --matrix" in capfd.readouterr().err


@pytest.mark.slow
def test_one_server_keeps_its_report(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert prove_one("session-id-null", "quick", tmp_path, 7) == 0
    statement = json.loads((tmp_path / "statement.json").read_text(encoding="utf-8"))
    assert statement["seed"] == 7
    assert statement["complete"] is True
    told = capfd.readouterr().out
    assert "session-id-null (session_id is null.) expected to fail: ENV-7" in told
    port = statement["target"]["base_url"].rpartition(":")[2]
    assert f"serve --port {port} --fault session-id-null" in told


@pytest.mark.slow
def test_one_server_that_breaks_a_should_clause_conforms_and_is_advised_of(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert prove_one("password-line-end-cut", "quick", tmp_path) == 0
    assert "expected to be advised of: SEC-6; exit status 0" in capfd.readouterr().out
