"""Bad requests that are let in at times and refused at others, as by one of two replicas."""

from __future__ import annotations

from collections.abc import Mapping

from ..contract.model import Case
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


def _situations(view: View) -> Mapping[str, bool]:
    if _AT_TIMES not in view.observed:
        found: dict[str, bool] = {}
        for case in view.contract.cases.values():
            if is_compared_with_itself(case) and view.recording.has_case(case.id):
                results = {view.outcome(one) for one in view.of_case(case.id)} - NO_OUTCOME
                if "issued" in results and len(results) > 1:
                    found[case.situation] = True
        view.observed[_AT_TIMES] = found
    result: Mapping[str, bool] = view.observed[_AT_TIMES]
    return result
