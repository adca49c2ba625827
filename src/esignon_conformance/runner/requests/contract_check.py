"""What no JSON Schema can say of the contract's data: that its parts fit together."""

from __future__ import annotations

import functools
from collections.abc import Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import jsonpatch

from ... import resources
from ...checks import CHECKS, looks_at, needs_cases
from ...contract import loading
from ...contract.bindings import equalities
from ...contract.facts_record import from_data
from ...contract.model import Case, Clause, Contract
from ...contract.yaml_document import Document, Problem
from ...redaction.secret import Secret
from ...target.target import Account, Target
from .builder import MissingAccount, build
from .company_let_in import login_before
from .other_characters import NotApplicable
from .sent_where import case_before

# Every kind of account, so that each case can be built without a target. Nobody's credentials.
_TRIAL = Target(
    base_url="http://127.0.0.1:1",
    kind="server",
    accounts={
        "main": Account("trial1", Secret("a.main@trial.invalid"), Secret("Trial-Pass!01")),
        "second": Account("trial1", Secret("b.second@trial.invalid"), Secret("Trial-Pass!02")),
        "other": Account("trial2", Secret("c.other@trial.invalid"), Secret("Trial-Pass!03")),
        "blocked": Account("trial3", Secret("d.blocked@trial.invalid"), Secret("Trial-Pass!04")),
        "made-up": Account("trial1", Secret("e.nobody@trial.invalid"), Secret("Trial-Pass!05")),
    },
    unknown_company="trial4",
)


def load(
    root: Path | None = None, operation: str = "login", seen: loading.Seen | None = None
) -> Contract:
    """Read, check and cross-check the contract of one operation, as `loading.load` does."""
    if root is None and seen is None:
        return _shipped(resources.data_root(), operation)
    return loading.load(root, operation, cross_check, seen)


@functools.cache
def _shipped(root: Path, operation: str) -> Contract:
    """Return a contract of the suite itself: a process reads it once, since nothing writes it meanwhile."""
    return loading.load(root, operation, cross_check)


def note_checked(root: Path, operation: str) -> Path:
    """Check a contract, note beside it that it was found right, and return that file."""
    return loading.note_checked(root, operation, cross_check)


def cross_check(
    contract: Contract,
    clauses_file: Document,
    facts_file: Document,
    places_of: Mapping[str, tuple[Document, int]],
) -> list[Problem]:
    """Return every problem that the parts of the contract have with each other."""
    problems: list[Problem] = []
    listed = [entry["id"] for entry in clauses_file.value["clauses"]]
    for clause_id, clause in contract.clauses.items():
        at = ("clauses", listed.index(clause_id))
        if clause.check not in CHECKS:
            problems.append(clauses_file.problem(f"{clause_id}: no check {clause.check!r}", at))
        elif needs_cases(clause) and not contract.cases_of(clause_id):
            message = f"{clause_id}: nothing judges it, since no case names it"
            problems.append(clauses_file.problem(message, at))
        problems += [
            clauses_file.problem(f"{clause_id}: no clause {other!r}", at)
            for other in _named_clauses(clause)
            if other not in contract.clauses
        ]
        problems += [
            clauses_file.problem(f"{clause_id}: no case {other!r}", at)
            for other in clause.parameters.get("cases", ())
            if other not in contract.cases
        ]
    for index, clause_id in enumerate(listed):
        if clause_id in listed[:index]:
            message = f"the clause id {clause_id} stands twice"
            problems.append(clauses_file.problem(message, ("clauses", index)))
    problems += _page_problems(contract, clauses_file, facts_file)
    circle = _circle(contract)
    if circle:
        message = f"{circle[0]}: builds on itself, by way of {', '.join(circle[1:])}"
        problems.append(clauses_file.problem(message, ("clauses", listed.index(circle[0]))))
    for case_id, (file, index) in places_of.items():
        problems += [
            file.problem(f"case {case_id}: {message}", ("cases", index))
            for message in problems_of(contract.cases[case_id], contract)
        ]
    return problems


def _page_problems(
    contract: Contract, clauses_file: Document, facts_file: Document
) -> Iterator[Problem]:
    """Yield where the clauses are not of the recorded page, or of other equalities than it binds."""
    if facts_file.value["page"].get("edition") != contract.edition:
        message = f"the clauses are of the edition {contract.edition}, and the recorded page is not"
        yield clauses_file.problem(message, ("edition",))
    promised = {(one.pointer, one.equals) for one in equalities(from_data(facts_file.value))}
    listed = [entry["id"] for entry in clauses_file.value["clauses"]]
    judged = {}
    for clause in contract.clauses.values():
        if clause.check == "success-equals":
            pair = (clause.parameters.get("pointer", ""), clause.parameters.get("equals", ""))
            judged[pair] = ("clauses", listed.index(clause.id))
    for pointer, place in sorted(promised - set(judged)):
        message = f"the page binds {pointer} to {place}, and no clause says so"
        yield facts_file.problem(message, ("bindings",))
    for pair in sorted(set(judged) - promised):
        message = f"the page does not bind {pair[0]} to {pair[1]}"
        yield clauses_file.problem(message, judged[pair])


def _named_clauses(clause: Clause) -> Iterator[str]:
    """Yield the clauses that a clause names: what it builds on, and what its check looks at."""
    yield from (*clause.depends_on, *clause.sees)
    yield from clause.parameters.get("let_in_by", {}).values()
    yield from clause.parameters.get("breaks_too", ())
    for name in ("clause", "refused_by"):
        if name in clause.parameters:
            yield clause.parameters[name]


def _circle(contract: Contract) -> list[str]:
    """Return clauses of which each builds on the one before and the first on the last; [] if none."""
    graph = {
        clause.id: {one for one in _named_clauses(clause) if one in contract.clauses}
        for clause in contract.clauses.values()
    }
    for case in contract.cases.values():
        other = contract.cases.get(case.builds_on or "")
        if other is not None and other.clause != case.clause and case.clause in graph:
            graph[case.clause].add(other.clause)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found: list[str] = error.args[1]
        return found
    return []


def problems_of(case: Case, contract: Contract) -> Iterator[str]:
    """Yield what is wrong with a case, by itself and beside the others."""
    if case.clause not in contract.clauses:
        yield f"there is no clause {case.clause!r}"
        return
    clause = contract.clauses[case.clause]
    if clause.check in CHECKS and not looks_at(clause, case, contract):
        yield (
            f"the check {clause.check!r} of {clause.id} never looks at it, since it may be refused: "
            "say `same_as` with a plain right login, or `expect: [issued]`"
        )
    outcomes = {"issued", "refused", "turned-away"} | contract.codes.refused
    known = ", ".join(sorted(outcomes))
    yield from (f"{one!r} is not one of {known}" for one in case.expect if one not in outcomes)
    came_to = set(case.where.get("came_to", ())) - outcomes - {"broken"}
    yield from (f"{one!r} is not broken, nor one of {known}" for one in sorted(came_to))
    yield from _named_problems(case, clause, contract)
    yield from _sharing_problems(case, contract)
    try:
        build(case, contract, _TRIAL, lambda _secret, _name: None)
    except jsonpatch.JsonPatchException as error:
        yield f"the patch does not apply: {error}"
    except jsonpatch.JsonPointerException as error:
        yield f"the patch does not apply: {error}"
    except (ValueError, LookupError, TypeError) as error:
        yield f"the request cannot be made: {error}"
    except NotApplicable:
        pass  # A made-up password need not have every character that a derivation asks for.
    except MissingAccount as error:
        yield f"there is no account or company {error.name!r}"


def _named_problems(case: Case, clause: Clause, contract: Contract) -> Iterator[str]:
    """Yield what a case names that is not there, or is not told of by its clause."""
    named = [case.same_as, case.builds_on, case.in_form_of, case.follows]
    named += [case_before(case), login_before(case)]
    named += [*case.told_with, *case.burst.get("mix", ()), *case.shares]
    for other in named:
        if other is not None and other not in contract.cases:
            yield f"there is no case {other!r}"
    before = contract.cases.get(case.follows or "")
    if before is not None and before.account != "made-up":
        yield f"it follows {before.id!r}, which names an account: nothing guards that one"
    told = clause.parameters.get("breaks_too", ())
    for other in case.breaks_too:
        if other not in told:
            yield f"it breaks {other!r}, too, which {clause.id} does not name under `breaks_too`"


def _sharing_problems(case: Case, contract: Contract) -> Iterator[str]:
    for other in case.shares:
        part = contract.cases.get(other)
        if part is not None and (part.account, part.situation) != (case.account, case.situation):
            yield f"it shares with {other!r}, which is sent with another account or in another situation"
