"""No tick of another clause stands beside an injection that breaks its promise, too."""

from __future__ import annotations

import pytest

from esignon_conformance.i18n.message import say
from selftest.support.exchanges import conforming_run, success
from selftest.support.judged import verdicts

# What is let in, and the clause whose promise it breaks in a form of its own.
LET_IN = {
    "operator-ne-in-password": "SEC-2",
    "operator-gt-in-password": "SEC-2",
    "operator-ne-in-email": "REJ-8",
}


@pytest.mark.parametrize(("case", "clause"), LET_IN.items())
def test_sec_3_fails_alone_and_no_tick_says_that_no_object_was_taken(
    case: str, clause: str
) -> None:
    rows = [one for one in conforming_run() if one.case != case]
    judged = verdicts([*rows, success(case)])
    assert [one for one, verdict in judged.items() if verdict.verdict == "fails"] == ["SEC-3"]
    told = say("told-as-injection", clause="SEC-3", case=case)
    assert (judged[clause].verdict, judged[clause].reason) == ("not-judged", told)
    other = ({"SEC-2", "REJ-8"} - {clause}).pop()
    assert judged[other].verdict == "holds"
    # What builds on it was judged by what it got itself.
    assert judged["REJ-16"].verdict == "holds"


# An operator in the name of the password is none by its own name, and an operator that was taken for it.
@pytest.mark.parametrize(
    "case", ["operator-ne-in-both", "operator-gt-in-both", "operator-name-in-password"]
)
def test_operators_that_break_both_leave_neither_tick(case: str) -> None:
    judged = verdicts([*(one for one in conforming_run() if one.case != case), success(case)])
    assert [one for one, verdict in judged.items() if verdict.verdict == "fails"] == ["SEC-3"]
    told = say("told-as-injection", clause="SEC-3", case=case)
    for clause in ("SEC-2", "REJ-8"):
        assert (judged[clause].verdict, judged[clause].reason) == ("not-judged", told)


def test_an_injection_by_a_text_leaves_both_as_they_are() -> None:
    case = "sql-or-in-password"
    judged = verdicts([*(one for one in conforming_run() if one.case != case), success(case)])
    assert [one for one, verdict in judged.items() if verdict.verdict == "fails"] == ["SEC-3"]
    assert {judged[one].verdict for one in ("SEC-2", "REJ-8")} == {"holds"}
