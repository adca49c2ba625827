"""Which cases deviate from what their own clause allows, or tell nothing by chance.  Pure."""

from __future__ import annotations

from collections.abc import Iterable

from ..checks import exchange_check, judged_by_case, without_outcome
from ..checks.outcomes import was_refused_by_chance
from ..checks.view import Known, View
from ..contract.model import Contract
from ..recording.recording import Recording
from ..target.target import Target
from ..transport.lockout_guard import AccountGuard
from ..transport.messages import Exchange
from .judge import judge
from .model import Verdict


def deviating_cases(contract: Contract, verdicts: Iterable[Verdict]) -> list[str]:
    """Return the cases whose own clause has a finding, each once, in the order of the verdicts."""
    own = [one for one in verdicts if judged_by_case(contract.clauses[one.clause])]
    return list(
        dict.fromkeys(case for one in own for finding in one.findings for case in finding.cases)
    )


def to_send_again(
    contract: Contract, target: Target, recording: Recording, known: Known
) -> list[str]:
    """Return the cases that deviate, and those that by chance tell nothing: to tell which is."""
    by_case = {one.id for one in contract.clauses.values() if judged_by_case(one)}
    verdicts = judge(contract, target, recording, by_case, known=known, is_to_repeat=True)
    view = View(contract, target, recording, exchange_check, known=known)
    return [*deviating_cases(contract, verdicts), *_lost_by_chance(view, contract, target)]


def _lost_by_chance(view: View, contract: Contract, target: Target) -> list[str]:
    """Return the cases of which nothing is known, since the target answered by chance.

    These came to no outcome in the way in which the target breaks requests by chance, or were refused by
    a code that right logins get now and then.  A wrong password leaves once, whatever comes back, and is
    not among them.
    """
    ways, guard = _ways_of_chance(view), AccountGuard(target.accounts)
    lost = []
    for case in contract.cases.values():
        sent = [] if case.is_drawn else view.of_case(case.id)
        if not sent or not all(map(view.is_documented_method, sent)):
            continue
        is_broken = all(view.outcome(one) == "broken" and _way(one) in ways for one in sent)
        clause = contract.clauses[case.clause]
        is_lost = is_broken or (
            judged_by_case(clause) and was_refused_by_chance(view, clause, case)
        )
        if is_lost and not guard.wrong_in(one.request for one in sent):
            lost.append(case.id)
    return lost


def _ways_of_chance(view: View) -> set[int | str]:
    """Return in which ways the target breaks requests by chance.

    These are known where a right login, or a bad request that was sent again, now has an outcome and now
    has none.
    """
    broken = (*without_outcome.right_logins(view), *without_outcome.now_and_then(view))
    return {_way(one) for one in broken}


def _way(exchange: Exchange) -> int | str:
    """Return in which way an exchange is broken: the status of its answer, or the kind of its fault."""
    if exchange.answer is not None:
        return exchange.answer.status
    return exchange.fault.kind if exchange.fault is not None else ""
