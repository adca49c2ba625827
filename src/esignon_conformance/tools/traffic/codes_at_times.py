"""A code that right logins get now and then, as a limiter's: of what others get of it one clause tells."""

from __future__ import annotations

from collections.abc import Mapping

from ...contract.model import Contract
from ...i18n.message import Message
from .steadiness import UNSTEADY
from .tally import ClauseTally, Evidence

_STEADY = "steady-success"


def tell_once(contract: Contract, tallies: Mapping[str, ClauseTally]) -> Mapping[str, str]:
    """Take away what SUC-8 tells; return, by clause of which nothing is left to tell, the one that does.

    Such a clause says nothing any more: of the requests that got the code nobody knows what they are owed.
    """
    # SUC-8: who gives a code to right logins at times, as a limiter does, gives it to others, too.  That
    # is one fault.
    found: dict[str, str] = {}
    for steady in (one for one in contract.clauses.values() if one.check == _STEADY):
        codes = {_code(one.deviation.got) for one in tallies[steady.id].evidence.values()} - {""}
        for clause_id, tally in tallies.items() if codes else ():
            if clause_id != steady.id and _take_away(tally, codes) and not tally.evidence:
                found[clause_id] = steady.id
    for tally in tallies.values():
        _join_unsteady(tally)
    return found


def _take_away(tally: ClauseTally, codes: set[str]) -> bool:
    """Take away what comes of the codes; tell whether anything did."""
    taken = [likeness for likeness, one in tally.evidence.items() if _comes_of(one, codes, tally)]
    for likeness in taken:
        tally.judged -= tally.evidence.pop(likeness).count
    return bool(taken)


def _comes_of(evidence: Evidence, codes: set[str], tally: ClauseTally) -> bool:
    deviation = evidence.deviation
    if deviation.group.startswith(UNSTEADY):
        return len(set(deviation.group.split()[1:]) - codes) < 2
    # A code that all requests of a kind get is no chance.
    is_now_and_then = sum(one.count for one in tally.evidence.values()) < tally.judged
    return is_now_and_then and _code(deviation.got) in codes


def _code(got: Message) -> str:
    return str(dict(got.words).get("code", "")) if got.key == "code" else ""


def _join_unsteady(tally: ClauseTally) -> None:
    """Make one finding of all requests that get codes in turn, whichever they are."""
    rows = [row for row in tally.evidence.items() if row[1].deviation.group.startswith(UNSTEADY)]
    for likeness, _ in rows:
        del tally.evidence[likeness]
    for _, evidence in sorted(rows, key=lambda row: row[1].first):
        tally.add_all(("", UNSTEADY), evidence)
