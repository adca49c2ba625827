"""Which cases deviate from what their own clause allows, or tell nothing by chance.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from ..checks import exchange_check, judged_by_case, without_outcome
from ..checks.outcomes import was_refused_by_chance
from ..checks.view import Known, View
from ..contract.model import Case, Contract
from ..recording.recording import Recording
from ..target.target import Target
from ..transport.lockout_guard import AccountGuard
from ..transport.messages import Exchange
from .judge import judge
from .model import Verdict
from .set_aside import ANY, let_in_by, was_let_in, was_refused


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
    overlapping = {one.id for one in contract.clauses.values() if one.check == "own-answer"}
    of_both = by_case | overlapping
    verdicts = judge(contract, target, recording, of_both, known=known, is_to_repeat=True)
    view = View(contract, target, recording, exchange_check, known=known)
    deviating = deviating_cases(contract, verdicts)
    bases = _bases_of(view, contract, deviating)
    # SUC-9: "under concurrent logins".  What a refusal has come to by now without them may be the same.
    found = [
        one for verdict in verdicts if verdict.clause in overlapping for one in verdict.findings
    ]
    names = dict.fromkeys(name for one in found for name in one.cases)
    alone = [name for name in names if contract.cases[name].situation != "right"]
    lost = _lost_by_chance(view, contract, target)
    return list(dict.fromkeys((*bases, *deviating, *alone, *lost)))


def _bases_of(view: View, contract: Contract, names: Iterable[str]) -> Iterator[str]:
    """Yield the plain cases that would set cases which were let in aside, were they let in, too.

    They were refused, but may be let in by now: another version was rolled out while the run went on.
    """
    # "SEC-2, SEC-3, SEC-6 are blocked only where a plainly wrong password, a plain unknown email or an
    # unknown company was let in (then every near miss would be, too)".
    of_plain_cases = {
        one for clause in contract.clauses.values() for one in let_in_by(clause).values()
    }
    for case in (contract.cases[name] for name in names):
        if not was_let_in(view, case):
            continue
        clause = contract.clauses[case.clause]
        about = (ANY, case.situation, *case.tags)
        clauses = [one for tag, one in let_in_by(clause).items() if tag in about]
        clauses += [clause.id] if clause.id in of_plain_cases else []
        plain = [
            next(filter(_is_sent_plain(view), contract.cases_of(one)), None) for one in clauses
        ]
        name = case.builds_on
        while name is not None:
            plain.append(contract.cases[name])
            name = contract.cases[name].builds_on
        yield from (one.id for one in plain if one is not None and was_refused(view, one))


def _is_sent_plain(view: View) -> Callable[[Case], bool]:
    return lambda case: case.is_plain and bool(view.of_case(case.id))


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
