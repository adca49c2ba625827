"""Why nothing is said: what the settings forbid, what stood in the way, and the limit of the target."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from esignon_conformance.checks import exchange_check
from esignon_conformance.checks.view import View
from esignon_conformance.contract.skip_reason import COULD_NOT, Reason
from esignon_conformance.i18n.catalogue import render
from esignon_conformance.verdicts.not_judged import reason_message, unjudged
from selftest.support.exchanges import TARGET, burst, contract, fault, page, refusal, success
from selftest.support.judged import basis, failing, recording, verdicts
from selftest.support.judged_runs import why

# ---- why nothing is said ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("word", "about", "told"),
    [
        ("no-account", "blocked", "blocked"),
        ("no-right-login", "blocked", "blocked"),
        ("hangs", "blocked", "company that may not call"),
        ("not-applicable", "same-company", "the two companies are one"),
    ],
)
def test_what_the_target_or_the_settings_forbid_is_not_judged(
    word: Any, about: str, told: str
) -> None:
    judged = verdicts(basis(), unsent={"blocked-company": Reason(word, about)})
    assert why(judged["REJ-4"])[:2] == ("not-judged", f"reason-{word}")
    reason = judged["REJ-4"].reason
    assert reason is not None
    assert told in render(reason, "en")
    assert told not in render(reason, "ko")


def test_a_burst_of_which_nothing_overlapped_is_told_as_that_whatever_the_depth_left_out() -> None:
    sent = burst(contract().cases["burst-two-accounts"])
    apart = [replace(one, began=at + 0.1, ended=at + 0.2) for at, one in enumerate(sent)]
    judged = verdicts([*basis(), *apart], unsent={"burst-malformed": Reason("depth", "smoke")})
    assert why(judged["SUC-9"]) == ("not-judged", "nothing-overlapped", "")


def test_a_burst_that_overlapped_is_not_told_as_one_that_did_not() -> None:
    made = recording([*basis(), *burst(contract().cases["burst-two-accounts"])])
    view = View(contract(), TARGET, made, exchange_check)
    told = unjudged(view, contract().clauses["SUC-9"], ()).reason
    assert told is not None
    assert told.key != "nothing-overlapped"


@pytest.mark.parametrize("word", sorted(COULD_NOT))
def test_what_stands_in_this_runs_way_could_not_be_judged(word: Any) -> None:
    judged = verdicts(basis(), unsent={"blocked-company": Reason(word, "blocked")})
    assert why(judged["REJ-4"])[:2] == ("could-not-judge", f"reason-{word}")


def test_a_clause_with_some_cases_unsent_holds_by_the_others_where_the_settings_forbid_them() -> (
    None
):
    unsent = {"wrong-password-of-other-company": Reason("no-account", "other")}
    assert verdicts(basis(), unsent=unsent)["REJ-1"].verdict == "holds"


@pytest.mark.parametrize("word", sorted(COULD_NOT - {"no-answer", "untrusted"}))
def test_a_clause_with_some_cases_unsent_could_not_be_judged_where_the_run_was_stopped(
    word: Any,
) -> None:
    unsent = {"wrong-password-digits": Reason(word, "main")}
    assert verdicts(basis(), unsent=unsent)["REJ-1"].verdict == "could-not-judge"
    # What it did find stands.
    found = verdicts([*basis(), refusal("wrong-password-email", code="99")], unsent=unsent)
    assert found["REJ-1"].verdict == "fails"


def test_the_reason_that_helps_most_is_told() -> None:
    unsent = {
        "password-cut-last": Reason("not-applicable", "equal-or-empty"),
        "password-cut-first": Reason("no-right-login", "main"),
        "password-reversed": Reason("first-login-refused", "main"),
    }
    judged = verdicts(basis(), unsent=unsent)
    assert why(judged["SEC-2"]) == ("not-judged", "reason-first-login-refused", "main")


def test_a_case_that_was_left_out_of_the_run_is_told_as_such() -> None:
    assert why(verdicts(basis())["REJ-7"])[:2] == ("not-judged", "reason-not-selected")


def test_whatever_is_sent_is_not_judged_by_a_part_that_sent_none_of_it() -> None:
    # ENV-10 looks at every answer, and has cases of its own: logins alone are no tick, and yet a finding.
    judged = verdicts(basis())
    assert why(judged["ENV-10"])[:2] == ("not-judged", "reason-not-selected")
    assert judged["ENV-3"].verdict == "holds"
    assert verdicts([*basis(), success("odd-texts-very-long")])["ENV-10"].verdict == "holds"
    broken = verdicts([*basis(), fault("wrong-password", "dropped")])
    assert broken["ENV-10"].verdict == "fails"


def test_where_not_one_byte_came_to_the_first_login_nothing_could_be_judged() -> None:
    exchanges = [fault("right-login", "dropped") for _ in range(3)]
    unsent = {case_id: Reason("no-answer", "dropped") for case_id in contract().cases}
    judged = verdicts(exchanges, unsent=unsent)
    assert failing(judged) == set()
    assert judged["ENV-10"].verdict == judged["REQ-1"].verdict == "could-not-judge"
    assert judged["SEC-5"].verdict == "not-judged"


def test_when_the_target_is_gone_every_clause_without_an_exchange_could_not_be_judged() -> None:
    unsent = {case_id: Reason("gone") for case_id in contract().cases if case_id != "right-login"}
    judged = verdicts([success(), success()], unsent=unsent)
    assert judged["REJ-1"].verdict == judged["SUC-9"].verdict == "could-not-judge"
    assert judged["REQ-6"].verdict == "could-not-judge"
    assert judged["ENV-4"].verdict == "holds"


@pytest.mark.parametrize("word", sorted({"no-account", "locked", "gone", "hangs", "interrupted"}))
def test_every_reason_is_a_message(word: Any) -> None:
    assert reason_message(Reason(word, "main")).key == f"reason-{word}"


# ---- the limit of the target -----------------------------------------------------------------------


def test_an_answer_that_is_the_targets_limit_is_not_its_word() -> None:
    limit = page("blocked-company", 429, gave_up=True)
    judged = verdicts([*basis(), limit])
    assert failing(judged) == set()
    assert why(judged["REJ-4"])[:2] == ("could-not-judge", "reason-limited")


def test_a_right_login_that_was_excused_is_no_finding() -> None:
    excused = replace(refusal("right-login", code="10"), gave_up=True)
    judged = verdicts([*basis(), excused])
    assert failing(judged) == set()
    assert judged["SUC-8"].verdict == "holds"


def test_what_was_sent_and_came_to_nothing_tells_more_than_what_was_not_sent() -> None:
    depth = Reason("depth", "smoke")
    cases = [one for one in contract().cases_of("REJ-5") if not one.is_drawn]
    sent = "unknown-company"
    unsent = {one.id: depth for one in cases if one.id != sent}
    found = verdicts([*basis()[:-1], page(sent, status=200)], unsent=unsent)["REJ-5"]
    assert found.verdict == "not-judged"
    assert found.reason is not None
    assert "depth" not in found.reason.key
