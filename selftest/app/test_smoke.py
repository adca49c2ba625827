"""`--depth smoke`: few requests, whatever comes back, and a verdict that says how few."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.runner.requests import contract_check
from esignon_conformance.tools.proof.judged_server import How, judge_server, serving
from esignon_conformance.tools.reference.faults import FAULTS
from esignon_conformance.tools.reference.liberties import LIBERTIES
from selftest.support.command import command

CONTRACT = contract_check.load()
HOW = How(CONTRACT, 7, "smoke")


def _statement(directory: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((directory / "statement.json").read_text("utf-8"))
    return found


def test_a_conforming_server_is_judged_by_few_requests_and_told_so(tmp_path: Path) -> None:
    chosen = ("--depth", "smoke", "--fail-on", "not-judged", "--max-requests", "900")
    written = ("--lang", "en", "--report-dir", str(tmp_path))
    # On a busy machine no two of its one small burst may overlap, and SUC-9 is not judged, rightly.
    for _ in range(3):
        ran = command("run", *chosen, *written, folder=tmp_path)
        assert ran.returncode == 0, ran.stdout
        found, smoke = _statement(tmp_path), CONTRACT.order.smoke
        if all(one["verdict"] == "holds" for one in found["clauses"] if one["id"] == "SUC-9"):
            break
    assert found["requests"] <= 150
    assert (found["complete"], found["depth"], found["limits"]["requests"]) == (True, "smoke", 150)
    told = f"CONFORMS: no must clause fails · smoke: {smoke} of {len(CONTRACT.cases)} cases"
    assert found["headline"] == told
    assert told in ran.stdout
    assert "--max-requests 900 does not raise that" in ran.stdout
    assert told in (tmp_path / "summary.md").read_text("utf-8").replace("\\", "")
    left_out = {one["why"]: one["cases"] for one in found["not_sent"]}
    assert left_out.keys() == {"depth"}
    assert len(left_out["depth"]) == len(CONTRACT.cases) - smoke
    asked = [one for one in found["clauses"] if one["level"] != "observe"]
    # A loopback target needs no TLS.
    assert {one["id"] for one in asked if one["verdict"] != "holds"} == {"SEC-5"}
    (forms,) = (one for one in asked if one["id"] == "REQ-7")
    own = [case for case in CONTRACT.cases_of("REQ-7") if case.id in CONTRACT.order.of_smoke()]
    of_all = len(CONTRACT.cases_of("REQ-7"))
    (by_depth,) = (one for one in ran.stdout.splitlines() if "left out by --depth smoke: " in one)
    assert f"REQ-7 ({len(own)} of {of_all})" in by_depth
    assert sum(len(one["cases"]) for one in forms["left_out"]) == of_all - len(own)


@pytest.mark.parametrize(
    ("name", "clause"),
    [
        ("compares-letter-case", "SEC-2"),
        ("breaks-on-empty-body", "ENV-10"),
        ("login-after-unreadable-12", "SUC-8"),
    ],
)
def test_a_server_with_a_fault_fails_and_is_sent_no_more(name: str, clause: str) -> None:
    result = judge_server(FAULTS[name], HOW)
    assert result.failed == (clause,)
    assert result.requests <= 150


def test_a_server_that_is_right_in_another_way_is_not_blamed() -> None:
    result = judge_server(LIBERTIES["refusals-over-own-status"], HOW)
    assert (result.failed, result.exit_status) == ((), 0)
    assert result.requests <= 150


def test_what_shares_a_request_is_told_apart_only_where_that_deviates(tmp_path: Path) -> None:
    with serving(FAULTS["breaks-on-proto-name"]) as base_url:
        chosen = ("--depth", "smoke", "--accounts", "box", "--base-url", base_url, "--lang", "en")
        command("run", *chosen, "--report-dir", str(tmp_path), folder=tmp_path)
    found = _statement(tmp_path)
    shared = CONTRACT.cases["odd-members-of-many-kinds"]
    (verdict,) = (one for one in found["clauses"] if one["verdict"] == "fails")
    (finding,) = verdict["findings"]
    assert verdict["id"] == "ENV-10"
    assert finding["case"] == "odd-name-proto"
    assert shared.id in finding["cases"]
    (unsent,) = (one["cases"] for one in found["not_sent"] if one["why"] == "depth")
    assert not set(shared.shares) & set(unsent)
    others = CONTRACT.cases["extra-in-every-place"].shares
    assert set(others) & set(unsent)
    assert found["requests"] <= 150
