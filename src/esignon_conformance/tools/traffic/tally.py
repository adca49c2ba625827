"""Counts what exchanges show of the clauses, and keeps of each finding the first ones as evidence."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from ...checks.deviation import Deviation
from ...transport.messages import Exchange

# So many exchanges are kept of each finding, and of the file where they are no evidence of one.
MOST_KEPT = 10


@dataclass
class Evidence:
    """A deviation, how many exchanges show it, and the first of them."""

    deviation: Deviation
    cases: dict[str, None] = field(default_factory=dict)
    count: int = 0
    kept: list[Exchange] = field(default_factory=list)

    @property
    def first(self) -> float:
        """Return the number of the first exchange; where none is kept it comes after all others."""
        return int(self.kept[0].id[1:]) if self.kept else math.inf

    def add(self, exchange: Exchange) -> None:
        """Count an exchange, and keep it where it is one of the first."""
        self.count += 1
        self.cases[exchange.case] = None
        if len(self.kept) < MOST_KEPT:
            self.kept.append(exchange)


@dataclass
class ClauseTally:
    """What a clause was judged by: how many exchanges, and the evidence by what is alike."""

    judged: int = 0
    # Exchanges that it would have looked at, had the file kept what it needs.
    lacking: int = 0
    # Exchanges that came to nothing that it judges, as HTTP 500 in the place of a refusal, by their kind;
    # and the kinds of those that it was judged by.
    lost: Counter[str] = field(default_factory=Counter)
    heard: set[str] = field(default_factory=set)
    # Whether one of the answers of which it says "every" came to nothing.
    is_of_every: bool = False
    evidence: dict[tuple[object, ...], Evidence] = field(default_factory=dict)

    def add(self, exchange: Exchange, deviation: Deviation | None) -> None:
        """Count an exchange that a clause was judged by."""
        self.judged += 1
        if deviation is not None:
            self.add_evidence(exchange, deviation)

    def add_evidence(self, exchange: Exchange, deviation: Deviation) -> None:
        """Keep what an exchange shows that is counted already."""
        self.evidence.setdefault(deviation.likeness, Evidence(deviation)).add(exchange)

    def take(self, other: ClauseTally) -> None:
        """Add what another tally of the same clause has counted."""
        self.judged += other.judged
        self.lacking += other.lacking
        self.lost += other.lost
        self.heard |= other.heard
        for likeness, evidence in other.evidence.items():
            self.add_all(likeness, evidence)

    def add_all(self, likeness: tuple[object, ...], evidence: Evidence) -> None:
        """Add what exchanges show that are counted already."""
        found = self.evidence.setdefault(likeness, Evidence(evidence.deviation))
        found.count += evidence.count
        found.cases |= evidence.cases
        found.kept += evidence.kept[: MOST_KEPT - len(found.kept)]

    def sort(self) -> None:
        """Bring the evidence into the order of the exchanges."""
        self.evidence = dict(sorted(self.evidence.items(), key=lambda row: row[1].first))

    def exchanges(self) -> Iterator[Exchange]:
        """Yield the exchanges that are kept as evidence."""
        for one in self.evidence.values():
            yield from one.kept
