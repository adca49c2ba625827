"""SEC-1 and SEC-4: what must not stand in an answer, and what only looks like it."""

from __future__ import annotations

import base64
import gzip
import html
import json
from dataclasses import replace
from typing import Any
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
    basis,
    conforming_run,
    contract,
    failing,
    fault,
    got,
    header_of,
    page,
    plain,
    refusal,
    success,
    verdict,
    verdicts,
    where,
    with_answer,
)


def says(text: str, case_id: str = "unknown-email", **varied: Any) -> Exchange:
    """Return a refusal that says a text in `result_msg`."""
    return refusal(case_id, {"/header/result_msg": text}, **varied)


def word(clause_id: str, exchange: Exchange) -> str:
    """Return the verdict of a clause on one exchange beside conforming ones."""
    return verdict(clause_id, exchange).verdict


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


def test_sec_1_looks_at_answers_without_outcome_too() -> None:
    judged = verdicts([*basis(), answered("unknown-email", SECRET)], only=["SEC-1", "ENV-3"])
    assert failing(judged) == {"ENV-3", "SEC-1"}
    assert word("SEC-1", fault("unknown-email")) == "holds"


# ---- SEC-4 -----------------------------------------------------------------------------------------

LEAKS: dict[str, str] = {
    "Python traceback": "Traceback (most recent call last):",
    "Python frame": 'File "/srv/app/login.py", line 42, in post',
    "Python frame of a relative file": 'File "login.py", line 42',
    "Python exception": "KeyError: 'memb_pwd'",
    "Python exception of json": "json.decoder.JSONDecodeError: Expecting value",
    "JVM frame": "\tat net.esignon.api.LoginController.login(LoginController.java:87)",
    "JVM native frame": "at java.lang.reflect.Method.invoke(Native Method)",
    "JVM exception": "java.lang.NullPointerException",
    "JVM exception alone": "NullPointerException: null",
    "Spring exception": "org.springframework.http.converter.HttpMessageNotReadableException: x",
    "JavaScript frame": "    at login (/app/src/login.js:10:15)",
    "JavaScript frame of a module": "at async file:///app/login.mjs:10:15",
    ".NET frame": "   at Esignon.Api.Login.Post(String id) in C:\\src\\Login.cs:line 42",
    ".NET frame without its place": "NullReference\n   at Esignon.Api.Login.Post(String id)",
    "PHP frame": "#0 /var/www/html/login.php(42): login()",
    "PHP message": "Warning: Undefined index in /var/www/html/login.php on line 42",
    "Go trace": "goroutine 1 [running]:",
    "Go source": "/go/src/api/login.go:42 +0x1d",
    "Ruby frame": "app/controllers/login.rb:42:in `create'",
    "Rust panic": "thread 'main' panicked at src/main.rs:4:5",
    "SQL state": "SQLSTATE[42000]: Syntax error or access violation",
    "Oracle": "ORA-00933: SQL command not properly ended",
    "MySQL": "You have an error in your SQL syntax; check the manual",
    "PostgreSQL": 'ERROR: syntax error at or near "1"',
    "SQLite": 'near "OR": syntax error',
    "SQL Server": "Unclosed quotation mark after the character string",
    "a driver": "sqlite3.OperationalError",
    "SQL statement": "SELECT id FROM member WHERE email = 'x'",
    "a source file": "error in /srv/app/login/views.py",
    "a compiled file": "/usr/lib/jvm/app/login.jar",
    "a source file with its line": "login.ts:42",
    "a Windows path": "C:\\inetpub\\wwwroot\\login.aspx",
}


@pytest.mark.parametrize("text", LEAKS.values(), ids=LEAKS)
def test_sec_4_sees_the_inside_of_a_server(text: str) -> None:
    judged = verdict("SEC-4", says(text))
    assert (judged.verdict, got(judged)) == ("fails", ["internals"])
    embedded = refusal("empty-body", {"/body": {"detail": f"500 error.\n{text}\nmore"}})
    assert word("SEC-4", embedded) == "fails"
    exempt = page("empty-body", 415, body=f"<pre>{html.escape(text)}</pre>".encode())
    assert word("SEC-4", exempt) == "fails"


def test_sec_4_looks_at_pages_of_other_methods_and_of_the_http_layer() -> None:
    trace = b"<pre>Traceback (most recent call last):\n</pre>"
    for exchange in (
        page("get-with-body", 405, body=trace),
        page("odd-company-slash", 404, body=trace),
        page("empty-body", 415, body=trace),
        page("sql-or-in-email", 403, body=trace),
    ):
        assert word("SEC-4", exchange) == "fails"
    # A debug page comes with a 500: two clauses are broken by it.
    broken = page("empty-body", 500, body=trace)
    judged = verdicts([*basis(), broken], only=["SEC-4", "ENV-10", "ENV-1"])
    assert failing(judged) == {"ENV-10", "SEC-4"}


def test_sec_4_does_not_look_at_the_head() -> None:
    headers = {"Server": "nginx/1.25", "X-Powered-By": "PHP/8.2"}
    assert word("SEC-4", refusal("unknown-email", headers=headers)) == "holds"


NO_LEAKS: tuple[str, ...] = (
    "Unexpected exception ( 잘못된 포맷 )",
    "Unexpected exception ( invalid format )",
    "Unexpected exception (不正なフォーマット)",
    "unexpected EXCEPTION",
    "Internal error. Error code 99",
    "/api/gaon3021/login",
    "No route for POST /api/v1/gaon3021/login",
    "https://docs.esignon.invalid/api/gaon3021/login",
    "see https://docs.esignon.invalid/errors/login.html",
    "https://docs.esignon.invalid/static/app.js",
    "https://docs.esignon.invalid:8443/static/js/app.min.js?v=3",
    '<script src="/static/app.js"></script>',
    '<script src="/static/js/vendor/jquery-3.7.1.min.js"></script>',
    '<link href="/assets/css/site.css" rel="stylesheet">',
    '<a href="/docs/index.php">help</a>',
    '<form action="/login.jsp">',
    '<script src="/app/main.js"></script>',
    "<script src=/home/js/main.js></script>",
    '<a href="/home/index.php">home</a>',
    "moved to /app/login.jsp",
    "/images/logo.png",
    "select a company from the list",
    "the syntax is wrong: error 12",
    "at 10:15 on 2030-06-01",
    "10:15:30.123 at line 4, column 12",
    "version 1.2.3",
    "e.g. login.name@gaon.invalid",
    "오류가 발생했습니다. 관리자에게 문의해주세요.",
    "TypeError",
    "meet us at Gaon.Seoul.Tower (3F)",
    "1001A",
    "a/b",
    "and/or",
    "2030/06/01",
)


@pytest.mark.parametrize("text", NO_LEAKS)
def test_sec_4_takes_what_only_looks_like_it(text: str) -> None:
    assert word("SEC-4", says(text)) == "holds"
    in_a_page = page("get-with-body", 405, body=f"<html><body>{text}</body></html>".encode())
    assert word("SEC-4", in_a_page) == "holds"


def test_sec_4_takes_every_documented_text() -> None:
    for language in ("ko", *contract().other_texts):
        for code in contract().codes.refused:
            text = contract().text_of(code, language)
            assert text
            assert word("SEC-4", says(text, code=code)) == "holds"


def test_sec_4_takes_a_page_with_a_script() -> None:
    assert word("SEC-4", page("get-with-body", 405)) == "holds"
    assert word("SEC-4", page("odd-company-slash", 404)) == "holds"


def test_sec_4_takes_what_was_sent_and_comes_back() -> None:
    echoed = says("' UNION SELECT 1,1,1-- ", "sql-union-in-email")
    assert word("SEC-4", echoed) == "holds"


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
