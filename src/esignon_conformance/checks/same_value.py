"""What requests that are the same JSON value come to."""

from __future__ import annotations

from collections.abc import Sequence

from ..contract.model import Case, Clause
from ..i18n.message import say
from ..recording.response import NO_OUTCOME, is_refusal
from .deviation import Deviation
from .let_in_at_times import is_let_in_at_times
from .outcomes import is_left_out, judged_results
from .repeated import clause_of_turning_codes, clause_of_turns
from .steadiness import is_by_chance, steady_clause
from .success import outcome_message
from .view import Judged, View


def same_outcome(view: View, clause: Clause, case: Case) -> Judged:
    # REQ-2: requests that are the same JSON value get the same outcome.
    like = [view.outcome(one) for one in view.of_case(case.same_as or "")]
    results = [result for result in like if result not in NO_OUTCOME]
    issued = view.contract.codes.issued
    for exchange, result in judged_results(view, case):
        if not results or is_left_out(clause, case, exchange, result):
            continue
        expected = say("same-outcome-as", code=results[0] if results[0] != "issued" else issued)
        got = outcome_message(view, exchange, result)
        if len(set(results)) > 1:
            # What now comes and now does not is no outcome to compare with (REJ-11, SUC-8).
            told = _clause_of_both(view, case, results)
            if told:
                yield exchange, Deviation(expected, got, part_of=told)
        elif result not in results:
            part_of = clause_of_turns(view, case, [result]) if is_refusal(result) else ""
            if is_let_in_at_times(view, case):
                part_of = part_of or _clause_of_base(view, case)
            yield exchange, Deviation(expected, got, part_of=part_of)
        elif not is_by_chance(view, [(exchange, result)]):
            yield exchange, None


def _clause_of_both(view: View, case: Case, results: Sequence[str]) -> str:
    """Return the clause that tells of a request which comes now to one outcome and now to another.

    Of others' traffic the exchanges of a case are no one request, and none tells of them.
    """
    if not view.is_case_one_request:
        return ""
    if "issued" not in results:
        return clause_of_turning_codes(view.contract)
    return (
        _clause_of_base(view, case) if case.situation != "right" else steady_clause(view.contract)
    )


def _clause_of_base(view: View, case: Case) -> str:
    """Return the clause of the request that a case is another form of."""
    return view.contract.cases[case.same_as or ""].clause
