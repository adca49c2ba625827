"""How fast a run goes: the limits of the target and those of the run."""

from __future__ import annotations

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
    TRIES_AFTER_LIMIT,
    Pace,
    asks_for_long,
)
from selftest.support.clock import Clock
from selftest.support.raw_server import RawServer, answer, scripted
from selftest.support.transporting import JSON, LOGIN, close_after, sent, status, to

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


def test_a_limit_is_asked_about_on_a_new_connection(clock: Clock) -> None:
    # Gunicorn's threads close a connection that was idle for two seconds, which a slow pace is.
    with scripted(*[close_after(MANY)] * 9) as server, closing(to(server)) as transport:
        transport.own_limits.let_in = lambda _request: True
        delivery = transport.send(LOGIN)
    assert (status(delivery), delivery.gave_up) == (429, True)
    assert transport.own_limits.holds(LOGIN)


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
