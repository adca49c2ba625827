"""REQ-1 and SUC: what a right login gets, with successes that keep to it and successes that do not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from esignon_conformance.i18n.message import say
from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import (
    ABSENT,
    COMPANY,
    JSON_HEADERS,
    MAIN,
    conforming,
    conforming_run,
    failing,
    fault,
    got,
    page,
    plain,
    refusal,
    success,
    verdict,
    verdicts,
    where,
    with_answer,
)

LOGINS = ["REQ-1", *(f"SUC-{number}" for number in (*range(1, 8), *range(10, 15))), "SUC-8"]


def failed(*exchanges: Exchange) -> set[str]:
    """Return the clauses about right logins that fail or are advisories on these exchanges."""
    return failing(verdicts(exchanges, only=LOGINS))


def every_login(changes: dict[str, Any], **varied: Any) -> list[Exchange]:
    """Return two right logins that deviate alike."""
    return [success(changes=changes, **varied) for _ in range(2)]


# ---- REQ-1 and SUC-8 -------------------------------------------------------------------------------


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
        assert judged["REQ-1"].verdict == "holds"
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


# ---- SUC-12 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [ABSENT, None, {}, {"token": "x", "company": "y"}])
def test_suc_12_sees_a_success_without_a_body(body: Any) -> None:
    judged = verdicts(every_login({"/body": body}), only=[*LOGINS, "ENV-3"])
    assert {"SUC-12"} <= failing(judged) <= {"SUC-12", "ENV-8"}
    members = [f"SUC-{number}" for number in (1, 2, 3, 4, 5, 10, 13, 14)]
    assert {judged[name].verdict for name in members} == {"not-judged"}


@pytest.mark.parametrize("body", [[], "text", 5, True])
def test_a_body_of_another_type_is_env_3s(body: Any) -> None:
    judged = verdicts(every_login({"/body": body}), only=[*LOGINS, "ENV-3"])
    assert failing(judged) == {"ENV-3"}
    assert judged["REQ-1"].verdict == judged["SUC-12"].verdict == "not-judged"


# ---- members ---------------------------------------------------------------------------------------

MEMBERS: dict[str, tuple[str, list[Any]]] = {
    "SUC-1": ("/body/access_token", [ABSENT, "", None, 5, True, ["x" * 30], {"value": "x" * 30}]),
    "SUC-2": (
        "/body/comp_id",
        [ABSENT, "", None, 3021, "byeol5512", f"{COMPANY} ", f"{COMPANY.upper()}1", [COMPANY]],
    ),
    "SUC-3": ("/body/device_id", [ABSENT, None, 7, False, ["x"], {}]),
    "SUC-4": (
        "/body/expire_date",
        [ABSENT, None, "", 4102444800, "never", "soon", "2001-01-01 00:00:00", "45/45/2999", {}],
    ),
    "SUC-5": (
        "/body/memb_email",
        [
            ABSENT,
            "",
            None,
            "dori.pyo@gaon.invalid",
            plain(MAIN.email).upper(),
            f" {plain(MAIN.email)}",
            [plain(MAIN.email)],
        ],
    ),
}


@pytest.mark.parametrize(
    ("clause", "pointer", "value"),
    [(clause, pointer, value) for clause, (pointer, values) in MEMBERS.items() for value in values],
)
def test_a_wrong_member_of_every_success_is_its_own_clauses(
    clause: str, pointer: str, value: Any
) -> None:
    judged = verdicts(every_login({pointer: value}), only=LOGINS)
    assert failing(judged) == {clause}
    assert {one.pointer for one in judged[clause].findings} == {pointer}
    assert len(judged[clause].findings) == 1
    if value is ABSENT:
        assert got(judged[clause]) == ["absent"]


def test_a_misspelt_member_is_its_own_clauses() -> None:
    found = failing(
        verdicts(
            every_login({"/body/device_id": ABSENT, "/body/deviceId": "x"}), only=[*LOGINS, "ENV-8"]
        )
    )
    assert found == {"SUC-3", "ENV-8"}


def test_suc_16_and_suc_5_say_where_only_letter_case_differs() -> None:
    for clause, pointer, value in (
        ("SUC-16", "/body/comp_id", COMPANY.upper()),
        ("SUC-5", "/body/memb_email", plain(MAIN.email).title()),
    ):
        judged = verdicts(every_login({pointer: value}), only=[*LOGINS, "SUC-16"])
        assert got(judged[clause]) == ["differs-in-case"]


def test_another_letter_case_of_the_company_fails_nothing() -> None:
    judged = verdicts(every_login({"/body/comp_id": COMPANY.upper()}))
    assert failing(judged) == {"SUC-16"}
    assert judged["SUC-2"].verdict == "holds"
    assert judged["SUC-16"].verdict == "advisory"


def test_suc_16_has_no_word_on_another_company() -> None:
    judged = verdicts(every_login({"/body/comp_id": "someone-else"}))
    assert failing(judged) == {"SUC-2"}
    assert judged["SUC-16"].verdict == "not-judged"
    absent = verdicts(every_login({"/body/comp_id": ABSENT}))
    assert absent["SUC-16"].verdict == "not-judged"


def test_suc_2_compares_with_the_company_of_the_path() -> None:
    assert failed(success("right-login-other"), success("right-login-other")) == set()
    wrong = [success("right-login-other", {"/body/comp_id": COMPANY}) for _ in range(2)]
    assert failed(*wrong) == {"SUC-2"}


@pytest.mark.parametrize(
    "changes",
    [
        {"/body/access_token": "가" * 22},
        {"/body/access_token": "a.b-c_d~e+f/g=" * 40},
        {"/body/device_id": "0"},
        {"/body/expire_date": "2999-12-31"},
        {"/body/expire_date": "9999-12-31T23:59:59.999999999-12:00"},
    ],
)
def test_members_are_free_where_the_page_is_silent(changes: dict[str, Any]) -> None:
    assert failed(*every_login(changes)) == set()


def test_variants_of_the_same_value_owe_the_same_success() -> None:
    right = [success(), success()]
    assert failed(*right, success("same-value-indented", {"/body/comp_id": "x"})) == {"SUC-2"}
    # So does what should make no difference: there is a token, or there is none.
    assert failed(*right, success("extra-body-member", {"/body/comp_id": "x"})) == {"SUC-2"}
    assert failed(*right, success("query-language-ko", {"/body/device_id": 7})) == {"SUC-3"}
    # Variants that the page is silent on do not.
    assert (
        failed(*right, success("email-upper-case", {"/body/memb_email": plain(MAIN.email)}))
        == set()
    )


# ---- SUC-4 against a clock -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expires", "date", "is_past"),
    [
        ("2030-06-01T00:00:00Z", "Fri, 31 May 2030 23:59:59 GMT", False),
        ("2030-06-01T00:00:00Z", "Sat, 01 Jun 2030 00:00:00 GMT", False),
        ("2030-06-01T00:00:00Z", "Sat, 01 Jun 2030 00:00:01 GMT", True),
        ("2030-06-01T09:00:00+09:00", "Sat, 01 Jun 2030 00:00:01 GMT", True),
        ("2030-06-01 00:00:00", "Sat, 01 Jun 2030 23:59:59 GMT", False),
        ("2030-06-01 00:00:00", "Sun, 02 Jun 2030 00:00:01 GMT", True),
        ("2030-06-01", "Sun, 02 Jun 2030 00:00:00 GMT", False),
        ("1906502400", "Sat, 01 Jun 2030 00:00:00 GMT", False),
        ("1906502400000", "Sat, 01 Jun 2030 00:00:01 GMT", True),
    ],
)
def test_suc_4_takes_the_date_of_the_answer_for_now(expires: str, date: str, is_past: bool) -> None:
    logins = every_login({"/body/expire_date": expires}, headers={"Date": date})
    assert failed(*logins) == ({"SUC-4"} if is_past else set())


@pytest.mark.parametrize("date", [None, "", "yesterday"])
def test_suc_4_takes_the_clock_where_the_answer_has_no_date(date: str | None) -> None:
    told = {"headers": {"Date": date}, "answered_at": 1906502400.0}
    assert failed(*every_login({"/body/expire_date": "2030-06-01T00:00:00Z"}, **told)) == set()
    judged = verdicts(
        every_login({"/body/expire_date": "2030-05-31T23:59:59Z"}, **told), only=LOGINS
    )
    assert got(judged["SUC-4"]) == ["a-past-date"]


# ---- advisories ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clause", "changes", "varied"),
    [
        ("SUC-6", {"/header/result_msg": "Welcome"}, {}),
        ("SUC-6", {"/header/result_msg": "성공"}, {}),
        ("SUC-7", {"/header/session_id": "5f2b"}, {}),
        ("SUC-7", {"/header/session_id": " "}, {}),
        ("SUC-11", {}, {"headers": {"Cache-Control": None}}),
        ("SUC-11", {}, {"headers": {"Cache-Control": "no-cache"}}),
        ("SUC-11", {}, {"headers": {"Cache-Control": "private, max-age=0"}}),
        ("SUC-11", {}, {"headers": {"Cache-Control": "x-no-store"}}),
        ("SUC-13", {"/body/device_id": ""}, {}),
        ("SUC-14", {"/body/access_token": "x" * 21}, {}),
        ("SUC-14", {"/body/access_token": "1"}, {}),
    ],
)
def test_good_practice_is_advised(clause: str, changes: Any, varied: Any) -> None:
    judged = verdicts(every_login(changes, **varied), only=LOGINS)
    assert failing(judged) == {clause}
    assert judged[clause].verdict == "advisory"


@pytest.mark.parametrize(
    ("changes", "varied"),
    [
        ({"/header/result_msg": " 성공적으로  로그인되었습니다. "}, {}),
        ({}, {"headers": {"Cache-Control": "No-Store"}}),
        ({}, {"headers": {"Cache-Control": 'private="x", no-store, max-age=0'}}),
        ({"/body/access_token": "x" * 22}, {}),
        ({"/body/device_id": "x"}, {}),
    ],
)
def test_good_practice_has_its_liberties(changes: Any, varied: Any) -> None:
    assert failed(*every_login(changes, **varied)) == set()


def test_suc_6_is_judged_only_where_no_language_or_korean_is_asked() -> None:
    text = {"/header/result_msg": "Successfully logged in."}
    assert failed(success(), *every_login(text, language="")) == set()
    assert failed(success(), *every_login(text, language="ko")) == {"SUC-6"}


def test_suc_7_leaves_a_session_id_of_another_type_to_env_7() -> None:
    for value in (None, 5, ABSENT):
        judged = verdicts(every_login({"/header/session_id": value}), only=[*LOGINS, "ENV-7"])
        assert failing(judged) == {"ENV-7"}
        assert judged["SUC-7"].verdict == "not-judged"


def test_suc_13_and_14_build_on_the_member_itself() -> None:
    for clause, pointer in (("SUC-13", "/body/device_id"), ("SUC-14", "/body/access_token")):
        judged = verdicts(every_login({pointer: 5}), only=LOGINS)
        assert judged[clause].verdict == "not-judged"


# ---- SUC-15 ----------------------------------------------------------------------------------------


def test_suc_15_records_what_stays_and_what_changes() -> None:
    seen = verdict("SUC-15").observed
    assert seen["device_id"] == seen["expire_date"] == "same"
    assert seen["expire_date_form"] == "separated"
    fixed = {"/body/access_token": "x" * 30, "/body/expire_date": "1906502400"}
    judged = verdicts([success(changes=fixed), success(changes=fixed)], only=["SUC-15"])
    assert judged["SUC-15"].observed["access_token"] == "same"
    assert judged["SUC-15"].observed["expire_date_form"] == "epoch"
    new = verdicts([success(), success()], only=["SUC-15"])["SUC-15"].observed
    assert new["access_token"] == "differs"


@pytest.mark.parametrize(
    ("expiry", "shape"),
    [
        ("2999-12-31 23:59:59", "0000-00-00 00:00:00"),
        ("2999-12-31T23:59:59+09:00", "0000-00-00T00:00:00+00:00"),
        ("29991231", "00000000"),
        ("2999년 12월 31일", "0000년 00월 00일"),
        ("2999년 12월 31일 (화) 오후 10시", "0000년 00월 00일 (요) 오전/오후 00시"),
        ("Tue Dec 31 13:30:05 KST 2999", "Day Month 00 00:00:00 KST 0000"),
        ("Dec 31, 2999, 1:30 PM", "Month 00, 0000, 0:00 AM/PM"),
        ("01/02/2999", "00/00/0000"),
        ("27 décembre 2999", "00 a 0000"),
        ("Kq7-a-secret-of-the-server-12345", "a0-a-a-a-a-a-00000"),
        ("9" * 5000, "(long)"),
        ("Kq7-a-secret-of-the-server-9", "unreadable"),
        (None, "unreadable"),
    ],
)
def test_suc_15_records_how_an_expiry_is_written(expiry: Any, shape: str) -> None:
    changes = {"/body/expire_date": expiry}
    seen = verdicts([success(changes=changes)], only=["SUC-15"])["SUC-15"].observed
    assert seen["expire_date_shape"] == shape


@pytest.mark.parametrize(
    ("expiry", "days"),
    [
        ("2030-07-01 00:00:00", "30"),
        ("2030-07-01T09:00:00+09:00", "30"),
        ("2030-06-01 01:00:00", "0"),
        ("2030-05-30", "-2"),
        ("9999-12-31", ">3650"),
        ("01/02/2031", None),
        ("never", None),
    ],
)
def test_suc_15_records_how_far_ahead_an_expiry_lies(expiry: str, days: str | None) -> None:
    told = success(
        changes={"/body/expire_date": expiry}, headers={"Date": "Sat, 01 Jun 2030 00:00:00 GMT"}
    )
    seen = verdicts([told], only=["SUC-15"])["SUC-15"].observed
    assert seen.get("expire_date_days_ahead") == days


@pytest.mark.parametrize(
    "expiry", ["01/02/2999", "27-DEC-26", "2592000", "1. Mai 2999", "9" * 5000]
)
def test_suc_4_is_not_judged_where_no_date_was_read(expiry: str) -> None:
    judged = verdicts(every_login({"/body/expire_date": expiry}), only=[*LOGINS, "SUC-15"])
    assert failing(judged) == set()
    assert judged["SUC-4"].verdict == "not-judged"
    assert judged["SUC-4"].reason == say("dates-of-unknown-form")
    assert judged["SUC-15"].observed["expire_date_form"] == "unknown"


def test_suc_4_names_the_cases_whose_date_was_not_read() -> None:
    other = success("right-login-other", {"/body/expire_date": "01/02/2999"})
    judged = verdicts([success(), success(), other], only=LOGINS)
    assert judged["SUC-4"].verdict == "holds"
    assert judged["SUC-4"].left_out == {"right-login-other": say("dates-of-unknown-form")}
    assert judged["SUC-4"].exchanges == 2


@pytest.mark.parametrize(
    ("token", "form"),
    [
        ("eyJhbGciOi.eyJzdWIiOiIx.SflKxwRJ-_", "JWT"),
        ("0f8fad5b-d9cb-469f-a165-70867728950e", "UUID"),
        ("0f8fad5bd9cb469fa16570867728950e", "hexadecimal"),
        ("dGhlIHRva2VuIG9mIG5vYm9keQ==", "base64"),
        ("a token of words", "other"),
        (7, "no string"),
    ],
)
def test_suc_15_records_the_form_of_a_token(token: Any, form: str) -> None:
    changes = {"/body/access_token": token}
    seen = verdicts([success(changes=changes)], only=["SUC-15"])["SUC-15"].observed
    assert seen["access_token_form"] == form


def test_suc_15_is_never_a_finding() -> None:
    judged = verdicts(every_login({"/body/expire_date": "never"}), only=["SUC-15"])["SUC-15"]
    assert (judged.verdict, judged.observed["expire_date_form"]) == ("observed", "unreadable")
    assert verdicts([], only=["SUC-15"])["SUC-15"].verdict == "not-judged"


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
