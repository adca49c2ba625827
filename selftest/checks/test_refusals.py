"""REJ-10 to REJ-17: what refusals hold and owe."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from esignon_conformance.i18n.message import say
from selftest.support.exchanges import conforming, contract, refusal, success
from selftest.support.judged import basis, got, verdict, verdicts
from selftest.support.outcomes import ALL, REFUSED, TURNED_AWAY, come_to, word

PAST = "expires=Thu, 01-Jan-1970 00:00:01 GMT"
FUTURE = "Expires=Fri, 01 Jan 2999 00:00:00 GMT"

# ---- REJ-10 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "varied"),
    [
        ({"/body": {"access_token": "x" * 30}}, {}),
        ({"/header/access_token": "x"}, {}),
        ({"/access_token": "x"}, {}),
        ({"/body": {"data": [{"access_token": "x"}]}}, {}),
        ({"/body": {"access_token": 5}}, {}),
        ({"/body": {"access_token": {"value": "x"}}}, {}),
        ({}, {"headers": {"Access-Token": "x"}}),
        ({}, {"headers": {"access_token": "x"}}),
        ({}, {"headers": {"Set-Cookie": "access_token=x; Path=/"}}),
        # Removed or not, this is a token; and what is still good, a word or not, is no removal.
        ({}, {"headers": {"Set-Cookie": "access_token=0123456789abcdef; Max-Age=0"}}),
        ({}, {"headers": {"Set-Cookie": f"access_token={'x' * 30}; Max-Age=0"}}),
        ({}, {"headers": {"Set-Cookie": "access_token=deleted; Max-Age=60"}}),
        ({}, {"headers": {"Set-Cookie": f"access_token=deleted; Max-Age=60; {PAST}"}}),
        ({}, {"headers": {"Set-Cookie": f"access_token=deleted; {FUTURE}"}}),
        ({}, {"headers": {"Set-Cookie": "access_token=deleted; Expires=never"}}),
        ({}, {"headers": {"Location": "/app#access_token=x&token_type=bearer"}}),
        ({"/body": {"next": "/app?lang=ko&access_token=x"}}, {}),
    ],
)
def test_rej_10_sees_a_token_anywhere_in_a_refusal(changes: Any, varied: Any) -> None:
    for case_id in ("wrong-password", "empty-body", "blocked-company"):
        judged = verdict("REJ-10", refusal(case_id, changes, **varied))
        assert (judged.verdict, got(judged)) == ("fails", ["a-token-at"])


@pytest.mark.parametrize(
    ("changes", "varied"),
    [
        ({"/body": {"access_token": ""}}, {}),
        ({"/body": {"access_token": None, "comp_id": ""}}, {}),
        ({"/body": {}}, {}),
        ({"/header/result_msg": "no access_token"}, {}),
        ({}, {"headers": {"Set-Cookie": "access_token=; Max-Age=0"}}),
        # Django and Starlette, PHP, and those that name a day alone or a lifetime alone.
        ({}, {"headers": {"Set-Cookie": f'access_token=""; {PAST}; Max-Age=0; Path=/'}}),
        ({}, {"headers": {"Set-Cookie": f"access_token=deleted; {PAST}; Max-Age=0; path=/"}}),
        ({}, {"headers": {"Set-Cookie": f"access_token=deleted; {PAST}"}}),
        ({}, {"headers": {"Set-Cookie": "access_token=null; max-age=-1; Path=/"}}),
        ({}, {"headers": {"Set-Cookie": "JSESSIONID=abc"}}),
        ({}, {"headers": {"Access-Token": ""}}),
        ({}, {"headers": {"Location": "/app#access_token=&error=denied"}}),
        ({}, {"headers": {"Location": "/app?access_token=null"}}),
        ({"/body": {"next": "/docs?of=access_token"}}, {}),
    ],
)
def test_rej_10_takes_a_refusal_without_a_token(changes: Any, varied: Any) -> None:
    assert word("REJ-10", refusal("wrong-password", changes, **varied)) == "holds"


TOKEN = "Zk3+tY8/uPq7Vw0LmZk3RtY8uA=="


@pytest.mark.parametrize(
    ("changes", "varied"),
    [
        ({"/header/session_id": TOKEN}, {}),
        ({"/header/result_msg": f"이미 로그인되어 있습니다: {TOKEN}."}, {}),
        ({}, {"headers": {"Set-Cookie": f"SID={TOKEN}; Path=/"}}),
        ({}, {"headers": {"Set-Cookie": f"SID={quote(TOKEN, safe='')}; Path=/"}}),
    ],
)
def test_rej_10_knows_a_token_that_was_issued_under_any_name(changes: Any, varied: Any) -> None:
    issued = [success(changes={"/body/access_token": one}) for one in (TOKEN, f"x{TOKEN[1:]}")]
    told = refusal("wrong-password", changes, **varied)
    assert word("REJ-10", *issued, told) == "fails"
    other = [success(changes={"/body/access_token": TOKEN[::-1]})]
    assert word("REJ-10", *other, told) == "holds"


def test_rej_10_takes_a_cookie_that_the_request_brought() -> None:
    issued = success(changes={"/body/access_token": TOKEN})
    for name in ("SID", "access_token"):
        told = refusal("wrong-password", headers={"Set-Cookie": f"{name}={TOKEN}; Path=/"})
        brought = (*told.request.headers, ("Cookie", f"lang=ko; {name}={TOKEN}"))
        again = replace(told, request=replace(told.request, headers=brought))
        assert word("REJ-10", issued, again) == "holds"
        assert word("REJ-10", issued, told) == "fails"
        other = (*told.request.headers, ("Cookie", f"lang=ko; {name}=x{TOKEN}"))
        new = replace(told, request=replace(told.request, headers=other))
        assert word("REJ-10", issued, new) == "fails"


def test_rej_10_says_nothing_about_successes() -> None:
    assert word("REJ-10", success(), success("extra-body-member")) == "holds"


# ---- REJ-11 ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "codes", [("10", "99"), ("99", "10"), ("10", "10", "12"), ("10", TURNED_AWAY, "12")]
)
def test_rej_11_sees_a_code_that_changes(codes: tuple[str, ...]) -> None:
    rows = [one for one in basis() if one.case != "unknown-email"]
    judged = verdicts([*rows, *(come_to("unknown-email", code) for code in codes)])
    assert (judged["REJ-11"].verdict, got(judged["REJ-11"])) == ("fails", ["codes-in-turn"])
    # The chance is one finding, and the outcome itself is no other; but it is not always the right one.
    assert judged["REJ-2"].verdict == "not-judged"
    assert judged["REJ-2"].reason == say("builds-on-failed", clause="REJ-11")


def test_codes_in_turn_that_a_clause_allows_leave_it_whole() -> None:
    turns = [come_to("empty-body", code) for code in ("12", "99", "12")]
    judged = verdicts([*(one for one in basis() if one.case != "empty-body"), *turns])
    assert (judged["REJ-11"].verdict, judged["REJ-7"].verdict) == ("fails", "holds")


def test_what_comes_in_turn_is_told_of_all_requests_of_its_kind() -> None:
    # Two replicas, one of them with another version.
    turns = [come_to("unknown-email-cut-first", code) for code in ("10", "99", "99")]
    once = [come_to("unknown-email-cut-last", "99"), come_to("same-value-refused-escaped", "99")]
    rows = [one for one in basis() if one.case not in {row.case for row in (*turns, *once)}]
    judged = verdicts([*rows, *turns, *once])
    assert [one for one in judged if judged[one].verdict == "fails"] == ["REJ-11"]
    assert {judged[one].verdict for one in ("REJ-2", "REQ-2")} == {"not-judged"}
    # What comes each time that something else is asked is no chance.
    again = [come_to("unknown-email-cut-last", "99") for _ in range(8)]
    judged = verdicts([*rows, *turns, *again])
    assert [one for one in judged if judged[one].verdict == "fails"] == ["REJ-2", "REJ-11"]
    # Nor is another code, or that of another kind of request.
    judged = verdicts([*rows, *turns, come_to("unknown-email-cut-last", "12")])
    assert [one for one in judged if judged[one].verdict == "fails"] == ["REJ-2", "REJ-11"]
    judged = verdicts([*rows, *turns, come_to("cut-before-last-brace", "10")])
    assert [one for one in judged if judged[one].verdict == "fails"] == ["REJ-7", "REJ-11"]


def test_what_comes_in_turn_is_nothing_to_compare_the_same_value_with() -> None:
    turns = [come_to("unknown-email", code) for code in ("10", "99", "10")]
    rows = [one for one in basis() if one.case != "unknown-email"]
    judged = verdicts([*rows, *turns, come_to("same-value-refused-escaped", "10")])
    assert judged["REQ-2"].verdict == "not-judged"
    # What right logins show of it is told all the same.
    judged = verdicts([*rows, *turns, come_to("same-value-indented", "10")])
    assert judged["REQ-2"].verdict == "fails"


def test_rej_11_takes_the_same_code_each_time() -> None:
    rows = [one for one in basis() if one.case != "unknown-email"]
    for code in REFUSED:
        same = [come_to("unknown-email", code) for _ in range(3)]
        assert verdicts([*rows, *same])["REJ-11"].verdict == "holds"
    # Different cases may get different codes.
    assert (
        word("REJ-11", *[refusal("json-null", code="99")] * 2, refusal("json-true", code="12"))
        == "holds"
    )


def test_a_token_now_and_then_is_told_by_the_outcome() -> None:
    now_and_then = [refusal("wrong-password-digits"), success("wrong-password-digits")]
    judged = verdicts([*basis(), *now_and_then], only=["REJ-1", "REJ-11"])
    assert judged["REJ-1"].verdict == "fails"
    assert judged["REJ-11"].verdict in ("holds", "not-judged")


# ---- REJ-14 to REJ-17 ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clause_id", "case_id", "allowed"),
    [
        ("REJ-14", "own-account-under-other-company", ("10",)),
        ("REJ-14", "account-of-other-company-unknown-here", ("10",)),
        ("REJ-15", "empty-body", ("12",)),
        ("REJ-15", "cut-inside-password", ("12",)),
        ("REJ-16", "missing-body", ("12", "99")),
        ("REJ-16", "json-string", ("12", "99")),
    ],
)
def test_which_documented_code_is_good_practice(
    clause_id: str, case_id: str, allowed: tuple[str, ...]
) -> None:
    must = contract().clauses[contract().clauses[clause_id].parameters["clause"]]
    for result in ALL:
        judged = verdicts([*basis(), come_to(case_id, result)], only=[clause_id, must.id])
        if judged[must.id].verdict in ("fails", "not-judged"):
            assert judged[clause_id].verdict == "not-judged"
        else:
            assert judged[clause_id].verdict == ("holds" if result in allowed else "advisory")


def test_rej_14_does_not_tell_again_what_the_form_of_a_request_gets() -> None:
    # A server that refuses an undocumented member answers whoever sends one alike: REQ-4 tells it.
    client = refusal("other-company-as-client", code="12")
    alike = [conforming("own-account-under-other-company"), client]
    form = refusal("unknown-email-as-client", code="12")
    assert word("REJ-14", *alike, form) == "holds"
    assert word("REJ-14", *alike, refusal("unknown-email-as-client", code="10")) == "advisory"
    assert word("REJ-14", *alike) == "advisory"


def test_rej_14_leaves_the_blocked_company_and_rej_16_odd_bodies_alone() -> None:
    assert word("REJ-14", refusal("own-account-under-blocked-company", code="95")) == "not-judged"
    assert word("REJ-16", refusal("odd-array-nesting-200", code="10")) == "not-judged"


def test_rej_14_does_not_tell_what_req_2_tells_of_a_form_or_rej_2_of_every_unknown_email() -> None:
    right = refusal("own-account-under-other-company", code="10")
    escaped = refusal("other-company-escaped", code="12")
    assert word("REJ-14", right, escaped) == "advisory"
    unknown = [
        refusal(name, code="10")
        for name in ("unknown-email", "unknown-email", "unknown-email-of-forms")
    ]
    form = refusal("same-value-refused-escaped", code="12")
    assert word("REQ-2", right, escaped, *unknown, form) == "fails"
    assert word("REJ-14", right, escaped, *unknown, form) == "holds"
    # Another code than that of the form, and a request in the usual form.
    assert (
        word("REJ-14", right, escaped, *unknown, refusal("same-value-refused-escaped", code="99"))
        == "advisory"
    )
    plain = refusal("own-account-under-other-company", code="12")
    assert word("REJ-14", plain, *unknown, form) == "advisory"
    # Whoever is unknown gets that code, an account of another company among them.
    strange = refusal("unknown-email-right-password", code="12")
    assert word("REJ-2", *basis(), plain, strange) == "fails"
    assert word("REJ-14", *basis(), plain, strange) == "not-judged"
    other = refusal("unknown-email-right-password", code="99")
    assert word("REJ-14", *basis(), plain, other) == "advisory"


@pytest.mark.parametrize("code", REFUSED)
def test_rej_17_asks_for_the_documented_text(code: str) -> None:
    text = contract().documented_texts[code]
    for said, expected in (
        (text, "holds"),
        (f" {text.replace(' ', '  ')}\n", "holds"),
        (f"{text}!", "advisory"),
        ("Login failed.", "advisory"),
        (contract().documented_texts["00"], "advisory"),
    ):
        changes = {"/header/result_msg": said}
        assert word("REJ-17", refusal("empty-body", changes, code=code)) == expected


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "Your login information is incorrect.", "holds"),
        ("ja", "ログイン情報が正確ではありません。", "holds"),
        ("en", "로그인 정보가 정확하지 않습니다.", "advisory"),
        ("ja", "Your login information is incorrect.", "advisory"),
        ("ko", "Your login information is incorrect.", "advisory"),
        # No edition documents it in these, or the header leaves the language open.
        ("xx", "Login failed.", "holds"),
        ("", "Login failed.", "holds"),
    ],
)
def test_rej_17_is_judged_in_the_language_asked(language: str, text: str, expected: str) -> None:
    other = refusal("wrong-password", {"/header/result_msg": text}, language=language)
    assert word("REJ-17", other) == expected


def test_a_server_that_knows_no_other_language_is_told_so_for_each() -> None:
    korean = contract().documented_texts["10"]
    rows = [
        refusal(f"unknown-email-query-{language}", {"/header/result_msg": korean})
        for language in ("en", "ja")
    ]
    judged = verdict("REJ-17", *rows)
    assert [one.cases for one in judged.findings] == [(one.case,) for one in rows]
