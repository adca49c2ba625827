"""In which order clauses are judged: each after what it depends on.  Pure."""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import TopologicalSorter

from ..checks import CHECKS
from ..checks.repeated import clause_of_turning_codes
from ..checks.steadiness import steady_clause
from ..contract.model import Clause, Contract
from .set_aside import bases_of

# Checks of what a success holds.
_OF_A_SUCCESS = frozenset({"success-member", "success-equals", "success-date", "distinct-tokens"})

# Checks of what requests come to that are no right logins.
_OF_OUTCOMES = frozenset(
    {"outcome", "outcome-of", "same-outcome", "read-leniently", "same-code-each-time"}
)
_COMPARED_WITH_TURNS = frozenset({"outcome", "outcome-of", "same-outcome"})


def with_dependencies(contract: Contract, clause_ids: Iterable[str]) -> set[str]:
    """Return clauses with all that they depend on, and those without which none can be judged."""
    found: set[str] = set()
    waiting = [*clause_ids, *(clause.id for clause in overriding(contract))]
    while waiting:
        clause_id = waiting.pop()
        if clause_id not in found:
            found.add(clause_id)
            clause = contract.clauses[clause_id]
            waiting += [*clause.depends_on, *bases_of(contract, clause)]
            waiting += _told_at_times(clause, contract)
            # Where its finding is told by another clause, that one is judged, too.
            cases = contract.cases_of(clause.id)
            waiting += [contract.cases[name].clause for one in cases for name in one.told_with]
    return found


def _told_at_times(clause: Clause, contract: Contract) -> list[str]:
    """Return the clauses of which a deviation of another one may be the finding."""
    # SUC-8: what right logins get at times, other requests get, too.
    # REJ-11: a bad request that gets now one code and now another.
    found = [steady_clause(contract)] if clause.check in _OF_OUTCOMES else []
    if clause.check in _COMPARED_WITH_TURNS:
        found.append(clause_of_turning_codes(contract))
    if clause.check == "same-outcome":
        # REQ-2: a bad request that is let in at times is let in so in its other forms, too.
        bases = (contract.cases.get(case.same_as or "") for case in contract.cases_of(clause.id))
        found += {one.clause: None for one in bases if one is not None}
    return [one for one in found if one]


def overriding(contract: Contract) -> list[Clause]:
    """Return the clauses without which no other but those that they spare can be judged."""
    return [clause for clause in contract.clauses.values() if "spares" in clause.parameters]


def is_overridden_by(clause: Clause, other: Clause) -> bool:
    """Tell whether a clause cannot be judged where another one, of those, has failed."""
    spared = other.parameters["spares"]
    return clause is not other and not {clause.id, clause.group}.intersection(spared)


def judging_order(contract: Contract) -> Iterable[str]:
    """Return the clauses so that each comes after what it depends on, cases' clauses first."""
    graph: dict[str, set[str]] = {}
    above = overriding(contract)
    for clause in contract.clauses.values():
        named = [clause.parameters.get("clause")]
        over = [other.id for other in above if is_overridden_by(clause, other)]
        bases = bases_of(contract, clause)
        before = {*clause.depends_on, *bases, *(one for one in named if one), *over}
        before |= set(_told_at_times(clause, contract))
        graph[clause.id] = before - {clause.id}
    for clause in contract.clauses.values():
        if clause.check in ("own-answer", "method-not-allowed"):
            # These leave out the cases that deviate on their own.
            cases = {
                one.id for one in contract.clauses.values() if CHECKS[one.check].kind == "case"
            }
            # What a member shows without overlap, too, is another clause's finding.
            about_members = {
                one.id
                for one in contract.clauses.values()
                if one.level == "must" and one.check in _OF_A_SUCCESS
            }
            graph[clause.id] |= cases - {clause.id}
            graph[clause.id] |= about_members if clause.check == "own-answer" else set()
    return TopologicalSorter(graph).static_order()
