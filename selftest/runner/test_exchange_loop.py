"""An exchange is written while the target is waited for, and nothing that was recorded stays unwritten."""

from __future__ import annotations

import errno
import json
import os
import time
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

from esignon_conformance.recording.recording import Recording
from esignon_conformance.redaction.scrubber import Scrubber
from esignon_conformance.runner.schedule import exchange_loop
from esignon_conformance.runner.schedule.case_executor import CaseExecutor
from esignon_conformance.transport.client import Transport
from esignon_conformance.transport.delivery import Delivery, delivered
from esignon_conformance.transport.messages import Fault, Request
from selftest.support.clock import Clock
from selftest.support.exchanges import TARGET, conforming, contract, request_of
from selftest.support.login_desk import (
    CASES,
    PLAIN,
    Desk,
    ready,
)
from selftest.support.raw_server import Peer, answer, serving


class Lines(list[str]):
    """What exchanges are written to."""

    def write(self, text: str) -> None:
        """Keep a line."""
        self.append(text)


def test_an_exchange_is_on_disk_before_the_answer_to_the_next_one() -> None:
    lines = Lines()
    seen: list[int] = []

    def serve(peer: Peer) -> None:
        while peer.receive() is not None:
            ends = time.monotonic() + 2
            while len(lines) < len(seen) and time.monotonic() < ends:
                time.sleep(0.001)
            seen.append(len(lines))
            peer.send(answer(b"{}"))

    with serving(serve) as server:
        target = replace(TARGET, base_url=server.base_url)
        recording = Recording(Scrubber(), file=lines)
        transport = Transport(target, "run")
        exchanged = exchange_loop.ExchangeLoop(transport, recording)
        for name in PLAIN[:1] * 4:
            exchanged.send(request_of(name, target), CASES[name])
        transport.close()
    assert seen == [0, 1, 2, 3]
    recording.settle()
    assert [json.loads(line)["id"] for line in lines] == ["e1", "e2", "e3", "e4"]


def test_an_order_to_end_leaves_nothing_unwritten() -> None:
    lines = Lines()

    def interrupt() -> list[str]:
        assert len(lines) < len(ended.recording.exchanges)
        raise KeyboardInterrupt

    with ready(Desk()) as (sender, ended):
        ended.recording.file = lines
        with pytest.raises(KeyboardInterrupt):
            sender.send_all(PLAIN, interrupt)
    # With the last one its tokens have become known as secrets.
    assert len(lines) == len(ended.recording.exchanges)


def test_a_long_answer_is_masked_before_the_next_request_goes_out() -> None:
    lines = Lines()
    seen: list[int] = []

    def serve(peer: Peer) -> None:
        while peer.receive() is not None:
            seen.append(len(lines))
            peer.send(answer(json.dumps("x" * 70_000).encode()))

    with serving(serve) as server:
        target = replace(TARGET, base_url=server.base_url)
        transport = Transport(target, "run")
        exchanged = exchange_loop.ExchangeLoop(transport, Recording(Scrubber(), file=lines))
        for name in PLAIN[:1] * 2:
            exchanged.send(request_of(name, target), CASES[name])
            assert len(lines) == len(seen)
        transport.close()


def test_a_fault_is_on_disk_at_once() -> None:
    lines = Lines()

    with serving(lambda peer: None) as server:
        target = replace(TARGET, base_url=server.base_url)
        transport = Transport(target, "run")
        exchanged = exchange_loop.ExchangeLoop(transport, Recording(Scrubber(), file=lines))
        exchanged.send(request_of(PLAIN[0], target), CASES[PLAIN[0]])
        transport.close()
    assert json.loads(lines[0])["fault"]["kind"] == "dropped"


@pytest.mark.parametrize("cut_off", ["register_secrets", "Recording.row"])
def test_an_exchange_that_an_order_to_end_cut_off_is_settled_with_the_verdicts(
    cut_off: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    lines = Lines()

    with ready(Desk()) as (sender, ended):
        sender.send_all(PLAIN)
        last = replace(ended.recording.exchanges[-1], id="last")
        ended.recording.file = lines
        with monkeypatch.context() as patched:
            patched.setattr(f"esignon_conformance.recording.recording.{cut_off}", interrupt)
            with pytest.raises(KeyboardInterrupt):
                ended.recording.add(last)
        ended.recording.settle()
    assert [json.loads(line)["id"] for line in lines] == ["last"]
    assert list(ended.recording.of_case(last.case))[-1].id == "last"


class Deployed:
    """Carries requests to a target that refuses connections for a while after its fifth answer."""

    def __init__(self, clock: Clock, away: float) -> None:
        self.clock, self.until = clock, 0.0
        self.away, self.sent = away, list[tuple[str, bool]]()

    def reaches(self) -> bool:
        """Tell whether the target takes a connection."""
        return self.clock.now >= self.until

    def send(self, request: Request, *, fresh: bool = False, most_tries: int = 99) -> Delivery:
        """Answer, or refuse the connection."""
        if len(self.sent) == 5 and not self.until:
            self.until = self.clock.now + self.away
        self.sent.append((request.account, self.reaches()))
        fault = Fault("unreachable", os.strerror(errno.ECONNREFUSED))
        result = conforming("right-login").answer if self.reaches() else fault
        assert result is not None
        return delivered(result, time.monotonic(), 1, "x")

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Do nothing else."""
        return lambda *_args, **_options: b""


@pytest.mark.parametrize(
    ("is_elsewhere", "away", "comes_back"),
    [(True, 25.0, True), (True, 40.0, False), (False, 3.0, True), (False, 25.0, False)],
)
def test_a_target_elsewhere_is_waited_for_as_long_as_a_deployment_takes(
    monkeypatch: pytest.MonkeyPatch, is_elsewhere: bool, away: float, comes_back: bool
) -> None:
    clock = Clock()
    moments = SimpleNamespace(monotonic=clock.monotonic, sleep=clock.sleep, time=time.time)
    monkeypatch.setattr(exchange_loop, "time", moments)
    target = Deployed(clock, away)
    recording = Recording(Scrubber())
    sending = exchange_loop.ExchangeLoop(target, recording)  # type: ignore[arg-type]  # all that is used
    sending.is_elsewhere = is_elsewhere
    for _ in range(5):
        sending.send(request_of("right-login"), CASES["right-login"])
    with nullcontext() if comes_back else pytest.raises(exchange_loop.TargetGone):
        # A wrong password that was never sent is sent when somebody is there again, and once.
        last = sending.send(request_of("wrong-password"), CASES["wrong-password"], most_tries=1)
        assert last.answer is not None
        away_then = [one for one in recording.exchanges if one.answer is None]
        assert away_then
        assert all(one.gave_up for one in away_then)
        assert [taken for _, taken in target.sent[5:]].count(True) == 1
    assert (clock.now - 1000.0 < away) is not comes_back


def test_a_run_elsewhere_is_patient() -> None:
    target = replace(
        TARGET, base_url="https://staging.invalid", allowed_hosts=frozenset({"staging.invalid"})
    )
    for one, is_patient in ((TARGET, False), (target, True)):
        transport, recording = Transport(one, "run"), Recording(Scrubber())
        cases = CaseExecutor(contract(), one, transport, recording)
        assert cases.exchange_loop.is_elsewhere is is_patient
        assert (sum(cases.login_probe.cut_off.waits) == 30) is is_patient
