"""Which cases a run sends within its limits: the least telling ones are left out first.  Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace

from .contract.model import Case, Contract
from .limits import Limits
from .recording import Reason

# Returns the real accounts that a case sends a wrong password to.
WrongFor = Callable[[Case], Iterable[str]]
_ODD_TAGS = frozenset({"odd", "odd-path", "oversize"})


def by_telling(contract: Contract, cases: Iterable[Case]) -> list[Case]:
    """Return cases, the most telling first.

    Right logins come first, since everything builds on them; then what the contract calls essential;
    then, clause by clause in turn, the plain cases, and those that build on another or are odd; draws
    last.  Clauses of level must come before the others.
    """
    turns: Counter[tuple[str, int]] = Counter()
    ranked = []
    for case in cases:
        tier = _tier(case)
        turn = turns[case.clause, tier]
        turns[case.clause, tier] += 1
        is_must = contract.clauses[case.clause].level == "must"
        ranked.append(((tier, turn, not is_must), case))
    return [case for _, case in sorted(ranked, key=lambda row: row[0])]


def _tier(case: Case) -> int:
    if case.is_drawn:
        return 4
    if case.is_plain_right_login:
        return 0
    if case.essential:
        return 1
    return 3 if case.builds_on or case.tags & _ODD_TAGS else 2


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
