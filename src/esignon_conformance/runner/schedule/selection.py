"""Which cases a run sends within its limits: the least telling ones are left out first.  Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from ...contract.model import Case, Contract
from ...contract.skip_reason import Reason
from ...target.limits import Limits

# Returns the real accounts that a case sends a wrong password to.
WrongFor = Callable[[Case], Iterable[str]]
_ODD_TAGS = frozenset({"odd", "odd-path", "oversize"})


def by_telling(contract: Contract, cases: Iterable[Case]) -> list[Case]:
    """Return cases, the most telling first.

    Right logins come first, since everything builds on them; then what the contract calls essential,
    and one case of each kind that a clause names, without which it is not judged; then, clause by clause
    in turn, the plain cases, and those that build on another or are odd; draws last.  Clauses of level
    must come before the others.
    """
    found = list(cases)
    first = _first_of_kinds(contract, found)
    turns: Counter[tuple[str, int]] = Counter()
    ranked = []
    for case in sorted(found, key=lambda case: case.id not in first):
        tier = _FIRST_OF_KIND if case.id in first else _tier(case)
        place = (case.clause, _PLAIN if tier == _FIRST_OF_KIND else tier)
        turn = turns[place]
        turns[place] += 1
        is_must = contract.clauses[case.clause].level == "must"
        ranked.append(((tier, turn, not is_must), case))
    return [case for _, case in sorted(ranked, key=lambda row: row[0])]


_RIGHT, _ESSENTIAL, _FIRST_OF_KIND, _PLAIN, _ODD, _DRAWN = range(6)


def _tier(case: Case) -> int:
    if case.is_drawn:
        return _DRAWN
    if case.is_plain_right_login:
        return _RIGHT
    if case.essential:
        return _ESSENTIAL
    return _ODD if case.builds_on or case.tags & _ODD_TAGS else _PLAIN


def _first_of_kinds(contract: Contract, cases: Sequence[Case]) -> set[str]:
    """Return the plainest case of each clause and of each kind that it names, where none is essential."""
    by_clause: dict[str, list[Case]] = {}
    for case in sorted(cases, key=_tier):
        if not case.is_drawn:
            by_clause.setdefault(case.clause, []).append(case)
    first: set[str] = set()
    for name, own in by_clause.items():
        for tag in (*contract.clauses[name].parameters.get("kinds", ()), None):
            kind = [case for case in own if tag is None or case.tagged(tag)]
            told = {case.id for case in kind if _tier(case) <= _ESSENTIAL} | {
                case.id for case in kind if case.id in first
            }
            if kind and not told:
                first.add(kind[0].id)
    return first


def within_wrong_passwords(
    contract: Contract, cases: Sequence[Case], limits: Limits, wrong_for: WrongFor
) -> tuple[list[Case], dict[str, Reason]]:
    """Return the cases that are sent, repeated no more often than there is room, and why others are not.

    Each account is sent `limits.wrong_passwords` in the run: first every case once, then the repeats.
    """
    if limits.sends_wrong_passwords and limits.wrong_passwords is None:
        return list(cases), {}
    room = limits.wrong_passwords or 0 if limits.sends_wrong_passwords else 0
    accounts = {case.id: Counter(wrong_for(case)) for case in cases}
    order = [case for case in by_telling(contract, cases) if accounts[case.id]]
    granted: Counter[str] = Counter()
    spent: Counter[str] = Counter()
    for turn in range(max((case.repeat for case in order), default=0)):
        for case in order:
            wrong = accounts[case.id]
            fits = all(spent[name] + times <= room for name, times in wrong.items())
            if turn < case.repeat and fits:
                granted[case.id] += 1
                spent.update(wrong)
    lost = {
        case.id: Reason("wrong-passwords", next(iter(accounts[case.id])))
        for case in order
        if not granted[case.id]
    }
    kept = [
        replace(case, repeat=granted[case.id]) if accounts[case.id] else case
        for case in cases
        if case.id not in lost
    ]
    return kept, lost


def within_requests(
    contract: Contract,
    cases: Sequence[Case],
    limits: Limits,
    count: Callable[[Sequence[Case]], int],
) -> tuple[list[Case], dict[str, Reason]]:
    """Return the cases that fit the limit of requests, and why the others are not sent.

    `count` tells how many requests some cases come to, right logins between them counted.
    """
    most = limits.requests
    if most is None or count(cases) <= most:
        return list(cases), {}
    order = by_telling(contract, cases)
    fewest = sum(1 for case in order if case.is_plain_right_login)

    def first(number: int) -> list[Case]:
        names = {case.id for case in order[:number]}
        return [case for case in cases if case.id in names]

    fitting = bisect_right(range(len(order)), most, lo=fewest, key=lambda few: count(first(few)))
    kept = first(max(fewest, fitting - 1))
    names = {case.id for case in kept}
    return kept, {case.id: Reason("request-limit") for case in order if case.id not in names}


def without(
    cases: Sequence[Case], refused: Callable[[Case], Reason | None]
) -> tuple[list[Case], dict[str, Reason]]:
    """Return the cases that may be sent, and why the others are not."""
    reasons: Mapping[str, Reason | None] = {case.id: refused(case) for case in cases}
    lost = {name: reason for name, reason in reasons.items() if reason is not None}
    return [case for case in cases if case.id not in lost], lost
