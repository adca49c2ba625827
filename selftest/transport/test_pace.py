"""Pace and patience, without a socket, and what a limiter with a small burst makes of them."""

from __future__ import annotations

import itertools
from contextlib import closing

import pytest

from esignon_conformance.transport.rate_limit import (
    LONGEST_WAIT,
    WAITING_IN_A_RUN,
    Pace,
    Patience,
)
from selftest.support.clock import Clock
from selftest.support.raw_server import answer, scripted
from selftest.support.transporting import JSON, LOGIN, to

# ---- pace and patience, without a socket -----------------------------------------------------------


@pytest.mark.parametrize(
    ("retry_after", "pause"),
    [
        (None, 1.0),
        ("", 1.0),
        ("2", 2.0),
        ("0", 1.0),
        ("31", LONGEST_WAIT),
        ("60", LONGEST_WAIT),
        ("soon", 1.0),
        ("-5", 1.0),
        ("1.5", 1.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 1.0),
    ],
)
def test_what_a_limit_asks_for_is_waited_but_not_without_end(
    clock: Clock, retry_after: str | None, pause: float
) -> None:
    pace = Pace()
    assert pace.wait_for_target(retry_after)
    assert clock.slept == [pause]


@pytest.mark.parametrize("retry_after", ["61", "3600", "86400", "Wed, 21 Oct 2099 07:28:00 GMT"])
def test_what_asks_for_an_hour_is_not_waited_for_and_lowers_no_pace(
    clock: Clock, retry_after: str
) -> None:
    pace = Pace()
    pace.before_request()
    assert not pace.wait_for_target(retry_after)
    assert (clock.slept, pace.interval, pace.is_used_up) == ([], 0.0, False)


def test_a_run_waits_120_seconds_in_all(clock: Clock) -> None:
    pace = Pace()
    waits = 0
    while pace.wait_for_target("30"):
        waits += 1
    assert waits == WAITING_IN_A_RUN / LONGEST_WAIT == 4
    assert sum(clock.slept) <= WAITING_IN_A_RUN
    assert not pace.wait_for_target("30")


def test_the_pace_falls_to_what_the_target_bore(clock: Clock) -> None:
    pace = Pace()
    for _ in range(21):
        pace.before_request()
        clock.now += 0.04
    pace.wait_for_target("1")
    assert 1 / 25 < pace.interval < 1 / 15
    slower = pace.interval
    for _ in range(3):
        before = clock.now
        pace.before_request()
        pace.before_request()
        assert clock.now - before >= slower - 0.001


def test_a_target_that_always_says_429_uses_patience_up_in_two_minutes(clock: Clock) -> None:
    began = clock.now
    with (
        scripted(answer(b"", "429 Too Many", "Retry-After: 0")) as server,
        closing(to(server)) as transport,
    ):
        while not transport.pace.is_used_up:
            assert transport.send(LOGIN).gave_up
        assert transport.pace.interval <= 1.0
    assert clock.now - began < 2 * WAITING_IN_A_RUN


def test_a_limit_that_comes_now_and_then_does_not_stop_a_run_by_and_by(clock: Clock) -> None:
    pace, began = Pace(), clock.now
    for number in range(1, 1500):
        pace.before_request()
        clock.now += 0.002
        if number % 30 == 0:
            assert pace.wait_for_target("1")
    assert clock.now - began < 180


def test_a_limit_that_comes_again_soon_halves_the_pace(clock: Clock) -> None:
    pace = Pace(0.1)
    for _ in range(30):
        pace.before_request()
    pace.wait_for_target("0")
    once = pace.interval
    pace.before_request()
    pace.wait_for_target("0")
    assert pace.interval >= 2 * once


def test_a_limit_of_so_many_a_minute_is_kept_without_using_patience_up(clock: Clock) -> None:
    pace, allowed, window = Pace(), 100, [clock.now]
    for _ in range(400):
        pace.before_request()
        while len([one for one in window if clock.now - one < 60]) > allowed:
            assert pace.wait_for_target("60")
        window.append(clock.now)
    assert pace.interval <= 1.0


def test_the_pace_does_not_fall_without_end(clock: Clock) -> None:
    pace = Pace()
    while pace.wait_for_target("0"):
        assert pace.interval <= 1.0
    before = clock.now
    for _ in range(10):
        pace.before_request()
    assert clock.now - before <= 10


def test_the_limit_of_an_answer_falls_after_the_first_time_out() -> None:
    patience = Patience(15.0)
    patience.note_answer(0.02)
    assert patience.limit == 15.0
    patience.note_timeout()
    assert patience.limit == 1.0
    slow = Patience(15.0)
    slow.note_answer(0.3)
    slow.note_answer(0.1)
    slow.note_timeout()
    assert slow.limit == pytest.approx(3.0)
    slow.note_answer(1.4)
    slow.note_timeout()
    assert slow.limit == pytest.approx(3.0)
    short = Patience(0.5)
    short.note_timeout()
    assert short.limit == 0.5


def test_a_time_out_is_noted_whether_the_head_or_the_body_is_late() -> None:
    for step in (b"", answer(JSON)[:-2]):
        with scripted(step) as server, closing(to(server, answer_timeout=0.1)) as transport:
            limits: list[None] = []
            transport.patience.note_timeout = lambda kept=limits: kept.append(None)  # type: ignore[method-assign, misc]
            transport.send(LOGIN)
            assert len(limits) == 1
            assert not transport.is_kept()


# ---- a limit with a small burst ------------------------------------------------------------------------


class Bucket:
    """A limiter as nginx's `limit_req` with `nodelay`: so many requests a second, and a few at once."""

    def __init__(self, clock: Clock, rate: float, size: int) -> None:
        self.clock, self.rate, self.size = clock, rate, size
        self.room, self.at, self.refused = float(size), clock.now, 0

    def takes(self) -> bool:
        """Tell whether it lets the next request pass."""
        self.room = min(self.size, self.room + (self.clock.now - self.at) * self.rate)
        self.at = self.clock.now
        if self.room < 1:
            self.refused += 1
            return False
        self.room -= 1
        return True


@pytest.mark.parametrize(("rate", "size"), [(10, 4), (10, 21), (50, 6), (4, 2), (100, 50)])
def test_the_pace_comes_near_to_what_a_limiter_lets_pass(
    rate: float, size: int, clock: Clock
) -> None:
    pace, bucket = Pace(), Bucket(clock, rate, size)
    began, of_once, sent = clock.now, 0, 1200
    for number in range(sent):
        once = number % 10 == 9
        pace.before_request(once=once)
        clock.now += 0.002
        if not bucket.takes():
            # What may go out but once is lost where it meets the limit.
            of_once += once
            while True:
                assert pace.wait_for_target(None)
                clock.now += 0.002
                if bucket.takes():
                    break
    assert of_once == 0
    assert bucket.refused <= 15
    assert clock.now - began < 1.6 * sent / rate + 15


def test_a_burst_that_is_limited_lowers_no_pace_that_is_borne(clock: Clock) -> None:
    pace = Pace(0.1)
    pace.before_request()
    for _ in range(4):
        pace.before_burst(8)
        assert pace.wait_after_burst(None, 8)
    assert pace.interval == 0.1


@pytest.mark.parametrize(("asked", "least"), [("1", 1.0), ("2", 2.0), ("0.7", 1.0)])
def test_a_burst_that_goes_out_but_once_waits_as_long_as_a_limit_asked(
    clock: Clock, asked: str, least: float
) -> None:
    """A limiter with windows of a second has no room for ten more before the window is over."""
    pace = Pace()
    for _ in range(30):
        pace.before_request()
    assert pace.wait_for_target(asked)
    pace.before_request()
    began = clock.now
    pace.before_burst(10, once=True)
    assert least < clock.now - began < least + 6
    # One alone finds room sooner.
    pace = Pace()
    for _ in range(30):
        pace.before_request()
    assert pace.wait_for_target("2")
    pace.before_request()
    began = clock.now
    pace.before_request(once=True)
    assert clock.now - began < 1


def test_a_burst_is_paid_from_the_pace_half_before_and_half_after(clock: Clock) -> None:
    pace = Pace(0.1)
    moments = []
    for burst in (0, 4, 0, 0, 8, 0):
        pace.before_burst(burst) if burst else pace.before_request()
        moments.append(clock.now)
    waited = [round(later - earlier, 6) for earlier, later in itertools.pairwise(moments)]
    # One for the request before and two of four; the other two; one; one and four of eight; the rest.
    assert waited == [0.3, 0.2, 0.1, 0.5, 0.4]


# ---- a target that is away now and then ------------------------------------------------------------------


@pytest.mark.parametrize("interval", [0.0, 0.2])
@pytest.mark.parametrize(("up", "down"), [(4.0, 2.0), (10.0, 2.0), (2.0, 2.0), (8.0, 1.5)])
def test_a_target_that_is_away_now_and_then_is_asked_as_fast_as_before(
    up: float, down: float, interval: float, clock: Clock
) -> None:
    pace, began, busy = Pace(interval), clock.now, 0
    pace.has_borne = True
    for _ in range(600):
        pace.before_request()
        clock.now += 0.02
        again = False
        while (clock.now - began) % (up + down) >= up:
            busy += 1
            pace.wait_while_busy(again=again)
            pace.before_request()
            again = True
    # A health check that flaps says 503 without a word on when to come back.
    assert not pace.is_used_up
    assert pace.interval == interval
    assert busy
    assert clock.now - began < 600 * max(interval, 0.02) * (up + down) / up + 2 * down + 10


def test_503_to_the_first_requests_of_all_lowers_no_pace(clock: Clock) -> None:
    away, right = answer(b"busy", "503 Service Unavailable"), answer(JSON)
    with scripted(*[away] * 4, right) as server, closing(to(server)) as transport:
        transport.send(LOGIN)
        transport.send(LOGIN)
        assert transport.pace.interval == 0


def test_503_that_a_second_without_a_request_ends_lowers_the_pace(clock: Clock) -> None:
    away, right = answer(b"busy", "503 Service Unavailable"), answer(JSON)
    with scripted(right, away, right, right) as server, closing(to(server)) as transport:
        transport.send(LOGIN)
        transport.send(LOGIN)
        assert transport.pace.interval > 0
    with scripted(right, away, away, right, right) as server, closing(to(server)) as transport:
        transport.send(LOGIN)
        transport.send(LOGIN)
        assert transport.pace.interval == 0
