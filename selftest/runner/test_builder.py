"""The request of a case: what differs from the valid one, and what is not sent because it is right."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from esignon_conformance.contract.expansion import expand
from esignon_conformance.contract.model import Case
from esignon_conformance.redaction.secret import Secret
from esignon_conformance.runner.requests.builder import MissingAccount, build
from esignon_conformance.runner.requests.other_characters import NotApplicable
from esignon_conformance.target.target import Account, Target
from esignon_conformance.transport.messages import Request
from selftest.support.exchanges import (
    BLOCKED,
    MADE_UP,
    MAIN,
    OTHER,
    SECOND,
    TARGET,
    contract,
    plain,
    request_of,
)


def built(target: Target = TARGET, **varied: Any) -> Request:
    """Return the request of a made-up case."""
    case = Case(**{"id": "x", "title": {}, "clause": "REJ-1", "situation": "right"} | varied)
    return build(case, contract(), target, lambda _secret, _name: None)


def with_accounts(**accounts: Account) -> Target:
    """Return the target with other accounts."""
    return replace(TARGET, accounts={**TARGET.accounts, **accounts})


def test_a_right_login_is_the_documented_request() -> None:
    request = request_of("right-login")
    assert (request.method, request.target) == ("POST", "/api/gaon3021/login")
    assert request.headers == (("Content-Type", "application/json"),)
    assert json.loads(request.body) == {
        "header": {"request_code": "1001Q"},
        "body": {"memb_email": plain(MAIN.email), "memb_pwd": plain(MAIN.password)},
    }
    assert (request.company, plain(request.memb_email)) == (MAIN.company, plain(MAIN.email))
    assert plain(request.password) == plain(MAIN.password)


@pytest.mark.parametrize(
    ("account", "company", "path"),
    [
        ("main", None, "gaon3021"),
        ("main", "other", OTHER.company),
        ("main", "blocked", BLOCKED.company),
        ("other", "own", MAIN.company),
        ("made-up", "unknown", TARGET.unknown_company),
        ("main", {"path": "a%2Fb"}, "a%2Fb"),
        ("main", {"text": "a/b c"}, "a%2Fb%20c"),
        ("main", {"text": "없는"}, "%EC%97%86%EB%8A%94"),
        ("main", {"text": "o'brien"}, "o'brien"),
        ("main", {"suffix": "x"}, "gaon3021x"),
        ("main", {"as": "swap-case"}, "GAON3021"),
    ],
)
def test_a_company_is_a_path_segment(account: str, company: Any, path: str) -> None:
    assert built(account=account, company=company).target == f"/api/{path}/login"


def test_the_path_prefix_of_the_base_url_is_kept() -> None:
    target = replace(TARGET, base_url="https://staging.esignon.invalid/v1/eu")
    assert built(target).target == "/v1/eu/api/gaon3021/login"


def test_credentials_may_stand_in_the_query() -> None:
    request = built(account="main", query="credentials", method="GET", raw=({"literal": ""},))
    assert parse_qsl(urlsplit(request.target).query) == [
        ("memb_email", "nari.ok@gaon.invalid"),
        ("memb_pwd", "Tz6!mQw#Lp2_xVbN"),
        ("header[request_code]", "1001Q"),
        ("body[memb_email]", "nari.ok@gaon.invalid"),
        ("body[memb_pwd]", "Tz6!mQw#Lp2_xVbN"),
    ]
    asked = urlsplit(built(account="main", query="password").target).query
    assert asked == "memb_pwd=Tz6%21mQw%23Lp2_xVbN&body%5Bmemb_pwd%5D=Tz6%21mQw%23Lp2_xVbN"


@pytest.mark.parametrize(
    ("query", "language"),
    [
        *((None, "ko"), ("lang=ko", "ko"), ("v=1", "ko"), ("slang=en", "ko")),
        *(("lang=en", "en"), ("a=b&lang=ja", "ja"), ("lang=xx", "xx"), ("lang=", "")),
        # Which of two counts is the server's choice; twice the same is no choice.
        ("lang=ko&lang=en", ""),
        ("lang=en&lang=en", "en"),
    ],
)
def test_a_request_knows_the_language_that_it_asks_for(query: str | None, language: str) -> None:
    assert built(query=query).language == language


@pytest.mark.parametrize(
    ("accepted", "query", "language"),
    [
        *(("ko-KR,ko;q=0.9", None, "ko"), ("ko", "lang=en", "en")),
        *(("en-US,en;q=0.9", None, ""), ("ja", None, ""), ("en", "lang=ko", "")),
    ],
)
def test_another_language_of_the_header_leaves_it_open(
    accepted: str, query: str | None, language: str
) -> None:
    assert built(headers={"Accept-Language": accepted}, query=query).language == language


def test_a_header_can_be_taken_out() -> None:
    assert built(headers={"Content-Type": None, "X-More": "1"}).headers == (("X-More", "1"),)


def test_an_account_that_is_not_there_is_named() -> None:
    target = replace(TARGET, accounts={"main": MAIN, "made-up": MADE_UP})
    for varied, name in (
        ({"account": "second"}, "second"),
        ({"account": "main", "company": "other"}, "other"),
        ({"account": "main", "company": "blocked"}, "blocked"),
    ):
        with pytest.raises(MissingAccount) as missing:
            built(target, **varied)
        assert missing.value.name == name


def test_what_is_derived_is_registered_by_its_recipe() -> None:
    told: dict[object, str] = {}
    build(contract().cases["password-cut-last"], contract(), TARGET, told.__setitem__)
    assert told == {plain(MAIN.password)[:-1]: "main password: as cut-last"}


@pytest.mark.parametrize(
    "case_id",
    [
        "wrong-password-of-second-account",
        "second-wrong-password-of-main",
        "wrong-password-of-other-company",
    ],
)
def test_the_password_of_another_account_is_not_sent_as_a_wrong_one_where_both_are_the_same(
    case_id: str,
) -> None:
    shared = with_accounts(
        second=replace(SECOND, password=MAIN.password), other=replace(OTHER, password=MAIN.password)
    )
    case = contract().cases[case_id]
    with pytest.raises(NotApplicable):
        build(case, contract(), shared, lambda _secret, _name: None)
    build(case, contract(), TARGET, lambda _secret, _name: None)


def test_a_made_up_password_that_is_the_right_one_is_not_sent_as_a_wrong_one() -> None:
    target = with_accounts(main=replace(MAIN, password=Secret("1234")))
    with pytest.raises(NotApplicable):
        request_of("wrong-password-digits", target)


def test_a_company_that_is_the_accounts_own_is_not_sent_as_another() -> None:
    target = with_accounts(other=replace(OTHER, company=MAIN.company))
    for case_id in ("own-account-under-other-company", "account-of-other-company-unknown-here"):
        with pytest.raises(NotApplicable):
            request_of(case_id, target)


@pytest.mark.parametrize(
    ("name", "part"),
    [("memb_pwd", "memb-pwd"), ("membPwd", "memb-pwd"), ("이름", "member"), ("a.b", "a-b")],
)
def test_any_name_of_a_member_gives_an_id(name: str, part: str) -> None:
    schema = {"required": [name], "properties": {name: {"type": "integer"}}}
    entry = {
        "id": "wrong-type-{member}-{type}",
        "each": {"members": "required", "types": "wrong"},
        "title": {"en": "{member} as {type}"},
        "clause": {name: "REJ-8"},
    }
    made = list(expand(entry, schema))
    kinds = ("null", "boolean", "string", "array", "object")
    assert [case["id"] for case in made] == [f"wrong-type-{part}-{kind}" for kind in kinds]
    assert made[0]["title"] == {"en": f"{name} as null"}


def test_members_of_one_name_are_told_apart_by_where_they_stand() -> None:
    inner = {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}}
    schema = {"required": ["a", "b"], "properties": {"a": inner, "b": inner}}
    entry = {
        "id": "missing-{member}",
        "each": {"members": "required"},
        "title": {"en": "no {member}"},
        "clause": dict.fromkeys(("a", "b", "id"), "REJ-8"),
    }
    made = list(expand(entry, schema))
    assert [case["id"] for case in made] == [
        f"missing-{name}" for name in ("a", "a-id", "b", "b-id")
    ]
    assert made[1]["title"] == {"en": "no a/id"}


def test_an_entry_says_by_member_which_case_is_essential_and_what_its_own_builds_on() -> None:
    schema = {"required": ["a", "b"], "properties": {"a": {"type": "string"}}}
    entry = {
        "id": "{member}-{type}",
        "each": {"members": "required", "types": "wrong"},
        "title": {"en": "{member} as {type}"},
        "clause": {"a": "REJ-8", "b": "SEC-2"},
        "essential": {"b": "boolean"},
        "builds_on": {"a": "other"},
    }
    made = list(expand(entry, schema))
    assert [case["id"] for case in made if case.get("essential")] == ["b-boolean"]
    assert {case.get("builds_on") for case in made if case["clause"] == "REJ-8"} == {"other"}
    assert {case.get("builds_on") for case in made if case["clause"] == "SEC-2"} == {None}


def test_no_two_cases_name_one_email_that_nobody_has() -> None:
    cases = [one for one in contract().cases.values() if not one.burst and not one.same_as]
    emails = [
        request_of(one.id).memb_email.get_secret_value()
        for one in cases
        if one.account == "made-up" and one.method is None
    ]
    nobodys = [one for one in emails if one.endswith("@conformance.example.com")]
    assert len(set(nobodys)) == len(nobodys) > 50
    assert plain(MADE_UP.email) in nobodys
