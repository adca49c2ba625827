"""Who is let in by an answer that has no documented code: whoever gets a token."""

from __future__ import annotations

import json

import pytest

from esignon_conformance.i18n.catalogue import render
from esignon_conformance.recording.access import outcome_to_client
from selftest.support.exchanges import answered, contract
from selftest.support.judged import basis, failing, verdicts

_TOKEN = "c2FsdGVk/X1+k3J9=="
_ODD = {"header": {"resultCode": 0}, "body": {"access_token": _TOKEN}}


def _access(body: bytes, status: int = 200) -> str:
    exchange = answered("wrong-password", body, status=status)
    return outcome_to_client(exchange, frozenset(), contract().codes)


@pytest.mark.parametrize(
    "body",
    [
        json.dumps(_ODD).encode(),
        json.dumps(_ODD).replace("/", "\\/").encode(),
        json.dumps(json.dumps(_ODD)).encode(),
        json.dumps(_ODD).encode("utf-16"),
        json.dumps({"AccessToken": _TOKEN}).encode(),
        json.dumps([_ODD]).encode(),
    ],
    ids=["code-number", "escaped-slash", "written-twice", "utf-16", "flat", "array"],
)
def test_a_token_lets_in(body: bytes) -> None:
    assert _access(body) == "issued"


@pytest.mark.parametrize(
    "body",
    [
        json.dumps({"header": {"resultCode": 10}, "body": {"access_token": None}}).encode(),
        json.dumps({"header": {"resultCode": 10}, "body": {"access_token": ""}}).encode(),
        json.dumps({"code": 10, "access_token": "NOT_AUTHORIZED"}).encode(),
        json.dumps({"code": 10, "message": "send access_token: 123456789012"}).encode(),
        b"<html>access_token=" + _TOKEN.encode(),
    ],
    ids=["null", "empty", "word", "told", "page"],
)
def test_what_is_no_token_lets_nobody_in(body: bytes) -> None:
    assert _access(body) == "broken"


def test_a_documented_code_says_what_came_of_it_whatever_stands_beside() -> None:
    body = json.dumps({"header": {"result_code": "10"}, "body": {"access_token": _TOKEN}}).encode()
    assert _access(body) == "10"


def test_who_was_let_in_so_is_told_as_that() -> None:
    judged = verdicts([*basis(), answered("wrong-password", json.dumps(_ODD).encode())])
    assert "REJ-1" in failing(judged)
    got = judged["REJ-1"].findings[0].got
    assert render(got, "en") == 'a token, and no result_code "00"'
    assert "토큰" in render(got, "ko")
