"""A mock's statement beside that of the server it stands for: where it is kinder, and where stricter.

Kinder is a mock that takes what the server refuses: what a client does wrong shows only later, on the
server.  Stricter is one that refuses what the server takes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from ..contract.model import DRAW, DRAWN_CLAUSES, Clause, Codes, Level
from .statement_diff import ClauseOf, FindingOf, Statement

# What a clause promises about a request: that it is taken, or that it is refused.
Promise = Literal["taken", "refused"]
# Checks whose deviations are refusals of right requests; and those of a request that was taken or read.
_PROMISE_TAKEN = frozenset({"logins-succeed", "steady-success", "same-outcome"})
_TAKES = frozenset({"never-issues", "read-leniently"})
_OBSERVED = "observe-outcomes"
# The word for a success in what a clause allows and in what is observed.
_ISSUED = "issued"
# At these depths requests are drawn, from the frozen corpus or afresh.
_WITH_DRAWS = frozenset({"standard", "deep"})
_BY_OUTCOME = frozenset({"outcome", "outcome-of"})
_JUDGED = frozenset({"holds", "fails", "advisory", "waived"})
_KNOWN = _JUDGED | {"observed"}


@dataclass(frozen=True)
class Kindness:
    """A clause and its cases that one takes and the other refuses."""

    clause: str
    level: Level
    cases: tuple[str, ...]


@dataclass(frozen=True)
class Fidelity:
    """How a mock differs from the server it stands for.

    `otherwise` names clauses with different verdicts where neither takes what the other refuses.
    `not_compared` names those that one of the two runs did not judge, or by other cases: what is kinder
    there is not known.
    """

    kinder: tuple[Kindness, ...]
    stricter: tuple[Kindness, ...]
    otherwise: tuple[str, ...]
    not_compared: tuple[str, ...]

    @property
    def kinder_musts(self) -> int:
        """Return in how many must clauses the mock is kinder."""
        return sum(1 for one in self.kinder if one.level == "must")


@dataclass(frozen=True)
class _Side:
    """The cases that one run judged a clause by, and those of them that were taken."""

    judged: frozenset[str]
    taken: frozenset[str]


def fidelity(
    mock: Statement, server: Statement, clauses: Mapping[str, Clause], codes: Codes
) -> Fidelity:
    """Compare a mock with the server it stands for, clause by clause."""
    of_mock = {one.id: one for one in mock.clauses}
    of_server = {one.id: one for one in server.clauses}
    kinder, stricter = list[Kindness](), list[Kindness]()
    otherwise, not_compared = list[str](), list[str]()
    for name, clause in clauses.items():
        one, other = of_mock.get(name), of_server.get(name)
        if one is None or other is None:
            not_compared.append(name)
            continue
        first, second = _side(mock, clause, one, codes), _side(server, clause, other, codes)
        both = first.judged & second.judged
        more, fewer = first.taken & both - second.taken, second.taken & both - first.taken
        for cases, into in ((more, kinder), (fewer, stricter)):
            if cases:
                into.append(Kindness(name, clause.level, tuple(sorted(cases))))
        # Where one of the two was not judged, nobody knows that neither takes what the other refuses.
        is_half = one.verdict != other.verdict and not {one.verdict, other.verdict} <= _KNOWN
        if first.judged != second.judged or is_half:
            not_compared.append(name)
        elif not more and not fewer and one.verdict != other.verdict:
            otherwise.append(name)
    return Fidelity(tuple(kinder), tuple(stricter), tuple(otherwise), tuple(not_compared))


def promise_of(clause: Clause) -> Promise | None:
    """Return what a clause promises about a request, None where it is about the answer alone."""
    if clause.check in _PROMISE_TAKEN:
        return "taken"
    if clause.check in _TAKES:
        return "refused"
    if clause.check in _BY_OUTCOME:
        return "taken" if _ISSUED in clause.parameters["outcomes"] else "refused"
    return None


def _side(statement: Statement, clause: Clause, came_to: ClauseOf, codes: Codes) -> _Side:
    if clause.check == _OBSERVED:
        seen = came_to.observed or {}
        taken = {name for name, outcome in seen.items() if _ISSUED in outcome.split(", ")}
        return _Side(frozenset(seen), frozenset(taken))
    promise = promise_of(clause)
    if promise is None or came_to.verdict not in _JUDGED:
        return _Side(frozenset(), frozenset())
    left_out = {case for one in (*came_to.left_out, *statement.not_sent) for case in one.cases}
    found = {
        _named(case)
        for one in came_to.findings
        if promise == "taken" or _is_taken(clause, one, codes)
        for case in (*one.cases, one.case)
    }
    is_drawn = statement.depth in _WITH_DRAWS and clause.id in DRAWN_CLAUSES
    drawn = {DRAW} if is_drawn else set[str]()
    judged = ({*came_to.cases} - left_out) | found | drawn
    taken = judged - found if promise == "taken" else found
    return _Side(frozenset(judged), frozenset(taken))


def _is_taken(clause: Clause, finding: FindingOf, codes: Codes) -> bool:
    """Tell whether a deviation from being refused is that the request was taken, or at least read.

    A refusal with another code than promised is none.
    """
    return clause.check in _TAKES or f'"{codes.issued}"' in finding.got


def _named(case: str) -> str:
    """Return the name that a case has in both runs: what was drawn by chance is told as that alone."""
    return DRAW if case.startswith(f"{DRAW}-") else case
