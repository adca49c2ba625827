"""SUC-1 to SUC-7, SUC-10 to SUC-14: the members of a success, and what is good practice."""

from __future__ import annotations

from typing import Any

import pytest

from selftest.support.exchanges import ABSENT, COMPANY, MAIN, plain, success
from selftest.support.judged import failing, got, verdicts
from selftest.support.logins import LOGINS, every_login, failed

# ---- SUC-12 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("body", [ABSENT, None, {}, {"token": "x", "company": "y"}])
def test_suc_12_sees_a_success_without_a_body(body: Any) -> None:
    judged = verdicts(every_login({"/body": body}), only=[*LOGINS, "ENV-3"])
    assert {"SUC-12"} <= failing(judged) <= {"SUC-12", "ENV-8"}
    members = [f"SUC-{number}" for number in (1, 2, 3, 4, 5, 10, 13, 14)]
    assert {judged[name].verdict for name in members} == {"not-judged"}


@pytest.mark.parametrize("body", [ABSENT, None, {}, {"token": "x", "company": "y"}])
def test_a_body_that_lacks_at_times_is_suc_12s_alone(body: Any) -> None:
    pairs = zip(every_login({}), every_login({"/body": body}), strict=True)
    rows = [pair[number % 2] for number, pair in enumerate(pairs)]
    judged = verdicts(rows, only=[*LOGINS, "SUC-8"])
    assert failing(judged) == {"SUC-12"}


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


def test_a_number_is_told_as_no_string_and_not_as_no_date() -> None:
    judged = verdicts(every_login({"/body/expire_date": 1_798_514_568_756}), only=["SUC-4"])
    assert got(judged["SUC-4"]) == ["date-no-string"]
