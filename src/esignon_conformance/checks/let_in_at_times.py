"""Bad requests that are let in at times and refused at others, as by one of two replicas."""

from __future__ import annotations

from collections.abc import Mapping

from ..contract.model import Case, Clause
from ..recording.response import NO_OUTCOME
from .repeated import is_compared_with_itself
from .view import View

_AT_TIMES = "let in at times"


def is_let_in_at_times(view: View, case: Case) -> bool:
    """Tell whether a request of the situation of a case was let in at one time and refused at another.

    The clause of that request tells it.  That another request of the situation is let in where this one
    is not, or the other way round, is the same fault.  Of others' traffic the exchanges of a case are no
    one request.
    """
    return view.is_case_one_request and _situations(view).get(case.situation, False)


def is_clause_let_in_at_times(view: View, clause_id: str) -> bool:
    """Tell whether a bad request of a clause, without overlap, was let in once and refused once."""
    return any(is_mixed(view, one) for one in view.contract.cases_of(clause_id))


def clause_of_plain_ones(view: View, clause: Clause, case: Case) -> str:
    """Return the clause of plain cases that tells why another case was let in at times, or empty.

    `let_in_by` of the clause of a near miss names it, `told_by_turns` that of any other case.
    """
    # REJ-1: where a near miss was let in once and refused when it was sent again, and so was a password
    # that is plainly wrong, it is not the near miss that lets in.
    plain = [*clause.parameters.get("let_in_by", {}).values()] if is_mixed(view, case) else []
    # Nor is it an unknown email or company, as where one of two replicas, or a connection that has logged
    # in, lets everybody in: one that was sent once, beside others that were refused, says no more.
    turns = clause.parameters.get("told_by_turns")
    if turns and (is_mixed(view, case) or _is_one_of_some(view, case)):
        plain.append(turns)
    mixed = (
        name for name in plain if any(is_mixed(view, one) for one in view.contract.cases_of(name))
    )
    return next(mixed, "") if view.is_case_one_request else ""


def _is_one_of_some(view: View, case: Case) -> bool:
    """Tell whether a case was sent once and let in, where its situation is let in at times.

    Of cases that were all sent once, some were let in then and others refused.
    """
    if len(view.of_case(case.id)) != 1:
        return False
    alike = [one for one in view.contract.cases_of(case.clause) if one.situation == case.situation]
    if any(len(view.of_case(one.id)) > 1 for one in alike):
        return any(is_mixed(view, one) for one in alike)
    results = {view.outcome(one) for each in alike for one in view.of_case(each.id)} - NO_OUTCOME
    return len(results) > 1


def is_mixed(view: View, case: Case) -> bool:
    """Tell whether one request was let in at one time and refused at another."""
    results = {view.outcome(one) for one in view.of_case(case.id)} - NO_OUTCOME
    return "issued" in results and len(results) > 1


def _situations(view: View) -> Mapping[str, bool]:
    if _AT_TIMES not in view.observed:
        found: dict[str, bool] = {}
        for case in view.contract.cases.values():
            is_one = is_compared_with_itself(case) and view.recording.has_case(case.id)
            if is_one and is_mixed(view, case):
                found[case.situation] = True
        view.observed[_AT_TIMES] = found
    result: Mapping[str, bool] = view.observed[_AT_TIMES]
    return result
