"""What says nothing where right logins differ: no tick stands beside the clause that tells of it.  Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from ..checks.steadiness import steady_clause
from ..contract.model import Clause, Contract
from ..i18n.message import say
from .model import Finding, Verdict

_OF_A_MEMBER = frozenset({"success-member", "success-equals", "success-date"})
_STRAY_BYTES = "stray-bytes"


def without_ticks_where_logins_differ(
    contract: Contract, verdicts: Iterable[Verdict]
) -> list[Verdict]:
    """Return verdicts, *not judged* in the place of *holds* for what only some right logins are.

    What builds on them was judged by the logins that are whole, and stays as it is.
    """
    # SUC-8: "fails where right logins differ: in outcome, or in having a member at all on some and not on
    # others, and REQ-1 and SUC-1 to SUC-5 then say nothing about it".
    found = list(verdicts)
    steady = next((one for one in found if one.clause == steady_clause(contract)), None)
    if steady is None or not steady.findings:
        return found
    reason = say("told-by", clause=steady.clause)
    return [
        replace(one, verdict="not-judged", reason=reason, exchanges=0, left_out={})
        if one.verdict == "holds" and _is_told(contract.clauses[one.clause], steady.findings)
        else one
        for one in found
    ]


def _is_told(clause: Clause, findings: Iterable[Finding]) -> bool:
    if clause.check == "logins-succeed":
        return any(not one.pointer and one.got.key != _STRAY_BYTES for one in findings)
    if clause.level != "must" or clause.check not in _OF_A_MEMBER:
        return False
    return any(one.pointer == clause.parameters["pointer"] for one in findings)
