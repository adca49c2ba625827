"""No tick stands beside SUC-8 for what only some right logins are."""

from __future__ import annotations

from collections.abc import Mapping

from esignon_conformance.i18n.message import say
from esignon_conformance.verdicts.model import Verdict
from selftest.support.exchanges import ABSENT, refusal, success
from selftest.support.judged import basis, verdicts

_TOLD = say("told-by", clause="SUC-8")


def _fails(judged: Mapping[str, Verdict]) -> list[str]:
    return [one for one, verdict in judged.items() if verdict.verdict == "fails"]


def test_req_1_does_not_hold_where_a_right_login_is_refused_at_times() -> None:
    judged = verdicts([*basis(), refusal("right-login", code="12")])
    assert _fails(judged) == ["SUC-8"]
    assert (judged["REQ-1"].verdict, judged["REQ-1"].reason) == ("not-judged", _TOLD)
    # What right logins hold is judged by those that were let in.
    assert {judged[one].verdict for one in ("SUC-1", "SUC-2", "SUC-5")} == {"holds"}


def test_a_member_that_comes_and_goes_does_not_hold() -> None:
    judged = verdicts([*basis(), success("right-login", {"/body/access_token": ABSENT})])
    assert _fails(judged) == ["SUC-8"]
    assert (judged["SUC-1"].verdict, judged["SUC-1"].reason) == ("not-judged", _TOLD)
    assert {judged[one].verdict for one in ("REQ-1", "SUC-2", "SUC-5")} == {"holds"}


def test_where_right_logins_are_alike_nothing_is_taken_back() -> None:
    judged = verdicts(basis())
    assert judged["REQ-1"].verdict == judged["SUC-1"].verdict == "holds"
