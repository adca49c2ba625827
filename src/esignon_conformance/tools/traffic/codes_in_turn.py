"""Deviations in the code of a refusal, kept until it is known which requests get several codes in turn.

That may show in another batch than the one with the deviation, before it or after.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ...checks.deviation import Deviation
from ...checks.repeated import clause_of_turning_codes
from ...contract.model import Contract
from ...transport.messages import Exchange
from .batch_result import BatchResult
from .tally import MOST_KEPT, ClauseTally, Evidence

_Likeness = tuple[object, ...]


@dataclass
class _Row:
    """A deviation, how often each request shows it, by case, and the first exchanges."""

    deviation: Deviation
    counts: dict[str, Counter[int]] = field(default_factory=dict)
    kept: list[tuple[int, Exchange]] = field(default_factory=list)

    def add(self, request: int, exchange: Exchange, unsteady: Collection[int]) -> None:
        self.counts.setdefault(exchange.case, Counter())[request] += 1
        if len(self.kept) >= MOST_KEPT:
            self.kept = [one for one in self.kept if one[0] not in unsteady]
        if len(self.kept) < MOST_KEPT:
            self.kept.append((request, exchange))

    def among(self, unsteady: Collection[int]) -> int:
        """Return how many exchanges are to requests that are among some."""
        rows = (row for counts in self.counts.values() for row in counts.items())
        return sum(times for request, times in rows if request in unsteady)

    def evidence(self, unsteady: Collection[int]) -> Evidence:
        """Return what other requests show."""
        cases = [
            case
            for case, counts in self.counts.items()
            if any(request not in unsteady for request in counts)
        ]
        count = sum(counts.total() for counts in self.counts.values()) - self.among(unsteady)
        kept = [one for request, one in self.kept if request not in unsteady]
        # Where those of the others came too late to be kept, these show the same.
        kept = kept or [one for _, one in self.kept]
        return Evidence(self.deviation, dict.fromkeys(cases), count, kept)


class Handed(NamedTuple):
    """A deviation of a clause: how often each request shows it, by case, and some exchanges."""

    clause: str
    deviation: Deviation
    counts: Mapping[str, Mapping[int, int]]
    kept: Sequence[tuple[int, Exchange]]


@dataclass
class CodesInTurn:
    """Takes deviations in the codes of refusals; `unsteady` are the requests of which REJ-11 tells.

    `excused` are the clauses from which such a request deviates, once all is settled.
    """

    tallies: Mapping[str, ClauseTally]
    unsteady: Collection[int]
    excused: set[str] = field(default_factory=set)
    _rows: dict[str, dict[_Likeness, _Row]] = field(default_factory=dict)

    def add(self, exchanges: Sequence[Exchange], result: BatchResult) -> None:
        """Keep what the next batch shows."""
        if not result.in_codes:
            return
        requests = {one.at: one.request for one in result.answers}
        for shown in result.in_codes:
            rows = self._rows.setdefault(shown.clause, {})
            row = rows.setdefault(shown.deviation.likeness, _Row(shown.deviation))
            row.add(requests[shown.at], exchanges[shown.at], self.unsteady)

    def take(self, handed: Handed) -> None:
        """Keep what another process has handed on."""
        rows = self._rows.setdefault(handed.clause, {})
        row = rows.setdefault(handed.deviation.likeness, _Row(handed.deviation))
        for case, counts in handed.counts.items():
            row.counts.setdefault(case, Counter()).update(counts)
        row.kept += handed.kept[: MOST_KEPT - len(row.kept)]

    def hand_on(self) -> Iterator[Handed]:
        """Yield what is kept, for one that knows more, and keep it no longer."""
        for clause_id, rows in self._rows.items():
            for row in rows.values():
                yield Handed(clause_id, row.deviation, row.counts, row.kept)
        self._rows = {}

    def settle(self) -> None:
        """Tell of each clause what no other one tells: a fault is one failure."""
        # REJ-11: "the same bad request gets the same code each time".  A request that gets now one code
        # and now another one is told there.
        for clause_id, rows in self._rows.items():
            tally, unsteady = self.tallies[clause_id], self.unsteady
            excused = sum(row.among(unsteady) for row in rows.values())
            if excused >= tally.judged:
                # Without these there would be nothing to judge by.
                excused, unsteady = 0, frozenset()
            tally.judged -= excused
            if excused:
                self.excused.add(clause_id)
            for likeness, row in rows.items():
                evidence = row.evidence(unsteady)
                if evidence.count:
                    tally.add_all(likeness, evidence)
            tally.sort()
        self._rows.clear()


def told_in_turn(
    contract: Contract, told: Mapping[str, str], *found: CodesInTurn
) -> Mapping[str, str]:
    """Return, by clause that is told of by another one, which: `told`, and what deviates in turn.

    Where no other request deviates, such a clause is not judged: it does not hold each time.
    """
    in_turn = clause_of_turning_codes(contract)
    # What REJ-11 would tell may be told already: a limiter that right logins meet, too (SUC-8).
    clause_id = told.get(in_turn, in_turn)
    return {**{excused: clause_id for one in found for excused in one.excused}, **told}
