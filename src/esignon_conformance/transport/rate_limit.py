"""How fast and how patiently the target is asked: pace, waiting on 429, time-outs."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Callable

from urllib3.exceptions import InvalidHeader
from urllib3.util.retry import Retry

from .messages import Answer

LONGEST_WAIT = 30.0
# What asks for more than this asks for no slower pace.
_BEYOND_REASON = 60.0
TRIES_AFTER_LIMIT = 3
WAITING_IN_A_RUN = 120.0
_SHORTEST_LIMIT = 1.0
_MARGIN = 0.9
# A limit that comes again within so many requests was not slowed down for enough.
_SOON = 10
# After so much more than before, slowing down has helped; else the limit hangs on something else.
_HELPED = 1.2
# But it is lowered a little for so many times before that is believed.
_A_LITTLE, _MOST_UNHELPED = 1.25, 3
# Seconds to wait that tell of a limit over a long time, such as so many requests a minute.
_LONG = 5.0
# Of a longer time than this nobody asks, and no date is as long.
_MOST_DIGITS = 60
# After so many requests without a limit the pace is tried by so much quicker: what a limit that was met
# by many requests at once said of the pace was too little.
_STEADY, _QUICKER = 25, 0.8
# What may go out but once waits for so many intervals: what refills meanwhile is room for it.
_QUIET = 2.5
# Seconds over which what goes out but once must not make more requests than were borne before.
_WINDOW = 0.25
# Seconds between requests; a target that bears fewer cannot be judged in a sensible time.
_SLOWEST = 1.0


class Pace:
    """Keeps an interval between requests, which grows to what the target bears.

    `interval` is in seconds.  `check` is told of every pause before it is made, and may raise.
    """

    def __init__(
        self, interval: float = 0.0, check: Callable[[float], None] = lambda _seconds: None
    ) -> None:
        self.interval = self._wished = interval
        self.waited = 0.0
        self.is_used_up = False
        self._check = check
        self._slowest = max(_SLOWEST, interval)
        self._sent: deque[float] = deque(maxlen=400)
        # Those of the last moments.
        self._window: deque[float] = deque()
        self._since_limit = self._before_limit = 0
        self._limited_at: float | None = None
        self._before_slowing = interval
        self._quickest = interval
        # The pace before it was last tried quicker, None while none was; and whether it may be.
        self._safe: float | None = None
        self._may_recover = False
        self._unhelped = 0
        # How many requests the present pace was borne for.
        self._steady = 0
        # The most requests that were borne within the window.
        self._record = 0
        # Whether any request was answered by something else than that the target is busy.
        self.has_borne = False
        # How long the last limit asked to wait.
        self._asked = 0.0
        # How many requests are to be paid for before the next one goes out.
        self._owed = 1

    def before_request(self, *, once: bool = False) -> None:
        """Wait until the next request may go out; one that goes out `once` waits for a quiet moment."""
        self._pay(self._owed)
        if once:
            self._be_quiet(1)
        self._owed = 1
        self._since_limit += 1
        self._steady += 1
        self._note_sent(1)
        self._record = max(self._record, self._within_window())
        self._recover()

    def before_burst(self, size: int, *, once: bool = False) -> None:
        """Wait until a burst may go out.  It is paid from the pace, half before and half after."""
        before = size // 2
        self._pay(self._owed + before)
        if once:
            self._be_quiet(size)
        self._owed = size - before
        self._since_limit += size
        self._note_sent(size)

    def _note_sent(self, size: int) -> None:
        moments = [time.monotonic()] * size
        self._sent.extend(moments)
        self._window.extend(moments)

    def _pay(self, requests: int) -> None:
        if self.interval and self._sent:
            pause = self._sent[-1] + self.interval * requests - time.monotonic()
            if pause > 0:
                self._check(pause)
                time.sleep(pause)

    def _be_quiet(self, size: int) -> None:
        """Wait until the target has room for so many requests, as far as can be known."""
        if not self._sent:
            return
        if self._limited_at is not None:
            wanted = _QUIET * size * max(self.interval, self._safe or 0.0)
            if size > 1:
                # What has counted so many requests in a time has room for many once that time is over.
                wanted = max(wanted, min(_LONG, self._asked + _WINDOW))
            pause = self._sent[-1] + wanted - time.monotonic()
            if pause > 0:
                self._check(pause)
                time.sleep(pause)
        elif not self.interval:
            # A target that has not limited anything yet bears what it has borne.
            while self._record and self._within_window() >= self._record:
                pause = max(0.001, self._window[0] + _WINDOW - time.monotonic())
                self._check(pause)
                time.sleep(pause)

    def _within_window(self) -> int:
        now = time.monotonic()
        while self._window and now - self._window[0] >= _WINDOW:
            self._window.popleft()
        return len(self._window)

    def _recover(self) -> None:
        """Try a quicker pace where the target has borne the present one for long enough."""
        if self._may_recover and self.interval > self._quickest and self._steady >= _STEADY:
            self._safe = self.interval
            self.interval = max(self._quickest, _QUICKER * self.interval)
            self._steady = 0

    def wait_after_burst(self, retry_after: str | None, size: int) -> bool:
        """Wait as long as a 429 or 503 to a burst asks; return False when patience is used up.

        How many requests the target takes at once says nothing of how many it takes in a row.
        """
        if not self.interval:
            return self.wait_for_target(retry_after)
        if _seconds(retry_after) > _BEYOND_REASON:
            return False
        self._asked = _seconds(retry_after)
        return self._waits(max(_seconds(retry_after), size * self.interval))

    def wait_for_target(self, retry_after: str | None) -> bool:
        """Wait as long as a 429 or 503 asks and slow down; return False when patience is used up.

        What asks for an hour is not waited for, and has nothing to do with the pace.
        """
        if _seconds(retry_after) > _BEYOND_REASON:
            return False
        pause = min(LONGEST_WAIT, _seconds(retry_after))
        self._asked = pause
        if self._limited_at is None or self._since_limit > _SOON:
            self._before_slowing = self.interval
        if self._safe is not None:
            # It was the quicker pace that was too quick; it is not tried again.
            self.interval, self._safe, self._may_recover = self._safe, None, False
            self._quickest = self.interval
        else:
            self.interval = min(self._slowest, self._slowed(pause))
            # What asks to wait for long counts over long: it would be met again late, and cost as much.
            self._may_recover = pause < _LONG and self._quickest < self.interval
        self._before_limit, self._since_limit, self._steady = self._since_limit, 0, 0
        return self._waits(max(pause, self.interval))

    def wait_while_busy(self, *, again: bool) -> None:
        """Wait after a 503 that names no time; it came `again` where it followed such a wait at once.

        A limit that any pace stays below lets one request in after that. Who does not is away, as in a
        restart: what was slowed down for it is taken back, and nothing was learnt of the pace.
        """
        # Where no request was borne yet, be the pace as it may, the target is away.
        if not again and self.has_borne:
            self.wait_for_target(None)
            return
        self.interval, self._safe, self._may_recover = self._before_slowing, None, False
        self._since_limit = self._before_limit = self._steady = self._unhelped = 0
        self._check(_SLOWEST)
        time.sleep(_SLOWEST)

    def _waits(self, seconds: float) -> bool:
        pause = min(LONGEST_WAIT, seconds)
        if self.waited + pause > WAITING_IN_A_RUN:
            self.is_used_up = True
            return False
        self._check(pause)
        self.waited += pause
        time.sleep(pause)
        self._limited_at = time.monotonic()
        return True

    def take_back(self) -> None:
        """Go on as fast as before what was taken for a limit, which was none."""
        self.interval, self.waited, self.is_used_up = self._before_slowing, 0.0, False
        self._safe, self._may_recover = None, False

    def forget_limits(self) -> None:
        """Go on as fast as at first: no limit that was met was one of pace."""
        self._before_slowing = self._quickest = self._wished
        self._limited_at, self._unhelped = None, 0
        self.take_back()

    def _slowed(self, pause: float) -> float:
        """Return the interval that the target may bear.

        A limit that comes again soon halves the pace. One that comes as often as before the pace was
        lowered, as in a deployment, does not hang on it. Else the pace falls to what was borne, over
        the last second or, where the target asks to wait for long, since the last limit.
        """
        now, sent = time.monotonic(), self._since_limit
        borne = max(1, sum(1 for moment in self._sent if now - moment <= 1.0) - 1)
        slower = max(self.interval, 1.0 / (_MARGIN * borne))
        if pause >= _LONG and sent and self._sent:
            began = self._sent[0] if self._limited_at is None else self._limited_at
            return max(slower, (now - began + pause) / sent)
        if self._limited_at is not None and sent <= _SOON:
            return max(slower, 2 * self.interval)
        if self._before_limit and sent <= _HELPED * self._before_limit:
            # Or what the pause lets it take at once hides that the pace is still a little too quick.
            self._unhelped += 1
            return self.interval * (_A_LITTLE if self._unhelped <= _MOST_UNHELPED else 1)
        return slower


def _seconds(retry_after: str | None) -> float:
    told = (retry_after or "").strip()
    if len(told) > _MOST_DIGITS:
        # RFC 9110 §10.2.3: as many digits as one likes, or a date, which has fewer characters.
        return math.inf if told.isascii() and told.isdecimal() else 1.0
    try:
        seconds = Retry().parse_retry_after(told) if told else 1.0
    except (InvalidHeader, ArithmeticError, LookupError, TypeError, ValueError):
        # A year beyond those that there are, say: it asks for nothing that can be done.
        seconds = 1.0
    return max(0.1, seconds)


def asks_for_long(answer: Answer | None) -> bool:
    """Tell whether an answer asks to wait for longer than any slower pace would take."""
    return answer is not None and _seconds(answer.header("Retry-After")) > _BEYOND_REASON


def asks_for_a_while(retry_after: str | None) -> bool:
    """Tell whether a limit asks to wait for so long that it counts over a long time."""
    return _seconds(retry_after) >= _LONG


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
