"""A code that right logins get now and then, as a limiter's: of what others get of it one clause tells."""

from __future__ import annotations

from collections.abc import Mapping

from ...checks.steadiness import steady_clause
from ...contract.model import Contract
from ...i18n.message import Message
from .steadiness import UNSTEADY
from .tally import ClauseTally, Evidence

_OF_LOGINS = frozenset({"steady-success", "logins-succeed"})


def tell_once(contract: Contract, tallies: Mapping[str, ClauseTally]) -> Mapping[str, str]:
    """Take away what SUC-8 tells; return, by clause of which nothing is left to tell, the one that does.

    Such a clause says nothing any more: of the requests that got the code nobody knows what they are owed.
    """
    # SUC-8: who gives a code to right logins at times, as a limiter does, gives it to others, too.  That
    # is one fault.
    found: dict[str, str] = {}
    steady = steady_clause(contract)
    shown = tallies[steady].evidence.values() if steady else ()
    codes = {_code(one.deviation.got) for one in shown} - {""}
    for clause_id, tally in tallies.items() if codes else ():
        # REQ-1 tells of accounts that are never let in: they have no other times.
        is_of_logins = contract.clauses[clause_id].check in _OF_LOGINS
        if not is_of_logins and _take_away(tally, codes) and not tally.evidence:
            found[clause_id] = steady
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
    # A code that most requests of a kind get is no chance.
    return _code(deviation.got) in codes and evidence.count * 2 <= tally.judged


def _code(got: Message) -> str:
    return str(dict(got.words).get("code", "")) if got.key == "code" else ""


def _join_unsteady(tally: ClauseTally) -> None:
    """Make one finding of all requests that get codes in turn, whichever they are."""
    rows = [row for row in tally.evidence.items() if row[1].deviation.group.startswith(UNSTEADY)]
    for likeness, _ in rows:
        del tally.evidence[likeness]
    for _, evidence in sorted(rows, key=lambda row: row[1].first):
        tally.add_all(("", UNSTEADY), evidence)
