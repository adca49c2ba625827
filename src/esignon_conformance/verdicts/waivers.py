"""Which waiver covers what, and what a waived clause leaves unjudged.  Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from ..contract.model import Case, Contract
from ..contract.skip_reason import Reason
from ..contract.waiver import Waiver
from ..i18n.message import say
from .model import BUILDS_ON_WAIVED, NOTHING_LEFT, Finding, Verdict


def covers(waiver: Waiver, clause_id: str, case_id: str) -> bool:
    """Tell whether a waiver is about what a case shows of a clause."""
    return waiver.clause in ("", clause_id) and waiver.case in ("", case_id)


def waiver_of(waivers: Sequence[Waiver], clause_id: str, case_id: str) -> Waiver | None:
    """Return the waiver of what a case shows of a clause; one that names the case comes first."""
    fitting = [one for one in waivers if covers(one, clause_id, case_id)]
    return max(fitting, key=lambda one: (bool(one.case), bool(one.clause)), default=None)


def is_blocked(clause_id: str, findings: Iterable[Finding], looked_at: Iterable[str]) -> bool:
    """Tell whether nothing can be built on a waived clause that would fail.

    So it is where the clause as a whole is waived, and where no case that it was judged by is left
    unwaived.
    """
    waivers = {one.waiver for one in findings if one.waiver is not None}
    if any(not one.case for one in waivers):
        return True
    return all(any(covers(one, clause_id, case) for one in waivers) for case in set(looked_at))


def left_out(
    waivers: Sequence[Waiver], cases: Collection[Case], unsent: Mapping[str, Reason]
) -> Waiver | None:
    """Return the waiver for which no case of a clause was sent; None where there are other reasons."""
    if not cases or any(case.id not in unsent for case in cases):
        return None
    if any(unsent[case.id].word != "waived" for case in cases):
        return None
    names = {case.id for case in cases}
    return next((one for one in waivers if one.case in names and not one.send), None)


def harmful(waivers: Iterable[Waiver], in_force: Collection[Waiver]) -> dict[str, Reason]:
    """Return the cases that harm the target by a waiver, with the reason why they are not sent.

    An expired waiver holds its case back, too: that a day has passed makes it no less harmful.
    """
    return {
        one.case: Reason("waived" if one in in_force else "waiver-expired", one.ticket)
        for one in waivers
        if not one.send
    }


def held_back(unsent: Mapping[str, Reason]) -> frozenset[str]:
    """Return the cases that were not sent since they harm the target.

    What builds on one of these is not judged, as if it deviated: nobody knows.
    """
    words = ("waived", "waiver-expired")
    return frozenset(name for name, reason in unsent.items() if reason.word in words)


def excused_by_waivers(contract: Contract, verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Return verdicts in which a clause that hangs on a waived one names that one as the reason.

    So a clause not judged for the sake of a waiver can be told from one that lacks an account.
    """
    by_clause = {one.clause: one for one in verdicts}
    roots = {one.clause: one.clause for one in by_clause.values() if one.verdict == "waived"}
    changed = True
    while changed:
        changed = False
        for clause_id, verdict in by_clause.items():
            if clause_id in roots or verdict.verdict != "not-judged" or verdict.reason is None:
                continue
            named = dict(verdict.reason.words).get("clause")
            built_on = [named] if named else []
            if verdict.reason.key in NOTHING_LEFT:
                built_on = list(_seen(contract, clause_id))
            root = next((roots[one] for one in built_on if one in roots), None)
            if root is not None:
                roots[clause_id] = root
                reason = say(BUILDS_ON_WAIVED, clause=root)
                by_clause[clause_id] = replace(verdict, reason=reason)
                changed = True
    return list(by_clause.values())


def _seen(contract: Contract, clause_id: str) -> Iterable[str]:
    for other in contract.clauses[clause_id].sees:
        yield other
        yield from _seen(contract, other)
