"""The measured order of the cases: made by a greedy cover, and the file is what the command makes."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Literal

import pytest

from esignon_conformance import resources
from esignon_conformance.contract.schema_validation import validator_for
from esignon_conformance.contract.sending_order import ORDER_NAME, SendingOrder, read_order
from esignon_conformance.runner.requests import contract_check
from esignon_conformance.runner.schedule.dry_run import requests_of
from esignon_conformance.runner.schedule.selection import Fitting, needed_to_judge
from esignon_conformance.target.limits import SMOKE_REQUESTS
from esignon_conformance.tools.proof.case_order import (
    Measured,
    costs,
    document,
    measured,
    places_of,
    stored,
    trial_target,
)
from esignon_conformance.tools.proof.greedy_cover import Candidate, cover
from esignon_conformance.tools.proof.matrix import MATRIX, Row, read
from esignon_conformance.tools.reference.faults import FAULTS, Fault
from esignon_conformance.tools.reference.faults.registry import changed
from esignon_conformance.tools.reference.rehearsal import Rehearsal

CONTRACT = contract_check.load()
FILE = resources.contracts() / CONTRACT.operation.id / ORDER_NAME


# ---- the file --------------------------------------------------------------------------------------


def test_the_file_is_what_the_command_makes() -> None:
    value = document(CONTRACT, read(resources.data_root() / MATRIX), FAULTS)
    assert stored(value) == FILE.read_text(encoding="utf-8"), "make order"
    schema = {"order.json": json.loads((resources.schemas() / "order.json").read_text("utf-8"))}
    assert not list(validator_for(schema)("order.json").iter_errors(value))


def test_every_case_has_its_place_and_smoke_holds_what_clauses_are_not_judged_without() -> None:
    order = CONTRACT.order
    assert sorted(order.cases) == sorted(CONTRACT.cases)
    needed = needed_to_judge(CONTRACT, list(CONTRACT.cases.values()))
    assert needed <= order.of_smoke()
    part = Fitting(order.of_smoke(), is_sparing=True)
    sent = requests_of(CONTRACT, trial_target(), part, Rehearsal)
    assert 0.85 * SMOKE_REQUESTS < sent < 0.95 * SMOKE_REQUESTS


def test_cases_that_share_one_request_are_of_the_same_account_and_situation() -> None:
    assert sum(bool(case.shares) for case in CONTRACT.cases.values()) >= 7
    shares = ("odd-email-nul", "unknown-email", "no-such-case")
    case = replace(CONTRACT.cases["odd-email-of-many-kinds"], shares=shares)
    problems = list(contract_check.problems_of(case, CONTRACT))
    assert len(problems) == 2
    assert all(name in " ".join(problems) for name in shares[1:])


def test_a_contract_without_the_file_has_no_order() -> None:
    assert read_order(resources.tests()) == SendingOrder((), 0)


# ---- what was measured -----------------------------------------------------------------------------


def _fault(name: str, clause: str) -> Fault:
    level: Literal["must", "should"] = (
        "should" if CONTRACT.clauses[clause].level == "should" else "must"
    )
    return Fault(name, (clause,), "A server.", changed(), level=level)


def test_a_server_counts_by_the_clauses_of_its_level_and_a_burst_by_what_it_mixes() -> None:
    faults = {"a": _fault("a", "REJ-1"), "b": _fault("b", "SEC-6"), "c": _fault("c", "SUC-9")}
    matrix = {
        "a": Row("quick", {"REJ-1": ("wrong-password",), "SEC-6": ("password-blank-after",)}),
        "b": Row("quick", {"SEC-6": ("password-blank-after",), "SUC-1": ("right-login",)}),
        "c": Row("quick", {"SUC-9": ("right-login", "unknown-email")}),
        "gone": Row("quick", {"REJ-1": ("wrong-password",)}),
    }
    found = measured(CONTRACT, matrix, faults)
    assert found.shown == {
        "a": {"wrong-password"},
        "b": {"password-blank-after"},
        "c": {"burst-unknown-email"},
    }
    assert found.at_once == set()
    assert found.weights["a"] > found.weights["b"]
    plain = {"a": Row("quick", {"REQ-1": ("right-login",)})}
    assert measured(CONTRACT, plain, {"a": faults["a"]}).at_once == {"a"}


def test_a_case_costs_what_the_guard_of_accounts_adds() -> None:
    found = costs(CONTRACT, trial_target())
    assert found["same-value-indented"] == pytest.approx(1.05)
    assert found["unknown-email-hangul"] == pytest.approx(1.05)
    assert found["wrong-password"] == pytest.approx(1.05 + 1 / 3)
    assert found["put-with-body"] == pytest.approx(1.05 + 1 / 3)
    assert found["unknown-email"] == pytest.approx(3.05)
    assert found["burst-two-accounts"] == pytest.approx(8.05)


# ---- the cover -------------------------------------------------------------------------------------


def _candidate(name: str, shows: str, requests: float = 1.0, *kinds: str) -> Candidate:
    return Candidate(name, requests, frozenset(shows), frozenset(kinds))


WEIGHTS = dict.fromkeys("abcdef", 1.0)


def _names(*candidates: Candidate, **said: object) -> list[str]:
    return [one.candidate.name for one in cover(candidates, WEIGHTS, **said)]  # type: ignore[arg-type]


def test_what_shows_the_most_for_a_request_comes_first() -> None:
    many, two, one = _candidate("many", "abcd"), _candidate("two", "ef"), _candidate("one", "a")
    assert _names(one, two, many) == ["many", "two", "one"]
    dear = _candidate("dear", "abcd", 4.0)
    assert _names(dear, two, one) == ["two", "one", "dear"]


def test_what_was_shown_before_counts_less_and_not_nothing() -> None:
    again, new, none = _candidate("again", "abc"), _candidate("new", "de"), _candidate("none", "")
    assert _names(none, again, new, shown="abc") == ["new", "again", "none"]


def test_what_is_needed_comes_before_all_else() -> None:
    many, one, none = _candidate("many", "abcd"), _candidate("one", "e"), _candidate("none", "")
    assert _names(none, many, one, first=("none", "one")) == ["one", "none", "many"]


def test_of_what_shows_nothing_kinds_take_turns() -> None:
    alike = [_candidate(f"x{number}", "", 1.0, "x") for number in range(3)]
    other = _candidate("y", "", 1.0, "y")
    assert _names(*alike, other)[:2] == ["x0", "y"]


def test_a_place_says_whom_it_is_the_first_to_show() -> None:
    first, second = cover([_candidate("one", "abc"), _candidate("two", "cd")], WEIGHTS)
    assert (first.new, first.example, second.new, second.example) == (3, "a", 1, "d")


def test_what_hangs_on_another_comes_after_it_however_much_it_shows() -> None:
    hanging = [case for case in CONTRACT.cases.values() if case.where]
    shown = {f"server {at}": frozenset({case.id}) for at, case in enumerate(hanging)}
    found = Measured(shown, frozenset(), dict.fromkeys(shown, 9.0))
    names = [place.candidate.name for place in places_of(CONTRACT, found, trial_target())]
    assert sorted(names) == sorted(
        case.id for case in CONTRACT.cases.values() if not case.is_plain_right_login
    )
    assert all(names.index(case.id) > names.index(case.where["case"]) for case in hanging)
