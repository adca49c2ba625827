"""Which cases a run sends within its limits: the least telling ones are left out first.  Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ...contract.model import Case, Contract
from ...contract.skip_reason import Reason
from ...target.limits import Limits
from ..requests.sent_where import case_before
from .sparing import kept_for_findings

# Returns the real accounts that a case sends a wrong password to.
WrongFor = Callable[[Case], Iterable[str]]
# So many cases that hang on each other in a row stand between two that were measured.
_DIRECTLY_AFTER = 1 / 16
_ODD_TAGS = frozenset({"odd", "odd-path", "oversize"})


def by_telling(contract: Contract, cases: Iterable[Case]) -> list[Case]:
    """Return cases, the most telling first.

    Right logins come first, since everything builds on them, and draws last.  Between them the order is
    the measured one of the contract, in which what a clause is not judged without comes first; a case
    that was not measured yet comes where the first of its clause and situation does.
    """
    found = list(cases)
    if not contract.order.cases:
        return _by_kind(contract, found)
    places = ranks(contract, found)
    return sorted(found, key=lambda case: places[case.id])


def ranks(contract: Contract, cases: Sequence[Case]) -> dict[str, float]:
    """Return the place of each case: the lower, the more telling."""
    measured = contract.order.ranks()
    if not measured:
        return {case.id: float(rank) for rank, case in enumerate(_by_kind(contract, cases))}
    of_kind: dict[tuple[str, str], int] = {}
    for name, rank in measured.items():
        if name in contract.cases:
            known = contract.cases[name]
            of_kind.setdefault((known.clause, known.situation), rank)
    last = float(len(measured))

    def place(case: Case) -> float:
        own, before = by_itself(case), contract.cases.get(case_before(case) or "")
        # Where a limit leaves out what it hangs on, it is left out as well.
        return own if before is None else max(own, place(before) + _DIRECTLY_AFTER)

    def by_itself(case: Case) -> float:
        if case.is_plain_right_login:
            return -1.0
        if case.is_drawn:
            return last + 1
        near = of_kind.get((case.clause, case.situation), last)
        return float(measured[case.id]) if case.id in measured else near + 0.5

    return {case.id: place(case) for case in cases}


def needed_to_judge(contract: Contract, cases: Sequence[Case]) -> frozenset[str]:
    """Return the cases that a clause is not judged without: essential ones, and one of each kind."""
    found = {case.id for case in cases if case.essential} | _first_of_kinds(contract, cases)
    plainest: dict[str, str] = {}
    # Where none is essential it is the plainest that has to be sent, as `too_little` judges.
    for case in sorted(cases, key=lambda case: bool(case.tags)):
        if not case.is_drawn:
            plainest.setdefault(case.clause, case.id)
    with_essential = {case.clause for case in cases if case.essential}
    return frozenset(found | {name for of, name in plainest.items() if of not in with_essential})


def _by_kind(contract: Contract, found: Sequence[Case]) -> list[Case]:
    """Return cases by what they are, where nothing was measured.

    Right logins come first; then what the contract calls essential, and one case of each kind that a
    clause names, without which it is not judged; then, clause by clause in turn, the plain cases, and
    those that build on another or are odd; draws last.  Clauses of level must come before the others.
    """
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


@dataclass(frozen=True)
class Room:
    """How many requests a run has, and the reason of what does not fit into them."""

    requests: int
    reason: Reason


def room_of(limits: Limits) -> Room | None:
    """Return how many requests a run may send and, at its pace, comes to in its time; None for no end."""
    most = limits.requests
    rate = limits.requests_per_second
    in_time = int(limits.max_time * rate) if rate else None
    if in_time is not None and (most is None or in_time < most):
        return Room(in_time, Reason("time-up"))
    return Room(most, Reason("request-limit")) if most is not None else None


@dataclass(frozen=True)
class Fitting:
    """The cases that are sent, whether they are sent sparingly, and why the others are not sent."""

    names: frozenset[str]
    is_sparing: bool = False
    lost: Mapping[str, Reason] = field(default_factory=dict)


def within_requests(
    contract: Contract,
    cases: Sequence[Case],
    room: Room | None,
    count: Callable[[Sequence[Case], bool], int],
    *,
    is_sparing: bool = False,
) -> Fitting:
    """Return the cases that fit the room of a run.

    `count` tells how many requests some cases come to, right logins between them counted, and sent
    sparingly or not.  Where not all fit, each is sent once, so that as many as can be are sent at all;
    and where not even so, the most telling are.  With `is_sparing` each is sent once in any case.
    Draws are sent as far as there is room when it is their turn.
    """
    every = frozenset(case.id for case in cases)
    if room is None:
        return Fitting(every, is_sparing)
    most = room.requests - kept_for_findings(room.requests)
    drawn = frozenset(case.id for case in cases if case.is_drawn)
    written = [case for case in cases if not case.is_drawn]
    if not is_sparing and count(written, False) <= most:
        return Fitting(every)
    all_of_them = count(written, True)
    if all_of_them <= most:
        return Fitting(every, is_sparing=True)
    order = by_telling(contract, written)
    fewest = sum(1 for case in order if case.is_plain_right_login)

    def first(number: int) -> list[Case]:
        names = {case.id for case in order[:number]}
        return [case for case in written if case.id in names]

    known = {len(order): all_of_them}
    fitting = most_that_fit(
        most, fewest, len(order), lambda few: known.get(few) or count(first(few), True)
    )
    kept = frozenset(case.id for case in first(fitting))
    lost = {case.id: room.reason for case in order if case.id not in kept}
    return Fitting(kept | drawn, is_sparing=True, lost=lost)


def most_that_fit(most: int, few: int, many: int, count: Callable[[int], int]) -> int:
    """Return the highest number, from `few` on and below `many`, whose count is no more than `most`.

    Counts grow about evenly and each takes its time: so the next one is made where it should be met.
    """
    least, greatest = count(few), count(many)
    while many - few > 1:
        near = few + (most - least) * (many - few) // max(1, greatest - least)
        guess = min(max(near, few + 1), many - 1)
        counted = count(guess)
        if counted <= most:
            few, least = guess, counted
        else:
            many, greatest = guess, counted
    return few


def without(
    cases: Sequence[Case], refused: Callable[[Case], Reason | None]
) -> tuple[list[Case], dict[str, Reason]]:
    """Return the cases that may be sent, and why the others are not."""
    reasons: Mapping[str, Reason | None] = {case.id: refused(case) for case in cases}
    lost = {name: reason for name, reason in reasons.items() if reason is not None}
    return [case for case in cases if case.id not in lost], lost
