"""How fast a run goes: the limits of the target, those of the run, pace and patience."""

from __future__ import annotations

import itertools
from contextlib import closing
from dataclasses import replace
from typing import Any

import pytest

from esignon_conformance.redaction.secret import Secret
from esignon_conformance.target.limits import ON_LOOPBACK, LimitReached
from esignon_conformance.transport.answer_reader import LONGEST_BODY
from esignon_conformance.transport.client import Transport
from esignon_conformance.transport.messages import Answer
from esignon_conformance.transport.rate_limit import (
    LONGEST_WAIT,
    TRIES_AFTER_LIMIT,
    WAITING_IN_A_RUN,
    Pace,
    Patience,
    asks_for_long,
)
from selftest.support.clock import Clock
from selftest.support.raw_server import RawServer, answer, scripted
from selftest.support.transporting import JSON, LOGIN, sent, status, to

# ---- limits ----------------------------------------------------------------------------------------

MANY = answer(b"slow down", "429 Too Many Requests", "Retry-After: 7")


def test_429_is_waited_out_and_the_pace_lowered(clock: Clock) -> None:
    with scripted(answer(JSON), MANY, answer(JSON)) as server, closing(to(server)) as transport:
        transport.send(LOGIN)
        assert transport.pace.interval == 0.0
        delivery = transport.send(LOGIN)
        assert (status(delivery), delivery.gave_up) == (200, False)
        assert 7.0 in clock.slept
        assert transport.pace.interval > 0
        before = clock.now
        transport.send(LOGIN)
        transport.send(LOGIN)
        assert clock.now - before >= 2 * transport.pace.interval - 0.001
    assert len(server.received) == 5


def test_503_is_waited_out_where_it_says_how_long(clock: Clock) -> None:
    busy = answer(b"", "503 Busy", "Retry-After: 3")
    (delivery,) = sent(busy, busy, answer(JSON))
    assert (status(delivery), delivery.gave_up) == (200, False)
    assert clock.slept.count(3.0) == 2
    clock.slept.clear()
    (delivery,) = sent(answer(b"", "503 Busy"))
    assert (status(delivery), delivery.gave_up) == (503, False)
    # "503 without an envelope is treated as 502 and 504 are", and more slowly.
    assert [one for one in clock.slept if one == 1.0] == [1.0] * 2


@pytest.mark.parametrize(
    "told",
    [
        "Sat, 01 Jan 99999 00:00:00 GMT",
        "Sat, 01 Jan 2000 00:00:00 +99999999999999999999",
        "١٢",
        "x" * 5000,
        "-5",
        "",
    ],
)
def test_retry_after_that_says_nothing_is_waited_for_a_second(clock: Clock, told: str) -> None:
    assert Pace().wait_for_target(told)
    assert clock.slept == [1.0]


@pytest.mark.parametrize("told", ["9" * 20, "9" * 5000, "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_retry_after_beyond_reason_is_not_waited_for(clock: Clock, told: str) -> None:
    assert not Pace().wait_for_target(told)
    assert asks_for_long(Answer(429, "", "HTTP/1.1", (("Retry-After", told),), b""))
    assert clock.slept == []


def test_a_limit_that_does_not_end_is_given_up_after_three_tries(clock: Clock) -> None:
    with scripted(MANY) as server, closing(to(server)) as transport:
        delivery = transport.send(LOGIN)
    assert (status(delivery), delivery.gave_up) == (429, True)
    assert len(server.received) == 1 + TRIES_AFTER_LIMIT
    assert clock.slept.count(7.0) == TRIES_AFTER_LIMIT


def test_a_burst_that_the_limit_cut_is_sent_again(clock: Clock) -> None:
    with (
        scripted(*[answer(JSON)] * 3, MANY, answer(JSON)) as server,
        closing(to(server)) as transport,
    ):
        deliveries = transport.burst([LOGIN] * 4)
    assert [status(one) for one in deliveries] == [200] * 4
    assert not any(one.gave_up for one in deliveries)
    assert 7.0 in clock.slept
    with scripted(MANY) as server, closing(to(server)) as transport:
        assert all(one.gave_up for one in transport.burst([LOGIN] * 2))


def test_a_burst_that_a_gateway_cut_is_sent_twice_more_and_then_counts(clock: Clock) -> None:
    page = answer(b"<html>", "502 Bad Gateway")
    with scripted(page, answer(JSON)) as server, closing(to(server)) as transport:
        assert [status(one) for one in transport.burst([LOGIN] * 4)] == [200] * 4
    with scripted(page) as server, closing(to(server)) as transport:
        deliveries = transport.burst([LOGIN] * 2)
    assert [status(one) for one in deliveries] == [502] * 2
    assert not any(one.gave_up for one in deliveries)
    assert len(server.received) == 3 * 2


# ---- the limits of the run ------------------------------------------------------------------------


def limited(server: RawServer, **limits: Any) -> Transport:
    """Return a transport with limits of its own."""
    return to(server, limits=replace(ON_LOOPBACK, **limits))


def test_no_more_requests_go_out_than_are_allowed() -> None:
    with scripted(answer(JSON)) as server, closing(limited(server, requests=3)) as transport:
        for _ in range(3):
            transport.send(LOGIN)
        with pytest.raises(LimitReached, match="request-limit"):
            transport.send(LOGIN)
        with pytest.raises(LimitReached, match="request-limit"):
            transport.burst([LOGIN] * 2)
        assert transport.requests == 3
    assert len(server.received) == 3


def test_a_burst_that_is_not_taken_counts_for_nothing() -> None:
    with scripted(answer(JSON)) as server, closing(limited(server, requests=4)) as transport:
        server.stop_listening()
        with pytest.raises(OSError, match="refused"):
            transport.burst([LOGIN] * 2)
        assert transport.requests == 0


def test_the_time_of_a_run_ends_it_before_a_request_and_before_a_pause(clock: Clock) -> None:
    with scripted(MANY) as server, closing(limited(server, max_time=5.0)) as transport:
        with pytest.raises(LimitReached, match="time-up"):
            transport.send(LOGIN)
        # The 7 seconds that the target asks for are not waited.
        assert clock.slept == []
    with scripted(answer(JSON)) as server, closing(limited(server, max_time=0.0)) as transport:
        with pytest.raises(LimitReached, match="time-up"):
            transport.send(LOGIN)
        assert server.received == []


def test_a_pace_is_kept_from_the_first_request(clock: Clock) -> None:
    with (
        scripted(answer(JSON)) as server,
        closing(limited(server, requests_per_second=4.0)) as transport,
    ):
        for _ in range(3):
            transport.send(LOGIN)
        assert clock.slept == pytest.approx([0.25, 0.25])
        clock.slept.clear()
        transport.burst([LOGIN] * 4)
        # One for the request before, and two of the four before they go out,
        assert sum(clock.slept) == pytest.approx(0.75)
        clock.slept.clear()
        transport.send(LOGIN)
        # the other two after.
        assert sum(clock.slept) == pytest.approx(0.5)


def test_a_pace_that_is_slow_by_itself_is_not_made_quicker_by_a_limit(clock: Clock) -> None:
    pace = Pace(3.0)
    pace.before_request()
    pace.wait_for_target("1")
    assert pace.interval == 3.0


def test_a_request_that_a_gateway_may_have_passed_on_goes_out_as_often_as_it_may() -> None:
    page = answer(b"<html>", "502 Bad Gateway")
    with scripted(page) as server, closing(to(server)) as transport:
        assert transport.send(LOGIN, most_tries=1).tries == 1
        assert transport.send(LOGIN, most_tries=2).tries == 2
        assert transport.send(LOGIN).tries == 3
    assert len(server.received) == 6


def test_headers_for_a_gateway_come_with_every_request() -> None:
    headers = (("X-Gateway-Key", Secret("key-77")),)
    with scripted(answer(JSON)) as server, closing(to(server, headers=headers)) as transport:
        transport.send(LOGIN)
        transport.send(replace(LOGIN, target="/api/%zz/login"))
        transport.burst([LOGIN] * 2)
    assert [one.header("X-Gateway-Key") for one in server.received] == ["key-77"] * 4
    assert "key-77" not in repr(headers)


def test_however_much_has_come_only_one_answer_may_be_too_long() -> None:
    """What a run has received in all is nobody's fault."""
    long = answer(b"x" * (LONGEST_BODY // 2))
    results = sent(*[long] * 70, requests=70)
    assert [status(one) for one in results] == [200] * 70
    (too_long,) = sent(answer(b"x" * (LONGEST_BODY + 1)))
    assert too_long.fault is not None
    assert too_long.fault.kind == "too-long"


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


def test_a_burst_is_paid_from_the_pace_half_before_and_half_after(clock: Clock) -> None:
    pace = Pace(0.1)
    moments = []
    for burst in (0, 4, 0, 0, 8, 0):
        pace.before_burst(burst) if burst else pace.before_request()
        moments.append(clock.now)
    waited = [round(later - earlier, 6) for earlier, later in itertools.pairwise(moments)]
    # One for the request before and two of four; the other two; one; one and four of eight; the rest.
    assert waited == [0.3, 0.2, 0.1, 0.5, 0.4]
