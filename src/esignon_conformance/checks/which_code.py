"""Which of the documented codes the cases of another clause get."""

from __future__ import annotations

from dataclasses import replace

from ..contract.model import Case, Clause
from .outcomes import judged_by_outcome
from .view import Judged, View


def outcome_of(view: View, clause: Clause) -> Judged:
    # REJ-14 to REJ-16: which of the documented codes the cases of another clause get.  An answer
    # that is no code (turned away) is that other clause's matter.
    allowed = tuple(clause.parameters["outcomes"])
    # What another form of the same JSON value gets is REQ-2's, and what any unknown email gets is REJ-2's.
    of_forms = _told_by(view, clause.parameters.get("told_by_form"))
    reason = clause.parameters.get("told_by_reason", "")
    of_reason = _told_by(view, reason)
    for case in view.contract.cases_of(clause.parameters["clause"]):
        if case.company == clause.parameters.get("except_company", "") or case.tagged("odd"):
            continue
        if case.id not in view.deviating:
            form = _of_the_form(view, case) | (of_forms if case.raw else set())
            for exchange, deviation in judged_by_outcome(view, clause, case, allowed):
                result = view.outcome(exchange)
                if deviation is None:
                    yield exchange, None
                # What the form gets, whoever asks, is told by the clause of that form (REQ-3, REQ-4).
                elif result not in form:
                    part_of = reason if result in of_reason else ""
                    yield exchange, replace(deviation, part_of=deviation.part_of or part_of)


def _told_by(view: View, clause_id: str | None) -> set[str]:
    """Return what the cases come to by which a clause is known to fail."""
    own = view.contract.cases_of(clause_id) if clause_id else ()
    return {
        view.outcome(one)
        for case in own
        if case.id in view.deviating
        for one in view.of_case(case.id)
    }


def _of_the_form(view: View, case: Case) -> set[str]:
    """Return the outcomes of the case that a case builds on: of the same form, for another reason."""
    return {view.outcome(one) for one in view.of_case(case.builds_on)} if case.builds_on else set()
