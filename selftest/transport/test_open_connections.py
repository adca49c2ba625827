"""What lies on a connection between answers, how long an answer may be, and what is done meanwhile."""

from __future__ import annotations

import threading
import time
from contextlib import closing

import pytest

from esignon_conformance.transport.answer_reader import LONGEST_BODY
from esignon_conformance.transport.messages import Answer, Fault
from selftest.support.connections import LIMIT, REQUEST, End, close, connect, reset
from selftest.support.raw_server import Peer, answer, scripted, serving

# ---- what lies on the connection ----------------------------------------------------------------------


@pytest.mark.parametrize("stray", [b"}", b"HTTP/1.1 200 OK\r\n\r\n", b"\0" * 100_000])
def test_bytes_that_nobody_asked_for_are_seen(stray: bytes) -> None:
    with scripted(answer(b"{}") + stray) as server, closing(connect(server)) as connection:
        connection.exchange(REQUEST, "POST", LIMIT)
        found, is_open = connection.look(0.2)
        assert stray.startswith(found)
        assert found
        assert not is_open


def test_bytes_that_come_later_are_seen_where_they_are_waited_for() -> None:
    def late(peer: Peer) -> None:
        peer.receive()
        peer.send(answer(b"{}"))
        time.sleep(0.03)
        peer.send(b"late")
        peer.receive()

    with serving(late) as server, closing(connect(server)) as connection:
        connection.exchange(REQUEST, "POST", LIMIT)
        assert connection.look() == (b"", True)
        assert connection.look(1.0) == (b"late", False)


def test_a_connection_that_was_closed_meanwhile_is_seen_as_such() -> None:
    for end in (close, reset):

        def serve(peer: Peer, end: End = end) -> None:
            peer.receive()
            peer.send(answer(b"{}"))
            time.sleep(0.01)
            end(peer)

        with serving(serve) as server, closing(connect(server)) as connection:
            assert isinstance(connection.exchange(REQUEST, "POST", LIMIT), Answer)
            assert connection.look(1.0) == (b"", False)


def test_looking_does_not_spoil_the_next_answer() -> None:
    with scripted(answer(b"1"), answer(b"2")) as server, closing(connect(server)) as connection:
        for expected in (b"1", b"2"):
            got = connection.exchange(REQUEST, "POST", LIMIT)
            assert isinstance(got, Answer)
            assert got.body == expected
            assert connection.look() == connection.look(0.01) == (b"", True)


# ---- the length of an answer -----------------------------------------------------------------------


@pytest.mark.parametrize("chunked", [True, False])
def test_a_body_without_end_is_not_read_to_its_end(chunked: bool) -> None:
    read = [0]

    def endless(peer: Peer) -> None:
        peer.receive()
        head = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {10**12}"
        peer.send(f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode())
        piece = b"10000\r\n" + b" " * 65536 + b"\r\n" if chunked else b" " * 65536
        while True:
            peer.send(piece)
            read[0] += len(piece)

    with serving(endless) as server, closing(connect(server)) as connection:
        result = connection.exchange(REQUEST, "POST", 20.0)
    assert isinstance(result, Fault)
    assert result.kind == "too-long"
    assert LONGEST_BODY <= read[0] < 2 * LONGEST_BODY


def test_a_body_of_the_longest_length_is_read() -> None:
    with scripted(answer(b"x" * 1000)) as server, closing(connect(server)) as connection:
        assert isinstance(connection.exchange(REQUEST, "POST", 5.0, 1000), Answer)
    with scripted(answer(b"x" * 1001)) as server, closing(connect(server)) as connection:
        assert isinstance(connection.exchange(REQUEST, "POST", 5.0, 1000), Fault)


def test_a_request_may_go_out_in_pieces() -> None:
    came: list[bytes] = []

    def serve(peer: Peer) -> None:
        while sum(map(len, came)) < len(REQUEST):
            came.append(peer.receive_some())
        peer.send(answer(b"{}"))

    with serving(serve) as server, closing(connect(server)) as connection:
        head = len(REQUEST) - 2
        got = connection.exchange(REQUEST, "POST", LIMIT, cuts=(head, head + 1))
    assert isinstance(got, Answer)
    assert came == [REQUEST[:-2], b"{", b"}"]


# ---- what is done while the target works ---------------------------------------------------------------


def test_there_is_time_for_other_work_while_the_target_works() -> None:
    worked = threading.Event()

    def serve(peer: Peer) -> None:
        peer.receive()
        # Not before the other work is done: if that came after the answer, none would ever come.
        worked.wait(LIMIT)
        peer.send(answer(b"{}"))
        peer.receive()

    with serving(serve) as server, closing(connect(server)) as connection:
        got = connection.exchange(REQUEST, "POST", 1.0, meanwhile=worked.set)
    assert isinstance(got, Answer)


def test_other_work_takes_nothing_off_the_time_that_the_target_has() -> None:
    with scripted(answer(b"{}")) as server, closing(connect(server)) as connection:
        got = connection.exchange(REQUEST, "POST", 0.2, meanwhile=lambda: time.sleep(0.4))
    assert isinstance(got, Answer)


def test_a_mistake_in_other_work_is_no_fault_of_the_target() -> None:
    def wrong() -> None:
        raise ValueError("ours")

    with (
        scripted(answer(b"{}")) as server,
        closing(connect(server)) as connection,
        pytest.raises(ValueError, match="ours"),
    ):
        connection.exchange(REQUEST, "POST", LIMIT, meanwhile=wrong)
