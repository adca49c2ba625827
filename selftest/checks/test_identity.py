"""SUC-9, SUC-10, SEC-5: whose answer it is, and over which channel it came."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import (
    ABSENT,
    MAIN,
    OTHER,
    SECOND,
    TARGET,
    burst,
    conforming,
    conforming_run,
    contract,
    fault,
    page,
    plain,
    refusal,
    success,
    where,
    with_answer,
)
from selftest.support.judged import basis, failing, got, verdict, verdicts

TWO_ACCOUNTS = contract().cases["burst-two-accounts"]
UNKNOWN_EMAILS = contract().cases["burst-unknown-email"]
CUT_BODIES = contract().cases["burst-malformed"]


def first_of(rows: list[Exchange], case_id: str, changes: Any) -> list[Exchange]:
    """Return exchanges with the answer of the first of a case changed."""
    index = next(at for at, one in enumerate(rows) if one.case == case_id)
    return [*rows[:index], with_answer(rows[index], changes), *rows[index + 1 :]]


# ---- SUC-9 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "case", [TWO_ACCOUNTS, UNKNOWN_EMAILS, CUT_BODIES], ids=lambda case: case.id
)
def test_suc_9_holds_where_every_answer_is_its_requests_own(case: Any) -> None:
    judged = verdict("SUC-9", *burst(case))
    assert (judged.verdict, judged.exchanges) == ("holds", case.burst["size"])


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"/body/memb_email": plain(SECOND.email)}, "/body/memb_email"),
        ({"/body/memb_email": None}, "/body/memb_email"),
        ({"/body/comp_id": OTHER.company}, "/body/comp_id"),
        ({"/body/access_token": "the.token.of.both.00000000"}, "/body/access_token"),
    ],
)
def test_suc_9_sees_the_answer_of_another_request(changes: Any, pointer: str) -> None:
    rows = first_of(burst(TWO_ACCOUNTS), "right-login", changes)
    rows = first_of(
        rows, "right-login-second", {"/body/access_token": "the.token.of.both.00000000"}
    )
    judged = verdict("SUC-9", *rows)
    assert judged.verdict == "fails"
    assert [one.pointer for one in judged.findings] == [pointer]


def test_suc_9_leaves_the_letter_case_of_the_company_to_suc_16() -> None:
    upper = {"/body/comp_id": MAIN.company.upper()}
    judged = verdict("SUC-9", *first_of(burst(TWO_ACCOUNTS), "right-login", upper))
    assert judged.verdict == "holds"


def test_suc_9_sees_a_member_that_gets_lost_under_load() -> None:
    rows = first_of(burst(TWO_ACCOUNTS), "right-login", {"/body/device_id": ABSENT})
    assert verdict("SUC-9", *rows).verdict == "fails"


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/body/expire_date", "2026-2026-12-01 00:00:00"),
        ("/body/expire_date", "2001-01-01 00:00:00"),
        ("/body/access_token", ""),
        ("/body/device_id", 7),
    ],
)
def test_suc_9_sees_a_member_that_is_spoilt_under_load(pointer: str, value: Any) -> None:
    judged = verdict("SUC-9", *first_of(burst(TWO_ACCOUNTS), "right-login", {pointer: value}))
    assert judged.verdict == "fails"
    assert [one.pointer for one in judged.findings] == [pointer]


def test_suc_9_leaves_a_date_that_is_always_garbled_to_suc_4() -> None:
    def garbled(one: Exchange) -> Exchange:
        let_in = one.answer is not None and b"expire_date" in one.answer.body
        return with_answer(one, {"/body/expire_date": "soon"}) if let_in else one

    rows = [garbled(one) for one in (*basis(), *burst(TWO_ACCOUNTS))]
    judged = verdicts(rows, only=["SUC-9", "SUC-4"])
    assert failing(judged) == {"SUC-4"}


def test_suc_9_leaves_a_code_that_comes_without_overlap_too_to_rej_11() -> None:
    rows = burst(UNKNOWN_EMAILS)
    at = next(index for index, one in enumerate(rows) if one.case == "unknown-email")
    rows[at] = with_answer(rows[at], {"/header/result_code": "99"})
    # Without the other answer alone, only overlap explains it.
    assert verdict("SUC-9", *rows).verdict == "fails"
    alone = refusal("unknown-email", code="99")
    judged = verdicts([*basis(), alone, *rows], only=["SUC-9", "REJ-11"])
    assert judged["SUC-9"].verdict == "holds"


def test_suc_9_sees_a_refusal_for_a_right_login_and_a_token_for_a_wrong_one() -> None:
    rows = burst(UNKNOWN_EMAILS)
    refused = [refusal("right-login", code="10", role="burst", burst=rows[0].burst), *rows[1:]]
    refused[0] = replace(refused[0], began=rows[0].began, ended=rows[0].ended)
    assert got(verdict("SUC-9", *refused)) == ["code"]
    let_in = [*rows[:1], success("unknown-email", role="burst", burst=rows[0].burst), *rows[2:]]
    let_in[1] = replace(let_in[1], began=rows[0].began, ended=rows[0].ended)
    assert verdict("SUC-9", *let_in).verdict == "fails"


def test_suc_9_leaves_what_deviates_without_overlap_too_to_its_own_clause() -> None:
    def other_code(one: Exchange) -> Exchange:
        return (
            with_answer(one, {"/header/result_code": "99"}) if one.case == "unknown-email" else one
        )

    rows = [other_code(one) for one in (*basis(), *burst(UNKNOWN_EMAILS))]
    judged = verdicts(rows, only=["SUC-9", "REJ-2"])
    assert failing(judged) == {"REJ-2"}


def test_suc_9_leaves_an_email_that_is_always_wrong_to_suc_5() -> None:
    def upper(one: Exchange) -> Exchange:
        let_in = one.answer is not None and b"memb_email" in one.answer.body
        return with_answer(one, {"/body/memb_email": plain(MAIN.email).upper()}) if let_in else one

    rows = [upper(one) for one in (*basis(), *burst(TWO_ACCOUNTS))]
    judged = verdicts(rows, only=["SUC-9"])
    assert failing(judged) == {"SUC-5"}
    assert judged["SUC-9"].verdict == "not-judged"


def test_suc_9_is_judged_only_where_requests_overlap() -> None:
    apart = [
        replace(one, began=10.0 * at, ended=10.0 * at + 1)
        for at, one in enumerate(burst(TWO_ACCOUNTS))
    ]
    wrong = first_of(apart, "right-login", {"/body/memb_email": plain(SECOND.email)})
    assert verdict("SUC-9", *wrong).verdict == "not-judged"
    # Requests of different rounds do not overlap, whatever their times.
    rounds = [replace(one, burst=at + 1) for at, one in enumerate(burst(TWO_ACCOUNTS))]
    assert verdict("SUC-9", *rounds).verdict == "not-judged"
    assert verdict("SUC-9").verdict == "not-judged"


def test_suc_9_leaves_answers_without_outcome_to_env() -> None:
    rows = burst(TWO_ACCOUNTS)
    broken = page("right-login", 500, role="burst", burst=rows[0].burst)
    broken = replace(broken, began=rows[0].began, ended=rows[0].ended)
    judged = verdicts([*basis(), broken, *rows[1:]], only=["SUC-9", "ENV-10"])
    assert failing(judged) == {"ENV-10"}


def test_one_mixed_up_answer_of_a_whole_run_is_one_failed_clause() -> None:
    chosen = next(
        one for one in conforming_run() if one.role == "burst" and one.case == "right-login"
    )
    judged = verdicts(
        where(
            conforming_run(),
            lambda one: one is chosen,
            lambda one: with_answer(one, {"/body/memb_email": plain(SECOND.email)}),
        )
    )
    assert failing(judged) == {"SUC-9"}


# ---- SUC-10 ----------------------------------------------------------------------------------------


def test_suc_10_sees_one_token_for_two_accounts() -> None:
    same = {"/body/access_token": "one.token.for.everybody.00001"}
    judged = verdicts([success(changes=same), success("right-login-second", same)], only=["SUC-10"])
    assert (judged["SUC-10"].verdict, got(judged["SUC-10"])) == ("fails", ["token-of-accounts"])
    across = verdicts([success(changes=same), success("right-login-other", same)], only=["SUC-10"])
    assert across["SUC-10"].verdict == "fails"
    late = [success(), success("right-login-second", same), success(changes=same)]
    assert verdicts(late, only=["SUC-10"])["SUC-10"].verdict == "fails"


def test_suc_10_leaves_the_whole_answer_of_another_account_to_suc_5() -> None:
    main = success("right-login")
    whole = with_answer(
        success("right-login-second"), body=main.answer.body if main.answer else b""
    )
    judged = verdicts([main, success("right-login-second"), whole], only=["SUC-5", "SUC-10"])
    assert (failing(judged), judged["SUC-10"].verdict) == ({"SUC-5"}, "not-judged")


def test_suc_10_lets_one_account_keep_its_token() -> None:
    same = {"/body/access_token": "one.token.for.one.account.0001"}
    rows = [success(changes=same), success(changes=same), success("right-login-second")]
    assert verdicts(rows, only=["SUC-10"])["SUC-10"].verdict == "holds"


def test_suc_10_needs_two_accounts() -> None:
    alone = replace(TARGET, accounts={name: TARGET.accounts[name] for name in ("main", "made-up")})
    # That the settings name none is said where they name none; these were not sent.
    for target, reason in ((alone, "reason-no-account"), (TARGET, "nothing-shows")):
        judged = verdicts([success(), success()], only=["SUC-10"], target=target)["SUC-10"]
        assert judged.verdict == "not-judged"
        assert judged.reason is not None
        assert judged.reason.key == reason


# ---- SEC-5 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://staging.esignon.invalid", "advisory"),
        ("http://192.0.2.7:8080/prefix", "advisory"),
        ("https://staging.esignon.invalid", "holds"),
        ("http://127.0.0.1:9", "not-judged"),
        ("http://localhost:9", "not-judged"),
        ("http://[::1]:9", "not-judged"),
        ("https://127.0.0.1:9", "not-judged"),
    ],
)
def test_sec_5_asks_for_tls_beyond_this_machine(url: str, expected: str) -> None:
    target = replace(TARGET, base_url=url)
    judged = verdict("SEC-5", conforming("right-login"), target=target)
    assert judged.verdict == expected
    if expected == "not-judged":
        assert judged.reason is not None
        assert judged.reason.key == "not-needed-on-loopback"


@pytest.mark.parametrize("before", [[], [conforming("right-login")]])
def test_sec_5_could_not_be_judged_by_a_certificate_that_was_not_trusted(
    before: list[Exchange],
) -> None:
    target = replace(TARGET, base_url="https://staging.esignon.invalid")
    untrusted = fault("right-login", "untrusted")
    unsent = {"wrong-password": Reason("untrusted", "self-signed certificate")}
    judged = verdicts([*before, untrusted], target=target, unsent=unsent)
    assert {one.verdict for one in judged.values()} == {"could-not-judge"}
    assert judged["SEC-5"].reason == judged["REQ-1"].reason


def test_sec_5_could_not_be_judged_where_no_answer_came_over_tls() -> None:
    target = replace(TARGET, base_url="https://staging.esignon.invalid")
    unsent = {"wrong-password": Reason("no-answer", "dropped")}
    judged = verdicts([fault("right-login")], target=target, unsent=unsent, only=["SEC-5"])
    assert judged["SEC-5"].verdict == "could-not-judge"
