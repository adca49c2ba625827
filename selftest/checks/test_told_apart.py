"""REJ-3: whether a wrong password and an unknown email can be told apart."""

from __future__ import annotations

from typing import Any

import pytest

from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import ABSENT, refusal
from selftest.support.judged import verdicts


def pair(changes: Any = None, **varied: Any) -> list[Exchange]:
    """Return a refused wrong password, and an unknown email refused with something changed."""
    return [
        *(refusal("wrong-password") for _ in range(2)),
        *(refusal("unknown-email", changes, **varied) for _ in range(2)),
    ]


def rej_3(*exchanges: Exchange) -> str:
    """Return the verdict of REJ-3 on nothing but these exchanges."""
    return verdicts(exchanges, only=["REJ-3"])["REJ-3"].verdict


@pytest.mark.parametrize(
    ("changes", "varied"),
    [
        ({"/header/result_msg": "없는 사용자입니다."}, {}),
        ({"/header/retry": 1}, {}),
        ({"/body": {}}, {}),
        ({"/body": {"reason": "x"}}, {}),
        ({"/header/session_id": ABSENT}, {}),
        ({}, {"status": 404}),
        ({}, {"headers": {"X-Reason": "unknown"}}),
        ({}, {"headers": {"Cache-Control": None}}),
    ],
)
def test_rej_3_sees_what_tells_the_two_apart(changes: Any, varied: Any) -> None:
    assert rej_3(*pair(changes, **varied)) == "advisory"


@pytest.mark.parametrize(
    ("changes", "varied"),
    [
        ({}, {}),
        ({}, {"headers": {"Cache-Control": "no-cache"}}),
        ({}, {"headers": {"cache-control": "no-store", "Cache-Control": None}}),
        ({"/header/session_id": "other each time"}, {}),
    ],
)
def test_rej_3_looks_at_names_and_not_at_values(changes: Any, varied: Any) -> None:
    assert rej_3(*pair(changes, **varied)) == "holds"


def test_rej_3_leaves_out_what_two_answers_to_one_request_differ_in() -> None:
    by_chance = refusal("unknown-email", {"/header/result_msg": "다시 시도해 주세요."})
    assert rej_3(*pair(), by_chance) == "holds"
    assert rej_3(*pair(), refusal("wrong-password", headers={"X-Cache": "miss"})) == "holds"


def test_rej_3_sees_a_message_that_counts_for_the_one_alone() -> None:
    said = "로그인 정보가 정확하지 않습니다."

    def counted(case_id: str) -> list[Exchange]:
        return [refusal(case_id, {"/header/result_msg": f"{said} ({at}/5)"}) for at in (1, 2)]

    plain = [refusal("unknown-email", {"/header/result_msg": said}) for _ in range(2)]
    assert rej_3(*counted("wrong-password"), *plain) == "advisory"
    assert rej_3(*counted("wrong-password"), *counted("unknown-email")) == "holds"


def test_rej_3_tells_null_from_an_empty_body() -> None:
    empty = [refusal("wrong-password", {"/body": {}}) for _ in range(2)]
    none = [refusal("unknown-email", {"/body": None}) for _ in range(2)]
    assert rej_3(*empty, *none) == "advisory"


def test_rej_3_builds_on_both_refusals() -> None:
    assert rej_3(*pair(code="99")) == "not-judged"
    assert rej_3(refusal("wrong-password")) == "not-judged"
