"""What the same bad request gets each time that it is sent."""

from __future__ import annotations

from ..contract.model import Case, Clause
from ..i18n.message import say
from ..recording.response import NO_OUTCOME, is_refusal
from ..transport.messages import Exchange
from .deviation import Deviation
from .steadiness import between_refused_logins, codes_at_times, steady_clause
from .view import Judged, View


def same_code_each_time(view: View, _clause: Clause) -> Judged:
    # REJ-11: the same bad request gets the same code each time.
    for case in view.contract.cases.values():
        if not is_compared_with_itself(case):
            continue
        exchanges = with_outcome(view, case.id)
        results = [view.outcome(one) for one in exchanges]
        if len(results) < 2 or "issued" in results:
            continue
        codes = ", ".join(result.join('""') if is_refusal(result) else result for result in results)
        # SUC-8: who gives a code to right logins at times, as a limiter does, gives it to others, too.
        # That is one fault.
        own = set(results) - codes_at_times(view)
        part_of = (
            steady_clause(view.contract) if len(own) < len(set(results)) and len(own) < 2 else ""
        )
        for index, exchange in enumerate(exchanges):
            differs = results[index] != results[0]
            deviation = Deviation(
                say("same-code-each-time"),
                say("codes-in-turn", codes=codes),
                group="unsteady",
                part_of=part_of,
            )
            yield exchange, deviation if differs else None


def is_compared_with_itself(case: Case) -> bool:
    """Tell whether REJ-11 compares what a case comes to each time that it is sent."""
    return case.method is None and not case.burst and case.situation != "right"


def with_outcome(view: View, case_id: str) -> list[Exchange]:
    """Return the exchanges of a case that came to a code."""
    alike = between_refused_logins(view)
    sent = (one for one in view.of_case(case_id) if one.id not in alike)
    return [one for one in sent if view.outcome(one) not in NO_OUTCOME]
