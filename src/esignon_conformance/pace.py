"""How fast and how patiently the target is asked: pace, waiting on 429, time-outs."""

from __future__ import annotations

import time
from collections import deque

from urllib3.exceptions import InvalidHeader
from urllib3.util.retry import Retry

LONGEST_WAIT = 30.0
TRIES_AFTER_LIMIT = 3
WAITING_IN_A_RUN = 120.0
_SHORTEST_LIMIT = 1.0
_MARGIN = 0.9
# Seconds between requests; a target that bears fewer cannot be judged in a sensible time.
_SLOWEST = 1.0


class Pace:
    """Keeps an interval between requests, which grows to what the target bears."""

    def __init__(self) -> None:
        self.interval = 0.0
        self.waited = 0.0
        self.is_used_up = False
        self._sent: deque[float] = deque(maxlen=400)

    def before_request(self) -> None:
        """Wait until the next request may go out."""
        if self.interval and self._sent:
            pause = self._sent[-1] + self.interval - time.monotonic()
            if pause > 0:
                time.sleep(pause)
        self._sent.append(time.monotonic())

    def count_burst(self, size: int) -> None:
        """Count the requests of a burst, and pay for them if there is a pace to keep."""
        if self.interval:
            time.sleep(self.interval * size)
        now = time.monotonic()
        self._sent.extend(now for _ in range(size))

    def wait_for_target(self, retry_after: str | None) -> bool:
        """Wait as long as a 429 or 503 asks and slow down; return False when patience is used up."""
        now = time.monotonic()
        borne = max(1, sum(1 for moment in self._sent if now - moment <= 1.0) - 1)
        self.interval = min(_SLOWEST, max(2 * self.interval, 1.0 / (_MARGIN * borne)))
        pause = min(LONGEST_WAIT, max(_seconds(retry_after), self.interval))
        if self.waited + pause > WAITING_IN_A_RUN:
            self.is_used_up = True
            return False
        self.waited += pause
        time.sleep(pause)
        return True


def _seconds(retry_after: str | None) -> float:
    try:
        seconds = Retry().parse_retry_after(retry_after) if retry_after else 1.0
    except InvalidHeader:
        seconds = 1.0
    return max(0.1, seconds)


class Patience:
    """The time limit of an answer: it falls once the target has let one pass (issue: hanging targets)."""

    def __init__(self, answer_timeout: float) -> None:
        self.limit = answer_timeout
        self._slowest = 0.0

    def note_answer(self, seconds: float) -> None:
        """Note how long an answer took."""
        self._slowest = max(self._slowest, seconds)

    def note_timeout(self) -> None:
        """Note that nothing came in time: from now on wait at most 10 times the slowest answer."""
        self.limit = min(self.limit, max(_SHORTEST_LIMIT, 10 * self._slowest))
