"""SEC-1: no password in an answer, in its trailer either, and what only looks like one."""

from __future__ import annotations

import base64
import gzip
import html
import json
from dataclasses import replace
from urllib.parse import quote, quote_plus

import pytest

from esignon_conformance.redaction.secret import Secret
from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import (
    COMPANY,
    MADE_UP,
    MAIN,
    PAGE,
    TARGET,
    answered,
    conforming_run,
    fault,
    header_of,
    page,
    plain,
    refusal,
    success,
    where,
    with_answer,
)
from selftest.support.judged import basis, failing, got, verdict, verdicts
from selftest.support.leaking import says, word

# ---- SEC-1 -----------------------------------------------------------------------------------------


SECRET = plain(MADE_UP.password)
FORMS: dict[str, str] = {
    "plain": SECRET,
    "within a sentence": f"the password '{SECRET}' is wrong",
    "upper case": SECRET.upper(),
    "lower case": SECRET.lower(),
    "percent-encoded": quote(SECRET, safe=""),
    "percent-encoded whole": "".join(f"%{ord(one):02X}" for one in SECRET),
    "as form data": quote_plus(SECRET),
    "HTML-escaped": html.escape(SECRET),
    "base64": base64.b64encode(SECRET.encode()).decode(),
    "base64 after one character": base64.b64encode(f"u{SECRET}".encode()).decode(),
    "base64 of both credentials": base64.b64encode(
        f"{plain(MADE_UP.email)}:{SECRET}".encode()
    ).decode(),
    "hexadecimal": SECRET.encode().hex(),
    "backwards": SECRET[::-1],
    "without its last 6 characters": SECRET[:-6],
    "without its first 6 characters": SECRET[6:],
    "12 characters of it": SECRET[5:17],
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_sec_1_sees_a_made_up_password_in_every_form(text: str) -> None:
    assert word("SEC-1", says(text)) == "fails"
    assert word("SEC-1", refusal("unknown-email", {"/body": {"echo": [text]}})) == "fails"


@pytest.mark.parametrize(
    ("exchange", "place"),
    [
        (refusal("unknown-email", headers={"X-Debug": SECRET}), "password-in-head"),
        (
            refusal("unknown-email", headers={"Set-Cookie": f"last={quote(SECRET)}"}),
            "password-in-head",
        ),
        (
            refusal("unknown-email", headers={"Location": f"/?memb_pwd={SECRET}"}),
            "password-in-head",
        ),
        (refusal("unknown-email", reason=f"no {SECRET}"), "password-in-head"),
        (refusal("unknown-email", {SECRET.join(("/header/", "")): 1}), "password-in-body"),
        (page("unknown-email", 415, body=PAGE + SECRET.encode()), "password-in-body"),
        (page("get-with-body", 405), None),
        (answered("unknown-email", b"", status=413, body=SECRET.encode()), "password-in-body"),
    ],
)
def test_sec_1_looks_at_head_and_body(exchange: Exchange, place: str | None) -> None:
    judged = verdict("SEC-1", exchange)
    assert got(judged) == ([place] if place else [])


def test_sec_1_looks_behind_escapes_and_codings() -> None:
    escaped = "".join(f"\\u{ord(one):04x}" for one in SECRET)
    body = json.dumps({"header": header_of("10")}).replace(
        '"session_id": ""', f'"session_id": "{escaped}"'
    )
    assert word("SEC-1", answered("unknown-email", body.encode())) == "fails"
    packed = answered(
        "unknown-email",
        gzip.compress(json.dumps({"header": {**header_of("10"), "result_msg": SECRET}}).encode()),
        headers={"Content-Encoding": "gzip"},
    )
    assert word("SEC-1", packed) == "fails"


def test_sec_1_is_judged_on_malformed_bodies_too() -> None:
    assert word("SEC-1", says(SECRET, "cut-before-last-brace")) == "fails"
    # Jansson and others quote what stands where the text ends.
    assert (
        word("SEC-1", says(f"end of input near '{SECRET[:-5]}'", "cut-inside-password")) == "fails"
    )
    # An empty body sent no password, so what comes back is no password sent.
    assert word("SEC-1", says(SECRET, "empty-body")) == "holds"


@pytest.mark.parametrize(
    "text",
    [
        SECRET[:8],
        SECRET[-8:],
        plain(MADE_UP.email),
        "memb_pwd",
        "비밀번호",
        "*" * len(SECRET),
        "".join(sorted(SECRET)),
    ],
)
def test_sec_1_takes_what_is_not_the_password(text: str) -> None:
    assert word("SEC-1", says(text)) == "holds"


def test_sec_1_sees_the_real_password_where_it_cannot_stand_by_chance() -> None:
    assert word("SEC-1", success(changes={"/header/session_id": plain(MAIN.password)})) == "fails"
    assert word("SEC-1", success(headers={"X-Debug": plain(MAIN.password)})) == "fails"
    assert word("SEC-1", says("Zq!@#^&()-+=7", "wrong-password-punctuation")) == "fails"


@pytest.mark.parametrize(
    "password",
    [
        "short77",  # under 8 characters
        "nari.ok@",  # a part of the email
        COMPANY,  # the company
        "성공적으로 로그인",  # a part of a documented text
        "information",  # of one in English
        "ログイン情報が正確",  # of one in Japanese
        "exception",
    ],
)
def test_sec_1_leaves_out_a_real_password_that_may_stand_by_chance(password: str) -> None:
    target = replace(
        TARGET, accounts={**TARGET.accounts, "main": replace(MAIN, password=Secret(password))}
    )
    told = success(changes={"/header/session_id": password}, password=password, target=target)
    assert verdicts([told], target=target, only=["SEC-1"])["SEC-1"].verdict == "holds"


@pytest.mark.parametrize("form", ["{}", "<b>{}</b>", "expected {}, got another"])
def test_sec_1_sees_the_password_of_an_account_that_was_not_sent(form: str) -> None:
    text = form.format(plain(TARGET.accounts["second"].password))
    assert got(verdict("SEC-1", says(text))) == ["other-password-in-body"]
    coded = base64.b64encode(text.encode()).decode()
    told = refusal("empty-body", headers={"Set-Cookie": f"state={coded}"})
    assert got(verdict("SEC-1", told)) == ["other-password-in-head"]
    assert got(verdict("SEC-1", trailing(text))) == ["other-password-in-trailer"]


@pytest.mark.parametrize(
    "password", ["Dalbit-2041", "20261130-1122", "dalbit-namu-bada", "dalbit20411130"]
)
def test_sec_1_leaves_out_what_was_not_sent_and_may_stand_by_chance(password: str) -> None:
    target = replace(
        TARGET, accounts={**TARGET.accounts, "second": replace(MAIN, password=Secret(password))}
    )
    told = says(password, target=target)
    assert verdicts([told], target=target, only=["SEC-1"])["SEC-1"].verdict == "holds"


def test_sec_1_looks_at_answers_without_outcome_too() -> None:
    judged = verdicts([*basis(), answered("unknown-email", SECRET)], only=["SEC-1", "ENV-3"])
    assert failing(judged) == {"ENV-3", "SEC-1"}
    assert word("SEC-1", fault("unknown-email")) == "holds"


# ---- trailers --------------------------------------------------------------------------------------


def trailing(value: str, case_id: str = "unknown-email") -> Exchange:
    """Return a refusal in chunks with a field behind the last one."""
    return with_answer(refusal(case_id), trailers=(("X-Seen", value),))


@pytest.mark.parametrize(
    "form", [SECRET, quote(SECRET), base64.b64encode(SECRET.encode()).decode()]
)
def test_sec_1_looks_in_a_trailer(form: str) -> None:
    found = verdict("SEC-1", trailing(form))
    assert found.verdict == "fails"
    assert got(found) == ["password-in-trailer"]


def test_sec_4_looks_in_a_trailer() -> None:
    assert word("SEC-4", trailing("java.lang.NullPointerException")) == "fails"


def test_a_trailer_that_says_nothing_is_none_of_sec_1_and_sec_4() -> None:
    assert failing(verdicts([*basis(), trailing("sha-256=:4Tz8kQ=:")])) == set()


def test_rej_10_looks_in_a_trailer() -> None:
    told = with_answer(refusal("wrong-password"), trailers=(("Access-Token", "pq7Vw0LmZk3RtY8u"),))
    assert word("REJ-10", told) == "fails"


# ---- one fault, one failed clause ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clause_id", "case_id", "text"),
    [
        ("SEC-1", "unknown-email", SECRET),
        ("SEC-4", "cut-before-last-brace", "java.lang.NullPointerException"),
    ],
)
def test_one_leak_of_a_whole_run_is_one_failed_clause(
    clause_id: str, case_id: str, text: str
) -> None:
    judged = verdicts(
        where(
            conforming_run(),
            lambda one: one.case == case_id and one.role != "burst",
            lambda one: with_answer(one, {"/header/session_id": text}),
        )
    )
    assert failing(judged) == {clause_id}
