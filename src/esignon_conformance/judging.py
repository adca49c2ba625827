"""From a recording to verdicts: pure, and the same however often it is asked."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from graphlib import TopologicalSorter
from typing import Any

from .checks import CHECKS, Check, exchange_check
from .checks.view import Judged, Known, View
from .contract.model import DRAW, Case, Clause, Contract
from .exchange import Exchange
from .lost_cases import what_was_lost
from .recording import Reason, Recording
from .target import Target
from .unjudged import blocked, could_not, left_out_by_waiver, unjudged, unsent
from .verdict import (
    Deviation,
    Finding,
    Verdict,
    VerdictWord,
    Waiver,
)
from .waiving import excused_by_waivers, held_back, is_blocked, waiver_of

_STANDS = frozenset({"holds", "advisory", "observed", "waived"})
# Checks of what a success holds.
_OF_A_SUCCESS = frozenset({"success-member", "success-equals", "success-date", "distinct-tokens"})


def _stands(verdict: Verdict) -> bool:
    return verdict.verdict in _STANDS and not verdict.blocks


def judge(
    contract: Contract,
    target: Target,
    recording: Recording,
    only: Collection[str] | None = None,
    *,
    waivers: Sequence[Waiver] = (),
    known: Known | None = None,
) -> list[Verdict]:
    """Return the verdict of every clause, in the order of the registry.

    With `only`, those clauses and what they depend on are judged, and no others.  `waivers` are those
    in force; `known` is what an earlier judgement of these exchanges has found.
    """
    view = View(contract, target, recording, exchange_check, waivers, known or Known())
    view.deviating |= held_back(recording.unsent)
    verdicts: dict[str, Verdict] = {}
    wanted = _with_dependencies(contract, only) if only is not None else set(contract.clauses)
    for clause_id in _order(contract):
        if clause_id not in wanted:
            continue
        verdict = _judge_clause(view, contract.clauses[clause_id], verdicts)
        verdicts[clause_id] = verdict
        if not _stands(verdict):
            view.failed.add(clause_id)
        for finding in verdict.findings:
            if CHECKS[contract.clauses[clause_id].check].kind == "case":
                view.deviating.update(finding.cases)
    found = [verdicts[clause_id] for clause_id in contract.clauses if clause_id in verdicts]
    return excused_by_waivers(contract, found) if waivers else found


def _with_dependencies(contract: Contract, clause_ids: Iterable[str]) -> set[str]:
    found: set[str] = set()
    waiting = list(clause_ids)
    while waiting:
        clause_id = waiting.pop()
        if clause_id not in found:
            found.add(clause_id)
            clause = contract.clauses[clause_id]
            waiting += [*clause.depends_on, *clause.parameters.get("depends_by_tag", {}).values()]
    return found


def _order(contract: Contract) -> Iterable[str]:
    """Return the clauses so that each comes after what it depends on, cases' clauses first."""
    graph: dict[str, set[str]] = {}
    for clause in contract.clauses.values():
        by_tag = clause.parameters.get("depends_by_tag", {}).values()
        named = [clause.parameters.get("clause")]
        built = [
            contract.cases[case.builds_on].clause
            for case in contract.cases_of(clause.id)
            if case.builds_on
        ]
        before = {*clause.depends_on, *by_tag, *(one for one in named if one), *built} - {clause.id}
        graph[clause.id] = before
    for clause in contract.clauses.values():
        if clause.check in ("own-answer", "method-not-allowed"):
            # These leave out the cases that deviate on their own.
            cases = {
                one.id for one in contract.clauses.values() if CHECKS[one.check].kind == "case"
            }
            # What a member shows without overlap, too, is another clause's finding.
            about_members = {
                one.id
                for one in contract.clauses.values()
                if one.level == "must" and one.check in _OF_A_SUCCESS
            }
            graph[clause.id] |= cases - {clause.id}
            graph[clause.id] |= about_members if clause.check == "own-answer" else set()
    return TopologicalSorter(graph).static_order()


def _judge_clause(view: View, clause: Clause, verdicts: dict[str, Verdict]) -> Verdict:
    check = CHECKS[clause.check]
    unheard = ("no-answer", "untrusted")
    silent = [one for one in view.recording.unsent.values() if one.word in unheard]
    if silent and clause.check != "transport-security":
        # Not one byte of a status line to the first login: nothing is known of this target.
        cases = tuple(case.id for case in view.contract.cases_of(clause.id))
        return could_not(clause, cases, silent[0])
    if check.observation is not None:
        observed = check.observation(view, clause)
        count = sum(len(view.of_case(case.id)) for case in view.contract.cases_of(clause.id))
        if not observed:
            return unjudged(view, clause, ())
        return Verdict(
            clause.id, clause.level, "observed", observed=observed, exchanges=max(1, count)
        )
    blocking = [other for other in clause.depends_on if not _stands(verdicts[other])]
    if blocking:
        return blocked(view, clause, blocking[0], verdicts)
    pairs = list(_pairs(view, clause, check, verdicts))
    looked_at = {exchange.id for exchange, _ in pairs}
    cases = _cases_of(view, clause, pairs)
    if any(deviation is not None for _, deviation in pairs):
        return _deviating(view, clause, pairs, cases)
    own = [
        case
        for case in view.contract.cases_of(clause.id)
        if not case_blocked(clause, case, verdicts, view.deviating)
    ]
    blocking_tag = _blocking_tag(clause, verdicts)
    if not own and not looked_at and blocking_tag is not None:
        return blocked(view, clause, blocking_tag, verdicts)
    given_up = {one.case for one in view.recording.exchanges if one.gave_up}
    limited = any(case.id in given_up for case in own)
    if limited and not looked_at:
        return could_not(clause, cases, Reason("limited"))
    lost = what_was_lost(view, own, by_case=check.kind == "case")
    if lost is not None:
        return unsent(clause, cases, lost)
    if not looked_at:
        return left_out_by_waiver(view, clause, own, cases) or unjudged(view, clause, cases)
    return Verdict(clause.id, clause.level, "holds", None, (), cases, len(looked_at))


def _deviating(
    view: View,
    clause: Clause,
    pairs: Collection[tuple[Exchange, Deviation | None]],
    cases: tuple[str, ...],
) -> Verdict:
    """Return the verdict of a clause that some exchanges deviate from: a waiver covers all, or not."""
    unstable = view.recording.unstable
    findings = tuple(
        replace(one, unstable=unstable.issuperset(one.exchanges))
        for one in _findings(pairs, lambda one: waiver_of(view.waivers, clause.id, one.case))
    )
    word = _word_of(clause, [one for one in findings if one.waiver is None])
    would_fail = _word_of(clause, findings) == "fails"
    sent_for = {exchange.case for exchange, _ in pairs}
    return Verdict(
        clause=clause.id,
        level=clause.level,
        verdict=word,
        findings=findings,
        cases=cases,
        exchanges=len({exchange.id for exchange, _ in pairs}),
        waiver=findings[0].waiver if word == "waived" else None,
        blocks=word == "waived" and would_fail and is_blocked(clause.id, findings, sent_for),
    )


def _word_of(clause: Clause, findings: Collection[Finding]) -> VerdictWord:
    """Return what findings come to; none are left where all are waived."""
    if not findings:
        return "waived"
    shown_again = any(not one.unstable for one in findings)
    return "fails" if clause.level == "must" and shown_again else "advisory"


def _pairs(view: View, clause: Clause, check: Check, verdicts: dict[str, Verdict]) -> Judged:
    """Yield the exchanges that passed what a clause sees, each with its deviation."""
    if check.exchange is not None:
        for exchange in view.exchanges if check.every_method else view.answers:
            if view.sees(clause, exchange):
                yield exchange, view.deviation(clause, exchange)
        return
    for exchange, deviation in _of_more_than_one(view, clause, check, verdicts):
        if view.sees(clause, exchange):
            yield exchange, deviation


def _of_more_than_one(
    view: View, clause: Clause, check: Check, verdicts: dict[str, Verdict]
) -> Judged:
    """Yield what a check shows that looks at cases, or at the whole recording."""
    if check.recording is not None:
        yield from check.recording(view, clause)
    elif check.case is not None:
        for case in view.contract.cases_of(clause.id):
            if not case_blocked(clause, case, verdicts, view.deviating):
                pairs = list(check.case(view, clause, case))
                if any(deviation is not None for _, deviation in pairs):
                    view.deviating.add(case.id)
                yield from pairs


def case_blocked(
    clause: Clause, case: Case, verdicts: dict[str, Verdict], deviating: Iterable[str]
) -> bool:
    """Tell whether what a case builds on, a case or the clause of the field it varies, does not hold."""
    if case.builds_on is not None and case.builds_on in deviating:
        return True
    by_tag = clause.parameters.get("depends_by_tag", {})
    return any(not _stands(verdicts[other]) for tag, other in by_tag.items() if case.tagged(tag))


def _blocking_tag(clause: Clause, verdicts: dict[str, Verdict]) -> str | None:
    by_tag = clause.parameters.get("depends_by_tag", {}).values()
    return next((one for one in by_tag if not _stands(verdicts[one])), None)


def _findings(
    pairs: Iterable[tuple[Exchange, Deviation | None]],
    waiver_for: Callable[[Exchange], Waiver | None],
) -> Iterator[Finding]:
    groups: dict[tuple[Any, ...], list[tuple[Exchange, Deviation]]] = {}
    for exchange, deviation in pairs:
        if deviation is not None:
            key = (waiver_for(exchange), *deviation.likeness)
            groups.setdefault(key, []).append((exchange, deviation))
    for (waiver, *_), found in groups.items():
        rows = sorted(found, key=lambda row: _plainness(row[0]))
        first, deviation = rows[0]
        yield Finding(
            case=first.case,
            cases=tuple(dict.fromkeys(exchange.case for exchange, _ in rows)),
            pointer=deviation.pointer,
            expected=deviation.expected,
            got=deviation.got,
            exchanges=tuple(dict.fromkeys(exchange.id for exchange, _ in rows)),
            waiver=waiver,
        )


def _plainness(exchange: Exchange) -> tuple[bool, int, float]:
    """Return what comes first in a finding: cases that stand in a file, then the smallest draw."""
    is_drawn = exchange.case.startswith(f"{DRAW}-")
    return (is_drawn, len(exchange.request.body) if is_drawn else 0, exchange.began)


def _cases_of(
    view: View, clause: Clause, pairs: Iterable[tuple[Exchange, Deviation | None]]
) -> tuple[str, ...]:
    own = tuple(case.id for case in view.contract.cases_of(clause.id))
    return own or tuple(dict.fromkeys(exchange.case for exchange, _ in pairs))
