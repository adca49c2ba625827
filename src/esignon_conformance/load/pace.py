"""The pace of one process of a load run: its share of the fleet's rate and requests, and 429."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

LONGEST_WAIT = 30.0


@dataclass
class LoadPace:
    """Says when a user may send; `sleep` gives way to the other users of the process."""

    interval: float
    most_requests: int | None
    sleep: Callable[[float], object] = time.sleep
    clock: Callable[[], float] = time.monotonic
    sent: int = 0
    _next: float = 0.0
    _held_until: float = 0.0

    def turn(self, *, is_held: bool = True) -> bool:
        """Wait for the next turn; return False where all requests of this process are used up.

        Who holds the others does not wait for itself (`is_held`).
        """
        if self.most_requests is not None and self.sent >= self.most_requests:
            return False
        self.sent += 1
        now = self.clock()
        mine = max(now, self._next)
        self._next = mine + self.interval
        if mine > now:
            self.sleep(mine - now)
        while is_held and (pause := self._held_until - self.clock()) > 0:
            self.sleep(pause)
        return True

    def hold(self, retry_after: str | None) -> None:
        """Send nothing for as long as a 429 asks, at most half a minute; a second where it does not."""
        text = (retry_after or "").strip()
        seconds = float(text) if text.isdecimal() and len(text) < 7 else 1.0
        self.hold_for(min(seconds, LONGEST_WAIT))

    def hold_for(self, seconds: float) -> None:
        """Send nothing for so long."""
        self._held_until = max(self._held_until, self.clock() + seconds)
