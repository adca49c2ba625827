"""The known-bad and known-good servers: what they are, and a few of each before the real suite."""

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
from esignon_conformance.tools.proof.parts import all_servers, part_of
from esignon_conformance.tools.proof.proven import fingerprints_of, unless_proven
from esignon_conformance.tools.proof.proven import read as read_proven
from esignon_conformance.tools.proof.score import Kind, Result, Score, Shown, lines
from esignon_conformance.tools.reference.faults import FAULTS
from esignon_conformance.tools.reference.liberties import LIBERTIES
from esignon_conformance.tools.reference.world import load_world

CONTRACT = contract_check.load()
WORLD = load_world(resources.contracts() / "accounts.yaml")

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


MUST = [each for each in FAULTS.values() if each.level == "must"]


def test_every_must_clause_has_faults() -> None:
    must = {clause.id for clause in CONTRACT.clauses.values() if clause.level == "must"}
    assert {each.clauses[0] for each in MUST} == must


def test_the_level_of_a_fault_is_that_of_its_clauses() -> None:
    for each in FAULTS.values():
        levels = {CONTRACT.clauses[clause].level for clause in each.clauses}
        assert levels == {each.level}, each.name


def test_there_are_many_of_both_and_no_name_comes_twice() -> None:
    assert len(FAULTS) >= 150
    assert len(LIBERTIES) >= 50
    assert len(all_servers()) == len(FAULTS) + len(LIBERTIES)
    assert all(name == server.name for name, server in all_servers().items())


def test_every_server_is_told_in_one_sentence() -> None:
    sentences = [server.docstring for server in all_servers().values()]
    assert [one for one in sentences if "\n" in one or len(one) > 100 or one[-1:] != "."] == []


def test_sentences_tell_servers_apart() -> None:
    sentences = [server.docstring for server in all_servers().values()]
    assert sorted(set(sentences)) == sorted(sentences)


def test_every_server_can_be_built() -> None:
    for server in all_servers().values():
        assert server.build(WORLD) is not None


def test_parts_are_the_whole_and_each_has_every_clause() -> None:
    servers = all_servers()
    parts = [part_of(servers, part, 4) for part in (1, 2, 3, 4)]
    assert set.union(*parts) == set(servers)
    assert sum(map(len, parts)) == len(servers)
    for part in parts:
        named = {FAULTS[name].clauses[0] for name in part & set(FAULTS)}
        assert named >= {each.clauses[0] for each in MUST}


def test_a_small_part_has_a_quarter_of_the_liberties() -> None:
    servers = all_servers()
    parts = [part_of(servers, part, 48) for part in range(1, 49)]
    assert set.union(*parts) == set(servers)
    assert all(len(part & set(LIBERTIES)) >= len(LIBERTIES) // 4 for part in parts)


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


def _result(
    name: str,
    *failed: str,
    kind: Kind = "fault",
    advised: tuple[str, ...] = (),
    problem: str = "",
) -> Result:
    clauses: dict[Kind, tuple[str, ...]] = {"fault": ("ENV-7",), "advisory": ("ENV-8",)}
    return Result(
        name,
        kind,
        "A server.",
        clauses.get(kind, ()),
        failed=failed,
        advised=advised,
        exit_status=1 if failed else 0,
        shown=tuple(Shown(clause, "case", "got") for clause in (*failed, *advised)),
        problem=problem,
    )


@pytest.mark.parametrize(
    ("spoiling", "word"),
    [
        (_result("unseen"), "missed"),
        (_result("elsewhere", "ENV-6"), "wrong clause"),
        (_result("all-over", "ENV-7", "ENV-6", "ENV-5", "ENV-4"), "spread"),
        (_result("good", "ENV-7", kind="liberty"), "blamed"),
        (_result("good", kind="liberty", problem="it broke down"), "blamed"),
        (_result("unadvised", kind="advisory"), "missed"),
        (_result("advised-of-else", kind="advisory", advised=("ENV-9",)), "wrong clause"),
        (_result("failing", "ENV-7", kind="advisory", advised=("ENV-8",)), "blamed"),
        (
            _result("all-over", kind="advisory", advised=("ENV-8", "SUC-6", "SUC-7", "SUC-11")),
            "spread",
        ),
    ],
)
def test_a_server_that_spoils_the_score_has_a_line_and_fails_it(
    spoiling: Result, word: str
) -> None:
    right = tuple(_result(f"right-{number}", "ENV-7") for number in range(3))
    score = Score((*right, spoiling), "quick", 1.0)
    assert not score.passes
    assert [row for row in lines(score) if row.startswith(f"{word}: {spoiling.name} ")]


def test_what_quick_depth_cannot_find_is_listed_and_does_not_count() -> None:
    rare = Result("rare", "fault", "A server.", ("ENV-7",), "standard")
    score = Score((_result("right", "ENV-7"), rare), "quick", 1.0)
    assert score.passes
    assert list(lines(score))[-1].startswith("not sought at quick depth by design: rare")
    assert not Score(score.results, "standard", 1.0).passes


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


def test_both_levels_count_apart() -> None:
    advised = _result("slight", kind="advisory", advised=("ENV-8",))
    good = _result("good", kind="liberty", advised=("ENV-8",))
    score = Score((_result("right", "ENV-7"), advised, good), "quick", 1.0)
    assert score.passes
    assert (score.named, len(score.faults), len(score.advisories), len(score.blamed)) == (
        1,
        1,
        1,
        0,
    )
    counts = {"all": 1, "advised": 1, "named": 1, "blamed": 0}
    assert score.as_json()["should_faults"] == counts


@pytest.mark.slow
def test_one_server_keeps_its_report(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert prove_one("session-id-null", "quick", tmp_path) == 0
    statement = json.loads((tmp_path / "statement.json").read_text(encoding="utf-8"))
    assert statement["complete"] is True
    assert "session-id-null (session_id is null.) expected to fail: ENV-7" in capfd.readouterr().out


@pytest.mark.slow
def test_one_server_that_breaks_a_should_clause_conforms_and_is_advised_of(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert prove_one("password-line-end-cut", "quick", tmp_path) == 0
    assert "expected to be advised of: SEC-6; exit status 0" in capfd.readouterr().out
