"""What is to be done names gateways and firewalls by the forms in which they report their own errors."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.i18n.catalogue import word
from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.reports.advice import advice_of
from esignon_conformance.reports.page_text import page_text
from esignon_conformance.transport.messages import Exchange
from selftest.reports.test_advice import ATTACKS, HTML, LOGINS, MALFORMED, action
from selftest.support.exchanges import page, with_answer
from selftest.support.written_runs import run_of

JSON = ("Content-Type", "application/json")
REJECTED = (
    b"<html><title>Request Rejected</title>"
    b"The requested URL was rejected. Please consult with your administrator."
)
ODD = ("password-nul-after", "odd-email-nul", "media-type-form")
DECODED = (
    *("company-blank-after", "unknown-company-hangul", "odd-company-emoji"),
    *("unknown-company-accent", "unknown-company-blank-inside"),
)


def json_of(case: str, status: int, value: Any) -> Exchange:
    """Return an answer that is JSON, as gateways write it."""
    return with_answer(page(case, status), headers=(JSON,), body=json.dumps(value).encode())


def text_of(case: str, status: int, text: bytes) -> Exchange:
    """Return a page or a plain text."""
    return with_answer(page(case, status), headers=(HTML,), body=text)


@pytest.mark.parametrize(
    ("clause", "status", "value"),
    [
        ("ENV-3", 400, {"__type": "AccessDeniedException", "message": "blocked"}),
        ("ENV-3", 404, {"message": "Missing Authentication Token"}),
        ("ENV-3", 200, {"supportID": "4312"}),
        ("ENV-3", 400, {"message": "Bad request", "request_id": "1a2b"}),
        ("ENV-3", 401, {"httpCode": "401", "httpMessage": "Unauthorized", "moreInformation": ""}),
        ("ENV-3", 401, {"fault": {"code": 900901, "message": "Invalid", "description": ""}}),
        (
            "ENV-10",
            500,
            {"fault": {"faultstring": "Threat Detected", "detail": {"errorcode": "x"}}},
        ),
    ],
)
def test_json_of_a_gateways_own_errors_names_it(
    tmp_path: Path, clause: str, status: int, value: dict[str, Any]
) -> None:
    said = action(tmp_path, clause, *(json_of(one, status, value) for one in ATTACKS))
    assert word("between-gateways-form", "en") in said


@pytest.mark.parametrize(
    ("clause", "status", "value"),
    [
        ("ENV-3", 400, {"message": "email must be an email"}),
        ("ENV-3", 400, {"detail": "JSON parse error"}),
        ("ENV-10", 500, {"timestamp": 1, "status": 500, "error": "Internal Server Error"}),
    ],
)
def test_json_of_a_framework_is_told_as_the_applications(
    tmp_path: Path, clause: str, status: int, value: dict[str, Any]
) -> None:
    said = action(tmp_path, clause, *(json_of(one, status, value) for one in MALFORMED))
    assert "firewall" not in said


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "text",
    [
        REJECTED,
        b"<html>Denied. Your support ID is: 4312</html>",
        "<html><title>웹 방화벽</title>차단되었습니다.</html>".encode("euc-kr"),
        "<script>alert('웹방화벽에서 차단하였습니다.')</script>".encode(),
        b"<html>contrary to the Web firewall security policies</html>",
    ],
    ids=["rejected", "support id", "in EUC-KR", "in UTF-8", "in English"],
)
def test_a_page_of_a_firewall_over_200_is_known_by_its_text(
    tmp_path: Path, language: Language, text: bytes
) -> None:
    pages = [text_of(one, 200, text) for one in MALFORMED]
    said = action(tmp_path, "ENV-1", *pages, language=language)
    assert word("between-gateways-form", language) in said


@pytest.mark.parametrize(
    ("content", "media_type", "text"),
    [
        ("차단".encode(), None, "차단"),
        ("차단".encode("euc-kr"), "text/html", "차단"),
        ("차단".encode()[:-1], "text/html; charset=utf-8", "차"),
        ("été".encode("latin-1"), "text/html; charset=iso-8859-1", "été"),
        (b'<meta charset="shift_jis">' + "拒否".encode("shift_jis"), None, "拒否"),
        (b"\xb0\xa1", "text/html; charset=zlib", "가"),
        (b"\xff\xff\xff\xff\xff", "text/html; charset=nothing", "\ufffd" * 5),
    ],
    ids=["UTF-8", "EUC-KR", "cut", "named", "named in the page", "no coding", "none"],
)
def test_a_page_is_read_in_the_coding_that_it_is_in(
    content: bytes, media_type: str | None, text: str
) -> None:
    assert page_text(content, media_type).endswith(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_title_of_a_page_in_euc_kr_can_be_read(tmp_path: Path, language: Language) -> None:
    text = "<html><title>웹 방화벽</title>차단되었습니다.</html>".encode("euc-kr")
    pages = [text_of(one, 200, text) for one in MALFORMED]
    assert '"웹 방화벽"' in action(tmp_path, "ENV-1", *pages, language=language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b'{"supportID": "%d"}', "between-gateways-form"),
        (b'{"error": "denied", "incident": "4f-%d"}', "between-one-answer"),
        (b"Blocked by policy %d.", "between-one-answer"),
    ],
    ids=["F5", "JSON", "text"],
)
def test_one_answer_to_all_that_was_sent_may_be_of_something_in_front(
    tmp_path: Path, language: Language, text: bytes, why: str
) -> None:
    asked = ("right-login", "right-login-second", *MALFORMED, "unknown-email")
    rows = [text_of(one, 200, text % at) for at, one in enumerate(asked)]
    rows = [with_answer(one, headers=(("Content-Type", "text/plain"),)) for one in rows]
    clause = "ENV-1" if text.startswith(b"Blocked") else "ENV-3"
    run = run_of(tmp_path, rows)
    found = advice_of(run, run.by_clause[clause])
    assert found is not None
    assert word(why, language) in found.action[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_of_500_that_nginx_writes_may_be_of_a_script_within_it(
    tmp_path: Path, language: Language
) -> None:
    text = b"<html><center><h1>500 Internal Server Error</h1></center><hr><center>nginx</center></html>"
    broken = [text_of(one, 500, text) for one in ("odd-email-5000-characters", "empty-body")]
    said = action(tmp_path, "ENV-10", *broken, language=language)
    assert word("between-nginx", language) in said


def test_answers_that_differ_are_told_as_the_applications(tmp_path: Path) -> None:
    asked = ("right-login", "right-login-second", *MALFORMED, "unknown-email")
    rows = [json_of(one, 200, {"error": f"no {one}"}) for one in asked]
    run = run_of(tmp_path, rows)
    found = advice_of(run, run.by_clause["ENV-3"])
    assert found is not None
    assert "firewall" not in found.action["en"]


def test_a_page_that_says_of_an_account_that_it_is_barred_is_the_applications(
    tmp_path: Path,
) -> None:
    barred = "<html>차단된 계정입니다.</html>".encode("euc-kr")
    said = action(tmp_path, "ENV-1", *(text_of(one, 200, barred) for one in MALFORMED))
    assert "firewall" not in said


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_that_attacks_and_odd_requests_get_may_be_a_firewalls(
    tmp_path: Path, language: Language
) -> None:
    pages = [text_of(one, 200, b"<html>no</html>") for one in (*ATTACKS, *ODD)]
    said = action(tmp_path, "ENV-1", *pages, language=language)
    assert word("between-hostile-or-odd", language) in said
    # An application stumbles at odd characters, too.
    alone = [text_of(one, 200, b"<html>no</html>") for one in ODD]
    assert word("between-hostile-or-odd", language) not in action(tmp_path, "ENV-1", *alone)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_path_that_was_passed_on_decoded_names_the_proxy(
    tmp_path: Path, language: Language
) -> None:
    """nginx: `proxy_pass http://upstream$uri`; what comes of it is no request line."""
    refused = [text_of(one, 400, b"Invalid HTTP request received.") for one in DECODED]
    said = action(tmp_path, "ENV-1", *refused, language=language)
    assert word("between-decoded-path", language) in said
    # What stands behind # is no part of the path, which is another one then.
    cut = text_of("unknown-company-hash-after", 404, b"Not found.")
    said = action(tmp_path / "cut", "ENV-1", *refused, cut, language=language)
    assert word("between-decoded-path", language) in said
    refused = refused[:3]
    other = text_of("plain-text-body", 400, b"Bad request.")
    assert "proxy_pass" not in action(tmp_path, "ENV-1", *refused, other, language=language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_run_in_which_no_application_was_heard_says_so(
    tmp_path: Path, language: Language
) -> None:
    """ModSecurity turns away each host that is an address, and what is no JSON by another status."""
    logins = [replace(text_of(one.case, 403, b"<html>no</html>"), role=one.role) for one in LOGINS]
    cut = text_of("cut-before-last-brace", 404, b"<html>no</html>")
    run = run_of(tmp_path, [*logins, cut])
    found = advice_of(run, next(one for one in run.verdicts if one.clause == "ENV-1"))
    assert found is not None
    assert word("between-never-heard", language) in found.action[language]
