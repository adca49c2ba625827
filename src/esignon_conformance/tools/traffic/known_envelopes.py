"""Answers whose envelope is, value by value, that of one which was judged already: nearly all are.

What the clauses of the envelope look at is the status, the media type, the members of `header` with their
values and the names of the others.  Where these are those of an answer without a deviation, there is none.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from ...checks.view import View
from ...contract.model import Clause, Contract
from ...recording.response import NO_OUTCOME, Outcome, read
from ...transport.messages import Exchange

# Checks of one exchange that look at nothing but what `_envelope_of` returns.
_CHECKS = frozenset(
    {"answered", "json-text", "media-type", "envelope", "member", "documented-members"}
)
_HEADER = "/header/"
# With a session id of its own in each answer no two are alike.
_MOST_KEPT = 4096


def _is_of_the_envelope(clause: Clause) -> bool:
    pointer = clause.parameters.get("pointer", _HEADER)
    return clause.check in _CHECKS and pointer.rpartition("/")[0] == _HEADER[:-1]


def clauses_of_the_envelope(contract: Contract) -> frozenset[str]:
    """Return the ids of the clauses that look at the envelope alone, and see no others."""
    if contract.codes.outcomes == "status":
        return frozenset()
    found = {one.id for one in contract.clauses.values() if _is_of_the_envelope(one)}
    while strange := {one for one in found if not found.issuperset(contract.clauses[one].sees)}:
        found -= strange
    return frozenset(found)


@dataclass
class KnownEnvelopes:
    """The envelopes in which no clause found a deviation, each with the outcome of the answer."""

    contract: Contract
    clauses: frozenset[str] = field(init=False)
    _outcomes: dict[Hashable, Outcome] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find the clauses."""
        self.clauses = clauses_of_the_envelope(self.contract)

    def tell(
        self, view: View, exchanges: Sequence[Exchange]
    ) -> tuple[list[Exchange], dict[Exchange, Hashable]]:
        """Let a view know what known envelopes show; return whose they are, and the others.

        The clauses have been judged by the former, and found no deviation.
        """
        known: list[Exchange] = []
        strange: dict[Exchange, Hashable] = {}
        for exchange in exchanges if self.clauses else ():
            envelope = _envelope_of(exchange)
            outcome = None if envelope is None else self._outcomes.get(envelope)
            if outcome is None:
                strange[exchange] = envelope
            else:
                known.append(exchange)
                view.known.outcomes[exchange] = outcome
        for clause_id in self.clauses:
            view.known.passes[clause_id].update(dict.fromkeys(known, True))
        return known, strange

    def learn(self, view: View, strange: Mapping[Exchange, Hashable]) -> None:
        """Keep the envelopes that were not known and have been judged without a deviation."""
        if len(self._outcomes) > _MOST_KEPT:
            self._outcomes.clear()
        for exchange, envelope in strange.items():
            outcome = view.outcome(exchange)
            if envelope is None or outcome in NO_OUTCOME:
                continue
            if all(view.passes(one, exchange) for one in self.clauses):
                self._outcomes[envelope] = outcome


def _envelope_of(exchange: Exchange) -> Hashable | None:
    """Return all that the clauses of the envelope look at, None where that is not told in short."""
    answer, reading = exchange.answer, read(exchange)
    value = reading.text.value
    if answer is None or answer.framing or answer.missing or exchange.fault is not None:
        return None
    if reading.coding_problem or not reading.text.is_whole or not isinstance(value, dict):
        return None
    header, body = value.get("header"), value.get("body")
    if not isinstance(header, dict) or not all(type(one) is str for one in header.values()):
        return None
    if body is not None and not isinstance(body, dict):
        return None
    return (
        answer.status,
        *answer.all_headers("Content-Type"),
        *(("names", *value), ("header", *header.items())),
        None if body is None else ("body", *body),
    )
