"""What a load run gets of a login: bodies that are no UTF-8, content codings, and no answer at all."""

from __future__ import annotations

import gzip
import socket
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace

import pytest

from esignon_conformance.load.gateway_tries import Came
from esignon_conformance.load.login_client import LoginClient
from esignon_conformance.transport.answer_reader import LONGEST_BODY
from selftest.support.exchanges import TARGET
from selftest.support.raw_server import Peer, RawServer, Received, Step, answer, scripted

_PATH, _BODY = "/api/gaon/login", b'{"header":{}}'
_PAGE = "<html>서비스를 이용할 수 없습니다</html>".encode("euc-kr")
_ENVELOPE = b'{"header":{"result_code":"00"}}'


def _client(base_url: str, seconds: float = 5.0) -> closing[LoginClient]:
    target = replace(TARGET, base_url=base_url, answer_timeout=seconds, connect_timeout=seconds)
    return closing(LoginClient(target, {"Content-Type": "application/json"}))


def _came(*steps: Step, seconds: float = 5.0) -> tuple[Came, RawServer]:
    with scripted(*steps) as server, _client(server.base_url, seconds) as client:
        return client.send(_PATH, _BODY), server


@pytest.mark.parametrize("status", ["200 OK", "404 Not Found", "500 Oops", "502 Bad Gateway"])
def test_a_page_that_is_no_utf_8_comes_as_it_was_sent(status: str) -> None:
    came, _ = _came(answer(_PAGE, status, "Content-Type: text/html; charset=euc-kr"))
    assert (came.status, came.body, came.fault) == (int(status[:3]), _PAGE, "")
    assert ("Content-Type", "text/html; charset=euc-kr") in came.headers
    assert (came.reason, came.version) == (status[4:], "HTTP/1.1")


@pytest.mark.parametrize(
    ("coding", "body"),
    [
        ("gzip", gzip.compress(_ENVELOPE)),
        ("deflate", zlib.compress(_ENVELOPE)),
        ("identity", _ENVELOPE),
    ],
    ids=["gzip", "deflate", "identity"],
)
def test_a_content_coding_that_is_asked_for_is_undone(coding: str, body: bytes) -> None:
    came, server = _came(answer(body, "200 OK", f"Content-Encoding: {coding}"))
    assert (came.body, came.fault) == (_ENVELOPE, "")
    assert server.received[0].header("Accept-Encoding") == "gzip, deflate"


@pytest.mark.parametrize("coding", ["gzip", "deflate", "br", "zstd", "x-unknown", "gzip, br"])
@pytest.mark.parametrize("status", ["200 OK", "502 Bad Gateway"])
def test_a_body_that_is_not_in_its_coding_comes_as_it_was_sent(coding: str, status: str) -> None:
    came, _ = _came(answer(b"plain text", status, f"Content-Encoding: {coding}"))
    assert (came.body, came.fault) == (b"plain text", "")


def test_a_redirect_is_not_followed_wherever_it_leads() -> None:
    came, server = _came(answer(b"", "302 Found", "Location: http://[bad"), answer())
    assert (came.status, came.fault, len(server.received)) == (302, "", 1)


def test_what_comes_before_an_answer_is_no_part_of_it() -> None:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    came, _ = _came(early + answer(_PAGE, "404 Not Found"))
    assert (came.status, came.body) == (404, _PAGE)
    assert "Link" not in dict(came.headers)


def _hang(_peer: Peer, _received: Received) -> None: ...


def _end(peer: Peer, _received: Received) -> None:
    peer.close()


def _reset(peer: Peer, _received: Received) -> None:
    peer.reset()


def _then(data: bytes, end: Callable[[Peer], None]) -> Step:
    def step(peer: Peer, _received: Received) -> None:
        peer.send(data)
        end(peer)

    return step


@pytest.mark.parametrize(
    ("step", "fault", "is_silent"),
    [
        pytest.param(_end, "dropped", True, id="ends"),
        pytest.param(_reset, "dropped", True, id="resets"),
        pytest.param(_then(b"HTTP/1.1 200 OK\r\nCont", Peer.close), "dropped", False, id="head"),
        pytest.param(_then(answer(b"abc")[:-1], Peer.close), "dropped", False, id="body"),
        pytest.param(_then(answer(b"abc")[:-1], Peer.reset), "dropped", False, id="body-reset"),
        pytest.param(_then(b"<html>no HTTP</html>", Peer.close), "not-http", False, id="no-http"),
        pytest.param(_hang, "timed-out", False, id="hangs"),
        pytest.param(answer(b"abc")[:-1], "timed-out", False, id="hangs-in-the-body"),
    ],
)
def test_what_comes_in_the_place_of_an_answer_has_a_kind(
    step: Step, fault: str, *, is_silent: bool
) -> None:
    came, _ = _came(step, seconds=0.5)
    assert (came.fault, came.is_silent, came.body) == (fault, is_silent, b"")


def test_where_nobody_listens_the_server_is_unreachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as one:
        port = one.getsockname()[1]
    with _client(f"http://127.0.0.1:{port}") as client:
        assert client.send(_PATH, _BODY).fault == "unreachable"


def test_a_body_without_an_end_is_not_read_to_it() -> None:
    def endless(peer: Peer, _received: Received) -> None:
        peer.send(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            peer.send(bytes(65_536))

    with (
        scripted(endless, answer(_ENVELOPE)) as server,
        _client(server.base_url) as client,
    ):
        assert client.send(_PATH, _BODY)[2:4] == (b"", "too-long")
        assert client.send(_PATH, _BODY).body == _ENVELOPE


def test_a_long_answer_comes_whole_over_a_connection_that_is_kept() -> None:
    body = bytes(range(256)) * (LONGEST_BODY // 512)
    with (
        scripted(answer(body), answer(_ENVELOPE, "200 OK", "Set-Cookie: one=1")) as server,
        _client(server.base_url) as client,
    ):
        assert client.send(_PATH, _BODY).body == body
        assert [client.send(_PATH, _BODY).body for _ in range(3)] == [_ENVELOPE] * 3
        assert len(server.peers) == 1
        client.close()
        client.send(_PATH, _BODY)
        assert len(server.peers) == 2
        # Each login is one by itself.
        assert all(one.header("Cookie") is None for one in server.received)


def test_a_path_before_the_operation_is_sent_as_it_was_given() -> None:
    with scripted(answer()) as server, _client(f"{server.base_url}/esign%7Eon/v1") as client:
        client.send(_PATH, _BODY)
        assert server.received[0].target == f"/esign%7Eon/v1{_PATH}"
        assert (server.received[0].method, server.received[0].body) == ("POST", _BODY)
