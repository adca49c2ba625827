"""How fast and how patiently the target is asked: pace, waiting on 429, time-outs."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

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
    """Keeps an interval between requests, which grows to what the target bears.

    `interval` is in seconds.  `check` is told of every pause before it is made, and may raise.
    """

    def __init__(
        self, interval: float = 0.0, check: Callable[[float], None] = lambda _seconds: None
    ) -> None:
        self.interval = interval
        self.waited = 0.0
        self.is_used_up = False
        self._check = check
        self._slowest = max(_SLOWEST, interval)
        self._sent: deque[float] = deque(maxlen=400)
        # How many requests are to be paid for before the next one goes out.
        self._owed = 1

    def before_request(self) -> None:
        """Wait until the next request may go out."""
        self._pay(self._owed)
        self._owed = 1
        self._sent.append(time.monotonic())

    def before_burst(self, size: int) -> None:
        """Wait until a burst may go out.  It is paid from the pace, half before and half after."""
        before = size // 2
        self._pay(self._owed + before)
        self._owed = size - before
        now = time.monotonic()
        self._sent.extend(now for _ in range(size))

    def _pay(self, requests: int) -> None:
        if self.interval and self._sent:
            pause = self._sent[-1] + self.interval * requests - time.monotonic()
            if pause > 0:
                self._check(pause)
                time.sleep(pause)

    def wait_for_target(self, retry_after: str | None) -> bool:
        """Wait as long as a 429 or 503 asks and slow down; return False when patience is used up."""
        now = time.monotonic()
        borne = max(1, sum(1 for moment in self._sent if now - moment <= 1.0) - 1)
        slower = max(2 * self.interval, 1.0 / (_MARGIN * borne))
        self.interval = min(self._slowest, slower)
        pause = min(LONGEST_WAIT, max(_seconds(retry_after), self.interval))
        if self.waited + pause > WAITING_IN_A_RUN:
            self.is_used_up = True
            return False
        self._check(pause)
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
