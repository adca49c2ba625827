"""Adds up what batches show, in the order of the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ...checks.observations import Seen
from ...transport.messages import Exchange
from .across import Across
from .batch_result import BatchResult, taken_back
from .codes_in_turn import CodesInTurn
from .observations import joined
from .tally import ClauseTally

# Whether logins of one account get the same each time.
REPEATED = "SUC-15"


@dataclass
class BatchTallies:
    """What all batches so far have shown: by clause, across exchanges, and what was observed."""

    tallies: Mapping[str, ClauseTally]
    across: Across
    codes: Counter[str]
    let_in: set[str] = field(default_factory=set)
    _observed: dict[str, Seen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.in_codes = CodesInTurn(self.tallies, self.across.unsteady)

    def take(self, exchanges: Sequence[Exchange], result: BatchResult) -> None:
        """Add what the next batch shows."""
        for clause_id, judged in result.clauses.items():
            self.tallies[clause_id].take(taken_back(judged, exchanges))
        self.let_in |= result.let_in
        self.codes += result.codes
        self.across.add(exchanges, result.answers)
        self.in_codes.add(exchanges, result)
        for clause_id, found in result.observed.items():
            self._observed[clause_id] = joined(self._observed.get(clause_id, {}), found)

    def observed(self) -> Mapping[str, Seen]:
        """Return what was seen; what was the same in each batch may differ from one to the next."""
        repeated = self._observed.get(REPEATED)
        if not repeated:
            return self._observed
        return {**self._observed, REPEATED: {**repeated, **self.across.observed()}}
