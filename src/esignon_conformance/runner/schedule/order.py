"""The order in which cases are sent, and which cases a chosen part of the run needs.  Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from ...checks import judged_by_case
from ...contract.model import SITUATIONS, Case, Contract
from ..requests.company_let_in import login_before
from ..requests.sent_where import case_before

# Right first, so that an account is known to be good before the first wrong password; hostile last,
# since a firewall may turn the suite away from then on, and odd paths after that, since some mocks
# do not survive one.  Draws come when the plain cases have told what they can.  A gateway that chokes
# on the framing of a request must not end the run before the rest is judged.
_PHASES = (
    *("right", "situations", "methods", "bursts", "draws", "hostile", "odd-paths"),
    *("hostile-elsewhere", "draws-at-last", "framing"),
)
# Accounts whose right requests come between others; a blocked one is never let in.
_GOOD_ACCOUNTS = ("main", "second", "other")


def _phase(case: Case, *, hostile_last: bool, draws_last: bool) -> str:
    if case.is_drawn:
        return "draws-at-last" if draws_last else "draws"
    if case.tagged("hostile"):
        return "hostile-elsewhere" if hostile_last else "hostile"
    if case.is_oddly_framed:
        return "framing"
    if case.tagged("odd-path"):
        return "odd-paths"
    if case.burst:
        return "bursts"
    if case.method is not None or case.tagged("credentials-in-url"):
        return "methods"
    return "right" if case.situation == "right" else "situations"


def ordered(
    cases: Iterable[Case],
    *,
    hostile_last: bool = False,
    ranks: Mapping[str, float] | None = None,
) -> list[Case]:
    """Return cases in the order of sending: by phase, plain right logins first, then by situation.

    With `hostile_last` not even odd paths come after them: off this machine a firewall that bars the
    suite is likelier than a server that does not survive an odd path.  `ranks` are given where a limit
    counts: the lower come first within a phase, and draws after the cases.  A case that is sent only where
    another came to something comes after that one.
    """
    chosen = {case.id: case for case in cases}

    def place(case: Case) -> tuple[int, bool, float, int, int, int]:
        own_phase = _phase(case, hostile_last=hostile_last, draws_last=ranks is not None)
        own_rank = ranks.get(case.id, len(ranks)) if ranks is not None else 0
        own_situation = SITUATIONS.index(case.situation)
        is_no_login = not case.is_plain_right_login
        own = (_PHASES.index(own_phase), is_no_login, own_rank, own_situation, 0, own_situation)
        before = chosen.get(case_before(case) or "")
        if before is None:
            return own
        phase, is_other, rank, situation, depth, _ = place(before)
        return max(own, (phase, is_other, rank, situation, depth + 1, own_situation))

    return sorted(chosen.values(), key=place)


def sent_once_more(contract: Contract, cases: Iterable[Case]) -> list[Case]:
    """Return the gravest of some cases, which are sent once more when all have been sent.

    A version that was rolled out in the midst of a run has answered only what came after it.
    """
    clauses = contract.clauses
    return [
        one for one in cases if one.essential and clauses[one.clause].parameters.get("once_more")
    ]


def right_requests(contract: Contract) -> dict[str, str]:
    """Return the plain right request of each account, by which the account is known to be good."""
    found: dict[str, str] = {}
    for name in _GOOD_ACCOUNTS:
        for case in contract.cases.values():
            if case.account == name and case.is_plain_right_login:
                found.setdefault(name, case.id)
    return found


def needed(
    contract: Contract,
    cases: Collection[str],
    clauses: Collection[str],
    drawn_clauses: Collection[str] = (),
) -> set[str]:
    """Return the ids of the cases that must be sent to judge some cases and some clauses.

    A case needs itself, what it is compared with and what it builds on.  A clause needs its own
    cases; one that holds for every answer needs the first case of each situation.  What a clause
    depends on is judged by the first plain case that it has.  Draws are sent for `drawn_clauses`
    only: those of the clause, or all for one that holds for every answer.
    """
    every = {case.id for case in contract.cases.values() if case.is_drawn}
    wanted = {name for clause_id in clauses for name in _of_clause(contract, clause_id)} - every
    wanted |= set(cases)
    for clause_id in drawn_clauses:
        own = {case.id for case in contract.cases_of(clause_id)} & every
        wanted |= own if judged_by_case(contract.clauses[clause_id]) else every
    judged = {contract.cases[name].clause for name in cases} | {*clauses, *drawn_clauses}
    for clause_id in judged:
        wanted |= set(_dependencies(contract, clause_id, set()))
    for name in list(wanted):
        case = contract.cases[name]
        wanted |= {other for other in _named_by(case) if other}
        wanted.update(_hung_on(contract, case))
        wanted |= set(case.burst.get("mix", ()))
    return wanted


def _named_by(case: Case) -> Iterator[str | None]:
    yield from (case.same_as, case.builds_on, case.in_form_of, case.follows)
    yield login_before(case)


def _hung_on(contract: Contract, case: Case) -> Iterator[str]:
    """Yield what a case hangs on, what that hangs on, and so on."""
    before = case_before(case)
    while before is not None:
        yield before
        before = case_before(contract.cases[before])


def _of_clause(contract: Contract, clause_id: str) -> Iterator[str]:
    own = contract.cases_of(clause_id)
    named = contract.clauses[clause_id].parameters
    yield from (case.id for case in own)
    yield from named.get("cases", ())
    yield from (case.id for case in contract.cases_of(named.get("clause", "")))
    if not own and "cases" not in named and "clause" not in named:
        for situation in SITUATIONS:
            of_it = [case for case in contract.cases.values() if case.situation == situation]
            yield from (case.id for case in _plainest(of_it))


def _dependencies(contract: Contract, clause_id: str, seen: set[str]) -> Iterator[str]:
    bases = contract.clauses[clause_id].parameters.get("let_in_by", {})
    for other in (*contract.clauses[clause_id].depends_on, *bases.values()):
        if other not in seen:
            seen.add(other)
            yield from (case.id for case in _plainest(contract.cases_of(other)))
            yield from _dependencies(contract, other, seen)


def _plainest(cases: Sequence[Case]) -> Sequence[Case]:
    """Return the first case without tags, since an odd one may come to almost anything."""
    return sorted(cases, key=lambda case: bool(case.tags))[:1]
