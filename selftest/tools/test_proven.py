"""What a proof rests on, and which servers need not be proven again."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance import resources
from esignon_conformance.contract.model import Contract
from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.runner.requests import contract_check
from esignon_conformance.tools.proof.fingerprints import Fingerprints
from esignon_conformance.tools.proof.matrix import read as read_matrix
from esignon_conformance.tools.proof.parts import all_servers
from esignon_conformance.tools.proof.proven import (
    fingerprints_of,
    merge,
    read,
    stored,
    unless_proven,
)
from esignon_conformance.tools.proof.score import Result
from esignon_conformance.tools.reference.faults import FAULTS
from esignon_conformance.tools.reference.liberties import LIBERTIES

CONTRACT = contract_check.load()
SELFTEST = resources.data_root() / "selftest"
MATRIX = read_matrix(SELFTEST / "shown.jsonl.gz")
FEW = {
    name: all_servers()[name]
    for name in ("takes-any-password", "html-to-empty-body", "locks-after-five")
}


def _few(contract: Contract = CONTRACT) -> dict[str, str]:
    return fingerprints_of(FEW, contract, MATRIX)


def _function(text: str, package: str = "esignon_conformance.made_up") -> Any:
    """Return the function `asked` of a text, as a module of the suite has it."""
    names: dict[str, Any] = {"__name__": package}
    exec(text, names)  # noqa: S102 - a text of this test
    return names["asked"]


BASIS = """
LIMIT = {"a": (1, 2)}
def deeper(value):
    return value + LIMIT["a"][0]
def helper(value):
    return deeper(value)
def asked(value):
    return [helper(one) for one in value]
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("value + LIMIT", "value - LIMIT"),
        ("(1, 2)", "(1, 3)"),
        ("helper(one)", "deeper(one)"),
        ("LIMIT = {", "LIMIT = {'b': lambda: 1, "),
        ("def deeper(value)", "def deeper(value=None)"),
    ],
)
def test_a_fingerprint_is_another_when_a_helper_of_a_helper_is(before: str, after: str) -> None:
    assert before in BASIS
    changed = Fingerprints().of(_function(BASIS.replace(before, after)))
    assert changed != Fingerprints().of(_function(BASIS))


def test_comments_docstrings_and_lines_above_change_no_fingerprint() -> None:
    told = "\n\n# More.\n" + BASIS.replace("(value):\n", '(value):\n    """Do it."""\n')
    assert Fingerprints().of(_function(told)) == Fingerprints().of(_function(BASIS))


NAMESAKES = """
def member(value):
    return value + 1
class Document:
    member = None
def asked(value: Document):
    return value.member
"""


def test_an_attribute_with_the_name_of_a_function_is_not_that_function() -> None:
    changed = Fingerprints().of(_function(NAMESAKES.replace("value + 1", "value + 2")))
    assert changed == Fingerprints().of(_function(NAMESAKES))


CLOSING = """
def made(inner):
    return lambda: inner
asked = made({0})
"""


def test_what_a_function_closes_over_counts() -> None:
    first, again, other = (
        Fingerprints().of(_function(CLOSING.format(inner)))
        for inner in ("{'a': len}", "{'a': len}", "{'a': max}")
    )
    assert first == again != other


@pytest.mark.slow
def test_fingerprints_are_equal_in_every_process() -> None:
    code = "import json; from selftest.tools.test_proven import _few\nprint(json.dumps(_few()))"
    # As `prove` makes them: in a process that has judged nothing yet, since what was judged leaves caches.
    first, second = (
        subprocess.run(
            [sys.executable, "-c", code],
            cwd=resources.data_root(),
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("7", "8")
    )
    assert json.loads(first) == json.loads(second)
    assert len(json.loads(first)) > 1


def test_a_changed_case_touches_what_rests_on_it_and_every_known_good_server() -> None:
    case = replace(CONTRACT.cases["empty-body"], method="PUT")
    before, after = _few(), _few(replace(CONTRACT, cases={**CONTRACT.cases, case.id: case}))
    touched = {name for name in FEW if before[name] != after[name]}
    assert touched == {"html-to-empty-body", "locks-after-five"}


def _touched_by(clause_id: str, **change: Any) -> set[str]:
    clause = replace(CONTRACT.clauses[clause_id], **change)
    after = _few(replace(CONTRACT, clauses={**CONTRACT.clauses, clause_id: clause}))
    before = _few()
    return {name for name in FEW if before[name] != after[name]}


@pytest.mark.slow
def test_a_changed_clause_touches_what_breaks_it_or_one_that_depends_on_it() -> None:
    assert FEW["takes-any-password"].clauses == ("REJ-1",)  # type: ignore[union-attr] # a fault
    assert _touched_by("REJ-1", parameters={"code": "-1"}) == {
        "takes-any-password",
        "locks-after-five",
    }
    assert _touched_by("SUC-3", parameters={"member": "x"}) == {"locks-after-five"}
    assert _touched_by("ENV-5", parameters={"member": "x"}) == {*FEW}


def test_words_of_a_clause_touch_no_server() -> None:
    assert _touched_by("REJ-1", rationale=CONTRACT.clauses["SEC-1"].rationale) == set()


def test_a_changed_server_touches_itself_alone() -> None:
    other = replace(FAULTS["takes-any-password"], build=FAULTS["unreadable-10"].build)
    found = fingerprints_of({**FEW, other.name: other}, CONTRACT, MATRIX)
    assert {name for name, one in _few().items() if found[name] != one} == {other.name}


def test_the_file_of_the_last_proof_names_servers_that_there_are() -> None:
    proven = read(SELFTEST / "proven.json.gz")
    assert len(proven) > 1000
    assert proven.keys() & {*FAULTS}
    assert proven.keys() & {*LIBERTIES}


PART = frozenset({"a", "b", "c", "d", "e", "f", "g", "h", "good"})
NOW = {name: f"{name} today" for name in (*PART, "away", "new")}


def test_of_a_part_that_nothing_touched_a_quarter_is_proven_another_one_each_day() -> None:
    days = [unless_proven(PART, day, NOW, NOW, NOW) for day in range(4)]
    assert frozenset[str]().union(*(one.names for one in days)) == PART
    assert {len(one.names) for one in days} <= {2, 3}
    assert all(one.spared == len(PART - one.names) for one in days)
    assert {one.waiting for one in days} == {0}


def test_what_was_touched_is_proven_wherever_it_is() -> None:
    proven = {**NOW, "b": "before", "good": "before", "away": "before"}
    del proven["new"]
    chosen = unless_proven(PART, 1, NOW, proven, [*NOW])
    assert chosen.names >= {"b", "good", "away", "new"}
    assert chosen.waiting == 0
    # What this depth cannot find is proven in its part alone.
    assert "away" not in unless_proven(PART, 1, NOW, proven, ["new"]).names


def test_where_all_was_touched_elsewhere_a_part_of_it_is_proven_and_the_rest_is_told() -> None:
    now = {f"s{number:03}": "now" for number in range(100)}
    before = dict.fromkeys(now, "before")
    days = [unless_proven((), day, now, before, now) for day in range(5)]
    assert {len(one.names) for one in days} == {20}
    assert {one.waiting for one in days} == {80}
    assert frozenset[str]().union(*(one.names for one in days)) == set(now)
    # New ones come first.
    del before["s077"]
    assert "s077" in unless_proven((), 0, now, before, now).names


def test_what_a_proof_found_right_is_written_and_what_it_did_not_leaves_the_file(
    tmp_path: Path,
) -> None:
    path = tmp_path / "proven.json.gz"
    path.write_bytes(stored({"kept": "then", "spoiled": "then", "gone": "then"}))
    results = [
        Result("right", "fault", "A server.", ("ENV-1",), failed=("ENV-1",), exit_status=1),
        Result("spoiled", "fault", "A server.", ("ENV-1",), failed=("ENV-2",), exit_status=1),
        Result("good", "liberty", "A server."),
        Result("blamed", "liberty", "A server.", failed=("ENV-1",), exit_status=1),
    ]
    names = ("right", "spoiled", "good", "blamed", "kept")
    merge(path, dict.fromkeys(names, "now"), results)
    assert read(path) == {"right": "now", "good": "now", "kept": "then"}


def test_a_file_that_holds_no_proof_is_told(tmp_path: Path) -> None:
    (tmp_path / "proven.json.gz").write_text("{}", encoding="ascii")
    with pytest.raises(ConfigurationError, match=r"proven\.json\.gz"):
        read(tmp_path / "proven.json.gz")


def test_every_server_has_a_fingerprint_of_its_own() -> None:
    found = fingerprints_of(all_servers(), CONTRACT, MATRIX)
    assert found.keys() == {*FAULTS, *LIBERTIES}
    assert len(set(found.values())) == len(found)
