"""What an injection that was let in breaks of other clauses, too: no tick stands beside it.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ..contract.model import Contract
from ..i18n.message import say
from .model import Finding, Verdict


def without_ticks_beside_injections(
    contract: Contract, verdicts: Iterable[Verdict]
) -> list[Verdict]:
    """Return verdicts, *not judged* in the place of *holds* for what an injection shows to be broken.

    `breaks_too` of a clause names the clauses whose promise its cases break in a form of their own: an
    operator as the password is an object that was taken for the password.
    """
    # SEC-2: "no empty, null, array, object or operator is taken for the right one"; REJ-8: "of another
    # JSON type: a documented failure code".  SEC-3 alone fails, and no tick says that neither came.
    found = list(verdicts)
    told: dict[str, tuple[str, str]] = {}
    for verdict in found:
        named = contract.clauses[verdict.clause].parameters.get("breaks_too", ())
        for base, case in _broken(contract, verdict.findings):
            if base in named:
                told.setdefault(base, (verdict.clause, case))
    return [
        replace(
            one,
            verdict="not-judged",
            reason=say("told-as-injection", clause=told[one.clause][0], case=told[one.clause][1]),
            exchanges=0,
            left_out={},
        )
        if one.verdict == "holds" and one.clause in told
        else one
        for one in found
    ]


def _broken(contract: Contract, findings: Iterable[Finding]) -> Iterator[tuple[str, str]]:
    """Yield each clause that a case of a finding breaks in another form, and that case."""
    for name in (case for finding in findings for case in finding.cases):
        case = contract.cases.get(name)
        while case is not None:
            yield from ((clause, name) for clause in case.breaks_too)
            case = contract.cases[case.builds_on] if case.builds_on else None
            if case is not None:
                yield case.clause, name
