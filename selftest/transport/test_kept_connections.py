"""The transport on real sockets: aware of every connection, of gateways and of bursts."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from dataclasses import replace

import pytest

from selftest.support.raw_server import Peer, Received, Step, answer, scripted, serving
from selftest.support.transporting import JSON, LOGIN, close_after, drop, sent, status, to

# ---- connections -----------------------------------------------------------------------------------


def test_a_connection_that_is_kept_open_is_used_again() -> None:
    first, second = sent(answer(JSON), requests=2)
    assert (first.connection, first.reused) == (1, False)
    assert (second.connection, second.reused) == (1, True)


def test_a_new_connection_is_made_where_one_is_asked_for() -> None:
    with scripted(answer(JSON)) as server, closing(to(server)) as transport:
        transport.send(LOGIN)
        delivery = transport.send(LOGIN, fresh=True)
        assert (delivery.connection, delivery.reused) == (2, False)
        assert transport.is_kept()
    assert len(server.peers) == 2


def test_a_connection_that_the_server_closes_is_not_used_again() -> None:
    first, second = sent(answer(JSON, "200 OK", "Connection: close"), requests=2)
    assert (first.connection, second.connection, second.reused) == (1, 2, False)


def test_a_kept_connection_that_is_dead_is_no_fault() -> None:
    # RFC 9112 §9.3.1: it is sent once more, on a new one.
    with scripted(answer(JSON), drop, answer(JSON)) as server, closing(to(server)) as transport:
        transport.send(LOGIN)
        delivery = transport.send(LOGIN)
    assert (status(delivery), delivery.fault) == (200, None)
    assert (delivery.connection, delivery.reused) == (2, False)
    assert len(server.received) == 3


def test_a_kept_connection_that_the_server_closed_at_once_is_no_fault() -> None:
    deliveries = sent(close_after(answer(JSON)), requests=3)
    assert [status(one) for one in deliveries] == [200, 200, 200]


def test_a_kept_connection_that_was_closed_meanwhile_costs_no_only_try() -> None:
    with (
        scripted(close_after(answer(JSON)), answer(JSON)) as server,
        closing(to(server)) as transport,
    ):
        transport.send(LOGIN)
        time.sleep(0.3)
        delivery = transport.send(LOGIN, most_tries=1)
    assert (status(delivery), delivery.tries, delivery.cut_short) == (200, 1, False)


def test_stray_bytes_before_an_only_try_are_told_with_its_answer() -> None:
    with scripted(answer(JSON) + b"}", answer(JSON)) as server, closing(to(server)) as transport:
        transport.send(LOGIN)
        time.sleep(0.3)
        delivery = transport.send(LOGIN, most_tries=1)
    assert (status(delivery), delivery.stray_before, delivery.reused) == (200, b"}", False)


def test_a_connection_that_is_dropped_when_it_is_new_is_a_fault_at_once() -> None:
    with scripted(drop) as server, closing(to(server)) as transport:
        delivery = transport.send(LOGIN)
    assert delivery.fault is not None
    assert delivery.fault.kind == "dropped"
    assert len(server.received) == 1


def test_a_connection_that_is_dropped_again_when_it_is_new_is_a_fault() -> None:
    first, second = sent(answer(JSON), drop, requests=2)
    assert status(first) == 200
    assert second.fault is not None
    assert (second.fault.kind, second.reused) == ("dropped", False)


def test_a_server_that_does_not_listen_cannot_be_reached() -> None:
    with scripted(answer(JSON)) as server:
        transport = to(server)
    delivery = transport.send(LOGIN)
    assert delivery.fault is not None
    assert delivery.fault.kind == "unreachable"
    transport.close()


def test_stray_bytes_end_a_connection() -> None:
    with scripted(answer(JSON) + b"}", answer(JSON)) as server, closing(to(server)) as transport:
        transport.send(LOGIN)
        assert transport.look(0.05) == b"}"
        assert not transport.is_kept()
        assert transport.look() == b""
        delivery = transport.send(LOGIN)
        assert (delivery.connection, delivery.reused) == (2, False)
    assert len(server.peers) == 2


def test_stray_bytes_that_come_late_are_told_with_the_next_answer() -> None:
    def stray_then_answer(peer: Peer, _received: Received) -> None:
        peer.send(b"}\n" + answer(JSON))

    with (
        scripted(answer(JSON), stray_then_answer, answer(JSON)) as server,
        closing(to(server)) as transport,
    ):
        transport.send(LOGIN)
        delivery = transport.send(LOGIN)
    assert status(delivery) == 200
    assert delivery.stray_before.startswith(b"}\n")


@pytest.mark.parametrize("begun", [b"HTTP/1.1 2", b"HTTP/1.1 102 Processing\r\n\r\n"])
def test_a_kept_connection_that_ends_after_the_first_byte_is_a_dropped_answer(begun: bytes) -> None:
    with (
        scripted(answer(JSON), close_after(begun), answer(JSON)) as server,
        closing(to(server)) as transport,
    ):
        transport.send(LOGIN)
        delivery = transport.send(LOGIN)
    assert delivery.fault is not None
    assert (delivery.fault.kind, delivery.tries, delivery.reused) == ("dropped", 1, True)
    assert delivery.fault.came == begun


def test_a_server_that_speaks_no_http_left_nothing_behind_before() -> None:
    with scripted(answer(JSON), b"hello\r\n") as server, closing(to(server)) as transport:
        transport.send(LOGIN)
        delivery = transport.send(LOGIN)
    assert delivery.fault is not None
    assert delivery.fault.kind == "not-http"
    assert not delivery.stray_before


def test_a_server_that_gives_up_on_an_idle_connection_may_say_so() -> None:
    idle = answer(b"", "408 Request Timeout", "Connection: close")
    with (
        scripted(close_after(answer(JSON) + idle), answer(JSON)) as server,
        closing(to(server)) as transport,
    ):
        transport.send(LOGIN)
        assert transport.look(0.05) == b""
        assert not transport.is_kept()
        assert status(transport.send(LOGIN)) == 200


def test_a_header_field_that_stands_twice_in_a_request_goes_out_twice() -> None:
    twice = (("X-A", "1"), ("x-a", "2"), ("Accept", "text/html"), *LOGIN.headers)
    request = replace(LOGIN, headers=twice)
    with scripted(*[answer(JSON)] * 3) as server, closing(to(server)) as transport:
        transport.send(request)
        transport.burst([request])
    for received in server.received:
        lines = received.head.decode().split("\r\n")
        assert [one for one in lines if one.lower().startswith("x-a:")] == ["X-A: 1", "x-a: 2"]
        assert [one for one in lines if one.startswith("Accept:")] == ["Accept: text/html"]
    assert len(server.received) == 2


# ---- gateways --------------------------------------------------------------------------------------


BAD = answer(b"<html>", "502 Bad Gateway")
LATE = answer(b"<html>", "504 Gateway Timeout")


@pytest.mark.parametrize(
    ("steps", "expected", "passing", "count"),
    [
        ([BAD, answer(JSON)], 200, (502,), 2),
        ([BAD, LATE, answer(JSON)], 200, (502, 504), 3),
        ([BAD, LATE, BAD, answer(JSON)], 502, (), 3),
        ([answer(JSON, "502 Bad Gateway"), answer(JSON)], 502, (), 1),
        ([answer(b"x", "500 Error"), answer(JSON)], 500, (), 1),
        ([answer(b"x", "503 Busy"), answer(JSON)], 200, (503,), 2),
        ([answer(JSON, "503 Busy"), answer(JSON)], 503, (), 1),
    ],
)
def test_an_answer_of_a_gateway_is_asked_for_twice_more(
    steps: list[Step], expected: int, passing: tuple[int, ...], count: int
) -> None:
    with scripted(*steps) as server, closing(to(server)) as transport:
        delivery = transport.send(LOGIN)
        assert (status(delivery), delivery.passing) == (expected, passing)
        assert len(server.received) == count
        # Each on a connection of its own, and none of them is used again.
        assert len(server.peers) == count
        assert transport.is_kept() == (expected not in (502, 503, 504))


# ---- bursts ----------------------------------------------------------------------------------------


def test_a_burst_is_on_connections_of_its_own_and_released_together() -> None:
    gate = threading.Barrier(8, timeout=5)

    def serve(peer: Peer) -> None:
        one = peer.receive()
        gate.wait()  # Nobody is answered before all have asked.
        assert one is not None
        peer.send(answer(one.body))

    wanted = [replace(LOGIN, body=f'{{"n": {number}}}'.encode()) for number in range(8)]
    with serving(serve) as server, closing(to(server)) as transport:
        deliveries = transport.burst(wanted)
    assert [one.answer.body for one in deliveries if one.answer] == [one.body for one in wanted]
    assert len({one.connection for one in deliveries}) == len(server.peers) == 8
    assert len({one.request_id for one in deliveries}) == 8
    assert max(one.began for one in deliveries) < min(one.ended for one in deliveries)
    assert transport.requests == 8


def test_a_burst_that_the_target_does_not_take_is_an_error() -> None:
    with scripted(answer(JSON)) as server:
        transport = to(server)
    with pytest.raises(OSError, match="refused"):
        transport.burst([LOGIN] * 2)
    transport.close()


def test_a_server_of_one_connection_at_a_time_serves_a_burst_too() -> None:
    one_at_a_time = threading.Lock()

    def serve(peer: Peer) -> None:
        with one_at_a_time:
            while peer.receive() is not None:
                peer.send(answer(JSON))

    with serving(serve) as server, closing(to(server, answer_timeout=2.0)) as transport:
        transport.send(LOGIN)
        assert transport.is_kept()
        assert [status(one) for one in transport.burst([LOGIN] * 4)] == [200] * 4
        assert status(transport.send(LOGIN)) == 200


def test_a_time_out_in_a_burst_lowers_the_limit_too() -> None:
    with scripted(b"") as server, closing(to(server, answer_timeout=0.1)) as transport:
        noted: list[None] = []
        transport.patience.note_timeout = lambda: noted.append(None)  # type: ignore[method-assign]
        transport.burst([LOGIN] * 2)
        assert len(noted) == 2


def test_an_answer_that_hangs_in_a_burst_is_a_fault_of_its_own() -> None:
    def serve(peer: Peer) -> None:
        one = peer.receive()
        if one is not None and b"hang" in one.body:
            time.sleep(0.5)
        peer.send(answer(JSON))

    wanted = [replace(LOGIN, body=b'"hang"'), LOGIN]
    with serving(serve) as server, closing(to(server, answer_timeout=0.1)) as transport:
        hung, fine = transport.burst(wanted)
    assert hung.fault is not None
    assert hung.fault.kind == "timed-out"
    assert status(fine) == 200
