"""From a recording to verdicts: pure, and the same however often it is asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from ..checks import CHECKS, Check, exchange_check
from ..checks.deviation import Deviation
from ..checks.view import Known, View
from ..contract.model import Case, Clause, Contract
from ..contract.waiver import Waiver
from ..recording.recording import Recording
from ..target.target import Target
from ..transport.messages import Exchange
from .differing_logins import without_ticks_where_logins_differ
from .findings import findings_of
from .injected_values import without_ticks_beside_injections
from .judging_order import is_overridden_by, judging_order, overriding, with_dependencies
from .left_out import LeftOut, left_out, was_not_chosen
from .model import Finding, Verdict, VerdictWord
from .not_judged import blocked, broke_down, could_not, left_out_by_waiver, told_with, unjudged
from .set_aside import (
    ANY,
    Joined,
    base_of,
    is_refused_as_right_logins_are,
    joined_to,
    let_in_by,
    plain_case_let_in,
    was_let_in,
)
from .too_little import too_little
from .waivers import excused_by_waivers, held_back, is_blocked, waiver_of

_STANDS = frozenset({"holds", "advisory", "observed", "waived"})
# What builds on one of these is judged by what was right although something failed.
_CARRY = frozenset({"logins-succeed"})


def _stands(verdict: Verdict) -> bool:
    return (verdict.verdict in _STANDS and not verdict.blocks) or verdict.carries


def judge(
    contract: Contract,
    target: Target,
    recording: Recording,
    only: Collection[str] | None = None,
    *,
    waivers: Sequence[Waiver] = (),
    known: Known | None = None,
    is_to_repeat: bool = False,
) -> list[Verdict]:
    """Return the verdict of every clause, in the order of the registry.

    With `only`, those clauses and what they depend on are judged, and no others.  `waivers` are those
    in force; `known` is what an earlier judgement of these exchanges has found.
    With `is_to_repeat`, cases that deviate are still to be sent again, and each is told.
    """
    view = View(contract, target, recording, exchange_check, waivers, known or Known())
    view.is_to_repeat = is_to_repeat
    view.held_back = held_back(recording.unsent)
    view.deviating |= view.held_back
    verdicts: dict[str, Verdict] = {}
    joined: list[Joined] = []
    wanted = with_dependencies(contract, only) if only is not None else set(contract.clauses)
    for clause_id in judging_order(contract):
        if clause_id not in wanted:
            continue
        verdict = _guarded(view, contract.clauses[clause_id], verdicts, joined)
        verdicts[clause_id] = verdict
        if not _stands(verdict):
            view.failed.add(clause_id)
        for finding in verdict.findings:
            if CHECKS[contract.clauses[clause_id].check].kind == "case":
                view.deviating.update(finding.cases)
    verdicts = joined_to(verdicts, joined)
    in_order = [verdicts[clause_id] for clause_id in contract.clauses if clause_id in verdicts]
    found = without_ticks_where_logins_differ(contract, in_order)
    found = without_ticks_beside_injections(contract, found)
    return excused_by_waivers(contract, found) if waivers else found


def _guarded(
    view: View, clause: Clause, verdicts: dict[str, Verdict], joined: list[Joined]
) -> Verdict:
    """Judge a clause; an error of ours takes its verdict, and no other's."""
    before = len(joined)
    try:
        return _judge_clause(view, clause, verdicts, joined)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told, and the run ends with 3
        del joined[before:]
        return broke_down(view, clause, error)


def _judge_clause(
    view: View, clause: Clause, verdicts: dict[str, Verdict], joined: list[Joined]
) -> Verdict:
    check = CHECKS[clause.check]
    unheard = ("no-answer", "untrusted")
    silent = [one for one in view.recording.unsent.values() if one.word in unheard]
    if silent and clause.check != "transport-security":
        # Not one byte of a status line to the first login: nothing is known of this target.
        cases = tuple(case.id for case in view.contract.cases_of(clause.id))
        return could_not(clause, cases, silent[0])
    blocking = _blocking(view, clause, verdicts)
    if blocking is not None:
        return blocked(view, clause, blocking, verdicts)
    if check.observation is not None:
        observed = check.observation(view, clause)
        count = sum(len(view.of_case(case.id)) for case in view.contract.cases_of(clause.id))
        if not observed:
            return unjudged(view, clause, ())
        return Verdict(
            clause.id, clause.level, "observed", observed=observed, exchanges=max(1, count)
        )
    found = list(_pairs(view, clause, check))
    pairs = [pair for pair in found if not isinstance(pair, Joined)]
    aside = [one for one in found if isinstance(one, Joined)]
    joined.extend(aside)
    # What may well be another clause's finding is told there.
    parts = [one.part_of for _, one in pairs if one is not None and one.part_of]
    pairs = [(exchange, one) for exchange, one in pairs if one is None or not one.part_of]
    cases = _cases_of(view, clause, pairs)
    own = view.contract.cases_of(clause.id)
    lost = list(left_out(view, clause, own, needs_outcome=check.needs_outcome))
    if any(deviation is not None for _, deviation in pairs):
        return _deviating(view, clause, pairs, cases, lost)
    # "A case that was set aside and deviates all the same joins the finding of what it builds on, or
    # makes its clause not judged; it is never shown as skipped beside a tick."
    if aside or parts:
        return _told_elsewhere(view, clause, aside[0].base if aside else parts[0], verdicts)
    looked_at = {exchange.id for exchange, _ in pairs}
    lacking = too_little(clause, own, lost, by_case=check.kind == "case")
    if lacking is not None:
        judged = (clause.id, clause.level, lacking.word, lacking.reason, (), cases)
        return Verdict(*judged, carries=lacking.leaves_others)
    if not looked_at or (check.exchange is not None and was_not_chosen(view, own)):
        return left_out_by_waiver(view, clause, own, cases) or unjudged(view, clause, cases)
    if all(exchange.gave_up for exchange, _ in pairs):
        # What answered in the target's place may break a clause; that it did not says nothing.
        return could_not(clause, cases, view.recording.why_excused(pairs[0][0]))
    reasons = {one.case.id: one.reason for one in lost}
    return Verdict(clause.id, clause.level, "holds", None, (), cases, len(looked_at), reasons)


def _told_elsewhere(
    view: View, clause: Clause, by: Case | str, verdicts: dict[str, Verdict]
) -> Verdict:
    """Return the verdict of a clause of which another one tells, or a case of another one."""
    other = by if isinstance(by, str) else by.clause
    # What is told with another case may be judged before that one's clause is.
    if other in verdicts:
        return blocked(view, clause, other, verdicts)
    if isinstance(by, str):
        by = next(one for one in view.contract.cases_of(other) if was_let_in(view, one))
    return told_with(clause, by, tuple(case.id for case in view.contract.cases_of(clause.id)))


def _blocking(view: View, clause: Clause, verdicts: dict[str, Verdict]) -> str | None:
    """Return the clause for whose sake another is not judged at all."""
    for other in overriding(view.contract):
        if is_overridden_by(clause, other) and verdicts[other.id].findings:
            return other.id
    for clause_id in clause.depends_on:
        if not _stands(verdicts[clause_id]):
            return clause_id
    base = let_in_by(clause).get(ANY)
    return base if base is not None and plain_case_let_in(view, base) is not None else None


def _deviating(
    view: View,
    clause: Clause,
    pairs: Collection[tuple[Exchange, Deviation | None]],
    cases: tuple[str, ...],
    lost: Iterable[LeftOut],
) -> Verdict:
    """Return the verdict of a clause that some exchanges deviate from: a waiver covers all, or not."""
    unstable = view.recording.unstable
    found = findings_of(view.case, pairs, lambda one: waiver_of(view.waivers, clause.id, one.case))
    findings = tuple(replace(one, unstable=unstable.issuperset(one.exchanges)) for one in found)
    word = _word_of(clause, [one for one in findings if one.waiver is None])
    would_fail = _word_of(clause, findings) == "fails"
    sent_for = {exchange.case for exchange, _ in pairs}
    # Whoever was let in by a broken answer is found, and so not left out.
    shown = {case for one in findings for case in one.cases}
    return Verdict(
        clause=clause.id,
        level=clause.level,
        verdict=word,
        findings=findings,
        cases=cases,
        exchanges=len({exchange.id for exchange, _ in pairs}),
        left_out={one.case.id: one.reason for one in lost if one.case.id not in shown},
        waiver=findings[0].waiver if word == "waived" else None,
        blocks=word == "waived" and would_fail and is_blocked(clause.id, findings, sent_for),
        # Where one account's right logins are whole, what they hold is judged, whatever another's are.
        carries=clause.check in _CARRY and any(deviation is None for _, deviation in pairs),
    )


def _word_of(clause: Clause, findings: Collection[Finding]) -> VerdictWord:
    """Return what findings come to; none are left where all are waived."""
    if not findings:
        return "waived"
    shown_again = any(not one.unstable for one in findings)
    return "fails" if clause.level == "must" and shown_again else "advisory"


def _pairs(
    view: View, clause: Clause, check: Check
) -> Iterator[tuple[Exchange, Deviation | None] | Joined]:
    """Yield the exchanges that passed what a clause sees, each with its deviation.

    One that deviates for the sake of another clause's case is *joined* to that case.
    """
    if check.exchange is not None:
        for exchange in view.exchanges if check.every_method else view.answers:
            if view.sees(clause, exchange):
                yield exchange, view.deviation(clause, exchange)
    elif check.recording is not None:
        for exchange, deviation in check.recording(view, clause):
            if view.sees(clause, exchange):
                yield exchange, deviation
    elif check.case is not None:
        for case in view.contract.cases_of(clause.id):
            yield from _of_case(view, clause, case, list(check.case(view, clause, case)))


def _of_case(
    view: View, clause: Clause, case: Case, pairs: list[tuple[Exchange, Deviation | None]]
) -> Iterator[tuple[Exchange, Deviation | None] | Joined]:
    seen = [pair for pair in pairs if view.sees(clause, pair[0])]
    if any(deviation is not None for _, deviation in seen):
        view.deviating.add(case.id)
        base = base_of(view, clause, case)
        if base is not None and base.clause != clause.id:
            for exchange, deviation in seen:
                yield (exchange, None) if deviation is None else Joined(base, exchange)
            return
    elif is_refused_as_right_logins_are(view, clause, case):
        return
    yield from seen


def _cases_of(
    view: View, clause: Clause, pairs: Iterable[tuple[Exchange, Deviation | None]]
) -> tuple[str, ...]:
    own = tuple(case.id for case in view.contract.cases_of(clause.id))
    return own or tuple(dict.fromkeys(exchange.case for exchange, _ in pairs))
