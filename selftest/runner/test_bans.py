"""A ban that drops connections is no finding of the server; a crash for good stays one, or is suspected."""

from __future__ import annotations

import ctypes
import socket
import struct
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.i18n.language import Language
from esignon_conformance.recording import answer_origin
from esignon_conformance.recording.recording import Stop
from esignon_conformance.reports.answer_origin_text import lines_of_what_answered
from esignon_conformance.runner.schedule import cut_off, exchange_loop
from esignon_conformance.verdicts.exit_status import exit_status
from selftest.support.exchanges import conforming, fault
from selftest.support.judged import failing
from selftest.support.login_desk import PLAIN, Desk, Ended, ready
from selftest.support.raw_server import Peer, RawServer, Received, answer
from selftest.support.written_runs import run_of

# Right logins, cases that are made up, and what stands for an attack.
CHOSEN = [
    *(*PLAIN, "unknown-email", "empty-body", "plain-text-body", "cut-before-last-brace"),
    *("cut-after-colon", "sql-or-in-email", "ldap-in-email", "sql-union-in-email"),
    *("missing-memb-email", "missing-memb-pwd", "odd-email-lone-surrogate"),
]
_SO_ATTACH_FILTER = 26


@dataclass
class Banning(Desk):
    """A desk before which something stands that bans this address once it has struck.

    `strikes` is told each request and how many came before it; `bans` is what happens then, and
    `turns_away` ends each connection from then on, that of the request that struck first.
    """

    strikes: Callable[[Received, int], bool] = lambda _received, _at: False
    bans: Callable[[RawServer], None] = lambda _server: None
    turns_away: Callable[[Peer], None] = Peer.close
    is_answered: bool = False
    lets_go_after: float = 1e9
    banned_at: float | None = None
    server: RawServer | None = field(default=None)

    def serve(self, peer: Peer) -> None:
        """Answer the requests of one connection."""
        while not self._is_banned() and (received := peer.receive()) is not None:
            with self.lock:
                self.requests += 1
                struck = self.banned_at is None and self.strikes(received, self.requests)
                said = self._answer(received, self._code(received))
            if self._is_banned():
                break
            if struck:
                self.banned_at = time.monotonic()
                assert self.server is not None
                self.bans(self.server)
            if self.is_answered or not struck:
                peer.send(said)
        if self._is_banned():
            self.turns_away(peer)

    def _is_banned(self) -> bool:
        return self.banned_at is not None and time.monotonic() - self.banned_at < self.lets_go_after


class Restarting(Banning):
    """A desk that ends again each time what ends it comes."""

    def _is_banned(self) -> bool:
        is_away = super()._is_banned()
        if self.banned_at is not None and not is_away:
            self.banned_at = None
        return is_away


class Cutting(Banning):
    """A desk that drops some requests by the code that they would get."""

    def __init__(self, cuts: Callable[[str, int], bool]) -> None:
        super().__init__()
        self._cuts = cuts

    def serve(self, peer: Peer) -> None:
        """Answer the requests of one connection."""
        while (received := peer.receive()) is not None:
            with self.lock:
                self.requests += 1
                code = self._code(received)
                said = self._answer(received, code)
            if self._cuts(code, self.requests):
                return
            peer.send(said)


def close_unanswered(peer: Peer) -> None:
    """Read a request and close: `return 444` of nginx."""
    if not peer.requests:
        peer.receive()
    peer.close()


def silent(peer: Peer) -> None:
    """Leave a connection open and never answer: `silent-drop` of haproxy."""
    time.sleep(60)
    peer.close()


def drop_packets(server: RawServer) -> None:
    """Let no packet in, as `-j DROP` of iptables: the filter of a socket does so, too."""
    for one in (server.listener, *(peer._socket for peer in server.peers)):
        # BPF: "return 0", which takes nothing of any packet.
        code = ctypes.create_string_buffer(struct.pack("HBBI", 0x06, 0, 0, 0))
        program = struct.pack("HP", 1, ctypes.addressof(code))
        one.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, program)


def reject(server: RawServer) -> None:
    """Refuse what comes, as `-j REJECT --reject-with tcp-reset`; what struck is answered first."""
    server.stop_listening()
    for peer in server.peers[:-1]:
        peer.reset()


def end(server: RawServer) -> None:
    """End as a process does that crashes."""
    server.stop_listening()
    for peer in server.peers:
        peer.close()


def stay(_peer: Peer) -> None:
    """Do nothing: the connection is as the ban has left it."""
    time.sleep(60)


@pytest.fixture(autouse=True)
def _short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cut_off, "_WAITS", (0.0, 0.1, 0.6))
    monkeypatch.setattr(exchange_loop, "_LONG_ENOUGH", 0.6)


def ended_by(desk: Banning, **varied: Any) -> tuple[Ended, float]:
    """Return what a run leaves, and how many seconds it took from the ban on."""
    with ready(desk, **{"connect_timeout": 0.5, "answer_timeout": 0.6, **varied}) as (
        sender,
        ended,
    ):
        desk.server = ended.server
        sender.send_all(CHOSEN)
        until = time.monotonic()
    return ended, until - (desk.banned_at or until)


def at(number: int) -> Callable[[Received, int], bool]:
    """Return what strikes at so many requests."""
    return lambda _received, count: count >= number


def at_body(body: bytes) -> Callable[[Received, int], bool]:
    """Return what strikes at a body."""
    return lambda received, _count: received.body == body


BANS: dict[str, dict[str, Any]] = {
    "return 444": {"turns_away": close_unanswered},
    "reset at once": {"turns_away": Peer.reset},
    "silent-drop": {"turns_away": silent},
    "REJECT": {"bans": reject, "is_answered": True},
    "DROP": {"bans": drop_packets, "turns_away": stay, "is_answered": True},
}


@pytest.mark.parametrize("ban", BANS)
# It strikes at a case and at a right login after one.
@pytest.mark.parametrize("number", [18, 19])
def test_a_ban_is_no_finding_and_ends_the_run_at_once(ban: str, number: int) -> None:
    if ban == "DROP" and sys.platform != "linux":
        pytest.skip("filters of sockets are Linux's")
    ended, seconds = ended_by(Banning(strikes=at(number), **BANS[ban]))
    judged = ended.verdicts()
    assert failing(judged) == set()
    assert ended.recording.ended is not None
    assert ended.recording.ended.word == "gone"
    assert exit_status(list(judged.values()), gone=ended.recording.is_gone) == 6
    # What came before is judged, and nothing is sent on into the ban.
    assert judged["REQ-1"].verdict == "holds"
    assert sum(one.answer is None for one in ended.recording.exchanges) <= 12
    assert seconds < 20


CRASHES: dict[str, dict[str, Any]] = {
    # Its port refuses from then on.
    "by itself": {"bans": end, "turns_away": Peer.close},
    # A forwarder of TCP, as of a container, takes each connection for it and closes it.
    "behind a forwarder": {"turns_away": close_unanswered},
    "hangs for good": {"turns_away": silent},
}


@pytest.mark.parametrize("crash", CRASHES)
def test_a_server_that_a_body_ends_for_good_is_blamed_or_the_case_is_suspected(crash: str) -> None:
    ended, _ = ended_by(Banning(strikes=at_body(b""), **CRASHES[crash]))
    judged = ended.verdicts()
    stop = ended.recording.stop
    if crash == "by itself":
        assert failing(judged) == {"ENV-10"}
        assert judged["ENV-10"].findings[0].cases == ("empty-body",)
    else:
        assert stop is not None
        assert stop.suspect == "empty-body"
        assert exit_status(list(judged.values()), gone=ended.recording.is_gone) == 6


def test_errors_that_all_get_late_end_the_run_and_are_findings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(answer_origin, "LATE", 0.2)

    # A tarpit, or a pool that ran dry: nobody can tell the two apart.
    def late(peer: Peer) -> None:
        time.sleep(0.25)
        peer.send(answer(b"<html>", "500 Internal Server Error", "Connection: close"))

    ended, _ = ended_by(Banning(strikes=at(18), turns_away=late))
    assert failing(ended.verdicts()) == {"ENV-10"}
    assert ended.recording.ended == Reason("gone")


def test_a_ban_that_is_over_soon_blames_nobody() -> None:
    desk = Banning(strikes=at(18), turns_away=close_unanswered, lets_go_after=0.3)
    ended, _ = ended_by(desk)
    assert failing(ended.verdicts()) == set()
    assert ended.recording.ended is None


def test_a_body_that_is_cut_off_each_time_is_a_finding_however_long_it_takes() -> None:
    """A server behind a forwarder that a body ends and that is restarted soon."""
    desk = Restarting(strikes=at_body(b""), turns_away=close_unanswered, lets_go_after=0.3)
    ended, _ = ended_by(desk)
    judged = ended.verdicts()
    assert failing(judged) == {"ENV-10"}
    assert "empty-body" in judged["ENV-10"].findings[0].cases
    assert ended.recording.ended is None


def test_what_cuts_off_right_logins_alone_is_the_servers_finding() -> None:
    desk = Cutting(lambda code, count: code == "00" and count > 18)
    ended, _ = ended_by(desk)
    assert ended.recording.ended is None
    assert failing(ended.verdicts()) & {"ENV-10", "SUC-8"}


def test_what_cuts_off_all_but_right_logins_is_the_servers_finding() -> None:
    desk = Cutting(lambda code, _count: code != "00")
    ended, _ = ended_by(desk)
    assert ended.recording.ended is None
    assert "ENV-10" in failing(ended.verdicts())


@pytest.mark.parametrize("language", ["en", "ko"])
def test_a_ban_is_told_with_what_to_do(tmp_path: Path, language: Language) -> None:
    run = run_of(tmp_path, [conforming("right-login"), fault("unknown-email")])
    last = run.recording.exchanges[-1].id
    run.recording.ended = Reason("gone")
    run.recording.stop = Stop(last, last, "unknown-email")
    told = [line for _, lines in lines_of_what_answered(run, language) for line in lines]
    assert any("fail2ban" in line and "--rate" in line for line in told)
    assert any("unknown-email" in line for line in told)
