"""Which answers are the application's: those of what stands before it are set aside, as in a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from ...recording.answer_origin import is_from_between, is_gateways_error
from ...transport.delivery import GATEWAY_TRIES
from ...transport.messages import Exchange
from .cases import EXTRAS, OTHER_TYPE, RIGHT

_RIGHT = frozenset({RIGHT, EXTRAS, OTHER_TYPE})
# A longer row of such answers is an outage, whatever was asked.
_MOST_IN_A_ROW = 50
GATEWAY, BETWEEN = "gateway", "between"
Row = tuple[Exchange, str]


@dataclass
class AnswerStreaks:
    """Holds back the answers of one server that may come from something before it.

    "The unbroken tail of such answers is set aside"; so are those before the application has spoken, and
    a row of them in which a right login was turned away.  What is left of them is the application's.
    """

    has_spoken: bool = False
    held: list[Exchange] = field(default_factory=list)
    too_many: int = 0
    # Of a load run: those that are a gateway's however often they are sent.
    thrice: list[Exchange] = field(default_factory=list)

    def add(self, exchange: Exchange) -> Iterator[Row]:
        """Yield what is known by now of the exchanges so far, each with why it is set aside, if it is."""
        if is_gateways_error(exchange):
            if exchange.tries >= GATEWAY_TRIES:
                # "If it comes back", it was the application's: until then nobody knows.
                self.thrice.append(exchange)
            else:
                # Sent once more it might have been answered (ENV-10), and a file cannot send anything.
                yield exchange, GATEWAY
            return
        if is_from_between(exchange):
            if len(self.held) < _MOST_IN_A_ROW:
                self.held.append(exchange)
            else:
                self.too_many += 1
            return
        aside = not self.has_spoken or bool(self.too_many) or self._turned_a_right_login_away()
        yield from self._released(BETWEEN if aside else "")
        yield from ((one, "") for one in self.thrice)
        self.thrice.clear()
        self.has_spoken = True
        yield exchange, ""

    def end(self) -> Iterator[Row]:
        """Yield what is still held back."""
        yield from self._released(BETWEEN)
        yield from ((one, BETWEEN) for one in self.thrice)
        self.thrice.clear()

    def _released(self, aside: str) -> Iterator[Row]:
        yield from ((one, aside) for one in self.held)
        # Of these only the number is known: each is told as one like the last.
        yield from ((self.held[-1], aside) for _ in range(self.too_many))
        self.held, self.too_many = [], 0

    def _turned_a_right_login_away(self) -> bool:
        return any(one.case in _RIGHT for one in self.held)
