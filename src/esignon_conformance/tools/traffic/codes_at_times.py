"""A code that right logins get now and then, as a limiter's: of what others get of it one clause tells."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from ...checks.steadiness import RARE, steady_clause
from ...contract.model import Clause, Contract
from ...i18n.message import Message
from .steadiness import UNSTEADY
from .tally import ClauseTally, Evidence

_OF_CODES = frozenset({"outcome", "outcome-of", "read-leniently"})
_OF_LOGINS = frozenset({"steady-success", "logins-succeed"})


class Refused(NamedTuple):
    """By case how often each code came, and what part of the right logins was refused."""

    by_case: Mapping[str, Mapping[str, int]]
    share: float


def tell_once(
    contract: Contract,
    tallies: Mapping[str, ClauseTally],
    refused: Refused,
) -> Mapping[str, str]:
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
        clause = contract.clauses[clause_id]
        if clause.check in _OF_LOGINS:
            continue
        is_told = _take_away(tally, codes) and not tally.evidence
        if is_told or _is_held_by_chance(contract, clause, tally, refused, codes):
            found[clause_id] = steady
    for tally in tallies.values():
        _join_unsteady(tally)
    return found


def _is_held_by_chance(
    contract: Contract, clause: Clause, tally: ClauseTally, refused: Refused, codes: set[str]
) -> bool:
    """Tell whether all that a clause was judged by may have been refused by chance; then it is not."""
    # SUC-8: "where right logins come and go, a variant that failed says nothing": one login in three that
    # is refused by "10" says of a single wrong password that got "10" nothing.
    if clause.check not in _OF_CODES or not tally.judged or tally.evidence:
        return False
    own = contract.cases_of(clause.parameters.get("clause", clause.id))
    times = sum(refused.by_case.get(case.id, {}).get(code, 0) for case in own for code in codes)
    if times < tally.judged or refused.share**times <= RARE:
        return False
    tally.judged = 0
    return True


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
