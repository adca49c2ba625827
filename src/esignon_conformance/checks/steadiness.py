"""What right logins that come and go say of the answers to other requests."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from ..contract.model import Contract
from ..recording.response import is_refusal
from ..transport.messages import Exchange
from .success import by_account
from .view import View

_AT_TIMES, _BETWEEN = "codes at times", "between refused right logins"
_SHARES, _BEFORE = "shares of codes", "situations before"
# A situation is sent so often where a code might come by chance.
_OFTEN = 3
# What would come by chance more often than this is no word on a request.
RARE = 0.1


def steady_clause(contract: Contract) -> str:
    """Return the clause that tells where right logins come and go, empty where there is none."""
    found = (one.id for one in contract.clauses.values() if one.check == "steady-success")
    return next(found, "")


def codes_at_times(view: View) -> frozenset[str]:
    """Return the codes that right logins of an account got which was let in at other times.

    There are none where the contract has no clause that tells of it.
    """
    if _AT_TIMES not in view.observed:
        found: set[str] = set()
        for exchanges in by_account(view).values() if steady_clause(view.contract) else ():
            results = {view.outcome(one) for one in exchanges}
            found |= {one for one in results if "issued" in results and is_refusal(one)}
        view.observed[_AT_TIMES] = frozenset(found)
    result: frozenset[str] = view.observed[_AT_TIMES]
    return result


def is_by_chance(view: View, rows: Sequence[tuple[Exchange, str]]) -> bool:
    """Tell whether right logins, too, would now and then get what a request got so many times.

    `rows` are the exchanges of one request with their outcomes: where these differ, they are no single
    chance.
    """
    # SUC-8: "where right logins come and go, a variant that failed says nothing", nor does a bad request
    # that was refused by a code which one in three right logins gets.
    # Of others' traffic the exchanges of a case are no one request, and a view of them is a part of a file.
    if not view.is_case_one_request or len({result for _, result in rows}) != 1:
        return False
    if rows[0][1] not in codes_at_times(view):
        return False
    before = _situations_before(view)
    return math.prod(_share(view, result, before[one.id]) for one, result in rows) > RARE


def _share(view: View, code: str, before: str) -> float:
    """Return what part of the right logins got a code: of all, or of those after a situation, if more.

    What a request leaves behind, as a broken transaction on a connection of a pool, the next one gets.
    """
    if _SHARES not in view.observed:
        situations = _situations_before(view)
        rows = [(view.outcome(one), situations[one.id]) for one in view.logins]
        view.observed[_SHARES] = Counter(rows), Counter(result for result, _ in rows)
    came, in_all = view.observed[_SHARES]
    after = {result: times for (result, situation), times in came.items() if situation == before}
    return max(_part(after, code), _part(in_all, code))


def _part(counts: Mapping[str, int], code: str) -> float:
    return counts.get(code, 0) / (sum(counts.values()) or 1)


def _situations_before(view: View) -> Mapping[str, str]:
    """Return by exchange the situation of the one before it."""
    if _BEFORE not in view.observed:
        situations = ("", *(one.situation for one in view.exchanges))
        rows = zip(view.exchanges, situations, strict=False)
        view.observed[_BEFORE] = {one.id: situation for one, situation in rows}
    before: Mapping[str, str] = view.observed[_BEFORE]
    return before


def between_refused_logins(view: View) -> frozenset[str]:
    """Return the exchanges that got a code which the right logins before and after them got, too.

    Such an answer says nothing of its request: who answers so, as a server in maintenance or beyond a
    limit, answers all alike.
    """
    if _BETWEEN not in view.observed:
        view.observed[_BETWEEN] = frozenset(_between(view, codes_at_times(view)))
    result: frozenset[str] = view.observed[_BETWEEN]
    return result


def _between(view: View, codes: frozenset[str]) -> Iterator[str]:
    logins = {one.id for one in view.logins} if codes else set()
    last, waiting = "", list[str]()
    for exchange in view.exchanges if codes else ():
        result = view.outcome(exchange)
        if exchange.id in logins:
            if result == last:
                yield from waiting
            last, waiting = result if result in codes else "", []
        elif last and result == last:
            waiting.append(exchange.id)
    yield from waiting


def clause_of_chance(view: View, result: str, times: int) -> str:
    """Return the clause that tells of an answer such as right logins get at times, empty for any other.

    `times` is how many answers there are to a request: what is the same thrice is no chance.
    """
    # SUC-8: "where right logins come and go, a variant that failed says nothing".
    is_chance = times < _OFTEN and not view.is_to_repeat and result in codes_at_times(view)
    return steady_clause(view.contract) if is_chance else ""
