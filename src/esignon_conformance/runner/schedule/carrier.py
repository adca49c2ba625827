"""What carries the requests of a run: the transport or, for a plan, a stand-in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from ...target.limits import Budget
from ...transport.delivery import Delivery
from ...transport.lockout_guard import Tally
from ...transport.messages import Request
from ...transport.own_limits import OwnLimits


class Carrier(Protocol):
    """What carries requests to a target: the transport, or the stand-in that a plan is made with."""

    tally: Tally
    budget: Budget
    own_limits: OwnLimits
    # What there is to do while the target works on a request.
    meanwhile: Callable[[], None]

    @property
    def is_used_up(self) -> bool:
        """Tell whether the patience with the target's own limits (429, 503) is used up."""

    def prepare(self, request: Request) -> None:
        """Do now what can be done before a request is sent."""

    def send(self, request: Request, *, fresh: bool = False, most_tries: int = 99) -> Delivery:
        """Send one request.  Raises `LimitReached`."""

    def burst(
        self, wanted: Sequence[Request], spread: float = 0.0, *, once: bool = False
    ) -> list[Delivery]:
        """Send requests at once, or spread over so many seconds; and, with `once`, never again.

        Raises `LimitReached`, and `OSError` where they are not taken.
        """

    def look(self, wait: float = 0.0) -> bytes:
        """Return stray bytes on the kept connection."""

    def note_busy(self, *, by_itself: bool) -> None:
        """Take 503 for no limit of pace: a target was away or, `by_itself`, it is its word on a request."""

    def is_kept(self) -> bool:
        """Tell whether the last connection was kept open."""

    def reaches(self) -> bool:
        """Tell whether the target takes a connection; nothing is sent on it."""

    def never_reuse(self) -> None:
        """From now on send each request on a connection of its own."""

    def close(self) -> None:
        """Close every connection."""
