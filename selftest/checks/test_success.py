"""REQ-1, SUC-8: right logins are let in, each time alike; one fault is one failed clause."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import (
    ABSENT,
    JSON_HEADERS,
    conforming,
    conforming_run,
    fault,
    page,
    refusal,
    success,
    where,
    with_answer,
)
from selftest.support.judged import failing, got, verdict, verdicts
from selftest.support.logins import LOGINS, failed


def test_right_logins_as_documented_hold_every_clause() -> None:
    judged = verdicts([success(), success(), success("right-login-second")], only=LOGINS)
    assert {judged[name].verdict for name in LOGINS} == {"holds"}


@pytest.mark.parametrize(
    ("exchange", "key"),
    [
        (refusal("right-login", code="10"), "code"),
        (refusal("right-login", code="99"), "code"),
        (refusal("right-login", code="12", status=400), "code"),
        (success(status=201), "outcome-over-status"),
        (success(status=204), "outcome-over-status"),
        (success(status=400), "outcome-over-status"),
        (page("right-login", 415), "turned-away"),
    ],
)
def test_req_1_sees_that_no_right_login_is_a_full_success(exchange: Exchange, key: str) -> None:
    judged = verdicts([exchange, replace(exchange, id="again")], only=LOGINS)
    assert "REQ-1" in failing(judged)
    assert got(judged["REQ-1"]) == [key]
    # What builds on it is not judged, and that logins differ is not said either.
    assert {judged[name].verdict for name in LOGINS if name != "REQ-1"} == {"not-judged"}


def test_req_1_leaves_an_answer_without_outcome_to_env() -> None:
    for exchange in (page("right-login", 200), fault("right-login"), page("right-login", 500)):
        judged = verdicts([exchange], only=[*LOGINS, "ENV-1", "ENV-10"])
        assert failing(judged) in ({"ENV-1"}, {"ENV-10"})
        assert judged["REQ-1"].verdict == "not-judged"


def test_where_right_logins_differ_it_is_suc_8_that_speaks() -> None:
    for other in (refusal("right-login", code="10"), success(status=201), page("right-login", 415)):
        judged = verdicts([success(), other, success()], only=LOGINS)
        assert failing(judged) == {"SUC-8"}
        assert judged["REQ-1"].verdict == "not-judged"
        assert len(judged["SUC-8"].findings) == 1


def test_a_login_without_an_outcome_is_no_finding_of_suc_8() -> None:
    exchanges = [success(), page("right-login", 500), fault("right-login", "timed-out"), success()]
    judged = verdicts(exchanges, only=[*LOGINS, "ENV-10"])
    assert failing(judged) == {"ENV-10"}


def test_each_account_is_judged_by_its_own_logins() -> None:
    refused = [refusal("right-login-other", code="10") for _ in range(2)]
    judged = verdicts([success(), *refused], only=LOGINS)
    assert "REQ-1" in failing(judged)
    assert judged["REQ-1"].findings[0].cases == ("right-login-other",)


def test_suc_8_looks_at_logins_after_refusals_too() -> None:
    after: dict[str, Any] = {"role": "follow-up", "after": "empty-body"}
    judged = verdicts([success(), refusal("right-login", code="99", **after)], only=LOGINS)
    assert failing(judged) == {"SUC-8"}
    assert failed(success(), success(**after), success(**after, reused=True)) == set()


@pytest.mark.parametrize(
    "name", ["access_token", "comp_id", "device_id", "expire_date", "memb_email"]
)
def test_suc_8_sees_a_member_that_comes_and_goes(name: str) -> None:
    judged = verdicts([success(), success(changes={f"/body/{name}": ABSENT})], only=LOGINS)
    assert failing(judged) == {"SUC-8"}
    assert got(judged["SUC-8"]) == ["absent-sometimes"]
    assert judged["SUC-8"].findings[0].pointer == f"/body/{name}"


def test_a_member_that_is_wrong_now_and_then_is_its_own_clauses() -> None:
    assert failed(success(), success(changes={"/body/device_id": 5})) == {"SUC-3"}


def test_suc_8_sees_stray_bytes_after_a_refusal() -> None:
    judged = verdicts([success(), refusal("empty-body", stray=b"{}"), success()], only=LOGINS)
    assert failing(judged) == {"SUC-8"}
    assert got(judged["SUC-8"]) == ["stray-bytes"]
    # The rest of an answer whose Content-Length is too short is that answer's fault.
    cut = with_answer(refusal("empty-body", stray=b"}"), body=b'{"header": {}')
    assert failing(verdicts([success(), cut, success()], only=[*LOGINS, "ENV-1"])) == {"ENV-1"}


def test_answers_to_overlapping_requests_are_not_suc_8s() -> None:
    other = refusal("right-login", code="10", role="burst", burst=1)
    assert failed(success(), success(), other) == set()


# ---- one fault, one failed clause ------------------------------------------------------------------

RUN = conforming_run()


def is_let_in(exchange: Exchange) -> bool:
    """Tell whether an exchange was answered with a token."""
    return exchange.answer is not None and b"access_token" in exchange.answer.body


@pytest.mark.parametrize(
    ("clause", "changes"),
    [
        ("SUC-1", {"/body/access_token": ""}),
        ("SUC-2", {"/body/comp_id": "someone-else"}),
        ("SUC-3", {"/body/device_id": None}),
        ("SUC-4", {"/body/expire_date": "2001-01-01"}),
        ("SUC-5", {"/body/memb_email": "someone.else@gaon.invalid"}),
        ("SUC-10", {"/body/access_token": "the-same-for-everybody-and-always"}),
        ("SUC-12", {"/body": ABSENT}),
    ],
)
def test_a_fault_of_every_success_is_one_failed_clause(clause: str, changes: Any) -> None:
    judged = verdicts(where(RUN, is_let_in, lambda one: with_answer(one, changes)))
    assert failing(judged) == {clause}


def test_a_server_that_refuses_every_right_login_fails_req_1_alone() -> None:
    def refused(exchange: Exchange) -> Exchange:
        return with_answer(
            exchange,
            {
                "/header/result_code": "99",
                "/header/result_msg": "Unexpected exception ( 잘못된 포맷 )",
            }
            | {"/body": ABSENT},
        )

    judged = verdicts(where(RUN, is_let_in, refused))
    assert failing(judged) == {"REQ-1"}


def test_headers_of_successes_may_say_more() -> None:
    more = (*JSON_HEADERS.items(), ("Pragma", "no-cache"), ("X-Request-Id", "7"))
    judged = verdicts(
        where(
            RUN, lambda one: one.case == "right-login", lambda one: with_answer(one, headers=more)
        )
    )
    assert failing(judged) == set()


def test_a_conforming_login_of_the_blocked_company_is_a_refusal() -> None:
    assert verdict("REJ-4", conforming("blocked-company")).verdict == "holds"
