"""What became of each waiver in a run: whether it was needed, and whether it asks for attention."""

from __future__ import annotations

from typing import Literal

from ..checks import judged_by_case, looks_at_draws
from ..contract.waiver import Waiver
from ..runner.run import Run
from ..verdicts.waivers import covers

# waives: it covers a deviation. left-out: its case was not sent. expired: it no longer waives what it
# covers. holds: no deviation was there. unknown: this run did not judge what it is about.
Standing = Literal["waives", "left-out", "expired", "holds", "unknown"]
# What another run would send, to the same target.
_CUT_SHORT = frozenset({"depth", "request-limit", "time-limit"})
_JUDGED = frozenset({"holds", "fails", "advisory", "waived"})


def standing(run: Run, waiver: Waiver) -> Standing:
    """Return what became of a waiver in a run that has been judged."""
    in_force = waiver in run.waivers_in_force
    if not waiver.send:
        return "left-out" if in_force else "expired"
    covered = any(
        covers(waiver, verdict.clause, case)
        for verdict in run.verdicts
        for finding in verdict.findings
        for case in finding.cases
    )
    if covered:
        return "waives" if in_force else "expired"
    if run.recording.is_gone or run.interrupted or run.internal_error:
        return "unknown"
    judged = _case_was_judged(run, waiver) if waiver.case else _clause_was_judged(run, waiver)
    return "holds" if judged else "unknown"


def is_stale(run: Run, waiver: Waiver) -> bool:
    """Tell whether a waiver has to be removed or renewed.

    So it is where what it is about holds; and where it has kept a case that harms the target from
    being sent and has expired, since the case is still not sent.
    """
    found = standing(run, waiver)
    return (found == "holds" and not waiver.may_hold) or (found == "expired" and not waiver.send)


def stale_waivers(run: Run) -> list[Waiver]:
    """Return the waivers of a run that have to be removed or renewed, in the order of the file."""
    return [one for one in run.waivers if is_stale(run, one)]


def _case_was_judged(run: Run, waiver: Waiver) -> bool:
    case = run.contract.cases[waiver.case]
    if all(exchange.gave_up for exchange in run.recording.of_case(case.id)):
        return False
    clause = run.contract.clauses[waiver.clause or case.clause]
    verdict = run.by_clause[clause.id]
    return verdict.verdict in _JUDGED and case.id not in verdict.left_out


def _clause_was_judged(run: Run, waiver: Waiver) -> bool:
    """Tell whether a clause was judged by all cases that the target allows.

    A part of a run looks at a part of the answers only, and one that holds on these may deviate on
    others.  So it is where smoke or a limit left cases out.
    """
    clause = run.contract.clauses[waiver.clause]
    if run.by_clause[clause.id].verdict not in _JUDGED:
        return False
    # "A verdict says only what was judged": that the waiver is needed no longer would say more.
    cut = {name for name, reason in run.recording.unsent.items() if reason.word in _CUT_SHORT}
    if judged_by_case(clause):
        cut &= {one.id for one in run.contract.cases_of(clause.id)}
    if any(not run.contract.cases[name].is_drawn for name in cut):
        return False
    if run.is_whole:
        return True
    if not judged_by_case(clause):
        return False
    own = {one.id for one in run.contract.cases_of(clause.id) if not one.is_drawn}
    drawn = not looks_at_draws(clause) or clause.id in run.draws
    return own <= run.cases and drawn
