"""Recorded traffic in which many requests came to nothing: a small rest of them is no verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from esignon_conformance.i18n.message import say
from esignon_conformance.reports.statement import statement
from esignon_conformance.reports.summary import lines_of_traffic
from selftest.support.archives import Row, archive, judged, rows_of, server, verdict
from selftest.support.recorders import login
from selftest.support.sent_logins import COMPANY, CUT, PASSWORD, RIGHT

UNKNOWN = login(COMPANY, "nobody@esignon.test", PASSWORD)


def _broken(row: Row) -> Row:
    content = {"size": 5, "text": "error"}
    return {**row, "response": {**row["response"], "status": 500, "content": content}}


@pytest.mark.parametrize("batch_size", [500, 3])
def test_a_clause_whose_evidence_is_a_small_rest_is_not_judged(
    tmp_path: Path, batch_size: int
) -> None:
    right, unknown = rows_of(server(), [RIGHT, UNKNOWN])
    rows = [right, *[unknown] * 3, *[_broken(unknown)] * 10, right]
    run = judged(archive(tmp_path / "a.har", rows), are_all=True, batch_size=batch_size)
    found = verdict(run, "REJ-2")
    assert found.verdict == "not-judged"
    assert found.reason == say("traffic-without-outcome", count=10, all=13)


def test_a_clause_that_holds_says_how_many_requests_came_to_nothing(tmp_path: Path) -> None:
    right, unknown = rows_of(server(), [RIGHT, UNKNOWN])
    rows = [right, *[unknown] * 10, *[_broken(unknown)] * 3, right]
    run = judged(archive(tmp_path / "a.har", rows), are_all=True)
    found = verdict(run, "REJ-2")
    assert (found.verdict, found.exchanges, found.without_outcome) == ("holds", 10, 3)
    assert "REJ-2 (10 of 13)" in "\n".join(lines_of_traffic(run, "en"))
    told = {one["id"]: one for one in statement(run, 0, "en")["clauses"]}
    assert told["REJ-2"]["without_outcome"] == 3
    assert "without_outcome" not in told["REJ-17"]


def test_where_nothing_came_of_such_requests_the_file_has_them_all_the_same(tmp_path: Path) -> None:
    right, unknown = rows_of(server(), [RIGHT, UNKNOWN])
    run = judged(archive(tmp_path / "a.har", [right, *[_broken(unknown)] * 4]), are_all=True)
    assert verdict(run, "REJ-2").reason == say("traffic-without-outcome", count=4, all=4)


@pytest.mark.parametrize(("broken", "word"), [(1, "holds"), (5, "not-judged")])
def test_right_logins_of_which_most_came_to_nothing_are_no_tick(
    tmp_path: Path, broken: int, word: str
) -> None:
    (right,) = rows_of(server(), [RIGHT])
    rows = [right, right, *[_broken(right)] * broken, right]
    run = judged(archive(tmp_path / "a.har", rows))
    assert verdict(run, "REQ-1").verdict == word
    assert verdict(run, "SUC-1").verdict == "holds"


def test_the_envelope_of_refusals_is_no_verdict_on_right_logins(tmp_path: Path) -> None:
    right, cut = rows_of(server(), [RIGHT, CUT])
    run = judged(archive(tmp_path / "a.har", [_broken(right), cut, cut, cut]))
    assert verdict(run, "ENV-4").reason == say("traffic-without-outcome", count=1, all=4)
    run = judged(archive(tmp_path / "a.har", [right, _broken(right), cut, cut, cut]))
    found = verdict(run, "ENV-4")
    assert (found.verdict, found.exchanges, found.without_outcome) == ("holds", 4, 1)


def test_a_bad_request_that_gets_now_a_code_and_now_none_is_no_tick_of_rej_11(
    tmp_path: Path,
) -> None:
    right, cut = rows_of(server(), [RIGHT, CUT])
    run = judged(archive(tmp_path / "a.har", [right, cut, cut, cut, _broken(cut)]))
    assert verdict(run, "REJ-11").reason == say("one-without-outcome")


def test_bad_requests_of_a_kind_that_always_come_to_nothing_are_no_tick_of_rej_11(
    tmp_path: Path,
) -> None:
    right, cut, unknown = rows_of(server(), [RIGHT, CUT, UNKNOWN])
    rows = [right, *[cut] * 5, *[_broken(unknown)] * 3]
    run = judged(archive(tmp_path / "a.har", rows), are_all=True)
    assert verdict(run, "REJ-11").reason == say("traffic-without-outcome", count=2, all=6)
