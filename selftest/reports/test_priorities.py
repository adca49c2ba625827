"""Failures in the order of their consequence, and what to mend first."""

from __future__ import annotations

from dataclasses import replace

import pytest

from esignon_conformance.i18n.message import Message, say
from esignon_conformance.reports.priorities import (
    Mending,
    deviating,
    impact_of,
    mending_lines,
    mending_order,
)
from esignon_conformance.verdicts.model import Finding, Verdict, VerdictWord
from selftest.support.exchanges import contract

CONTRACT = contract()
ISSUED = say("code", code="00")


def verdict(
    clause: str, word: VerdictWord, reason: Message | None = None, got: Message = ISSUED
) -> Verdict:
    """Return a verdict as a run comes to it, with one finding where the clause deviates."""
    deviates = word in ("fails", "advisory")
    finding = Finding("case", ("case",), "", say("no-token"), got, ("e1",))
    level = CONTRACT.clauses[clause].level
    return Verdict(clause, level, word, reason, (finding,) if deviates else ())


def run_of(*given: Verdict) -> list[Verdict]:
    """Return the verdicts of a whole run in which all that is not given holds."""
    by_clause = {one.clause: one for one in given}
    return [by_clause.get(one) or verdict(one, "holds") for one in CONTRACT.clauses]


def behind(clause: str, other: str) -> Verdict:
    return verdict(clause, "not-judged", say("builds-on-failed", clause=other))


def test_every_clause_that_can_fail_says_what_that_means_and_what_to_do() -> None:
    judged = [one for one in CONTRACT.clauses.values() if one.level != "observe"]
    assert [one.id for one in judged if one.impact is None] == []
    texts = [
        text
        for one in judged
        for impact in (one.impact, one.impact_when_issued)
        if impact is not None
        for text in (*impact.consequence.values(), *impact.action.values())
    ]
    assert all(text.endswith(".") for text in texts)


def test_security_comes_before_identity_and_that_before_what_clients_read() -> None:
    verdicts = run_of(
        verdict("ENV-4", "fails"), verdict("SUC-9", "fails"), verdict("SEC-4", "fails")
    )
    assert [one.clause for one in deviating(CONTRACT, verdicts, "fails")] == [
        *("SEC-4", "SUC-9", "ENV-4"),
    ]


def test_what_weighs_the_same_stands_in_the_order_of_what_it_unlocks_and_then_of_the_page() -> None:
    verdicts = run_of(
        *(verdict(one, "fails") for one in ("ENV-4", "ENV-7", "SUC-12")),
        *(behind(one, "SUC-12") for one in ("SUC-1", "SUC-3")),
    )
    assert mending_order(CONTRACT, verdicts) == [
        Mending("SUC-12", ("SUC-1", "SUC-3")),
        Mending("ENV-4", ()),
        Mending("ENV-7", ()),
    ]


def test_a_wrong_password_let_in_weighs_more_than_one_refused_by_another_code() -> None:
    let_in = verdict("REJ-1", "fails")
    refused = verdict("REJ-1", "fails", got=say("code", code="12"))
    kinds = [impact_of(CONTRACT, one) for one in (let_in, refused)]
    assert [one and one.kind for one in kinds] == ["security", "clients"]


def test_what_builds_on_two_failures_is_unlocked_by_the_last_of_them() -> None:
    verdicts = run_of(
        verdict("REJ-1", "fails"),
        verdict("REJ-2", "fails", got=say("code", code="12")),
        behind("REJ-3", "REJ-1"),
        behind("SEC-2", "REJ-1"),
    )
    assert mending_order(CONTRACT, verdicts) == [
        Mending("REJ-1", ("SEC-2",)),
        Mending("REJ-2", ("REJ-3",)),
    ]


def test_what_is_not_judged_for_what_is_not_judged_is_unlocked_by_the_failure_below() -> None:
    verdicts = run_of(
        verdict("SUC-12", "fails"),
        behind("SUC-5", "SUC-12"),
        verdict("SUC-9", "not-judged", say("builds-on-unjudged", clause="SUC-5")),
        verdict("ENV-3", "fails"),
        verdict("ENV-6", "not-judged", say("nothing-left")),
    )
    assert {one.clause: one.unlocks for one in mending_order(CONTRACT, verdicts)} == {
        "SUC-12": ("SUC-5", "SUC-9"),
        "ENV-3": ("ENV-6",),
    }


@pytest.mark.parametrize("missing", ["no-account", "wrong-passwords"])
def test_mending_unlocks_nothing_that_something_else_keeps_from_being_judged(missing: str) -> None:
    verdicts = run_of(
        verdict("SUC-5", "fails"),
        verdict("SUC-8", "not-judged", say(f"reason-{missing}", about="second")),
        behind("SUC-9", "SUC-5"),
    )
    assert mending_order(CONTRACT, verdicts) == [Mending("SUC-5", ())]


def test_a_refused_first_login_is_mended_before_what_was_not_sent_for_it() -> None:
    refused = say("reason-first-login-refused", about="main", account=say("env-account-main"))
    verdicts = run_of(verdict("REQ-1", "fails"), verdict("SEC-7", "not-judged", refused))
    assert mending_order(CONTRACT, verdicts) == [Mending("REQ-1", ("SEC-7",))]


def test_one_failure_that_unlocks_nothing_leaves_no_choice() -> None:
    assert list(mending_lines([Mending("ENV-4", ())], "en")) == []
    assert list(mending_lines([Mending("ENV-3", ("ENV-6",))], "en")) == [
        "1. ENV-3: then ENV-6 can be judged"
    ]


def test_of_many_failures_the_first_are_named() -> None:
    order = [Mending(one, ()) for one in list(CONTRACT.clauses)[:8]]
    lines = list(mending_lines(order, "en"))
    assert len(lines) == 6
    assert lines[-1] == "then the other 3, in the order above"


def test_a_contract_that_says_nothing_of_consequences_keeps_the_order_of_its_page() -> None:
    silent = replace(
        CONTRACT,
        clauses={
            name: replace(one, impact=None, impact_when_issued=None)
            for name, one in CONTRACT.clauses.items()
        },
    )
    verdicts = run_of(verdict("SEC-4", "fails"), verdict("ENV-4", "fails"))
    assert [one.clause for one in deviating(silent, verdicts, "fails")] == ["ENV-4", "SEC-4"]


def test_what_outcomes_need_unlocks_all_that_was_judged_by_outcomes() -> None:
    no_outcome = say("no-outcome")
    some = say("left-out-of", reason=no_outcome, count=62, all=67, case="password-swapped-case")
    verdicts = run_of(
        verdict("ENV-5", "fails"),
        verdict("REQ-1", "not-judged", say("nothing-left")),
        verdict("SUC-12", "not-judged", say("builds-on-unjudged", clause="REQ-1")),
        verdict("REJ-2", "not-judged", no_outcome),
        verdict("SEC-2", "not-judged", some),
    )
    assert mending_order(CONTRACT, verdicts) == [
        Mending("ENV-5", ("REQ-1", "SUC-12", "REJ-2", "SEC-2"))
    ]


def test_whoever_is_let_in_without_a_code_is_refused_without_one_once_that_is_mended() -> None:
    let_in = verdict("REJ-1", "fails", got=say("a-token-without-code", code="00"))
    blocked = (behind("REQ-5", "REJ-1"), behind("SEC-2", "REJ-1"), behind("SEC-6", "REJ-1"))
    codes = verdict("ENV-5", "fails")
    none = (verdict("REJ-2", "not-judged", say("no-outcome")),)
    # No refusal has a documented code: what REJ-1 is mended to cannot be read before ENV-5 is.
    verdicts = run_of(let_in, codes, *blocked, *none)
    assert mending_order(CONTRACT, verdicts) == [
        Mending("REJ-1", ("REQ-5",)),
        Mending("ENV-5", ("REJ-2", "SEC-2", "SEC-6")),
    ]
    # Tokens alone come without a code, or what no parser reads does: refusals of logins have one.
    for others in ((), (verdict("REJ-7", "not-judged", say("no-outcome")),)):
        verdicts = run_of(let_in, codes, *blocked, *others)
        first, _ = mending_order(CONTRACT, verdicts)
        assert first == Mending("REJ-1", ("REQ-5", "SEC-2", "SEC-6"))
