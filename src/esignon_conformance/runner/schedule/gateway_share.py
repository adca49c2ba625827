"""How often a gateway's error comes to single requests, and how often to those that go out at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ...recording.answer_origin import is_gateways_error
from ...transport.messages import Exchange

# A share of errors that is at most so many times another is about as large: a gateway that goes to one
# backend after the other may go on with one on a kept connection.
_ABOUT = 3


@dataclass
class GatewayShare:
    """Counts the errors of a gateway that hang on no request.

    ENV-10: "502 and 504 ... are sent twice more ... and, when gone, an advisory".  Of bursts, one of
    several backends that is down has its share, and single requests meet it about as often.
    """

    # How often a single request went out, and how often an error to one was gone then, or may have been.
    _tries: int = 0
    _gone: int = 0
    _at_once: int = 0
    _met_at_once: list[Exchange] = field(default_factory=list)

    def note_single(self, exchange: Exchange) -> None:
        """Note what a request that went out alone was answered."""
        self._tries += exchange.tries
        is_cut = exchange.cut_short and is_gateways_error(exchange)
        self._gone += len(exchange.passing) + is_cut

    def note_burst(self, made: Sequence[Exchange]) -> Sequence[Exchange]:
        """Note a burst; return all errors at once so far that no burst is to be blamed for."""
        self._at_once += len(made)
        self._met_at_once += [one for one in made if is_gateways_error(one)]
        is_alike = self._gone * _ABOUT * self._at_once >= self._tries * len(self._met_at_once)
        return self._met_at_once if is_alike else []
