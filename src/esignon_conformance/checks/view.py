"""What a check sees: the recording of a run, and which exchanges passed what it builds on."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ..contract.model import Case, Clause, Contract
from ..contract.waiver import Waiver
from ..i18n.message import Message, say
from ..recording.recording import Recording
from ..recording.response import NO_OUTCOME, Outcome, is_exempt, is_other_json, outcome, read
from ..target.target import Target
from ..transport.json_reader import member, word_bound, written
from ..transport.messages import Exchange
from .deviation import Deviation

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

ExchangeCheck = Callable[["View", Clause, Exchange], Deviation | None]
Judged = Iterable[tuple[Exchange, Deviation | None]]
_LONGEST_EXCERPT = 120
# Of a longer value it is not remembered whether it is valid: it would be kept as long as the run.
_LONGEST_KEPT = 1024


@dataclass
class Known:
    """What exchanges show each by itself, which is the same however often a run is judged."""

    outcomes: dict[Exchange, Outcome] = field(default_factory=dict)
    # By clause, since a pair as a key of each would take most of the memory.
    deviations: defaultdict[str, dict[Exchange, Deviation | None]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    passes: defaultdict[str, dict[Exchange, bool]] = field(
        default_factory=lambda: defaultdict(dict)
    )
    validators: dict[int, Validator] = field(default_factory=dict)
    valid: dict[tuple[int, bool, str], bool] = field(default_factory=dict)


@dataclass
class View:
    """The recording, read-only, with what has been judged so far.

    `failed` are the clauses that do not hold; `deviating` the cases that showed a deviation;
    `held_back` those that were not sent since they harm the target;
    `waivers` those in force; `known` is what single exchanges have been found to show.
    """

    contract: Contract
    target: Target
    recording: Recording
    exchange_check: Callable[[str], ExchangeCheck | None]
    waivers: Sequence[Waiver] = ()
    known: Known = field(default_factory=Known)
    failed: set[str] = field(default_factory=set)
    deviating: set[str] = field(default_factory=set)
    held_back: frozenset[str] = frozenset()
    observed: dict[str, Any] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Whether cases that deviate are still to be sent again, so that none of them is chance yet.
    is_to_repeat: bool = False
    # Whether the exchanges of a case are one request sent again; others' traffic has many of a kind.
    is_case_one_request: bool = True

    @cached_property
    def exchanges(self) -> Sequence[Exchange]:
        """Return every exchange whose answer is the target's word on the request."""
        return [exchange for exchange in self.recording.exchanges if not exchange.gave_up]

    def case(self, exchange: Exchange) -> Case:
        """Return the case that an exchange was sent for."""
        return self.contract.cases[exchange.case]

    def outcome(self, exchange: Exchange) -> Outcome:
        """Return the outcome of an exchange; *broken* too where it fails what an outcome needs."""
        found = self.known.outcomes.get(exchange)
        if found is None:
            found = outcome(exchange, self.case(exchange).tags, self.contract.codes)
            # "The outcome of an exchange needs ENV-3's `header`": a refusal has it where `body`
            # alone is of another type, as the empty array that PHP writes.
            if found not in NO_OUTCOME and not (
                self._has_code(exchange)
                or (found != "issued" and self._has_code_beside_odd_body(exchange))
            ):
                found = "broken"
            self.known.outcomes[exchange] = found
        return found

    def _has_code(self, exchange: Exchange) -> bool:
        """Tell whether an answer holds a code: a documented one, or one that the target declares."""
        if self.contract.codes.outcomes == "status":
            # Answers without codes: what is no JSON where the page shows JSON has no outcome either.
            return self.passes("ENV-1", exchange)
        if read(exchange).result_code in self.contract.codes.read_as:
            return self.sees(self.contract.clauses["ENV-5"], exchange)
        return self.passes("ENV-5", exchange)

    def _has_code_beside_odd_body(self, exchange: Exchange) -> bool:
        """Tell whether `body` is all that ENV-3 finds wrong with an answer, and its code is documented."""
        clauses = self.contract.clauses
        if not {"ENV-3", "ENV-5"} <= set(clauses) or not self.sees(clauses["ENV-3"], exchange):
            return False
        found = self.deviation(clauses["ENV-3"], exchange)
        is_body = found is not None and found.pointer == "/body"
        return is_body and self.deviation(clauses["ENV-5"], exchange) is None

    def is_documented_method(self, exchange: Exchange) -> bool:
        """Tell whether a request was sent with the method that the page documents."""
        return exchange.request.method == self.contract.operation.method

    @cached_property
    def answers(self) -> Sequence[Exchange]:
        """Return the exchanges whose answer has to be an envelope: documented method, not exempt."""
        codes = self.contract.codes
        return [
            exchange
            for exchange in self.exchanges
            if self.is_documented_method(exchange)
            and exchange.answer is not None
            and not is_exempt(exchange, self.case(exchange).tags, codes)
        ]

    @cached_property
    def logins(self) -> Sequence[Exchange]:
        """Return the plain right logins that did not overlap with others."""
        return [
            exchange
            for exchange in self.exchanges
            if exchange.role in ("login", "follow-up") and self.case(exchange).is_plain_right_login
        ]

    @cached_property
    def owed(self) -> Sequence[Exchange]:
        """Return the answers "00" to what had to succeed.

        That are right logins, what is `same_as` one, and what a clause allows no other outcome.
        """
        return [
            exchange
            for exchange in self.exchanges
            if exchange.role != "burst"
            and has_to_succeed(self.case(exchange), self.contract)
            and self.outcome(exchange) == "issued"
        ]

    @cached_property
    def owed_documents(self) -> Sequence[tuple[Exchange, Any]]:
        """Return the same with the JSON value of each."""
        return [(one, document(one)) for one in self.owed]

    @cached_property
    def usual_members(self) -> list[str]:
        """Return the documented members of `body` that every right login without overlap has."""
        schema = self.contract.schemas[f"{self.contract.operation.id}/success.json"]
        names = schema["properties"]["body"]["properties"]
        bodies = [document(one) for one in self.logins if self.outcome(one) == "issued"]
        pointers = [f"/body/{name}" for name in names]
        return [
            one for one in pointers if bodies and all(member(value, one)[0] for value in bodies)
        ]

    @cached_property
    def turns_all_away(self) -> bool:
        """Tell whether every right login was turned away by the HTTP layer."""
        return self.of_logins == {"turned-away"}

    @cached_property
    def of_logins(self) -> set[Outcome]:
        """Return what the plain right logins came to."""
        return {self.outcome(one) for one in self.logins}

    @cached_property
    def device_ids(self) -> dict[str, set[str]]:
        """Return the device ids that each account got in logins without overlap."""
        found: dict[str, set[str]] = {}
        for one in self.owed:
            value = member(document(one), "/body/device_id")[1]
            if isinstance(value, str) and value:
                found.setdefault(one.request.account, set()).add(value)
        return found

    def of_case(self, case_id: str) -> list[Exchange]:
        """Return the exchanges of a case itself."""
        return [one for one in self.recording.of_case(case_id) if not one.gave_up]

    def passes(self, clause_id: str, exchange: Exchange) -> bool:
        """Tell whether a clause about single exchanges, and all that it sees, hold on an exchange.

        One that the contract does not have is broken by nothing.
        """
        if clause_id not in self.contract.clauses:
            return True
        known = self.known.passes[clause_id]
        found = known.get(exchange)
        if found is None:
            clause = self.contract.clauses[clause_id]
            try:
                found = self.sees(clause, exchange) and self.deviation(clause, exchange) is None
            except Exception:  # noqa: BLE001 - the clause's own judgement meets it again, and tells it
                found = False
            known[exchange] = found
        return found

    def deviation(self, clause: Clause, exchange: Exchange) -> Deviation | None:
        """Return how an exchange deviates from a clause about single exchanges, None where not.

        The exchange has passed what the clause sees.
        """
        known = self.known.deviations[clause.id]
        if exchange not in known:
            check = self.exchange_check(clause.check)
            # Absence of a check is a clause that only the whole recording shows: it blocks nothing.
            known[exchange] = check(self, clause, exchange) if check else None
        return known[exchange]

    def sees(self, clause: Clause, exchange: Exchange) -> bool:
        """Tell whether an exchange passed what a clause builds on."""
        for clause_id in clause.sees:
            if not self.passes(clause_id, exchange):
                return False
        told_by = clause.parameters.get("other_json_told_by")
        return told_by is None or not is_other_json(exchange) or self.passes(told_by, exchange)

    def schema_of(self, schema: Any) -> Any:
        """Return a schema itself, or the one that a reference such as ``login/x.json#/a`` leads to."""
        if not isinstance(schema, str):
            return schema
        name, _, fragment = schema.partition("#")
        return member(self.contract.schemas[name], fragment)[1]

    def is_valid(self, schema: Any, value: Any) -> bool:
        """Tell whether a value fits a schema; remembered, since the same few values come again."""
        described = self.schema_of(schema)
        # The schemas are the contract's, which outlives this view, so that each is known by its place.
        is_text = isinstance(value, str)
        key = (id(described), is_text, value if is_text else json.dumps(value, sort_keys=True))
        found = self.known.valid.get(key)
        if found is None:
            if id(described) not in self.known.validators:
                self.known.validators[id(described)] = self.contract.validator.evolve(
                    schema=described
                )
            found = self.known.validators[id(described)].is_valid(value)
            if len(key[2]) <= _LONGEST_KEPT:
                self.known.valid[key] = found
        return found


def has_to_succeed(case: Case, contract: Contract) -> bool:
    """Tell whether a case is a right login, is `same_as` one, or may have no other outcome."""
    same_as = contract.cases.get(case.same_as or "")
    allowed = case.expect or contract.clauses[case.clause].parameters.get("outcomes", ())
    is_same = same_as is not None and same_as.is_plain_right_login
    return case.is_plain_right_login or is_same or tuple(allowed) == ("issued",)


def document(exchange: Exchange) -> Any:
    """Return the JSON value of an answer."""
    return read(exchange).text.value


def shown(value: Any) -> str:
    """Return a JSON value as a short text."""
    text = written(value)
    if len(text) <= _LONGEST_EXCERPT:
        return text
    end = word_bound(text, _LONGEST_EXCERPT - 1, 1)
    return text if end == len(text) else text[:end] + "…"


def got_value(value: Any) -> Message:
    """Return the message "got this value"; of a number that it is one, which the mask of a secret hides."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return say("value-number" if is_number else "value", value=shown(value))


def describe(schema: Any) -> Message:
    """Return what a schema asks for in words."""
    if "const" in schema:
        return say("value", value=shown(schema["const"]))
    if "oneOf" in schema:
        return say("one-of", values=", ".join(shown(one["const"]) for one in schema["oneOf"]))
    length = schema.get("minLength", 0)
    if length > 1:
        return say("string-of-length", length=length)
    if length:
        return say("non-empty-string")
    kind = schema.get("type", "any")
    return say(f"type-{kind if isinstance(kind, str) else 'any'}")
