"""A bad request that gets several codes, from one process of a fleet or from several, is one failure."""

from __future__ import annotations

from typing import Any

import pytest

from esignon_conformance.load.fleet_marks import FleetMarks
from selftest.support.fleet_judged import (
    ACCOUNTS,
    answer_to,
    findings_of,
    judged_fleet,
    process_of_fleet,
    sent_login,
    sent_malformed,
)


@pytest.mark.parametrize(("code", "found"), [("12", 1), ("99", 0)])
def test_the_same_bad_request_gets_the_same_code_in_every_process(code: str, found: int) -> None:
    processes = [process_of_fleet(1), process_of_fleet(2)]
    for process, its_code in zip(processes, ("99", code), strict=True):
        process.add(sent_malformed(1.0, answer_to(ACCOUNTS["main"], its_code)))
    judge = judged_fleet(*processes)
    assert (judge.tallies["REJ-11"].judged, findings_of(judge, "REJ-11")) == (1, found)


@pytest.mark.parametrize("numbers", [(1, 2), (2, 1), (1, 1)])
def test_a_request_with_codes_in_turn_is_one_failure_of_the_fleet(numbers: tuple[int, int]) -> None:
    # REJ-11 tells it; that "10" is no code for such a body (REJ-7) is told of the other request alone.
    processes = {number: process_of_fleet(number) for number in sorted(set(numbers))}
    for number, code in zip(numbers, ("12", "10"), strict=True):
        one = processes[number]
        one.add(sent_malformed(1.0, answer_to(ACCOUNTS["main"], code)))
    judge = judged_fleet(*processes.values())
    told = {name for name, tally in judge.tallies.items() if tally.evidence}
    assert told & {"REJ-7", "REJ-11", "REJ-15"} == {"REJ-11"}


def test_what_a_process_reports_before_another_code_comes_is_told_once() -> None:
    early, late = process_of_fleet(1), process_of_fleet(2)
    malformed = [sent_malformed(at, answer_to(ACCOUNTS["main"], "10")) for at in (1.0, 2.0, 3.0)]
    early.add(malformed[0])
    early.add(malformed[1])
    judge = judged_fleet(
        early,
        late,
        between=lambda: late.add(
            malformed[0]._replace(answer_body=answer_to(ACCOUNTS["main"], "12"))
        ),
    )
    assert findings_of(judge, "REJ-11") == 1
    assert (judge.tallies["REJ-7"].judged, findings_of(judge, "REJ-7")) == (2, 1)


def test_a_right_login_is_no_bad_request_however_it_is_refused() -> None:
    process = process_of_fleet(1)
    for at, code in enumerate(("00", "10", "99", "00")):
        process.add(sent_login("main", code, at))
    judge = judged_fleet(process)
    # REQ-1 and SUC-8 tell of it.
    assert (judge.tallies["REJ-11"].judged, findings_of(judge, "REJ-11")) == (0, 0)
    assert findings_of(judge, "SUC-8")


def test_a_limiter_that_right_logins_meet_too_is_one_failure_of_the_whole_fleet() -> None:
    early, late = process_of_fleet(1), process_of_fleet(2)
    for at, code in enumerate(("00", "99", "00")):
        early.add(sent_login("main", code, at))
    early.add(sent_malformed(4.0, answer_to(ACCOUNTS["main"], "12")))
    late.add(sent_malformed(4.5, answer_to(ACCOUNTS["main"], "99")))
    judge = judged_fleet(early, late)
    assert findings_of(judge, "SUC-8")
    told = dict.fromkeys(("REJ-11", "REJ-15"), "SUC-8")
    assert (findings_of(judge, "REJ-11"), judge.counted().part_of) == (0, told)


def test_what_the_world_may_have_changed_is_no_other_code() -> None:
    marks = FleetMarks()
    nothing: dict[str, Any] = {"tokens": [], "bodies": [], "texts": [], "names": {}}
    assert marks.take(0, {**nothing, "refusals": [(1, "10")]}) == []
    assert marks.take(1, {**nothing, "refusals": [(1, "95")]}) == []
    assert [one.clause for one in marks.take(1, {**nothing, "refusals": [(1, "99")]})] == ["REJ-11"]
