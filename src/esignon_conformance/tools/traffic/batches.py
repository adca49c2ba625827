"""Judges a batch of exchanges by the checks of a run, and counts what they show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ...checks import CHECKS, exchange_check
from ...checks.deviation import Deviation
from ...checks.leaks import forget_exchanges
from ...checks.view import Known, View
from ...contract.model import Clause, Contract
from ...recording.recording import Recording
from ...recording.response import read
from ...target.target import Target
from ...transport.messages import Exchange
from .across import Across
from .entry import Loss
from .observations import joined
from .proof import ACROSS, BY_STATUS, NEVER, OF_LOAD, WITH_NEEDS, is_evidence
from .tally import ClauseTally

Losses = Mapping[str, frozenset[Loss]]
_NO_BODY: frozenset[Loss] = frozenset({"answer-body", "answer-cut"})


@dataclass
class Batches:
    """Judges exchanges batch by batch; `valid` is what fits which schema, kept from one to the next."""

    contract: Contract
    target: Target
    tallies: Mapping[str, ClauseTally]
    across: Across
    codes: Counter[str]
    observed: dict[str, dict[str, Any]] = field(default_factory=dict)
    let_in: set[str] = field(default_factory=set)
    _known: Known = field(default_factory=Known)

    def view_of(self, exchanges: Sequence[Exchange]) -> View:
        """Return what checks see of some exchanges alone."""
        recording = Recording.to_judge(exchanges)
        known = Known(validators=self._known.validators, valid=self._known.valid)
        return View(self.contract, self.target, recording, exchange_check, (), known)

    def judge(self, exchanges: Sequence[Exchange], losses: Losses) -> None:
        """Judge a batch, and forget it but for what is kept as evidence."""
        whole = [one for one in exchanges if not losses[one.id] & _NO_BODY]
        view = self.view_of(whole)
        for clause in self.contract.clauses.values():
            if clause.id in NEVER or clause.id in ACROSS or clause.id in OF_LOAD:
                continue
            tally, has_needs = self.tallies[clause.id], clause.id in WITH_NEEDS
            for exchange, deviation in self._pairs(view, clause, exchanges):
                if has_needs and not is_evidence(clause.id, exchange, losses[exchange.id]):
                    tally.lacking += 1
                    continue
                tally.add(exchange, deviation)
                if deviation is not None and view.outcome(exchange) == "issued":
                    self.let_in.add(clause.id)
        for exchange in whole:
            code = read(exchange).result_code
            if code is not None:
                self.codes[code] += 1
            self.across.add(view, exchange)
        for exchange in view.owed:
            self.across.add_success(exchange)
        self._observe(view)
        read.cache_clear()
        forget_exchanges()

    def _pairs(
        self, view: View, clause: Clause, exchanges: Sequence[Exchange]
    ) -> Iterator[tuple[Exchange, Deviation | None]]:
        check = CHECKS[clause.check]
        if clause.id in BY_STATUS:
            yield from ((exchange, view.deviation(clause, exchange)) for exchange in exchanges)
        elif check.exchange is not None:
            seen = (one for one in view.answers if view.sees(clause, one))
            yield from ((exchange, view.deviation(clause, exchange)) for exchange in seen)
        elif check.recording is not None:
            found = check.recording(view, clause)
            yield from (row for row in found if view.sees(clause, row[0]))
        elif check.case is not None:
            for case in self.contract.cases_of(clause.id):
                found = check.case(view, clause, case)
                yield from (row for row in found if view.sees(clause, row[0]))

    def _observe(self, view: View) -> None:
        for clause in self.contract.clauses.values():
            observation = CHECKS[clause.check].observation
            if observation is None or clause.id in NEVER:
                continue
            found = observation(view, clause)
            before = self.observed.setdefault(clause.id, {})
            for name, value in found.items():
                before[name] = joined(before[name], value) if name in before else value
