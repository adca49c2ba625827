"""Cases that are set aside, since what they build on was let in, and whose finding they join.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from ..checks.outcomes import is_let_in
from ..checks.view import View
from ..contract.model import Case, Clause, Contract
from ..recording.response import is_refusal
from ..transport.messages import Exchange
from .model import Verdict

# Stands for every case of a clause where `let_in_by` names the tag or the situation of some.
ANY = "*"
_EMAIL = "/body/memb_email"
# Members of a case that make a company of the right one, or an email of an account's.
_MADE_OF = frozenset({"prefix", "suffix", "as"})


@dataclass(frozen=True)
class Joined:
    """An exchange that deviates for the same reason as another case: `base`, which was let in."""

    base: Case
    exchange: Exchange


def base_of(view: View, clause: Clause, case: Case) -> Case | None:
    """Return the case for whose sake a case is set aside; None where it has a word of its own.

    That is a plain case of the field that it varies (`let_in_by` names its clause), a right login that
    was refused as the case was (`refused_by`), the first of the cases that it builds on, where that
    one was let in, or was not sent for the target's sake, or the case that it is told with.
    """
    # "SEC-2, SEC-3, SEC-6 are blocked only where a plainly wrong password, a plain unknown email or an
    # unknown company was let in (then every near miss would be, too), not where it was refused with
    # another code than the page's."
    for tag, clause_id in let_in_by(clause).items():
        if tag in (ANY, case.situation) or case.tagged(tag):
            plain = plain_case_let_in(view, clause_id, beside_near=is_near(case))
            if plain is not None:
                return plain
    if is_refused_as_right_logins_are(view, clause, case):
        own = view.contract.cases_of(clause.parameters["refused_by"])
        refused = next((one for one in own if was_refused(view, one)), None)
        if refused is not None:
            return refused
    found, name = None, case.builds_on
    while name is not None:
        base = view.contract.cases[name]
        if base.id in view.held_back or was_let_in(view, base):
            found = base
        name = base.builds_on
    # What tells of the case that it builds on tells of both.
    return _told_with(view, found or case) or found


def _told_with(view: View, case: Case) -> Case | None:
    """Return the case of another clause whose fault lets a case in, too, where that one was let in.

    It tells of both, unless it is itself set aside for the sake of another clause.
    """
    for told in (view.contract.cases[name] for name in case.told_with):
        if was_let_in(view, told):
            base = base_of(view, view.contract.clauses[told.clause], told)
            if base is None or base.clause == told.clause:
                return told
    return None


def is_refused_as_right_logins_are(view: View, clause: Clause, case: Case) -> bool:
    """Tell whether a case and every right login were refused by one and the same code."""
    # "Vary one thing and keep the rest right": what refuses every right login by a code is not known to
    # have looked at what the case varies, where it gives the case that code, too.
    if "refused_by" not in clause.parameters:
        return False
    of_case = {view.outcome(one) for one in view.of_case(case.id)}
    return of_case == view.of_logins and len(of_case) == 1 and all(map(is_refusal, of_case))


def bases_of(contract: Contract, clause: Clause) -> set[str]:
    """Return the clauses whose cases may set those of a clause aside, or tell what these would tell."""
    found = {*let_in_by(clause).values()}
    if "refused_by" in clause.parameters:
        found.add(clause.parameters["refused_by"])
    told_by = (
        clause.parameters.get(f"told_by_{name}") for name in ("form", "reason", "account", "turns")
    )
    found.update(one for one in told_by if one)
    for case in contract.cases_of(clause.id):
        name = case.builds_on
        while name is not None:
            found.add(contract.cases[name].clause)
            name = contract.cases[name].builds_on
    return found - {clause.id}


def let_in_by(clause: Clause) -> Mapping[str, str]:
    """Return by tag or situation, or for `ANY` case, the clause whose plain cases must not be let in."""
    found: Mapping[str, str] = clause.parameters.get("let_in_by", {})
    return found


def plain_case_let_in(view: View, clause_id: str, *, beside_near: bool = False) -> Case | None:
    """Return the first plain case of a clause that was let in; of near ones `beside_near` alone."""
    # "The grave is not hidden by the slight": who is blind to accents, or to a plus tag, takes the right
    # company or email in another spelling, and nothing that is far from it for its sake.
    plain = (case for case in view.contract.cases_of(clause_id) if case.is_plain)
    far = (case for case in plain if beside_near or not is_near(case))
    return next((case for case in far if was_let_in(view, case)), None)


def is_near(case: Case) -> bool:
    """Tell whether its email or its company is made of the right one, as with a letter after it."""
    made = [one.get("secret", {}) for one in case.patch if one.get("path") == _EMAIL]
    made += [case.company] if isinstance(case.company, Mapping) else []
    return any(not _MADE_OF.isdisjoint(one) for one in made)


def was_let_in(view: View, case: Case) -> bool:
    """Tell whether a case came to "00" at least once."""
    return any(is_let_in(view, one) for one in view.of_case(case.id))


def was_refused(view: View, case: Case) -> bool:
    """Tell whether a case came to a failure code at least once."""
    return any(is_refusal(view.outcome(one)) for one in view.of_case(case.id))


def joined_to(verdicts: Mapping[str, Verdict], joined: Iterable[Joined]) -> dict[str, Verdict]:
    """Return the verdicts in which the finding of each base names what deviates for its sake, too."""
    # "A case that was set aside and deviates all the same joins the finding of what it builds on".
    found = dict(verdicts)
    for one in joined:
        verdict = found.get(one.base.clause)
        if verdict is None:
            continue
        for at, finding in enumerate(verdict.findings):
            if one.base.id in finding.cases:
                cases = tuple(dict.fromkeys((*finding.cases, one.exchange.case)))
                shown_by = tuple(dict.fromkeys((*finding.exchanges, one.exchange.id)))
                longer = replace(finding, cases=cases, exchanges=shown_by)
                findings = (*verdict.findings[:at], longer, *verdict.findings[at + 1 :])
                found[one.base.clause] = replace(verdict, findings=findings)
                break
    return found
