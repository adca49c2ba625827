"""Which cases deviate from what their own clause allows, or may have been broken by chance.  Pure."""

from __future__ import annotations

from collections.abc import Iterable

from ..checks import exchange_check, judged_by_case, without_outcome
from ..checks.view import Known, View
from ..contract.model import Contract
from ..recording.recording import Recording
from ..target.target import Target
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
    """Return the cases that deviate, and those that may have been broken by chance: to tell which is."""
    by_case = {one.id for one in contract.clauses.values() if judged_by_case(one)}
    verdicts = judge(contract, target, recording, by_case, known=known, is_to_repeat=True)
    lost = _broken_by_chance(contract, target, recording, known)
    return [*deviating_cases(contract, verdicts), *lost]


def _broken_by_chance(
    contract: Contract, target: Target, recording: Recording, known: Known
) -> list[str]:
    """Return the cases that came to no outcome, where the target breaks requests by chance.

    That it does is known where a right login, or a bad request that was sent again, now has an outcome
    and now has none.  What is broken each time is no chance, and none of these is returned without it.
    """
    view = View(contract, target, recording, exchange_check, known=known)
    if not without_outcome.right_logins(view) and not without_outcome.now_and_then(view):
        return []
    lost = []
    for case in contract.cases.values():
        found = {view.outcome(one) for one in view.of_case(case.id)}
        if found == {"broken"} and not case.is_drawn and not case.is_plain_right_login:
            lost.append(case.id)
    return lost
