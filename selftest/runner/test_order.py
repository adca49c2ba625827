"""The order of sending, and what a chosen part of a run has to send."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from esignon_conformance.contract.model import SITUATIONS, Case
from esignon_conformance.runner.schedule.order import needed, ordered
from selftest.support.exchanges import contract

CASES = list(contract().cases.values())
SENT = ordered(CASES)


def first(wanted: str) -> int:
    """Return the place of the first case with a tag, a situation, or "burst" or "method"."""
    return min(places(wanted))


def last(wanted: str) -> int:
    """Return the place of the last such case."""
    return max(places(wanted))


def places(wanted: str) -> list[int]:
    """Return the places of the cases with a tag, a situation, or "burst" or "method"."""

    def fits(case: Case) -> bool:
        special = {"burst": bool(case.burst), "method": case.method is not None}
        is_special = case.burst or case.method is not None or case.is_oddly_framed
        is_apart = is_special or case.tags & {"hostile", "odd-path"}
        if wanted in special:
            return special[wanted] and not case.tags & {"hostile", "odd-path"}
        if wanted in ("hostile", "odd-path"):
            return case.tagged(wanted)
        return case.situation == wanted and not is_apart

    return [place for place, case in enumerate(SENT) if fits(case)]


def first_framed(cases: list[Case] = SENT) -> int:
    """Return the place of the first case whose request comes in chunks or in pieces."""
    return next(place for place, case in enumerate(cases) if case.is_oddly_framed)


def test_every_case_is_sent_once() -> None:
    assert sorted(case.id for case in SENT) == sorted(contract().cases)


def test_right_logins_come_first_and_plain_ones_before_all_others() -> None:
    plain = [place for place, case in enumerate(SENT) if case.is_plain_right_login]
    assert plain == list(range(len(plain)))
    assert last("right") < first("wrong-password")


def test_hostile_cases_come_last_but_for_odd_paths() -> None:
    assert first("hostile") > max(last(name) for name in ("method", "burst", "malformed", "odd"))
    assert first("odd-path") > max(last("burst"), last("malformed"))
    assert max(last("hostile"), last("odd-path")) == first_framed() - 1


def test_what_gateways_choke_on_comes_after_all_else() -> None:
    drawn = [replace(CASES[0], id="draw-x", tags=frozenset({"draw"}))]
    for ranks in (None, {case.id: 1.0 for case in CASES}):
        for hostile_last in (False, True):
            sent = ordered([*CASES, *drawn], hostile_last=hostile_last, ranks=ranks)
            assert all(case.is_oddly_framed for case in sent[first_framed(sent) :])
    assert len(SENT) - first_framed() == 4


def test_under_a_limit_the_lower_rank_comes_first_in_each_phase_and_draws_after_the_cases() -> None:
    backwards = {case.id: float(-rank) for rank, case in enumerate(SENT)}
    drawn = replace(CASES[0], id="draw-x", tags=frozenset({"draw"}))
    sent = ordered([drawn, *CASES], ranks=backwards)
    plain = [case.is_plain_right_login for case in sent]
    assert plain == sorted(plain, reverse=True)
    assert sent.index(drawn) == first_framed(sent) - 1
    # What hangs on another comes after that one.
    of_phase = [backwards[case.id] for case in sent if case.tagged("hostile") and not case.where]
    assert of_phase == sorted(of_phase)
    assert len(of_phase) > 50


def test_situations_stay_together_in_their_order() -> None:
    plain = [
        case.situation
        for case in SENT
        if not (case.burst or case.method is not None or case.is_oddly_framed)
        and not case.tags & {"hostile", "odd-path", "credentials-in-url"}
        # What hangs on another comes after that one, of whatever situation it is.
        and not case.where
    ]
    assert plain == sorted(plain, key=SITUATIONS.index)


def test_the_order_does_not_hang_on_that_of_the_files() -> None:
    by_phase = [(case.situation, bool(case.burst), case.method is None) for case in SENT]
    for seed in range(3):
        shuffled = CASES[:]
        random.Random(seed).shuffle(shuffled)  # noqa: S311 - an order, not a secret
        again = ordered(shuffled)
        assert [
            (case.situation, bool(case.burst), case.method is None) for case in again
        ] == by_phase


# ---- parts of a run --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cases", "clauses", "has", "lacks"),
    [
        (["wrong-password"], [], ["wrong-password"], ["empty-body", "unknown-email"]),
        (["same-value-indented"], [], ["same-value-indented", "right-login"], ["empty-body"]),
        (["password-upper-case"], [], ["password-swapped-case", "wrong-password"], ["empty-body"]),
        ([], ["REJ-7"], ["empty-body", "cut-before-last-brace"], ["wrong-password"]),
        ([], ["REJ-3"], ["wrong-password", "unknown-email"], ["empty-body"]),
        ([], ["REJ-15"], ["empty-body"], ["json-null"]),
        ([], ["SUC-13"], ["right-login"], ["password-cut-last"]),
        ([], ["SUC-9"], ["burst-two-accounts", "right-login", "right-login-second"], ["json-null"]),
        (
            ["sql-or-in-email"],
            [],
            ["wrong-password", "unknown-email", "unknown-company"],
            ["json-null"],
        ),
    ],
)
def test_a_part_sends_what_it_needs_and_no_more(
    cases: list[str], clauses: list[str], has: list[str], lacks: list[str]
) -> None:
    wanted = needed(contract(), cases, clauses)
    assert set(has) <= wanted
    assert not wanted & set(lacks)


def test_a_clause_about_every_answer_sends_one_case_of_each_situation() -> None:
    wanted = needed(contract(), [], ["ENV-4"])
    assert {contract().cases[name].situation for name in wanted} == set(SITUATIONS)
    assert len(wanted) < 2 * len(SITUATIONS)


@pytest.mark.parametrize("clause_id", contract().clauses)
def test_every_clause_alone_sends_something_but_not_all(clause_id: str) -> None:
    wanted = needed(contract(), [], [clause_id])
    assert wanted <= set(contract().cases)
    assert 0 < len(wanted) < len(contract().cases) / 2


@pytest.mark.parametrize("clause_id", contract().clauses)
def test_what_a_needed_case_is_compared_with_is_needed_too(clause_id: str) -> None:
    wanted = needed(contract(), [], [clause_id])
    for name in wanted:
        case = contract().cases[name]
        named = {case.same_as, case.builds_on, *case.burst.get("mix", ())} - {None}
        # What a case builds on is sent with it, and what that builds on in turn is not needed.
        assert named <= wanted or case.clause != clause_id
