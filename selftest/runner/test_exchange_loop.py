"""An exchange is written while the target is waited for, and nothing that was recorded stays unwritten."""

from __future__ import annotations

import json
import time
from dataclasses import replace

import pytest

from esignon_conformance.recording.recording import Recording
from esignon_conformance.redaction.scrubber import Scrubber
from esignon_conformance.runner.schedule import exchange_loop
from esignon_conformance.transport.client import Transport
from selftest.support.exchanges import TARGET, request_of
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
