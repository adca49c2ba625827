"""Each clause has its known-bad servers, and each case one that makes it deviate: `make matrix`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from esignon_conformance.contract.model import Contract
from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.runner.requests import contract_check
from esignon_conformance.tools.proof.matrix import (
    Exceptions,
    Row,
    gaps,
    merge,
    merged,
    read,
    stored,
)
from esignon_conformance.tools.proof.score import Result
from esignon_conformance.tools.reference.faults import FAULTS, Fault
from esignon_conformance.tools.reference.faults.registry import changed

CONTRACT = contract_check.load()
HERE = Path(__file__).parents[1]
NOTHING = Exceptions({}, {})


def _exceptions() -> Exceptions:
    written = yaml.safe_load((HERE / "unshown.yaml").read_text(encoding="utf-8"))
    return Exceptions(written["clauses"], written["cases"])


def _gaps() -> list[str]:
    return list(gaps(CONTRACT, FAULTS, read(HERE / "shown.jsonl.gz"), _exceptions()))


def test_every_clause_and_every_case_has_a_known_bad_server_and_all_are_in_the_matrix() -> None:
    found = _exceptions()
    assert all(len(reason) > 10 for reason in {**found.clauses, **found.cases}.values())
    assert _gaps() == []


# Two clauses with a case each, and the servers that show them.
def _small() -> Contract:
    clauses = {name: CONTRACT.clauses[name] for name in ("REJ-1", "SEC-6", "REQ-8")}
    cases = {name: CONTRACT.cases[name] for name in ("wrong-password", "password-blank-after")}
    return replace(CONTRACT, clauses=clauses, cases=cases)


def _fault(name: str, clause: str) -> Fault:
    return Fault(name, (clause,), "A server.", changed())


SERVERS = {name: _fault(name, "SEC-6") for name in ("a", "b", "c")} | {"d": _fault("d", "REJ-1")}
SHOWN = {
    **{name: Row("quick", {"SEC-6": ("password-blank-after",)}) for name in ("a", "b", "c")},
    "d": Row("quick", {"REJ-1": ("wrong-password",)}),
}


def test_what_is_covered_has_no_gaps() -> None:
    assert list(gaps(_small(), SERVERS, SHOWN, NOTHING)) == []


def test_a_must_clause_without_a_server_and_a_should_clause_with_two_are_told() -> None:
    few = {name: SERVERS[name] for name in ("a", "b")}
    shown = {name: SHOWN[name] for name in few}
    found = list(gaps(_small(), few, shown, Exceptions({}, {"wrong-password": "a reason"})))
    assert found == ["REJ-1 has 0 known-bad servers", "SEC-6 has 2 known-bad servers"]


def test_a_case_that_nothing_makes_deviate_from_its_own_clause_is_told() -> None:
    shown = {**SHOWN, "d": Row("quick", {"ENV-1": ("wrong-password",)})}
    expected = ["no known-bad server makes wrong-password deviate from REJ-1"]
    assert list(gaps(_small(), SERVERS, shown, NOTHING)) == expected
    assert list(gaps(_small(), SERVERS, shown, Exceptions({}, {"wrong-password": "why"}))) == []


def test_a_burst_is_covered_by_what_it_mixes() -> None:
    cases = {name: CONTRACT.cases[name] for name in ("burst-unknown-email",)}
    small = replace(CONTRACT, clauses={"SUC-9": CONTRACT.clauses["SUC-9"]}, cases=cases)
    servers = {"mixed-up": _fault("mixed-up", "SUC-9")}
    half = {"mixed-up": Row("quick", {"SUC-9": ("right-login",)})}
    whole = {"mixed-up": Row("quick", {"SUC-9": ("right-login", "unknown-email")})}
    expected = ["no known-bad server makes burst-unknown-email deviate from SUC-9"]
    known = {
        "right-login is in the matrix and no case",
        "unknown-email is in the matrix and no case",
    }
    assert [one for one in gaps(small, servers, half, NOTHING) if one not in known] == expected
    assert [one for one in gaps(small, servers, whole, NOTHING) if one not in known] == []


def test_servers_that_are_not_in_the_matrix_or_no_more_are_told() -> None:
    shown = {**SHOWN, "gone": SHOWN["a"]}
    del shown["b"]
    assert list(gaps(_small(), SERVERS, shown, NOTHING)) == [
        "b is not in the matrix",
        "gone is in the matrix and no known-bad server",
    ]


def test_a_case_that_only_a_server_of_old_showed_is_not_covered() -> None:
    shown = {**SHOWN, "d": Row("quick", {}), "gone": SHOWN["d"]}
    assert "no known-bad server makes wrong-password deviate from REJ-1" in list(
        gaps(_small(), SERVERS, shown, NOTHING)
    )


def test_exceptions_that_are_needed_no_longer_or_name_nothing_are_told() -> None:
    needless = Exceptions({"SEC-6": "why", "X-1": "why"}, {"wrong-password": "why", "x": "why"})
    assert sorted(gaps(_small(), SERVERS, SHOWN, needless)) == [
        "SEC-6 is an exception and has its known-bad servers",
        "X-1 is an exception and no clause",
        "wrong-password is an exception and a known-bad server makes it deviate",
        "x is an exception and no case",
    ]


def test_a_name_that_is_no_case_is_told_unless_it_was_drawn() -> None:
    shown = {**SHOWN, "d": Row("standard", {"REJ-1": ("wrong-password", "old", "draw-7")})}
    expected = ["old is in the matrix and no case"]
    assert list(gaps(_small(), SERVERS, shown, NOTHING)) == expected


def _result(name: str, *cases: str, problem: str = "") -> Result:
    return Result(name, "fault", "A server.", ("REJ-1",), cases={"REJ-1": cases}, problem=problem)


def test_parts_are_merged_and_what_is_no_more_leaves() -> None:
    old = {"gone": SHOWN["a"], "kept": Row("quick", {"REJ-1": ("a", "old")}), "new": Row("x", {})}
    results = [_result("new", "b", "a", "draw-7"), _result("kept", problem="no end")]
    assert merged(old, results, "standard", {"kept", "new"}, {"a", "b"}) == {
        "kept": Row("quick", {"REJ-1": ("a",)}),
        "new": Row("standard", {"REJ-1": ("a", "b", "draw-7")}),
    }


def test_a_matrix_is_read_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "matrix.gz"
    assert read(path) == {}
    names = [name for name in FAULTS if FAULTS[name].clauses == ("REJ-1",)][:2]
    for name in names:
        merge(path, CONTRACT, [_result(name, "wrong-password")], "quick")
    assert read(path) == {name: Row("quick", {"REJ-1": ("wrong-password",)}) for name in names}
    assert stored(read(path)) == path.read_bytes()
    assert [one.name for one in path.parent.iterdir()] == ["matrix.gz"]


def test_a_file_that_is_no_matrix_is_told(tmp_path: Path) -> None:
    path = tmp_path / "matrix.gz"
    path.write_bytes(b"no matrix")
    with pytest.raises(ConfigurationError, match=r"matrix\.gz cannot be read"):
        read(path)
