"""What is left out where limits are tight: the least telling cases first, and what that comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

import pytest

from esignon_conformance.contract.model import Case
from esignon_conformance.contract.sending_order import SendingOrder
from esignon_conformance.contract.skip_reason import BY_LIMITS, Reason
from esignon_conformance.runner.requests.other_characters import NotApplicable
from esignon_conformance.runner.schedule.dry_run import fitting, planned
from esignon_conformance.runner.schedule.selection import (
    Room,
    by_telling,
    most_that_fit,
    ranks,
    room_of,
    within_requests,
    within_wrong_passwords,
)
from esignon_conformance.runner.schedule.sparing import kept_for_findings, spared
from esignon_conformance.target.host_policy import never_sent
from esignon_conformance.target.limits import ELSEWHERE, ON_LOOPBACK
from esignon_conformance.tools.reference.rehearsal import Rehearsal
from esignon_conformance.transport.lockout_guard import AccountGuard
from selftest.support.exchanges import TARGET, conforming, contract, refusal, request_of
from selftest.support.judged import basis, verdicts

CASES = list(contract().cases.values())
GUARD = AccountGuard(TARGET.accounts)


def wrong_for(case: Case) -> list[str]:
    """Return the accounts that a case sends a wrong password to; one that hangs on another counts none."""
    if case.burst or case.where:
        return []
    try:
        request = request_of(case.id)
    except NotApplicable:
        return []
    return GUARD.wrong(request, GUARD.named(request))


def wrong_passwords(cases: list[Case]) -> Counter[str]:
    """Return how many wrong passwords cases send by account."""
    return Counter(name for case in cases for name in wrong_for(case) * case.repeat)


# ---- wrong passwords -------------------------------------------------------------------------------


def test_a_wrong_password_is_what_names_an_account_without_its_own() -> None:
    for name in ("right-login", "put-with-body", "missing-header", "same-value-escaped-values"):
        assert wrong_for(contract().cases[name]) == []
    for name in ("wrong-password", "password-appended-letter", "missing-memb-pwd"):
        assert wrong_for(contract().cases[name]) == ["main"]
    assert wrong_for(contract().cases["wrong-type-memb-pwd-array"]) == ["main"]
    assert wrong_for(contract().cases["second-wrong-password-of-main"]) == ["second"]
    assert wrong_for(contract().cases["unknown-email"]) == []


@pytest.mark.parametrize("most", [0, 1, 7, 20, 60, 113, 1000])
def test_no_account_gets_more_wrong_passwords_than_are_allowed(most: int) -> None:
    limits = replace(ELSEWHERE, wrong_passwords=most)
    kept, lost = within_wrong_passwords(contract(), CASES, limits, wrong_for)
    sent, all_of_them = wrong_passwords(kept), wrong_passwords(CASES)
    assert sent == Counter({name: min(most, count) for name, count in all_of_them.items()})
    assert {case.id for case in kept} | lost.keys() == {case.id for case in CASES}
    assert all(reason == Reason("wrong-passwords", "main") for reason in lost.values()) or most < 8
    assert {case.id for case in CASES if not wrong_for(case)} <= {case.id for case in kept}


def test_repeats_go_first_then_what_is_least_telling() -> None:
    once = sum(1 for case in CASES if "main" in wrong_for(case))
    limits = replace(ELSEWHERE, wrong_passwords=once)
    kept, lost = within_wrong_passwords(contract(), CASES, limits, wrong_for)
    assert not lost
    assert {case.repeat for case in kept if "main" in wrong_for(case)} == {1}
    limits = replace(ELSEWHERE, wrong_passwords=60)
    kept, lost = within_wrong_passwords(contract(), CASES, limits, wrong_for)
    essential = {case.id for case in CASES if case.essential}
    assert len(essential) >= 15
    assert essential.isdisjoint(lost)
    rank = contract().order.ranks()
    one_each = {case.id for case in CASES if wrong_for(case) == ["main"]}
    sent = {case.id for case in kept} & one_each
    assert max(rank[name] for name in sent) < min(rank[name] for name in lost.keys() & one_each)


def test_the_usual_limit_leaves_no_clause_without_a_case_of_each_of_its_kinds() -> None:
    kept, lost = within_wrong_passwords(contract(), CASES, ELSEWHERE, wrong_for)
    assert len(lost) > 20
    for clause in contract().clauses.values():
        for tag in (*clause.parameters.get("kinds", ()), None):
            kind = [
                one for one in CASES if one.clause == clause.id and (not tag or one.tagged(tag))
            ]
            assert not kind or any(one in kind for one in map(_as_written, kept)), (clause.id, tag)


def _as_written(case: Case) -> Case:
    return contract().cases[case.id]


def test_without_a_limit_everything_is_sent() -> None:
    assert within_wrong_passwords(contract(), CASES, ON_LOOPBACK, wrong_for) == (CASES, {})
    none = replace(ON_LOOPBACK, wrong_passwords_in_a_row=0)
    kept, _ = within_wrong_passwords(contract(), CASES, none, wrong_for)
    assert wrong_passwords(kept) == Counter()


# ---- requests --------------------------------------------------------------------------------------


def _count(cases: Sequence[Case], is_sparing: bool) -> int:
    return sum(1 if is_sparing else case.repeat for case in cases)


@pytest.mark.parametrize("most", [20, 100, 400])
def test_as_many_requests_as_fit_are_sent(most: int) -> None:
    fit = within_requests(contract(), CASES, Room(most, Reason("request-limit")), _count)
    assert fit.is_sparing
    assert len(fit.names) == most - kept_for_findings(most)
    assert fit.names | fit.lost.keys() == {case.id for case in CASES}
    assert len(fit.names) + len(fit.lost) == len(CASES)
    assert all(case.id in fit.names for case in CASES if case.is_plain_right_login)
    rank = contract().order.ranks()
    plain = [case.id for case in CASES if case.is_plain_right_login]
    assert max(rank[name] for name in fit.names) < min(
        rank[name] for name in fit.lost if name not in plain
    )


def test_before_a_case_is_left_out_repeats_are() -> None:
    once, often = len(CASES), _count(CASES, False)
    word = Reason("request-limit")
    assert often - once > 100
    drawn = replace(CASES[0], id="draw-x", tags=frozenset({"draw"}))
    enough = often + kept_for_findings(often)
    for most, is_sparing in ((None, False), (enough, False), (enough - 1, True), (once + 40, True)):
        room = Room(most, word) if most is not None else None
        fit = within_requests(contract(), [*CASES, drawn], room, _count)
        assert (fit.is_sparing, fit.lost) == (is_sparing, {})
        assert "draw-x" in fit.names
    tight = within_requests(contract(), [*CASES, drawn], Room(once, word), _count)
    assert len(tight.lost) == kept_for_findings(once)
    # Whether a draw fits is seen when it is its turn.
    assert "draw-x" in tight.names


@pytest.mark.parametrize("most", [0, 7, 99, 100, 101, 398, 399])
def test_the_highest_number_that_fits_is_found_with_few_counts(most: int) -> None:
    counted = []

    def count(number: int) -> int:
        counted.append(number)
        return number + number // 5 + (7 if number > 40 else 0)

    found = most_that_fit(most, 0, 400, count)
    assert count(found) <= most < count(found + 1)
    assert len(counted) < 9


def test_what_is_repeated_on_purpose_stays_so_and_bursts_become_small() -> None:
    spare = {case.id: spared(case) for case in CASES}
    assert {one.repeat for one in spare.values()} == {1, 3}
    assert spare["unknown-email"].repeat == 3
    assert (
        spare["burst-two-accounts"].burst["size"] * spare["burst-two-accounts"].burst["rounds"] == 8
    )
    assert all(
        one.burst.get("mix") == contract().cases[one.id].burst.get("mix") for one in spare.values()
    )


def test_a_run_has_room_for_what_its_limits_and_its_pace_allow() -> None:
    assert room_of(ON_LOOPBACK) is None
    assert room_of(ELSEWHERE) == Room(ELSEWHERE.requests or 0, Reason("request-limit"))
    short = replace(ELSEWHERE, max_time=20.0, requests_per_second=4.0)
    assert room_of(short) == Room(80, Reason("time-up"))
    assert room_of(replace(short, requests=None)) == Room(80, Reason("time-up"))


def test_a_case_that_was_not_measured_comes_where_its_like_do() -> None:
    new = replace(contract().cases["empty-body"], id="new-body")
    plain = replace(contract().cases["right-login"], id="new-login")
    odd = Case("new-clause", {}, "SUC-13", "odd")
    drawn = replace(new, id="draw-x", tags=frozenset({"draw"}))
    order = [case.id for case in by_telling(contract(), [drawn, odd, new, plain, *CASES])]
    of_kind = [
        case.id for case in CASES if (case.clause, case.situation) == (new.clause, new.situation)
    ]
    first = min(order.index(name) for name in of_kind)
    assert order.index("new-body") == first + 1
    assert order.index("new-login") < 4
    assert order[-2:] == ["new-clause", "draw-x"]


def test_the_first_case_of_each_clause_comes_before_the_second_of_any() -> None:
    unmeasured = replace(contract(), order=SendingOrder())
    order = by_telling(unmeasured, CASES)
    assert ranks(unmeasured, CASES) == {case.id: float(at) for at, case in enumerate(order)}
    odd = {"odd", "odd-path", "oversize", "draw"}
    plain = [case for case in order if not (case.essential or case.builds_on or case.tags & odd)]
    turns: Counter[str] = Counter()
    seen = []
    for case in plain:
        # Of a clause that names kinds one case of each comes first, so that it can be judged at all.
        if (
            not case.is_plain_right_login
            and "kinds" not in contract().clauses[case.clause].parameters
        ):
            seen.append(turns[case.clause])
            turns[case.clause] += 1
    assert seen == sorted(seen)
    assert order[0].is_plain_right_login


def test_a_plan_tells_what_is_left_out() -> None:
    elsewhere = replace(
        TARGET,
        base_url="https://staging.esignon.invalid",
        limits=replace(ELSEWHERE, requests=300, wrong_passwords=10),
    )
    held = Reason("waived", "TICKET-1")
    held_back = {"wrong-password": held}
    fit = fitting(contract(), elsewhere, contract().cases, held_back, Rehearsal)
    plan = planned(contract(), elsewhere, fit, held_back, Rehearsal)
    assert 260 <= plan.requests <= 300 - kept_for_findings(300)
    assert max(plan.wrong.values()) <= 10
    words = Counter(reason.word for reason in plan.left_out.values())
    assert plan.left_out["wrong-password"] == held
    assert words.keys() == {
        *("waived", "wrong-passwords", "request-limit", "url-credentials", "not-applicable")
    }
    (why,) = {one for one in plan.left_out.values() if one.word == "not-applicable"}
    assert why == Reason("not-applicable", "other-outcome-before")
    assert plan.seconds == pytest.approx(plan.requests / 5)


# ---- the vendor's production service ---------------------------------------------------------------


def test_production_gets_nothing_hostile_oversize_or_concurrent() -> None:
    production = replace(TARGET, base_url="https://docs.esignon.net", limits=ELSEWHERE)
    refused = {case.id for case in CASES if never_sent(production, case) == Reason("production")}
    assert refused == {
        case.id for case in CASES if case.burst or case.tagged("hostile") or case.tagged("oversize")
    }
    assert len(refused) > 50
    draw = Case("draw-x", {}, "REJ-7", "malformed", tags=frozenset({"draw"}))
    small, large = (
        replace(draw, raw=({"literal": {"hex": "20" * size}},)) for size in (1000, 5000)
    )
    assert never_sent(production, small) is None
    assert never_sent(production, large) == Reason("production")
    assert never_sent(TARGET, large) is None


def test_one_at_a_time_sends_no_burst() -> None:
    single = replace(TARGET, limits=replace(ON_LOOPBACK, concurrency=1))
    assert {case.clause for case in CASES if never_sent(single, case)} == {"SUC-9"}


# ---- what it comes to ------------------------------------------------------------------------------


@pytest.mark.parametrize("word", sorted(BY_LIMITS))
def test_a_clause_holds_by_what_was_judged_where_a_limit_left_out_the_rest(word: str) -> None:
    reason = Reason(word, "main")  # type: ignore[arg-type]  # each is a word of Unsent
    some = {"wrong-password-digits": reason, "wrong-password-hangul": reason}
    assert verdicts(basis(), unsent=some)["REJ-1"].verdict == "holds"
    found = verdicts([*basis(), refusal("wrong-password-email", code="99")], unsent=some)
    assert found["REJ-1"].verdict == "fails"


@pytest.mark.parametrize(
    ("word", "verdict"), [("wrong-passwords", "not-judged"), ("time-up", "could-not-judge")]
)
def test_a_clause_without_its_essential_cases_is_not_judged(word: str, verdict: str) -> None:
    reason = Reason(word, "main")  # type: ignore[arg-type]  # each is a word of Unsent
    essential = [case.id for case in contract().cases_of("SEC-2") if case.essential]
    sent = [*basis(), conforming("password-reversed")]
    judged = verdicts(sent, unsent=dict.fromkeys(essential, reason))["SEC-2"]
    assert judged.reason is not None
    assert (judged.verdict, judged.reason.key) == (verdict, f"reason-{word}")
    # One that is missing is enough.
    for missing in essential:
        sent = [*basis(), *(conforming(name) for name in essential if name != missing)]
        found = verdicts(sent, unsent={missing: reason})["SEC-2"]
        assert found.verdict == verdict
    sent = [*basis(), *map(conforming, essential)]
    other = verdicts(sent, unsent={"password-reversed": Reason("wrong-passwords", "main")})
    assert other["SEC-2"].verdict == "holds"
    assert set(other["SEC-2"].left_out) == {"password-reversed"}
