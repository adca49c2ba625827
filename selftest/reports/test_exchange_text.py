"""`run --case ID --show`: an exchange that says what another has said is named, and not shown again."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from esignon_conformance.reports.exchange_text import different_places

_ISSUED = {
    "header": {"result_code": "00"},
    "body": {"access_token": "<token 1>", "expire_date": "2026-12-28", "comp_id": "dalbit2041"},
}
_ROW: dict[str, Any] = {
    "request": {
        "method": "POST",
        "target": "/api/dalbit2041/login",
        "headers": [["Host", "a"], ["X-Request-Id", "ec-1"]],
        "body": "{}",
    },
    "answer": {
        "status": 200,
        "headers": [["date", "1"], ["content-type", "application/json"], ["content-length", "90"]],
        "body": json.dumps(_ISSUED),
    },
}


def changed(*path: str | int, to: Any) -> dict[str, Any]:
    row: Any = copy.deepcopy(_ROW)
    place = row
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = to
    return dict(row)


def issued(**members: Any) -> str:
    return json.dumps({**_ISSUED, "body": {**_ISSUED["body"], **members}})


@pytest.mark.parametrize(
    ("row", "places"),
    [
        (_ROW, []),
        (changed("request", "headers", 1, 1, to="ec-2"), []),
        (changed("answer", "headers", 0, 1, to="2"), ["date"]),
        (changed("answer", "body", to=issued(access_token="<token 2>")), ["access_token"]),
        (changed("answer", "headers", 0, 0, to="x-trace"), ["x-trace", "date"]),
    ],
)
def test_what_is_new_each_time_is_named(row: dict[str, Any], places: list[str]) -> None:
    assert different_places(row, _ROW) == places


@pytest.mark.parametrize(
    "row",
    [
        changed("request", "body", to="[]"),
        changed("request", "target", to="/api/x/login"),
        changed("request", "headers", 0, 1, to="b"),
        changed("answer", "status", to=400),
        changed("answer", "headers", 1, 1, to="text/html"),
        # A long body is shown by its ends.
        changed("answer", "headers", 2, 1, to="91"),
        changed("answer", "body", to=issued(comp_id="other")),
        changed("answer", "body", to=issued(more=1)),
        changed("answer", "body", to=json.dumps({**_ISSUED, "header": {"result_code": "10"}})),
        changed("answer", "body", to="no JSON"),
        changed("answer", "body", to="[]"),
        changed("answer", "body", to='{"body": 1}'),
        {"request": _ROW["request"], "fault": {"kind": "dropped"}},
    ],
)
def test_what_says_something_else_is_shown_whole(row: dict[str, Any]) -> None:
    assert different_places(row, _ROW) is None
    assert different_places(_ROW, row) is None


def test_requests_that_got_no_answer_are_alike() -> None:
    dropped = {"request": _ROW["request"], "fault": {"kind": "dropped"}}
    assert different_places(dropped, dropped) == []
    silent = {"request": _ROW["request"], "fault": {"kind": "timed-out"}}
    assert different_places(silent, dropped) is None
