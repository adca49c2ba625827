"""What is sent again: what deviates, and what a target that breaks by chance left without an outcome."""

from __future__ import annotations

import pytest

from esignon_conformance.checks.view import Known
from esignon_conformance.transport.messages import Exchange
from esignon_conformance.verdicts.deviating_cases import to_send_again
from selftest.support.exchanges import (
    TARGET,
    burst,
    conforming_run,
    contract,
    fault,
    page,
    success,
    with_answer,
)
from selftest.support.judged import recording

LOST = "sql-without-quotes-in-company"
BY_CHANCE = page("right-login", 500, role="login")


def _again(*more: Exchange) -> list[str]:
    names = {one.case for one in more} - {"right-login"}
    rows = [one for one in conforming_run() if one.case not in names]
    return to_send_again(contract(), TARGET, recording([*rows, *more]), Known())


def test_what_was_broken_as_a_right_login_was_by_chance_is_sent_again() -> None:
    assert _again(BY_CHANCE, page(LOST, 500)) == [LOST]


@pytest.mark.parametrize(
    "other",
    [
        page(LOST, 404),
        fault(LOST),
        # Other methods never have an envelope, and a wrong password leaves once.
        page("get-with-body", 500),
        page("password-cut-last", 500),
        page("wrong-password", 500),
    ],
)
def test_what_was_broken_otherwise_or_may_not_leave_again_is_not(other: Exchange) -> None:
    assert _again(BY_CHANCE, other) == []


def test_what_is_broken_each_time_is_no_chance() -> None:
    assert _again(page(LOST, 500)) == []


def test_a_plain_wrong_password_is_sent_again_where_a_near_miss_was_let_in() -> None:
    assert _again(success("password-cut-last"))[:2] == ["wrong-password", "password-cut-last"]


def test_a_refusal_that_deviates_under_overlap_is_sent_again_alone() -> None:
    deviating = [
        with_answer(one, {"/header/result_code": "12"}) if one.case == "wrong-password" else one
        for one in burst(contract().cases["burst-wrong-password"])
    ]
    again = to_send_again(contract(), TARGET, recording([*conforming_run(), *deviating]), Known())
    assert again == ["wrong-password"]
