"""One fault of the envelope is one failed clause, in whatever requests it shows."""

from __future__ import annotations

from typing import Any

import pytest

from selftest.support.exchanges import (
    ABSENT,
    conforming_run,
    contract,
    is_refusal,
    page,
    where,
    with_answer,
)
from selftest.support.judged import failing, verdicts

RUN = conforming_run("empty-body")


def altered(chosen: Any, change: Any) -> set[str]:
    """Return the clauses that fail when a whole run that holds every clause is altered."""
    return failing(verdicts(where(RUN, chosen, change)))


def test_a_run_without_fault_holds_every_clause() -> None:
    judged = verdicts(RUN)
    assert {one.verdict for name, one in judged.items() if name != "SEC-5"} == {"holds", "observed"}
    assert judged["SEC-5"].verdict == "not-judged"  # the target is a loopback address
    assert {one.clause for one in judged.values() if one.verdict == "observed"} == {
        name for name, clause in contract().clauses.items() if clause.level == "observe"
    }


@pytest.mark.parametrize(
    ("clause", "changes"),
    [
        ("ENV-3", {"/body": []}),
        ("ENV-4", {"/header/response_code": "1001Q"}),
        ("ENV-5", {"/header/result_code": 10}),
        ("ENV-6", {"/header/result_msg": ""}),
        ("ENV-7", {"/header/session_id": ABSENT}),
        ("ENV-8", {"/trace": "x"}),
    ],
)
def test_a_fault_of_every_refusal_is_one_failed_clause(clause: str, changes: Any) -> None:
    found = altered(is_refusal, lambda one: with_answer(one, changes))
    # A text that is not there is not the documented one either.
    assert found - ({"REJ-17"} if clause == "ENV-6" else set()) == {clause}


def test_html_for_one_malformed_body_is_one_failed_clause_and_blanks_nothing() -> None:
    exchanges = where(
        RUN, lambda one: one.case == "empty-body", lambda one: page("empty-body", 400)
    )
    judged = verdicts(exchanges)
    assert failing(judged) == {"ENV-1"}
    assert {one.clause for one in judged.values() if one.verdict == "not-judged"} == {"SEC-5"}
    assert len(judged["ENV-1"].findings) == 1


def test_a_breakdown_with_an_envelope_is_one_failed_clause() -> None:
    found = altered(
        lambda one: one.situation == "malformed", lambda one: with_answer(one, status=500)
    )
    assert found == {"ENV-10"}


def test_another_media_type_is_one_failed_clause() -> None:
    plain = (("Content-Type", "text/plain"), ("Cache-Control", "no-store"))
    assert altered(
        lambda one: one.request.method == "POST", lambda one: with_answer(one, headers=plain)
    ) == {"ENV-2"}
