"""Answers that go to another account, in one process of a fleet or across two, are one failure."""

from __future__ import annotations

import pytest

from esignon_conformance.tools.traffic.fleet_report import FleetReports
from selftest.support.fleet_judged import (
    ACCOUNTS,
    TOKEN,
    answer_to,
    findings_of,
    judged_fleet,
    process_of_fleet,
    sent_login,
)


@pytest.mark.parametrize(
    ("named", "failing"), [("main", set()), ("other", {"SUC-9"})], ids=["own", "swapped"]
)
def test_answers_swapped_in_one_process_are_told_once_for_the_fleet(
    named: str, failing: set[str]
) -> None:
    processes = [process_of_fleet(1), process_of_fleet(2)]
    for number, process in enumerate(processes):
        for at, (name, its) in enumerate((("main", "main"), ("other", "other"), ("main", named))):
            answer = answer_to(ACCOUNTS[its], "00", f"{TOKEN}{number}{at}")
            process.add(sent_login(name, "00", at / 1000, answer_body=answer))
    judge = judged_fleet(*processes)
    assert {name for name in ("SUC-2", "SUC-5", "SUC-9") if findings_of(judge, name)} == failing
    # Of the first of each process no other was under way before.
    assert (judge.tallies["SUC-9"].judged, findings_of(judge, "SUC-9")) == (4, 2 * bool(failing))


def _add(process: FleetReports, name: str, named: str, at: float, token: str) -> None:
    answer = answer_to(ACCOUNTS[named], "00", token)
    process.add(sent_login(name, "00", at, answer_body=answer))


_OF_ONE_FAULT = ("SUC-2", "SUC-5", "SUC-9", "SUC-10")


@pytest.mark.parametrize("is_copy_first", [False, True])
def test_an_answer_of_one_process_that_another_one_gets_as_well_is_one_failure(
    *, is_copy_first: bool
) -> None:
    copying, copied = process_of_fleet(1 + is_copy_first), process_of_fleet(2 - is_copy_first)
    for at in range(4):
        _add(copied, "main", "main", at, f"{TOKEN}{at}")
        named, token = ("main", f"{TOKEN}{at}") if at == 1 else ("other", f"{TOKEN}o{at}")
        _add(copying, "other", named, at, token)
    judge = judged_fleet(*sorted((copying, copied), key=lambda one: one.number))
    assert {name for name in _OF_ONE_FAULT if findings_of(judge, name)} == {"SUC-9"}


def test_an_account_that_gets_its_own_answer_in_another_process_alone_is_no_matter_of_its_echo() -> (
    None
):
    processes = [process_of_fleet(1), process_of_fleet(2)]
    for at in range(3):
        for number, process in enumerate(processes):
            _add(process, "main", "main", at, f"{TOKEN}m{number}{at}")
            named = ("main", "other")[number]
            _add(process, "other", named, at + 0.001, f"{TOKEN}o{number}{at}")
    judge = judged_fleet(*processes)
    assert {name for name in _OF_ONE_FAULT if findings_of(judge, name)} == {"SUC-9"}


@pytest.mark.parametrize(("later", "told_by"), [(0.0, "SUC-9"), (60.0, "SUC-5")])
def test_answers_swapped_between_processes_that_send_at_once_are_told_once(
    later: float, told_by: str
) -> None:
    processes = [process_of_fleet(1), process_of_fleet(2)]
    for at in range(4):
        _add(processes[0], "main", "other" if at == 1 else "main", at, f"{TOKEN}m{at}")
        _add(processes[1], "other", "other", later + at, f"{TOKEN}o{at}")
    judge = judged_fleet(*processes)
    found = {name for name in _OF_ONE_FAULT if findings_of(judge, name)}
    # The other company of the answer that is not the account's is told beside its email.
    assert found - {"SUC-2"} == {told_by}
