"""One connection: each way in which an answer comes whole, cut, late, garbled or not at all."""

from __future__ import annotations

import threading
import time
from contextlib import closing
from typing import Any

import pytest

from esignon_conformance.transport.connection import Connection, Endpoint
from esignon_conformance.transport.messages import Answer, Fault
from selftest.support.connections import LIMIT, REQUEST, End, close, connect, reset
from selftest.support.raw_server import Peer, answer, scripted, serving

CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def keep(peer: Peer) -> None:
    """Stay silent until the client leaves."""
    peer.receive()


def asked(
    data: bytes, end: End = close, limit: float = LIMIT, method: str = "POST"
) -> Answer | Fault:
    """Return what a request gets from a server that sends these bytes and ends like this."""

    def serve(peer: Peer) -> None:
        peer.receive()
        peer.send(data)
        end(peer)

    with serving(serve) as server, closing(connect(server)) as connection:
        return connection.exchange(REQUEST.replace(b"POST", method.encode()), method, limit)


# ---- whole answers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "end", "expected"),
    [
        (
            answer(b"{}"),
            keep,
            {"status": 200, "body": b"{}", "keeps_open": True, "version": "HTTP/1.1"},
        ),
        (answer(b""), keep, {"body": b"", "keeps_open": True}),
        (answer(b"{}", "404 Nothing Here"), keep, {"status": 404, "reason": "Nothing Here"}),
        (answer(b"{}", "200 "), keep, {"status": 200, "reason": ""}),
        (answer(b"{}", "200"), keep, {"status": 200, "reason": ""}),
        (answer(b"{}", "999 Odd"), keep, {"status": 999}),
        (answer(b"{}", "200 OK", "Connection: close"), close, {"body": b"{}", "keeps_open": False}),
        (b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}", close, {"keeps_open": False}),
        (b"HTTP/1.1 200 OK\r\n\r\n{}", close, {"body": b"{}", "keeps_open": False}),
        (b"HTTP/1.1 200 OK\nContent-Length: 2\n\n{}", keep, {"body": b"{}"}),
        (
            b"HTTP/1.1 204 No Content\r\n\r\n",
            keep,
            {"status": 204, "body": b"", "keeps_open": True},
        ),
        (CHUNKED + b"1\r\n{\r\n1\r\n}\r\n0\r\n\r\n", keep, {"body": b"{}", "keeps_open": True}),
        (CHUNKED + b"2;x=y\r\n{}\r\n0\r\nTrailer: x\r\n\r\n", keep, {"body": b"{}"}),
        (CHUNKED + b"0\r\n\r\n", keep, {"body": b""}),
        (answer(b"\xff\x00"), keep, {"body": b"\xff\x00"}),
        (answer(b"x" * 300_000), keep, {"body": b"x" * 300_000}),
    ],
)
def test_a_whole_answer_is_read(data: bytes, end: End, expected: dict[str, Any]) -> None:
    got = asked(data, end)
    assert isinstance(got, Answer)
    assert {name: getattr(got, name) for name in expected} == expected
    assert (got.missing, got.ended) == (0, "")


def test_header_fields_are_kept_in_order_and_as_often_as_they_came() -> None:
    got = asked(answer(b"", "200 OK", "X-A: 1", "x-a:2", "Content-Type: text/plain", "X-B: \xe9"))
    assert isinstance(got, Answer)
    assert got.headers[1:] == (
        ("X-A", "1"),
        ("x-a", "2"),
        ("Content-Type", "text/plain"),
        ("X-B", "\xe9"),
    )
    assert got.all_headers("X-a") == ["1", "2"]
    assert got.header("content-TYPE") == "text/plain"
    assert got.header("absent") is None


def test_head_has_no_body_whatever_its_length_says() -> None:
    got = asked(b"HTTP/1.1 200 OK\r\nContent-Length: 70\r\n\r\n", keep, method="HEAD")
    assert isinstance(got, Answer)
    assert (got.body, got.missing, got.keeps_open) == (b"", 0, True)


@pytest.mark.parametrize(
    "interim",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n",
        b"HTTP/1.1 102 Processing\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\nLink: </x>; rel=preload\r\n\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n",
    ],
)
def test_interim_answers_come_before_the_one_that_counts(interim: bytes) -> None:
    got = asked(interim + answer(b"{}", "201 Created"), keep)
    assert isinstance(got, Answer)
    assert (got.status, got.body) == (201, b"{}")


def test_one_connection_serves_several_answers() -> None:
    with (
        scripted(answer(b"1"), answer(b""), answer(b"{}" * 40_000)) as server,
        closing(connect(server)) as connection,
    ):
        got = [connection.exchange(REQUEST, "POST", LIMIT) for _ in range(3)]
        assert [one.body for one in got if isinstance(one, Answer)] == [
            b"1",
            b"",
            b"{}" * 40_000,
        ]
        assert connection.answers == 3
        assert connection.look() == (b"", True)
    assert len(server.peers) == 1


# ---- cut and garbled bodies --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "end", "body", "missing", "ended"),
    [
        (answer(b"{} " * 4)[:-5], close, b"{} {} {", 5, "closed"),
        (answer(b"{}")[:-2], close, b"", 2, "closed"),
        (answer(b"{}")[:-1], keep, b"{", 1, "silent"),
        (answer(b"{}")[:-2], keep, b"", 2, "silent"),
        (CHUNKED + b"2\r\n{}\r\n", close, b"{}", -1, "closed"),
        (CHUNKED + b"9\r\n{}", close, b"{}", -1, "closed"),
        (CHUNKED, close, b"", -1, "closed"),
        (CHUNKED + b"2\r\n{}\r\n", keep, b"{}", -1, "silent"),
        (CHUNKED + b"{}", close, b"", -1, "closed"),
        (b"HTTP/1.1 200 OK\r\n\r\n{", keep, b"{", -1, "silent"),
    ],
)
def test_a_body_that_is_cut_says_what_is_missing(
    data: bytes, end: End, body: bytes, missing: int, ended: str
) -> None:
    got = asked(data, end, limit=0.1 if ended == "silent" else LIMIT)
    assert isinstance(got, Answer)
    assert (got.status, got.body, got.missing, got.ended) == (200, body, missing, ended)
    assert not got.keeps_open


def test_a_reset_in_the_middle_of_a_body_is_a_cut_body() -> None:
    got = asked(answer(b"{}" * 20)[:-10], reset)
    assert isinstance(got, Answer)
    assert (got.body, got.ended) == (b"{}" * 15, "closed")
    assert got.missing


def test_a_content_length_that_is_too_short_leaves_the_rest_on_the_connection() -> None:
    data = answer(b'{"a": 1}').replace(b"Content-Length: 8", b"Content-Length: 5")
    with scripted(data) as server, closing(connect(server)) as connection:
        got = connection.exchange(REQUEST, "POST", LIMIT)
        assert isinstance(got, Answer)
        assert (got.body, got.missing, got.keeps_open) == (b'{"a":', 0, True)
        assert connection.look(0.05) == (b" 1}", False)


@pytest.mark.parametrize(
    ("lines", "framing"), [(b"Warning", "header-line"), (b" folded", "folded"), (b"", "")]
)
def test_a_body_that_comes_after_its_head_is_read_whatever_the_head_is(
    lines: bytes, framing: str
) -> None:
    data = answer(b"{}").replace(b"Content", b"X: 1\r\n" + lines + b"\r\nContent", bool(lines))

    def slowly(peer: Peer) -> None:
        peer.receive()
        peer.send(data[:-2])
        time.sleep(0.01)
        peer.send(data[-2:])
        peer.receive()

    with serving(slowly) as server, closing(connect(server)) as connection:
        began = time.monotonic()
        got = connection.exchange(REQUEST, "POST", LIMIT)
    assert isinstance(got, Answer)
    assert (got.body, got.framing) == (b"{}", framing)
    assert time.monotonic() - began < LIMIT / 2


def test_chunks_that_are_none_are_not_waited_for() -> None:
    began = time.monotonic()
    got = asked(CHUNKED + b"2\n{}\n0\n\n", keep)
    assert isinstance(got, Answer)
    assert (got.framing, got.missing, got.keeps_open) == ("chunk-size", -1, False)
    assert time.monotonic() - began < LIMIT / 2


# ---- no answer ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "end", "kind"),
    [
        (b"", close, "dropped"),
        (b"", reset, "dropped"),
        (b"", keep, "timed-out"),
        (b"HTTP/1.1 200", keep, "timed-out"),
        (b"HTTP/1.1 200 OK\r\nContent-Le", keep, "timed-out"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", keep, "timed-out"),
        (b"HTTP/1.1 100 Continue\r\n\r\n", close, "dropped"),
        (b"HTTP/1.1 200 OK\r\nX: 1\r\n", reset, "dropped"),
        (b"hello\r\n", close, "not-http"),
        (b"{}", close, "not-http"),
        (b"\r\n\r\n", close, "not-http"),
        (b"HTTP/2 200 OK\r\n\r\n", close, "not-http"),
        (b"HTTP/1.1 OK\r\n\r\n", close, "not-http"),
        (b"HTTP/1.1 99 Low\r\n\r\n", close, "not-http"),
        (b"ICY 200 OK\r\n\r\n", close, "not-http"),
        (b"\x15\x03\x01\x00\x02\x02\x28\r\n", close, "not-http"),
    ],
)
def test_what_is_no_answer_is_a_fault(data: bytes, end: End, kind: str) -> None:
    got = asked(data, end, limit=0.1 if kind == "timed-out" else LIMIT)
    assert isinstance(got, Fault)
    assert got.kind == kind
    assert got.detail


def test_a_connection_that_nobody_takes_is_an_error() -> None:
    with serving(lambda peer: None) as server:
        port = server.port
    with pytest.raises(OSError, match="refused"):
        Connection(Endpoint("127.0.0.1", port, "box"), 1, 0.5)


def test_the_limit_holds_for_the_whole_answer_however_slowly_it_drips() -> None:
    for data in (answer(b"{}" * 100), answer(b"", "200 OK", "X-Slow: " + "x" * 200)):

        def drip(peer: Peer, data: bytes = data) -> None:
            peer.receive()
            for at in range(len(data)):
                peer.send(data[at : at + 1])
                time.sleep(0.02)

        with serving(drip) as server, closing(connect(server)) as connection:
            began = time.monotonic()
            got = connection.exchange(REQUEST, "POST", 0.2)
            assert time.monotonic() - began < 1.0
            ended = got.kind if isinstance(got, Fault) else got.ended
            assert ended in ("timed-out", "silent")


def test_an_answer_without_end_is_cut_at_the_limit() -> None:
    def flood(peer: Peer) -> None:
        peer.receive()
        peer.send(CHUNKED)
        while True:
            peer.send(b"4\r\nxxxx\r\n")

    with serving(flood) as server, closing(connect(server)) as connection:
        got = connection.exchange(REQUEST, "POST", 0.2)
        assert isinstance(got, Answer)
        assert (got.missing, got.ended) == (-1, "silent")


def test_an_answer_that_comes_in_pieces_within_the_limit_is_whole() -> None:
    def pieces(peer: Peer) -> None:
        peer.receive()
        for piece in (
            b"HTTP/1.1 ",
            b"200 OK\r\nContent-",
            b"Length: 4\r\n\r",
            b"\n{",
            b"}\r",
            b"\n",
        ):
            peer.send(piece)
            time.sleep(0.005)
        peer.receive()

    with serving(pieces) as server, closing(connect(server)) as connection:
        got = connection.exchange(REQUEST, "POST", LIMIT)
        assert isinstance(got, Answer)
        assert (got.body, got.missing) == (b"{}\r\n", 0)


def test_an_answer_to_a_request_that_was_not_read_to_its_end_is_read() -> None:
    def early(peer: Peer) -> None:
        peer.send(answer(b"{}", "413 Too Large", "Connection: close"))
        time.sleep(0.05)
        peer.close()

    with serving(early) as server, closing(connect(server)) as connection:
        head = b"POST / HTTP/1.1\r\nHost: box\r\nContent-Length: 4000000\r\n\r\n"
        got = connection.exchange(head + b"x" * 4_000_000, "POST", LIMIT)
        assert isinstance(got, Answer)
        assert got.status == 413


def test_an_answer_to_a_request_that_nobody_reads_is_read() -> None:
    def deaf(peer: Peer) -> None:
        peer.send(answer(b"{}", "413 Too Large"))
        over.wait(LIMIT)

    over = threading.Event()
    with serving(deaf) as server, closing(connect(server)) as connection:
        head = b"POST / HTTP/1.1\r\nHost: box\r\nContent-Length: 90000000\r\n\r\n"
        got = connection.exchange(head + b"x" * 90_000_000, "POST", 0.3)
        over.set()
    assert isinstance(got, Answer)
    assert got.status == 413
