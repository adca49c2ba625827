"""Judges a batch of exchanges by the checks of a run: by these exchanges alone, in whichever process."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ...checks import CHECKS, exchange_check
from ...checks.deviation import Deviation
from ...checks.leaks import forget_exchanges
from ...checks.observations import Seen
from ...checks.outcomes import is_let_in
from ...checks.view import Known, View, document
from ...contract.model import Clause, Contract
from ...recording.recording import Recording
from ...recording.response import is_refusal, read
from ...target.target import Target
from ...transport.json_reader import member, strings
from ...transport.messages import Exchange, Request
from .batch_result import (
    AnswerFacts,
    BatchResult,
    CodeShown,
    handed_back,
    number_of,
    number_of_request,
)
from .entry import Loss
from .known_envelopes import KnownEnvelopes
from .own_answers import names_another
from .proof import ACROSS, BY_STATUS, NEVER, OF_LOAD, WITH_NEEDS, is_evidence
from .tally import ClauseTally
from .without_outcome import note_lost

Losses = Mapping[str, frozenset[Loss]]
_NO_BODY: frozenset[Loss] = frozenset({"answer-body", "answer-cut"})
_REFUSALS_CLEAN = "REJ-10"
_TOKEN = "/body/access_token"  # noqa: S105 - the place of a member
# What SUC-15 compares, of this account.
COMPARED, COMPARED_ACCOUNT = ("access_token", "device_id", "expire_date"), "main"
_OF_CODES = frozenset({"outcome", "outcome-of", "read-leniently"})
# A shorter text is no token (REJ-10).
SHORTEST_TOKEN = 12
# So many values are remembered to fit a schema or not: nearly every token is new.
_MOST_VALID = 20_000


@dataclass
class BatchJudge:
    """Judges exchanges batch by batch; nothing of one is known to the next but what fits which schema."""

    contract: Contract
    target: Target
    _known: Known = field(default_factory=Known)

    def __post_init__(self) -> None:
        """Know no envelope yet."""
        self._envelopes = KnownEnvelopes(self.contract)

    def view_of(self, exchanges: Sequence[Exchange]) -> View:
        """Return what checks see of some exchanges alone."""
        recording = Recording.to_judge(exchanges)
        if len(self._known.valid) > _MOST_VALID:
            self._known.valid.clear()
        known = Known(validators=self._known.validators, valid=self._known.valid)
        return View(
            self.contract,
            self.target,
            recording,
            exchange_check,
            (),
            known,
            is_case_one_request=False,
        )

    def judge(self, exchanges: Sequence[Exchange], losses: Losses) -> BatchResult:
        """Return what a batch shows."""
        whole = [one for one in exchanges if not losses[one.id] & _NO_BODY]
        view, places = self.view_of(whole), {one.id: at for at, one in enumerate(exchanges)}
        known, strange = self._envelopes.tell(view, whole)
        clauses, let_in, clean = {}, set(), set()
        in_codes: list[CodeShown] = []
        alike: dict[tuple[object, ...], Deviation] = {}
        for clause in self.contract.clauses.values():
            if clause.id in NEVER or clause.id in ACROSS or clause.id in OF_LOAD:
                continue
            tally, has_needs = ClauseTally(), clause.id in WITH_NEEDS
            skipped: frozenset[Exchange] = frozenset()
            if clause.id in self._envelopes.clauses:
                skipped = frozenset(known)
                telling = known
                if has_needs:
                    telling = [one for one in known if is_evidence(clause.id, one, losses[one.id])]
                tally.judged, tally.lacking = len(telling), len(known) - len(telling)
            pairs = list(self._pairs(view, clause, exchanges, skipped))
            note_lost(view, clause, tally, [*skipped, *(one for one, _ in pairs)])
            for exchange, deviation in pairs:
                if has_needs and not is_evidence(clause.id, exchange, losses[exchange.id]):
                    tally.lacking += 1
                    continue
                if deviation is not None and self._is_in_code(view, clause, exchange):
                    # Handed back once, however often it is shown.
                    shown = alike.setdefault(deviation.likeness, deviation)
                    in_codes.append(CodeShown(clause.id, shown, places[exchange.id]))
                    tally.add(exchange, None)
                    continue
                tally.add(exchange, deviation)
                if deviation is None and clause.id == _REFUSALS_CLEAN:
                    clean.add(exchange.id)
                if deviation is not None and is_let_in(view, exchange):
                    let_in.add(clause.id)
            clauses[clause.id] = handed_back(tally, places)
        owed = {one.id for one in view.owed}
        answers = [_facts(view, one, places[one.id], owed, clean) for one in whole]
        codes = Counter(code for one in whole if (code := read(one).result_code) is not None)
        result = BatchResult(
            clauses, answers, codes, frozenset(let_in), self._observed(view), tuple(in_codes)
        )
        self._envelopes.learn(view, strange)
        read.cache_clear()
        forget_exchanges()
        return result

    def _pairs(
        self,
        view: View,
        clause: Clause,
        exchanges: Sequence[Exchange],
        skipped: Collection[Exchange],
    ) -> Iterator[tuple[Exchange, Deviation | None]]:
        check = CHECKS[clause.check]
        if clause.id in BY_STATUS:
            seen = (one for one in exchanges if one not in skipped)
            yield from ((exchange, view.deviation(clause, exchange)) for exchange in seen)
        elif check.exchange is not None:
            answers = (one for one in view.answers if one not in skipped)
            seen = (one for one in answers if view.sees(clause, one))
            yield from ((exchange, view.deviation(clause, exchange)) for exchange in seen)
        elif check.recording is not None:
            found = check.recording(view, clause)
            yield from (row for row in found if view.sees(clause, row[0]))
        elif check.case is not None:
            for case in self.contract.cases_of(clause.id):
                found = check.case(view, clause, case)
                yield from (row for row in found if view.sees(clause, row[0]))

    def _is_in_code(self, view: View, clause: Clause, exchange: Exchange) -> bool:
        """Tell whether a clause deviates in the code of a refusal, which may be another one next time."""
        return clause.check in _OF_CODES and is_refusal(view.outcome(exchange))

    def _observed(self, view: View) -> dict[str, Seen]:
        found = {}
        for clause in self.contract.clauses.values():
            observation = CHECKS[clause.check].observation
            if observation is not None and clause.id not in NEVER:
                found[clause.id] = observation.seen(view, clause)
        return found


def _facts(
    view: View, exchange: Exchange, at: int, owed: Collection[str], clean: Collection[str]
) -> AnswerFacts:
    """Return what is to be known of an answer where others are looked at beside it."""
    result, request = view.outcome(exchange), exchange.request
    body = number_of(read(exchange).content)
    value = document(exchange)
    if is_refusal(result):
        asked = _number_of(request)
        if exchange.id not in clean:
            return AnswerFacts(at, result, body, request=asked)
        texts = tuple(number_of(one) for _, one in strings(value) if len(one) >= SHORTEST_TOKEN)
        return AnswerFacts(at, result, body, request=asked, is_clean=True, texts=texts)
    if exchange.id not in owed:
        asked = 0
        if result == "broken":
            asked = _number_of(request)
        return AnswerFacts(at, result, body, request=asked)
    token = member(value, _TOKEN)[1]
    text = token if isinstance(token, str) else ""
    values: tuple[int, ...] = ()
    if request.account == COMPARED_ACCOUNT:
        seen = (member(value, f"/body/{name}")[1] for name in COMPARED)
        values = tuple(number_of(repr(one)) for one in seen)
    number = number_of(text) if text else 0
    email, company = request.said("memb_email"), request.said("company")
    is_anothers = view.contract.is_of_load and names_another(value, email, company) is True
    return AnswerFacts(
        at,
        result,
        body,
        token=number,
        length=len(text),
        values=values,
        is_anothers=is_anothers,
    )


def _number_of(request: Request) -> int:
    form = request.header("Content-Type"), request.body, request.header("Transfer-Encoding")
    return number_of_request(request.target, *form)
