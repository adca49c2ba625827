"""The server in the box behaves as the page says: each step, without a socket."""

from __future__ import annotations

import asyncio
import base64
import json
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance import resources
from esignon_conformance.tools.reference import answering
from esignon_conformance.tools.reference.application import application, company_of
from esignon_conformance.tools.reference.in_process import JSON, ask
from esignon_conformance.tools.reference.page import page
from esignon_conformance.tools.reference.pipeline import Reason, Response
from esignon_conformance.tools.reference.world import Account, load_world

WORLD = load_world(resources.contracts() / "accounts.yaml")
MAIN, SECOND, OTHER, BLOCKED = map(WORLD.account, ("main", "second", "other", "blocked"))
OWN, ELSEWHERE, SHUT = (WORLD.company(role).id for role in ("own", "other", "blocked"))


def valid(account: Account = MAIN, **body: Any) -> dict[str, Any]:
    """Return the documented request of an account, with members of `body` replaced."""
    credentials = {"memb_email": account.memb_email, "memb_pwd": account.memb_pwd}
    return {"header": {"request_code": page().request_code}, "body": credentials | body}


def post(document: Any, company: str = OWN, **options: Any) -> Response:
    """Ask a new server.  A document that is bytes already is sent as it is."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    return asyncio.run(ask(application(WORLD), f"/api/{company}/login", body, **options))


def envelope(document: Any, company: str = OWN, **options: Any) -> dict[str, Any]:
    """Return the envelope that a document gets."""
    answered: dict[str, Any] = json.loads(post(document, company, **options).body)
    return answered


def test_the_world_has_every_role_once() -> None:
    roles = [(each.role, [account.role for account in each.accounts]) for each in WORLD.companies]
    assert roles == [("own", ["main", "second"]), ("blocked", ["blocked"]), ("other", ["other"])]
    with pytest.raises(LookupError):
        WORLD.account("third")
    with pytest.raises(LookupError):
        WORLD.company("third")


def test_no_name_of_the_world_stands_in_another() -> None:
    accounts = [account for company in WORLD.companies for account in company.accounts]
    passwords = [account.memb_pwd for account in accounts]
    names = [account.memb_email for account in accounts] + [each.id for each in WORLD.companies]
    assert not any(one.lower().startswith(two.lower()) for one, two in permutations(passwords, 2))
    assert not any(one.startswith(two) for one, two in permutations(names, 2))
    assert not any(each.lower() in name for each in passwords for name in names)


@pytest.mark.parametrize(
    "text",
    [
        "companies: [",
        "other: []",
        "companies: 1",
        "- a",
        "companies: [{id: 12345678, role: own, accounts: []}]",
        "companies: [{id: a, role: own, accounts: [{role: main, memb_email: a}]}]",
    ],
)
def test_a_file_that_is_no_world_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "world.yaml"
    path.write_text(text)
    with pytest.raises(ValueError, match=r"world\.yaml: not a file of accounts"):
        load_world(path)


def test_no_password_shows_in_what_python_prints() -> None:
    assert MAIN.memb_pwd not in repr(WORLD)


def test_a_right_login_is_issued() -> None:
    answered = envelope(valid())
    assert answered["header"] == {
        "response_code": "1001A",
        "result_code": "00",
        "result_msg": page().texts["ko"]["00"],
        "session_id": "",
    }
    body = answered["body"]
    assert list(body) == ["access_token", "comp_id", "device_id", "expire_date", "memb_email"]
    assert (body["comp_id"], body["memb_email"]) == (OWN, MAIN.memb_email)
    token = body["access_token"]
    assert len(base64.b64decode(token, validate=True)) == 104
    assert set("+/=") <= set(token)
    expiry = datetime.strptime(body["expire_date"], "%Y-%m-%d %H:%M:%S.0").replace(tzinfo=UTC)
    assert abs(expiry - datetime.now(UTC) - timedelta(days=30)) < timedelta(seconds=5)


def test_tokens_are_new_and_device_ids_are_kept() -> None:
    first, again, second = (envelope(valid(who))["body"] for who in (MAIN, MAIN, SECOND))
    assert len({each["access_token"] for each in (first, again, second)}) == 3
    assert first["device_id"] == again["device_id"] != second["device_id"]


@pytest.mark.parametrize(
    ("document", "company", "expected"),
    [
        (valid(memb_pwd="Wrong.4711"), OWN, "10"),
        (valid(memb_pwd=""), OWN, "10"),
        (valid(memb_pwd=MAIN.memb_pwd.swapcase()), OWN, "10"),
        (valid(memb_pwd=MAIN.memb_pwd + " "), OWN, "10"),
        (valid(memb_pwd=MAIN.memb_pwd + "\0"), OWN, "10"),
        (valid(memb_pwd=MAIN.memb_pwd[:-1]), OWN, "10"),
        (valid(memb_pwd=MAIN.memb_pwd + "\ud800"), OWN, "10"),
        (valid(memb_pwd=SECOND.memb_pwd), OWN, "10"),
        (valid(memb_email="nobody@dalbit.invalid"), OWN, "10"),
        (valid(memb_email=MAIN.memb_email.upper()), OWN, "10"),
        (valid(memb_email="\udfff"), OWN, "10"),
        (valid(), "unheardof1", "10"),
        (valid(), OWN.upper(), "10"),
        (valid(), OWN + "%00", "10"),
        (valid(), "", "10"),
        (valid(), "%FF", "10"),
        (valid(), ELSEWHERE, "10"),
        (valid(OTHER), OWN, "10"),
        (valid(OTHER), ELSEWHERE, "00"),
        (valid(), SHUT, "10"),
        (valid(BLOCKED), SHUT, "95"),
        (valid(BLOCKED, memb_pwd="x"), SHUT, "10"),
        (valid() | {"header": {"request_code": "1001A"}}, OWN, "99"),
        (valid() | {"header": {"request_code": ""}}, OWN, "99"),
        (valid() | {"header": {"request_code": 1001}}, OWN, "12"),
        (valid() | {"header": {}}, OWN, "12"),
        (valid() | {"header": None}, OWN, "12"),
        (valid() | {"body": []}, OWN, "12"),
        ({"header": valid()["header"]}, OWN, "12"),
        (valid(memb_pwd=None), OWN, "12"),
        (valid(memb_pwd=[MAIN.memb_pwd]), OWN, "12"),
        (valid(memb_pwd={"$ne": None}), OWN, "12"),
        (valid(memb_email=True), OWN, "12"),
        ([], OWN, "12"),
        (None, OWN, "12"),
        ("text", OWN, "12"),
        (valid(more=1) | {"more": {"deep": []}}, OWN, "00"),
    ],
)
def test_a_document_gets_its_code(document: Any, company: str, expected: str) -> None:
    assert envelope(document, company)["header"]["result_code"] == expected


VALID = json.dumps(valid()).encode()


def beside(text: str) -> bytes:
    """Return the valid body with one more member, whose value is `text`."""
    return VALID[:-1] + f',"more":{text}}}'.encode()


BODIES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "12"),
    "plain text": (b"text", "12"),
    "cut short": (VALID[:-1], "12"),
    "something after it": (VALID + b"x", "12"),
    "NUL after it": (VALID + b"\0", "12"),
    "trailing comma": (VALID[:-1] + b",}", "12"),
    "comment": (VALID + b"// comment", "12"),
    "single quotes": (VALID.replace(b'"', b"'"), "12"),
    "byte order mark": (b"\xef\xbb\xbf" + VALID, "12"),
    "UTF-16": (VALID.decode().encode("utf-16"), "12"),
    "UTF-32": (VALID.decode().encode("utf-32-le"), "12"),
    "no UTF-8": (VALID.replace(b"1001Q", b"\xff"), "12"),
    "surrogate as UTF-8": (VALID.replace(b"1001Q", b"\xed\xa0\x80"), "12"),
    "raw control character": (VALID.replace(b"1001Q", b"\x01"), "12"),
    "raw tab in a string": (VALID.replace(b"1001Q", b"1001Q\t"), "12"),
    "NaN": (beside("NaN"), "12"),
    "-Infinity": (beside("-Infinity"), "12"),
    "leading zero": (beside("01"), "12"),
    "a name twice": (VALID[:-1] + b',"body":{}}', "12"),
    "a name twice, escaped, deep inside": (beside('[{"a":1,"\\u0061":1}]'), "12"),
    "nesting of 100,000": (beside("[" * 100_000 + "]" * 100_000), "12"),
    "nesting of 100,000, cut short": (b'{"a":' * 100_000, "12"),
    "nesting of 200": (beside("[" * 200 + "]" * 200), "00"),
    "1e400": (beside("1e400"), "00"),
    "5,000 digits": (beside("-" + "9" * 5_000), "00"),
    "lone surrogate beside it": (beside('"\\ud800"'), "00"),
    "lone surrogate in a password": (VALID.replace(b'_pwd": "', b'_pwd": "\\ud800'), "10"),
    "escaped name": (VALID.replace(b"memb_pwd", b"memb\\u005fpwd"), "00"),
    "white space around it": (b"\r\n\t " + VALID + b"\n", "00"),
    "form feed after it": (VALID + b"\f", "12"),
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_is_read_by_the_letter(name: str) -> None:
    raw, expected = BODIES[name]
    assert raw != VALID
    assert envelope(raw)["header"]["result_code"] == expected


def test_what_was_wrong_with_credentials_cannot_be_told() -> None:
    wrong = [
        post(valid(memb_pwd="x")),
        post(valid(memb_email="nobody@dalbit.invalid")),
        post(valid(), "unheardof1"),
        post(valid(OTHER)),
    ]
    assert len(set(wrong)) == 1


def test_a_refusal_holds_nothing_but_a_header() -> None:
    assert list(envelope(valid(memb_pwd="x"))) == ["header"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"])
def test_another_method_is_not_allowed(method: str) -> None:
    answered = post(valid(), method=method)
    assert answered.status == 405
    assert (b"Allow", b"POST") in answered.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (["application/json"], 200),
        (["Application/JSON"], 200),
        (["application/json; charset=utf-8"], 200),
        (['application/json ;Charset="UTF-8"'], 200),
        (["application/json; profile=x"], 200),
        (["application/json; charset=euc-kr"], 415),
        (["application/json; charset=utf-16"], 415),
        (["application/json-patch+json"], 415),
        (["text/plain"], 415),
        (["application/x-www-form-urlencoded"], 415),
        (["application/json, text/plain"], 415),
        (["application/json", "text/plain"], 415),
        ([""], 415),
        ([], 415),
    ],
)
def test_a_media_type_is_json_in_utf_8(headers: list[str], status: int) -> None:
    named = tuple((b"content-type", value.encode()) for value in headers)
    assert post(valid(), headers=named).status == status


def test_a_compressed_body_is_not_taken() -> None:
    coded = (*JSON, (b"content-encoding", b"gzip"))
    assert post(valid(), headers=coded).status == 415
    plain = (*JSON, (b"content-encoding", b"identity"))
    assert post(valid(), headers=plain).status == 200


@pytest.mark.parametrize(
    ("query", "language"),
    [
        (b"", "ko"),
        (b"lang=ko", "ko"),
        (b"lang=en", "en"),
        (b"a&lang=ja", "ja"),
        (b"lang=%FF", "ko"),
    ],
)
def test_the_language_of_the_text_can_be_asked_for(query: bytes, language: str) -> None:
    header = envelope(valid(memb_pwd="x"), query=query)["header"]
    assert header["result_msg"] == page().texts[language]["10"]


def test_every_documented_code_is_answered_and_has_its_text_in_every_language() -> None:
    assert set(answering.RESULT_CODES) == set(Reason)
    for texts in page().texts.values():
        assert set(texts) == set(answering.RESULT_CODES.values())
        assert len(set(texts.values())) == len(texts)


@pytest.mark.parametrize(
    ("path", "company"),
    [
        (b"/api/a/login", b"a"),
        (b"/api/%2F%FF/login", b"%2F%FF"),
        (b"/api//login", b""),
        (b"/api/../login", b".."),
        (b"/api/a/login/", None),
        (b"/api/a/b/login", None),
        (b"/API/a/login", None),
        (b"/", None),
        (b"*", None),
    ],
)
def test_a_path_leads_to_a_company_or_nowhere(path: bytes, company: bytes | None) -> None:
    assert company_of(path) == company
