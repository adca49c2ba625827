"""Tokens that one batch of a file issues and a refusal of another shows: REJ-10 across batches."""

from __future__ import annotations

from collections import deque
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field

from ...checks.deviation import Deviation
from ...checks.token_places import is_brought_cookie
from ...checks.view import document
from ...i18n.message import say
from ...transport.json_reader import strings
from ...transport.messages import Exchange
from .batch_result import AnswerFacts, number_of
from .batches import SHORTEST_TOKEN
from .tally import ClauseTally

Refusal = tuple[Exchange, AnswerFacts]
# Values of header fields in which no token stood are not looked through again.
_MOST_CLEAN = 20_000


@dataclass
class TokensShown:
    """Looks for known tokens in refusals in which their own batch shows none.

    `known` are the numbers of all tokens so far.  Exchanges that overlap stand near each other in a file,
    in whichever order: the refusals of the batch before are looked through again, for what came since;
    those of more batches where several processes hand on what they got (`look_back`).
    """

    tally: ClauseTally
    known: Container[int]
    _lengths: set[int] = field(default_factory=set)
    _before: deque[Sequence[Refusal]] = field(default_factory=lambda: deque(maxlen=1))
    _clean: set[str] = field(default_factory=set)

    def look_back(self, batches: int) -> None:
        """Look through the refusals of so many batches again."""
        self._before = deque(self._before, maxlen=batches)

    def add(self, exchanges: Sequence[Exchange], answers: Iterable[AnswerFacts]) -> None:
        """Look through the refusals of a batch, whose tokens are known by now, and of those before."""
        # Other tokens are known by now than when these values were looked through.
        self._clean.clear()
        clean = [(exchanges[one.at], one) for one in answers if one.is_clean]
        self._lengths.update(one.length for one in answers if one.length >= SHORTEST_TOKEN)
        before = [self._still_clean(rows) for rows in self._before]
        self._before.clear()
        self._before.extend([*before, self._still_clean(clean)])

    def _still_clean(self, rows: Iterable[Refusal]) -> Sequence[Refusal]:
        return [row for row in rows if not self._shows_token(*row)]

    def _shows_token(self, exchange: Exchange, answer: AnswerFacts) -> bool:
        # REJ-10: an answer with a failure code carries no non-empty `access_token`, wherever.
        # One that was issued in this run is a token under any name.
        pointer: str | None = None
        if any(one in self.known for one in answer.texts):
            texts = strings(document(exchange))
            pointer = next((at for at, one in texts if number_of(one) in self.known), None)
        elif exchange.answer is not None:
            fields = exchange.answer.headers
            pointer = next((one[0] for one in fields if self._is_given(exchange, *one)), None)
        if pointer is None:
            return False
        got = say("a-token-at", pointer=pointer)
        self.tally.add_evidence(exchange, Deviation(say("no-token"), got, group="token"))
        return True

    def _is_given(self, exchange: Exchange, name: str, value: str) -> bool:
        # A cookie that the request brought is set again where sessions are prolonged.
        return self._is_in(value) and not is_brought_cookie(exchange, name, value)

    def _is_in(self, value: str) -> bool:
        """Tell whether a token stands in the value of a field; most values come again and again."""
        if value in self._clean:
            return False
        for length in self._lengths:
            pieces = (value[at : at + length] for at in range(len(value) - length + 1))
            if any(number_of(piece) in self.known for piece in pieces):
                return True
        if len(self._clean) >= _MOST_CLEAN:
            self._clean.clear()
        self._clean.add(value)
        return False
