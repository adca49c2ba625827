"""Whatever a server answers, no account is sent more wrong passwords than were promised."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import pytest
import trustme

from esignon_conformance.runner.schedule import exchange_loop, inquiry, login_probe
from esignon_conformance.target.limits import ON_LOOPBACK
from esignon_conformance.transport import rate_limit as pace_module
from esignon_conformance.transport.connection import Connection, Endpoint
from esignon_conformance.transport.json_reader import member, read_json
from esignon_conformance.verdicts.exit_status import exit_status
from selftest.support.clock import Clock
from selftest.support.exchanges import MAIN, plain
from selftest.support.judged import failing
from selftest.support.login_desk import CASES, REAL, WRONG, Desk, of, run
from selftest.support.raw_server import Peer, Received, answer, scripted
from selftest.support.transporting import JSON, LOGIN, drop, to

Kind = Literal["right", "wrong", "else"]
Act = Literal["answer", "drop", "close after"] | bytes
CHOSEN = [*WRONG, *of("wrong-type"), "burst-wrong-password", "burst-two-accounts", "unknown-email"]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let no test wait."""
    made = Clock()
    for module in (pace_module, inquiry):
        monkeypatch.setattr(module, "time", made)
    for module in (login_probe, exchange_loop):
        monkeypatch.setattr(module, "PAUSE_BEFORE_NEW_TRY", 0.0)
    return made


@dataclass
class Counting(Desk):
    """A desk that keeps a count of its own, of every wrong password that reaches it.

    Only a right login that it answers "00" ends a row.  `act` says what it does with a request.
    """

    act: Callable[[Kind, int], Act] = lambda _kind, _number: "answer"
    row: Counter[str] = field(default_factory=Counter)
    longest: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)

    def serve(self, peer: Peer) -> None:
        """Answer the requests of one connection."""
        while (received := peer.receive()) is not None:
            with self.lock:
                self.requests += 1
                email, kind = self._kind(received)
                act = self.act(kind, self.requests)
                code = self._code(received)
                is_answered = act in ("answer", "close after")
                if kind == "wrong":
                    self.total[email] += 1
                    self.row[email] += 1
                    self.longest[email] = max(self.longest[email], self.row[email])
                elif kind == "right" and is_answered and code == "00":
                    self.row[email] = 0
                said = self._answer(received, code) if is_answered else b""
            if act == "drop":
                return
            peer.send(act if isinstance(act, bytes) else said)
            if act == "close after":
                return

    def _kind(self, received: Received) -> tuple[str, Kind]:
        value = read_json(received.body).value
        email, password = (member(value, f"/body/{name}")[1] for name in ("memb_email", "memb_pwd"))
        named = email.strip().lower() if isinstance(email, str) else ""
        if named not in REAL:
            return "", "else"
        return named, "right" if password == plain(REAL[named].password) else "wrong"


def limited(row: int, most: int | None) -> dict[str, Any]:
    """Return the settings of a run that sends so many wrong passwords."""
    return {"limits": replace(ON_LOOPBACK, wrong_passwords_in_a_row=row, wrong_passwords=most)}


MANY = answer(b"", "429 Too Many Requests", "Retry-After: 0")
BUSY = answer(b"", "503 Service Unavailable", "Retry-After: 0")
PAGES = {
    name: answer(b"<html>", name, "Content-Type: text/html")
    for name in (
        *("502 Bad Gateway", "503 Service Unavailable", "504 Gateway Timeout"),
        *("500 Internal Server Error", "401 Unauthorized", "403 Forbidden", "423 Locked"),
    )
}


def of_wrong(act: Act) -> Callable[[Kind, int], Act]:
    """Return what does something with wrong passwords, and answers all else."""
    return lambda kind, _number: act if kind == "wrong" else "answer"


# ---- each way to be asked again ----------------------------------------------------------------------


# What is limited to four in all is limited to three in a row, too; a row of one has longer spaces between.
@pytest.mark.parametrize(
    ("act", "row", "most"),
    [
        *((act, 3, 4) for act in (MANY, BUSY, *PAGES.values(), "drop", "close after")),
        *((act, 1, 6) for act in (MANY, "drop")),
        *(pytest.param(act, 1, 6, marks=pytest.mark.slow) for act in (BUSY, "close after")),
        *((act, 3, None) for act in (MANY, "drop")),
    ],
)
def test_a_wrong_password_is_never_sent_again(act: Act, row: int, most: int | None) -> None:
    ended = run(Counting(lock_after=99, act=of_wrong(act)), CHOSEN, **limited(row, most))
    desk = ended.desk
    assert isinstance(desk, Counting)
    assert 0 < max(desk.longest.values()) <= row
    assert most is None or max(desk.total.values()) <= most
    cases = [one for one in ended.recording.exchanges if one.role == "case"]
    wrong = [one for one in cases if one.request.password not in {REAL[e].password for e in REAL}]
    assert max(one.tries for one in wrong if one.request.account == "main") == 1


@pytest.mark.parametrize("act", [MANY, BUSY, *list(PAGES.values())[:3]])
def test_what_came_to_a_wrong_password_that_is_not_sent_again_is_no_finding(act: Act) -> None:
    ended = run(Counting(lock_after=99, act=of_wrong(act)), WRONG)
    judged = ended.verdicts()
    assert failing(judged) == set()
    assert judged["REJ-1"].verdict == "could-not-judge"
    assert judged["REJ-1"].reason is not None
    word = "limited-wrong" if act in (MANY, BUSY) else "unrepeated"
    assert judged["REJ-1"].reason.key == f"reason-{word}"
    assert exit_status(list(judged.values())) == 6


def test_a_limit_that_one_of_many_wrong_passwords_met_is_named_beside_the_verdict() -> None:
    met: list[int] = []

    def act(kind: Kind, number: int) -> Act:
        met.extend([number] if kind == "wrong" else [])
        return MANY if kind == "wrong" and len(met) == 9 else "answer"

    ended = run(Counting(act=act), WRONG)
    judged = ended.verdicts()["REJ-1"]
    assert judged.verdict == "holds"
    (left_out,) = judged.left_out
    assert judged.left_out[left_out].key == "reason-limited"
    assert not CASES[left_out].essential


def test_what_a_gateway_says_to_other_requests_is_a_finding_still() -> None:
    page = PAGES["502 Bad Gateway"]
    desk = Counting(act=lambda kind, _number: page if kind == "else" else "answer")
    ended = run(desk, [*WRONG, "unknown-email"])
    assert failing(ended.verdicts()) == {"ENV-10"}


@pytest.mark.parametrize("act", [PAGES["500 Internal Server Error"], "drop"])
def test_an_error_of_the_server_itself_to_a_wrong_password_is_a_finding_still(act: Act) -> None:
    ended = run(Counting(lock_after=99, act=of_wrong(act)), WRONG)
    assert "ENV-10" in failing(ended.verdicts())


def test_a_kept_connection_that_ends_costs_one_wrong_password_and_the_next_is_on_a_new_one() -> (
    None
):
    drops: list[int] = []

    def act(kind: Kind, number: int) -> Act:
        if kind == "wrong" and not drops:
            drops.append(number)
            return "drop"
        return "answer"

    ended = run(Counting(lock_after=99, act=act), WRONG)
    assert failing(ended.verdicts()) == set()
    wrong = [one for one in ended.recording.exchanges if one.situation == "wrong-password"]
    assert wrong[0].cut_short
    assert wrong[0].gave_up
    assert not any(one.reused for one in wrong[1:])


def test_a_burst_with_wrong_passwords_goes_out_once() -> None:
    desk = Counting(lock_after=99, act=of_wrong(MANY))
    ended = run(desk, ["right-login", "burst-wrong-password"])
    assert desk.total[plain(MAIN.email)] == 2
    assert ended.reason("burst-wrong-password") == ("limited", "")


def test_a_request_goes_out_as_often_as_it_may_after_any_limit() -> None:
    for data in (MANY, BUSY, PAGES["502 Bad Gateway"], PAGES["504 Gateway Timeout"]):
        for most in (1, 2):
            with scripted(data) as server, closing(to(server)) as transport:
                delivery = transport.send(LOGIN, most_tries=most)
            assert (delivery.tries, delivery.cut_short) == (most, True)
            assert len(server.received) == most
    with scripted(answer(JSON), drop) as server, closing(to(server)) as transport:
        transport.send(LOGIN)
        delivery = transport.send(LOGIN, most_tries=1)
    assert (delivery.tries, delivery.cut_short, delivery.reused) == (1, True, True)
    assert delivery.fault is not None
    assert len(server.received) == 2


def test_a_tls_connection_that_has_ended_is_not_open() -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(context)
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)
    goes_on = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            raw, _ = listener.accept()
            raw.settimeout(2)
            with context.wrap_socket(raw, server_side=True) as peer:
                peer.recv(65_536)
                peer.sendall(answer(JSON))
                goes_on.wait(5)
                with contextlib.suppress(OSError):
                    peer.unwrap()

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        endpoint = Endpoint("localhost", listener.getsockname()[1], "localhost", trusted)
        connection = Connection(endpoint, 1, 2.0)
        connection.exchange(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "GET", 2.0)
        assert connection.look(0.05) == (b"", True)
        goes_on.set()
        assert connection.look(2.0) == (b"", False)
        connection.close()
        thread.join(5)


def test_that_another_account_is_let_in_makes_no_room_for_a_wrong_password() -> None:
    acts: list[Act] = [
        *(PAGES["503 Service Unavailable"], "answer", "answer", "answer", "answer", "answer"),
        *(PAGES["403 Forbidden"], "answer", MANY, PAGES["401 Unauthorized"], "close after"),
        *("answer", "answer", BUSY, "answer", PAGES["504 Gateway Timeout"]),
        *(PAGES["403 Forbidden"], PAGES["503 Service Unavailable"]),
    ]
    to_wrong: list[Act] = [MANY, PAGES["502 Bad Gateway"], BUSY]

    def act(kind: Kind, number: int) -> Act:
        turns = to_wrong if kind == "wrong" else acts
        return turns[number % len(turns)]

    desk = Counting(lock_after=10_000, act=act)
    run(desk, CHOSEN, **limited(3, None))
    assert max(desk.longest.values()) <= 3
