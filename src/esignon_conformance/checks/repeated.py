"""What the same bad request gets each time that it is sent."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ..contract.model import Case, Clause, Contract
from ..i18n.message import say
from ..recording.response import NO_OUTCOME, is_refusal
from ..transport.messages import Exchange
from .deviation import Deviation
from .steadiness import RARE, between_refused_logins, codes_at_times, steady_clause
from .view import Judged, View

_IN_TURN = "codes in turn"
_BLOCKED = "blocked"


@dataclass
class Turns:
    """The bad requests of a situation that got now one code and now another.

    `clause` tells of them; `counts` holds how often each code came to them.
    """

    clause: str
    cases: set[str] = field(default_factory=set)
    counts: Counter[str] = field(default_factory=Counter)

    def may_give(self, results: Sequence[str]) -> bool:
        """Tell whether a request of the same situation may well get these by the same chance."""
        in_all = self.counts.total()
        # One of many requests gets what a single one seldom does.
        times = len(self.cases) + 1
        return times * math.prod(self.counts[result] / in_all for result in results) > RARE


def clause_of_turning_codes(contract: Contract) -> str:
    """Return the clause that tells where the same bad request gets now one code and now another.

    It is empty where the contract has none.
    """
    found = (one.id for one in contract.clauses.values() if one.check == "same-code-each-time")
    return next(found, "")


def same_code_each_time(view: View, _clause: Clause) -> Judged:
    # REJ-11: the same bad request gets the same code each time.
    for case, exchanges, results in _repeated(view):
        codes = ", ".join(result.join('""') if is_refusal(result) else result for result in results)
        deviation = Deviation(
            say("same-code-each-time"),
            say("codes-in-turn", codes=codes),
            group="unsteady",
            part_of=_part_of(view, results) or _let_in_by(view, case),
        )
        for exchange, result in zip(exchanges, results, strict=True):
            yield exchange, deviation if result != results[0] else None


def clause_of_turns(view: View, case: Case, results: Sequence[str]) -> str:
    """Return the clause that tells why a bad request got these results, empty where there is none.

    It is that of requests which get now one code and now another: of this one, or of others of its
    situation, as where one of two replicas has another version.
    """
    # Of others' traffic the exchanges of a case are no one request.
    if not view.is_case_one_request:
        return ""
    turns = _turns(view).get(case.situation)
    if turns is None:
        return ""
    return turns.clause if case.id in turns.cases or turns.may_give(results) else ""


def _turns(view: View) -> Mapping[str, Turns]:
    """Return by situation the bad requests that got now one code and now another."""
    if _IN_TURN not in view.observed:
        own = clause_of_turning_codes(view.contract)
        found: dict[str, Turns] = {}
        for case, _, results in _repeated(view) if own else ():
            if len(set(results)) > 1:
                turns = found.setdefault(case.situation, Turns(_part_of(view, results) or own))
                turns.cases.add(case.id)
                turns.counts.update(results)
        view.observed[_IN_TURN] = found
    result: Mapping[str, Turns] = view.observed[_IN_TURN]
    return result


def _repeated(view: View) -> Iterator[tuple[Case, list[Exchange], list[str]]]:
    """Yield the bad requests that came to a code twice or more, with what each came to."""
    for case in view.contract.cases.values():
        if view.recording.has_case(case.id) and is_compared_with_itself(case):
            exchanges = with_outcome(view, case.id)
            results = [view.outcome(one) for one in exchanges]
            if len(results) > 1 and "issued" not in results:
                yield case, exchanges, results


def _part_of(view: View, results: Sequence[str]) -> str:
    # SUC-8: who gives a code to right logins at times, as a limiter does, gives it to others, too.
    # That is one fault.
    own = set(results) - codes_at_times(view)
    return steady_clause(view.contract) if len(own) < len(set(results)) and len(own) < 2 else ""


def _let_in_by(view: View, case: Case) -> str:
    # REJ-4, REJ-8: where another request of the situation is let in, as by what an earlier one left behind
    # on the connection, that is why this one is refused now so and now otherwise: one fault, one failure.
    # So it is with any email in a company that is blocked at times.
    for other in view.contract.cases.values():
        is_like = other.situation == case.situation or case.company == other.account == _BLOCKED
        if not is_like or not view.recording.has_case(other.id):
            continue
        clause = view.contract.clauses[other.clause]
        allowed = other.expect or clause.parameters.get("outcomes", ("issued",))
        is_broken = clause.level == "must" and "issued" not in allowed
        if is_broken and any(view.outcome(one) == "issued" for one in view.of_case(other.id)):
            return other.clause
    return ""


def is_compared_with_itself(case: Case) -> bool:
    """Tell whether REJ-11 compares what a case comes to each time that it is sent."""
    return case.method is None and not case.burst and case.situation != "right"


def with_outcome(view: View, case_id: str) -> list[Exchange]:
    """Return the exchanges of a case that came to a code."""
    alike = between_refused_logins(view)
    sent = (one for one in view.of_case(case_id) if one.id not in alike)
    return [one for one in sent if view.outcome(one) not in NO_OUTCOME]
