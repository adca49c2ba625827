"""Whatever a server does and when, no account sees more wrong passwords than were promised.

Hypothesis draws the server and the order of things: what it answers to whom, limits, gateways' errors,
broken and cut answers, silence, drops and ends of connections.  The bytes go from the transport to a
login desk and back without a socket, so that thousands of requests take seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any, Literal

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from esignon_conformance.recording.recording import Recording
from esignon_conformance.redaction.scrubber import Scrubber
from esignon_conformance.runner.schedule import exchange_loop, inquiry, login_probe
from esignon_conformance.runner.schedule.case_executor import CaseExecutor
from esignon_conformance.runner.schedule.exchange_loop import TargetGone
from esignon_conformance.target.limits import ON_LOOPBACK
from esignon_conformance.transport import client
from esignon_conformance.transport import rate_limit as pace_module
from esignon_conformance.transport.answer_reader import LONGEST_BODY, AnswerReader
from esignon_conformance.transport.client import Transport
from esignon_conformance.transport.json_reader import member, read_json
from esignon_conformance.transport.lockout_guard import AccountGuard
from esignon_conformance.transport.messages import Answer, Fault
from selftest.support.clock import Clock
from selftest.support.exchanges import TARGET, contract, plain, request_of
from selftest.support.login_desk import CASES, REAL, WRONG, Desk, of
from selftest.support.raw_server import Received, answer

Kind = Literal["right", "wrong", "else"]
End = Literal["keep", "close", "reset", "silent", "refuse"]

BURSTS = ["burst-wrong-password", "burst-two-accounts"]
CHOSEN = [*WRONG, *of("wrong-type"), *BURSTS, "unknown-email"]


@dataclass(frozen=True)
class Act:
    """What a server does with a request: which bytes come (None: the desk's own), and what then.

    `cut` is how many bytes of them never come; `reads` tells whether the desk sees the request.
    """

    name: str
    data: bytes | None = None
    cut: int = 0
    end: End = "keep"
    reads: bool = True

    def __repr__(self) -> str:
        return self.name


def page(status: str, *lines: str, end: End = "keep") -> Act:
    """Return an act that answers with a page of a gateway or of a limit."""
    return Act(f"{status} {lines} {end}", answer(b"<html>", status, *lines), end=end)


KINDS: tuple[Kind, ...] = ("wrong", "right", "else")
USUAL = Act("answer")
ACTS = [
    *[USUAL] * 3,
    Act("answer and close", end="close"),
    Act("answer in the middle of which it ends", cut=9, end="close"),
    Act("answer in the middle of which it is reset", cut=9, end="reset"),
    Act("answer that stops", cut=9, end="silent"),
    Act("answer with a byte after it", cut=-1),
    Act("read and drop", b"", end="close"),
    Act("read and reset", b"", end="reset"),
    Act("drop", b"", end="close", reads=False),
    Act("no connection", b"", end="refuse", reads=False),
    Act("silence", b"", end="silent"),
    Act("no HTTP", b"hello\r\n", end="close"),
    Act("half a status line", b"HTTP/1.1 2", end="close"),
    Act("broken framing", answer(b"{}", "200 OK", "no colon")),
    page("429 Too Many Requests"),
    page("429 Too Many Requests", "Retry-After: 0"),
    page("429 Too Many Requests", "Retry-After: 3", end="close"),
    page("503 Service Unavailable", "Retry-After: 0"),
    page("503 Service Unavailable"),
    page("502 Bad Gateway"),
    page("504 Gateway Timeout", end="close"),
    page("500 Internal Server Error"),
    page("401 Unauthorized"),
    page("403 Forbidden"),
    page("408 Request Timeout", end="close"),
    page("423 Locked"),
    page("302 Found", "Location: /login"),
]

SOME_ACTS = st.lists(st.sampled_from(ACTS), max_size=3)


@dataclass
class Server(Desk):
    """A desk behind acts, with a count of its own of every wrong password that left the suite.

    Only a right login that it answers "00" ends a row.
    """

    standing: dict[Kind, Act] = field(default_factory=dict)
    next_acts: list[Act] = field(default_factory=list)
    row: Counter[str] = field(default_factory=Counter)
    longest: Counter[str] = field(default_factory=Counter)
    total: Counter[str] = field(default_factory=Counter)

    def take(self, data: bytes) -> tuple[bytes, End]:
        """Take a request, and return what comes of it and what becomes of the connection."""
        head, _, body = data.partition(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n")[0].decode("latin-1").split(" ", 2)
        received = Received(method, target, head, body)
        with self.lock:
            self.requests += 1
            email, kind = self._kind(received)
            act = self.next_acts.pop() if self.next_acts else self.standing.get(kind, USUAL)
            code = self._code(received) if act.reads else ""
            if kind == "wrong":
                # Whatever becomes of it: it left, and who counts it is not known.
                self.total[email] += 1
                self.row[email] += 1
                self.longest[email] = max(self.longest[email], self.row[email])
            elif kind == "right" and act.data is None and act.cut <= 0 and code == "00":
                self.row[email] = 0
            whole = act.data if act.data is not None else self._answer(received, code)
            said = whole[: len(whole) - act.cut] if act.cut >= 0 else whole + b"}"
            return said, act.end

    def _kind(self, received: Received) -> tuple[str, Kind]:
        value = read_json(received.body).value
        email, password = (member(value, f"/body/{name}")[1] for name in ("memb_email", "memb_pwd"))
        named = email.strip().lower() if isinstance(email, str) else ""
        if named not in REAL:
            return "", "else"
        return named, "right" if password == plain(REAL[named].password) else "wrong"


class Unplugged:
    """What the transport takes for a connection, without a socket."""

    def __init__(self, server: Server, number: int) -> None:
        """Connect.  Raises `OSError` where the server takes no connection now."""
        if server.next_acts and server.next_acts[-1].end == "refuse":
            server.next_acts.pop()
            raise ConnectionRefusedError("refused")
        self.number = number
        self._server = server
        self._stray = b""
        self._is_open = True

    def close(self) -> None:
        """Do nothing."""

    def took_request(self) -> bool:
        """Tell that the server may have read the request."""
        return True

    def look(self, wait: float = 0.0) -> tuple[bytes, bool]:
        """Return what lies on the connection, and whether it is open."""
        return self._stray, self._is_open and not self._stray

    def exchange(
        self,
        data: bytes,
        method: str,
        limit: float,
        longest: int = LONGEST_BODY,
        *,
        meanwhile: Callable[[], None] = lambda: None,
        cuts: Sequence[int] = (),
    ) -> Answer | Fault:
        """Hand a request to the server, and read what comes."""
        reader = AnswerReader(method, longest)
        # On a connection that has ended the bytes leave all the same.
        said, end = self._server.take(data)
        if not self._is_open:
            said, end = b"", "close"
        meanwhile()
        if said:
            reader.receive(said)
        while reader.result is None:
            if end in ("silent", "keep"):
                reader.give_up(TimeoutError("timed out"))
            elif end == "reset":
                reader.give_up(ConnectionResetError("reset"))
            else:
                reader.receive(b"")
        self._stray, self._is_open = reader.rest, end == "keep"
        return reader.result


class AnyServer(RuleBasedStateMachine):
    """A run against a server whose ways change while it goes on."""

    patch: pytest.MonkeyPatch

    @initialize(row=st.integers(1, 4), most=st.none() | st.integers(0, 12))
    def begin(self, row: int, most: int | None) -> None:
        """Introduce the accounts to a server that is well."""
        self.row, self.most = row, most
        self.server = Server(lock_after=10_000)
        self.patch.setattr(
            client, "Connection", lambda _endpoint, number, _time: Unplugged(self.server, number)
        )
        limits = replace(ON_LOOPBACK, wrong_passwords_in_a_row=row, wrong_passwords=most)
        target = replace(TARGET, base_url="http://127.0.0.1:1", limits=limits)
        self.transport = Transport(target, "run")
        self.recording = Recording(Scrubber())
        self.sending = CaseExecutor(contract(), target, self.transport, self.recording)
        self.guard = AccountGuard(target.accounts)
        self.is_over = False
        self.go(lambda: self.sending.login_probe.introduce(["main", "second"]))

    def go(self, step: Callable[[], Any]) -> None:
        """Do something unless the run is over."""
        try:
            if not self.is_over:
                step()
        except TargetGone:
            self.is_over = True

    @rule(kind=st.sampled_from(KINDS), act=st.sampled_from(ACTS))
    def turn(self, kind: Kind, act: Act) -> None:
        """Let the server do something with requests of a kind from now on."""
        self.server.standing[kind] = act

    @rule()
    def recover(self) -> None:
        """Let it be well again."""
        self.server.standing.clear()
        self.server.next_acts.clear()

    @precondition(lambda self: not self.is_over)
    @rule(cases=st.lists(st.sampled_from(CHOSEN), min_size=1, max_size=8), acts=SOME_ACTS)
    def send(self, cases: list[str], acts: list[Act]) -> None:
        """Send some cases; the server does something with what comes first, whatever it is."""
        self.server.next_acts[:] = acts
        for case in cases:
            self.go(partial(self.sending.send, CASES[case]))

    @precondition(lambda self: not self.is_over)
    @rule(case=st.sampled_from(WRONG), acts=SOME_ACTS)
    def confirm(self, case: str, acts: list[Act]) -> None:
        """Send a case twice more, as one that deviates is."""
        self.server.next_acts[:] = acts
        self.go(lambda: self.sending.send(replace(CASES[case], repeat=2)))

    @precondition(lambda self: not self.is_over)
    @rule(case=st.sampled_from(BURSTS), act=st.sampled_from(ACTS))
    def burst(self, case: str, act: Act) -> None:
        """Send wrong passwords at once to a server that does something with each of them."""
        self.server.standing["wrong"] = act
        self.go(lambda: self.sending.send(CASES[case]))

    @invariant()
    def keeps_its_promise(self) -> None:
        """Hold the server's own count beside what was promised, and beside the suite's."""
        if not hasattr(self, "server"):
            return
        assert max(self.server.longest.values(), default=0) <= self.row
        assert self.most is None or max(self.server.total.values(), default=0) <= self.most
        for one in self.recording.exchanges:
            assert one.tries == 1 or not self.guard.wrong_in([one.request])
        counted = self.transport.tally.wrong
        for name, account in TARGET.accounts.items():
            assert self.server.total[plain(account.email)] <= counted[name]


@pytest.mark.parametrize("servers", [20, pytest.param(60, marks=pytest.mark.slow)])
def test_no_account_ever_sees_more_wrong_passwords_than_promised(
    monkeypatch: pytest.MonkeyPatch, servers: int
) -> None:
    clock = Clock()
    for module in (pace_module, inquiry):
        monkeypatch.setattr(module, "time", clock)
    for module in (login_probe, exchange_loop):
        monkeypatch.setattr(module, "PAUSE_BEFORE_NEW_TRY", 0.0)
    # Masking is no matter here, and takes a third of the time.
    monkeypatch.setattr(Recording, "settle", lambda _self: None)
    monkeypatch.setattr(AnyServer, "patch", monkeypatch, raising=False)
    run_state_machine_as_test(
        AnyServer,
        settings=settings(
            max_examples=servers, stateful_step_count=25, deadline=None, database=None
        ),
    )


def test_the_desk_counts_what_is_sent_too_often(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine that cannot fail would prove nothing."""
    server = Server()
    monkeypatch.setattr(
        client, "Connection", lambda _endpoint, number, _time: Unplugged(server, number)
    )
    made = Transport(replace(TARGET, base_url="http://127.0.0.1:1"), "run")
    server.standing["wrong"] = Act("busy", answer(b"", "502 Bad Gateway"))
    delivery = made.send(request_of(WRONG[-1]))
    assert delivery.tries == 3
    assert max(server.longest.values()) == 3
