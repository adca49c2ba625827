"""Draws take the room that a run's limits leave, and no more: what they lack says nothing of a server."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.recording.recording import Recording
from esignon_conformance.redaction.scrubber import Scrubber
from esignon_conformance.runner.fuzzing.draws import drawn
from esignon_conformance.runner.schedule.draw_room import (
    DrawRoom,
    Needs,
    examples_within,
    limit_of_draws,
)
from esignon_conformance.runner.schedule.executor import Executor
from esignon_conformance.target.limits import ELSEWHERE, Budget
from esignon_conformance.tools.reference.rehearsal import Rehearsal
from selftest.support.exchanges import TARGET, contract

DRAW = drawn(b'{"a": 1}', "fuzzing", contract().operation.request_schema).as_case()
CASE = contract().cases["unknown-email"]


def budget(requests: int | None, sent: int, seconds: float = 1000.0) -> Budget:
    """Return a budget of which so many requests have been sent."""
    made = Budget(replace(ELSEWHERE, requests=requests, max_time=seconds))
    made.requests = sent
    return made


@pytest.mark.parametrize(
    ("left", "reason"),
    [
        ((100, 90), None),
        ((100, 91), Reason("request-limit")),
        ((100, 100), Reason("request-limit")),
        ((None, 10_000), None),
        ((None, 0, 5.0), Reason("time-limit")),
    ],
)
def test_a_limit_is_named_where_less_is_left_than_has_to_be(
    left: tuple[Any, ...], reason: Reason | None
) -> None:
    assert limit_of_draws(budget(*left), requests=10, seconds=5.0) == reason


def test_a_draw_leaves_what_the_cases_after_it_come_to() -> None:
    spent = budget(100, 0)
    cases = [CASE, *[DRAW] * 40, *[CASE] * 10]
    room = DrawRoom(spent, cases, Needs())
    # The first case came to three requests with its right logins, so the ten need thirty.
    spent.requests = 3 * CASE.repeat
    room.note(CASE)
    sent = 0
    while room.lacks(1) is None:
        spent.requests += 1
        room.note(DRAW)
        sent += 1
        assert sent < 100
    left = 100 - spent.requests
    assert 10 * CASE.repeat <= left <= 10 * CASE.repeat * 3 + 4
    assert room.lacks(1) == Reason("request-limit")
    # After the cases nothing has to be left but for the draw itself.
    spent.requests = 96
    assert room.lacks(len(cases) - 1) is None


def test_slow_answers_leave_the_time_that_the_cases_after_need() -> None:
    spent = budget(None, 0, seconds=10.0)
    room = DrawRoom(spent, [CASE, DRAW, *[CASE] * 60], Needs())
    time.sleep(0.2)
    spent.requests = CASE.repeat
    room.note(CASE)
    # 0.2 s for each: some twelve seconds for sixty more.
    assert room.lacks(1) == Reason("time-limit")


@pytest.mark.parametrize(
    ("left", "interval", "kept", "examples"),
    [
        ((None, 0), 0.0, Needs(), 200),
        ((2000, 1700), 0.0, Needs(), 100),
        ((2000, 1700), 0.0, Needs(requests=90), 70),
        ((2000, 2000), 0.0, Needs(requests=90), 0),
        ((None, 0, 90.0), 0.5, Needs(seconds=30.0), 40),
    ],
)
def test_as_many_examples_are_drawn_as_there_is_room_for(
    left: tuple[Any, ...], interval: float, kept: Needs, examples: int
) -> None:
    assert examples_within(budget(*left), 200, interval, kept) in {examples, examples - 1}


# ---- what a limit leaves of draws ends no run -------------------------------------------------------

DRAWS = {f"draw-{number:08x}": replace(DRAW, id=f"draw-{number:08x}") for number in range(30)}
WITH_DRAWS = replace(contract(), cases={**contract().cases, **DRAWS})
FEW = ("right-login", "unknown-email", "sql-or-in-email", *DRAWS)


@pytest.mark.parametrize("most", [0, 6, 12])
def test_a_limit_that_strikes_at_draws_leaves_the_run_whole(most: int) -> None:
    free = sent(Rehearsal(TARGET), FEW[:3])
    limits = replace(TARGET.limits, requests=len(free.exchanges) + 54 + most)
    found = sent(Rehearsal(replace(TARGET, limits=limits)), FEW)
    assert found.ended is None
    lost = {name for name, reason in found.unsent.items() if reason == Reason("request-limit")}
    assert lost
    assert lost <= DRAWS.keys()
    # The hostile case comes after the draws.
    assert any(found.of_case("sql-or-in-email"))


def test_a_limit_that_strikes_at_a_case_ends_the_run() -> None:
    found = sent(Rehearsal(replace(TARGET, limits=replace(TARGET.limits, requests=5))), FEW)
    assert found.ended == Reason("request-limit")
    assert found.unsent["sql-or-in-email"] == Reason("request-limit")


def test_a_limit_that_strikes_when_every_case_is_sent_ends_nothing() -> None:
    free = sent(Rehearsal(TARGET), FEW[:3])
    limits = replace(TARGET.limits, requests=len(free.exchanges) - 1)
    found = sent(Rehearsal(replace(TARGET, limits=limits)), FEW[:3])
    assert found.ended is None
    assert found.unsent == {}


def sent(rehearsal: Rehearsal, names: Iterable[str]) -> Recording:
    """Return what comes of sending cases to a stand-in that holds every clause."""
    recording = Recording(Scrubber())
    try:
        Executor(WITH_DRAWS, TARGET, rehearsal, recording).send_all(names)
    finally:
        rehearsal.end()
    return recording
