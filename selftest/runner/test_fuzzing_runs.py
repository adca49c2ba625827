"""Runs with draws over real sockets: nobody in the box is blamed, and what only a draw shows is found."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
import yaml

from esignon_conformance import resources
from esignon_conformance.app.pytest_plugin.outcomes import settle_clause, settle_draws
from esignon_conformance.contract.model import Contract
from esignon_conformance.contract.schema_validation import validator_for
from esignon_conformance.reports.coverage import coverage, coverage_lines
from esignon_conformance.reports.finding_text import letter
from esignon_conformance.reports.statement import statement
from esignon_conformance.runner import fresh_fuzzing
from esignon_conformance.runner.fresh_fuzzing import FreshFuzzing
from esignon_conformance.runner.fuzzing.corpus import with_corpus
from esignon_conformance.runner.fuzzing.fresh import fresh_draws
from esignon_conformance.runner.fuzzing.shrinking import shrunk
from esignon_conformance.runner.requests.contract_check import load
from esignon_conformance.runner.run import Run
from esignon_conformance.runner.schedule.draw_room import Needs
from esignon_conformance.target.settings import Options, box_target
from esignon_conformance.tools.proof.judged_server import serving
from esignon_conformance.tools.reference.faults.registry import Fault, changed
from esignon_conformance.tools.reference.login import STEPS
from esignon_conformance.tools.reference.pipeline import Decision, LoginRequest, Response
from esignon_conformance.tools.reference.rehearsal import Rehearsal
from esignon_conformance.verdicts.exit_status import exit_status
from selftest.support.exchanges import contract

RARE = (b"\xe2\x80\xa8", b"\xa4\xa1", b"\xed\xa0\x80", b"\\x41")
SEED = 7


def breaks_on_rare(request: LoginRequest, decision: Decision, body: bytes) -> Response:
    response = STEPS.respond(request, decision, body)
    is_rare = any(piece in request.raw for piece in RARE)
    return replace(response, status=500) if is_rare else response


def breaks_once(request: LoginRequest, decision: Decision, body: bytes) -> Response:
    if any(piece in request.raw for piece in RARE) and not request.state.notes.get("shown"):
        request.state.notes["shown"] = True
        return breaks_on_rare(request, decision, body)
    return STEPS.respond(request, decision, body)


@pytest.fixture
def serve() -> Iterator[Callable[..., str]]:
    """Yield a function that serves the server in the box with some steps replaced."""
    contexts = []

    def start(**steps: Any) -> str:
        contexts.append(serving(Fault("one", (), "", changed(**steps))))
        return contexts[-1].__enter__()

    yield start
    for context in contexts:
        context.__exit__(None, None, None)


def run(
    base_url: str,
    directory: Path,
    used: Contract,
    options: Mapping[str, Any] = MappingProxyType({}),
    **given: Any,
) -> Run:
    target = box_target(base_url, SEED, Options(**options))
    given = {
        "fuzz": lambda run, transport: FreshFuzzing(run, transport).go(),
        "rehearse": Rehearsal,
        **given,
    }
    made = Run(used, target, given.pop("seed", SEED), directory, **given)
    _ = made.verdicts
    return made


PART: dict[str, Any] = {"clauses": frozenset({"ENV-10"}), "draws": frozenset({"ENV-10"})}
# No time for what schemathesis draws, only for mutations, which take none.
MUTATIONS: dict[str, Any] = {"max_examples": 200, "fuzz_time": 0.0}


@pytest.mark.slow
def test_nothing_in_the_corpus_blames_the_server_in_the_box(
    serve: Callable[..., str], tmp_path: Path
) -> None:
    used = with_corpus(contract())
    ended = run(serve(), tmp_path, used, is_whole=True, depth="standard")
    assert {one.verdict for one in ended.verdicts} <= {"holds", "observed", "not-judged"}
    drawn = {case.id for case in used.cases.values() if case.is_drawn}
    assert not drawn & set(ended.recording.unsent)
    assert drawn <= {one.case for one in ended.recording.exchanges}
    after_draws = sum(1 for one in ended.recording.exchanges if one.after in drawn)
    assert 20 <= after_draws <= 2 * len(drawn) / 10 + 20

    found = coverage(ended)
    assert found["draws"] == len(drawn)
    assert min(found["result_codes"].values()) > 0
    assert all(one["violated"] and one["satisfied"] for one in found["keywords"].values())
    assert found["clauses"]["ENV-10"] == len(ended.recording.exchanges)
    assert len(list(coverage_lines(ended, "ko"))) == 3
    said = statement(ended, 0, "en")
    validator_for(contract().schemas)("statement.json").validate(said)
    assert said["depth"] == "standard"
    assert said["complete"] is True


def test_what_only_the_corpus_shows_is_told_by_the_draws_alone(
    serve: Callable[..., str], tmp_path: Path
) -> None:
    ended = run(
        serve(respond=breaks_on_rare), tmp_path, with_corpus(contract()), depth="standard", **PART
    )
    settle_clause(ended, "ENV-10", "en")
    with pytest.raises(pytest.fail.Exception, match="draw-"):
        settle_draws(ended, "ENV-10", "en")
    settle_draws(ended, "ENV-3", "en")
    quick = run(serve(respond=breaks_on_rare), tmp_path, contract(), **PART)
    settle_clause(quick, "ENV-10", "en")
    with pytest.raises(pytest.skip.Exception, match="quick"):
        settle_draws(quick, "ENV-10", "en")


@pytest.mark.slow
def test_what_a_case_shows_is_not_told_again(serve: Callable[..., str], tmp_path: Path) -> None:
    def breaks_on_malformed(request: LoginRequest, decision: Decision, body: bytes) -> Response:
        response = STEPS.respond(request, decision, body)
        return replace(response, status=500) if decision.reason == "unreadable" else response

    base_url = serve(respond=breaks_on_malformed)
    part = {**PART, **MUTATIONS, "cases": frozenset({"cut-before-last-brace"})}
    ended = run(base_url, tmp_path, with_corpus(contract()), depth="deep", **part)
    with pytest.raises(pytest.fail.Exception, match="cut-before-last-brace"):
        settle_clause(ended, "ENV-10", "en")
    settle_draws(ended, "ENV-10", "en")
    assert not ended.found
    assert not (tmp_path / "findings").exists()


def test_a_new_finding_is_shrunk_and_written_as_a_case(
    serve: Callable[..., str], tmp_path: Path
) -> None:
    base_url = serve(respond=breaks_on_rare)
    ended = run(base_url, tmp_path, contract(), depth="deep", **PART, **MUTATIONS)
    (finding,) = ended.by_clause["ENV-10"].findings
    assert ended.by_clause["ENV-10"].verdict == "fails"
    ((name, path),) = ended.found.items()
    assert finding.case == name
    assert path.parent == tmp_path / "findings"
    assert path.name == f"ENV-10-{name}.yaml"
    assert len(ended.exchanges[finding.exchanges[0]].request.body) <= 8
    told = letter(ended, "ENV-10", (finding,), "en")
    assert f"Ready-made case: {path}" in told
    assert f"--depth deep --seed {SEED}" in told

    text = path.read_text(encoding="utf-8")
    assert f"# cp {path} contracts/login/cases/" in text
    validator_for(contract().schemas)("cases.json").validate(yaml.safe_load(text))
    tree = tmp_path / "tree"
    for name_of_folder in ("contracts", "schemas"):
        shutil.copytree(resources.data_root() / name_of_folder, tree / name_of_folder)
    shutil.copy(path, tree / "contracts" / "login" / "cases" / "found.yaml")
    with_found = load(tree)
    (added,) = set(with_found.cases) - set(contract().cases)
    assert added == name.replace("draw-", "found-")
    again = run(
        base_url, tmp_path, with_found, cases=frozenset({added}), clauses=frozenset({"ENV-10"})
    )
    assert again.by_clause["ENV-10"].findings[0].case == added


def test_what_does_not_show_again_is_an_advisory(serve: Callable[..., str], tmp_path: Path) -> None:
    ended = run(serve(respond=breaks_once), tmp_path, contract(), depth="deep", **PART, **MUTATIONS)
    verdict = ended.by_clause["ENV-10"]
    assert verdict.verdict == "advisory"
    assert [one.unstable for one in verdict.findings] == [True]
    assert exit_status(ended.verdicts) == 0
    assert "it did not show when it was sent again" in letter(
        ended, "ENV-10", verdict.findings, "en"
    )
    with pytest.raises(pytest.xfail.Exception):
        settle_draws(ended, "ENV-10", "en")
    said = statement(ended, 0, "en")
    validator_for(contract().schemas)("statement.json").validate(said)


@pytest.mark.slow
def test_draws_are_drawn_into_the_room_that_a_limit_leaves(
    serve: Callable[..., str], tmp_path: Path
) -> None:
    free = run(serve(), tmp_path, contract(), depth="deep", **PART, **MUTATIONS)
    limited = {"limits": {"requests": len(free.recording.exchanges) - 60}}
    ended = run(serve(), tmp_path, contract(), limited, depth="deep", **PART, **MUTATIONS)
    assert ended.recording.ended is None
    assert ended.fresh
    assert len(ended.fresh) < len(free.fresh)
    assert ended.requests <= limited["limits"]["requests"]
    assert {one.word for one in ended.recording.unsent.values()} <= {"not-applicable"}


@pytest.mark.slow
def test_what_no_limit_lets_be_sent_again_stands_as_it_was_shown(
    serve: Callable[..., str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base_url = serve(respond=breaks_on_rare)
    monkeypatch.setattr(fresh_fuzzing, "_kept_for_a_closer_look", lambda _budget: Needs())
    monkeypatch.setattr(fresh_fuzzing, "examples_within", lambda *_given: 200)
    free = run(base_url, tmp_path, contract(), depth="deep", **PART, **MUTATIONS)
    answers = [one.answer.status for one in free.recording.exchanges if one.answer is not None]
    limited = {"limits": {"requests": answers.index(500) + 12}}
    ended = run(base_url, tmp_path, contract(), limited, depth="deep", **PART, **MUTATIONS)
    verdict = ended.by_clause["ENV-10"]
    assert verdict.verdict == "fails"
    assert [one.unstable for one in verdict.findings] == [False]
    assert ended.recording.ended is None


@pytest.mark.slow
def test_equal_seeds_send_equal_requests_in_equal_order(
    serve: Callable[..., str], tmp_path: Path
) -> None:
    base_url = serve()

    def sent(seed: int) -> list[tuple[str, bytes]]:
        ended = run(
            base_url, tmp_path, contract(), depth="deep", seed=seed, max_examples=40, **PART
        )
        return [(one.case, one.request.body) for one in ended.recording.exchanges]

    first = sent(SEED)
    assert sum(1 for case, _ in first if case.startswith("draw-")) > 40
    assert sent(SEED) == first
    assert sent(SEED + 1) != first


def test_drawing_ends_when_its_time_is_up() -> None:
    few = fresh_draws(contract(), SEED, 60, seconds=0)
    assert {draw.way for draw in few} & {"fuzzing"} == set()


@pytest.mark.parametrize(
    ("body", "shows", "smallest"),
    [
        (b'{"a": [1, {"b": "xyz"}], "c": 2}', lambda body: b'"b"' in body, b'"b"'),
        (b"abcdefghij", lambda body: b"c" in body and b"h" in body, b"ch"),
        (b"abc", lambda body: body == b"abc", b"abc"),
    ],
)
def test_a_body_is_made_as_small_as_shows_the_same(
    body: bytes, shows: Callable[[bytes], bool], smallest: bytes
) -> None:
    assert shrunk(body, shows, 500) == smallest


def test_shrinking_asks_no_more_than_it_may() -> None:
    asked: list[bytes] = []
    body = b'{"a": {"b": {"c": [1, 2, 3, 4, 5, 6, 7, 8]}}}'

    def shows(one: bytes) -> bool:
        asked.append(one)
        return False

    assert shrunk(body, shows, 9) == body
    assert len(asked) == 9
