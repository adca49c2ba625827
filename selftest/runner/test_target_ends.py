"""A target that is silent, drops connections or goes away: every end of it is a clear one."""

from __future__ import annotations

import time
from contextlib import closing
from dataclasses import replace

import pytest

from esignon_conformance.recording import answer_origin
from esignon_conformance.recording.recording import Recording
from esignon_conformance.redaction.scrubber import Scrubber
from esignon_conformance.runner.schedule import exchange_loop, inquiry, login_probe
from esignon_conformance.runner.schedule.executor import Executor
from esignon_conformance.transport import rate_limit as pace_module
from esignon_conformance.transport.client import Transport
from esignon_conformance.transport.json_reader import read_json
from esignon_conformance.verdicts.exit_status import exit_status
from selftest.support.exchanges import TARGET, contract
from selftest.support.judged import failing
from selftest.support.login_desk import (
    CASES,
    PLAIN,
    WRONG,
    Desk,
    ready,
    run,
    six_at_a_time,
)
from selftest.support.raw_server import Peer, Received, answer, serving


def test_a_target_that_is_not_there_is_told_after_three_tries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for module in (login_probe, exchange_loop):
        monkeypatch.setattr(module, "PAUSE_BEFORE_NEW_TRY", 0.01)
    with ready(Desk()) as (sender, ended):
        ended.server.stop_listening()
        sender.send_all(CASES)
    assert [one.fault.kind for one in ended.recording.exchanges if one.fault] == ["unreachable"] * 3
    assert ended.reasons() == {"no-answer"}
    judged = ended.verdicts()
    assert failing(judged) == set()
    assert exit_status(list(judged.values()), gone=True) == 6
    assert judged["REQ-1"].verdict == "could-not-judge"


def test_a_target_that_drops_every_connection_is_told_after_three_tries(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(login_probe, "PAUSE_BEFORE_NEW_TRY", 0.01)
    with serving(lambda peer: None) as server:
        target = replace(TARGET, base_url=server.base_url)
        recording = Recording(Scrubber())
        with closing(Transport(target, "run")) as transport:
            Executor(contract(), target, transport, recording).send_all(CASES)
    assert [one.fault.kind for one in recording.exchanges if one.fault] == ["dropped"] * 3
    assert {(one.word, one.about) for one in recording.unsent.values()} == {
        ("no-answer", "dropped: the connection ended without an answer")
    }


def test_a_target_that_goes_away_half_way_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exchange_loop, "PAUSE_BEFORE_NEW_TRY", 0.01)

    def leave(received: Received, _code: str) -> bytes | None:
        if desk.requests == 60:
            ended.server.stop_listening()
            for peer in ended.server.peers:
                peer.close()
        return None

    desk = Desk(instead=leave)
    with ready(desk) as (sender, ended):
        sender.send_all(CASES)
    assert ended.desk.requests == 60
    assert "gone" in ended.reasons()
    # What hangs on a case that was refused before is not sent by any server.
    assert ended.reasons() <= {"gone", "no-right-login", "not-applicable"}
    judged = ended.verdicts()
    assert failing(judged) <= {"ENV-10"}
    assert judged["REJ-7"].verdict == "could-not-judge"
    assert judged["REQ-1"].verdict == "holds"


def _is_malformed(received: Received) -> bool:
    """Tell whether a POST has a body that cannot be read: GET and OPTIONS come without one."""
    return received.method == "POST" and bool(read_json(received.body).problem)


def test_a_target_that_never_answers_malformed_bodies_is_left_alone_there() -> None:
    def serve(peer: Peer) -> None:
        while (received := peer.receive()) is not None:
            desk.requests += 1
            if _is_malformed(received):
                time.sleep(0.8)
                return
            peer.send(desk._answer(received, desk._code(received)))

    desk = Desk()
    desk.serve = serve  # type: ignore[method-assign]
    began = time.monotonic()
    malformed = [case.id for case in CASES.values() if case.situation == "malformed"]
    ended = run(desk, [*WRONG, *malformed, "unknown-email"], answer_timeout=0.5)
    assert time.monotonic() - began < 5
    timed_out = [
        one for one in ended.recording.exchanges if one.fault and one.fault.kind == "timed-out"
    ]
    assert len(timed_out) == 3
    assert ended.reasons() - {"not-applicable"} == {"hangs"}
    judged = ended.verdicts()
    assert failing(judged) == {"ENV-10"}
    assert judged["REJ-7"].verdict == judged["REJ-13"].verdict == "not-judged"
    assert judged["REJ-7"].reason is not None
    assert judged["REJ-7"].reason.key == "reason-hangs"
    assert judged["REJ-1"].verdict == "holds"


def test_a_tarpit_is_left_alone_as_what_hangs_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answer_origin, "LATE", 0.2)

    def late(received: Received, _code: str) -> bytes | None:
        if not _is_malformed(received):
            return None
        time.sleep(0.25)
        return answer(b"<html>", "500 Internal Server Error", "Content-Type: text/html")

    malformed = [case.id for case in CASES.values() if case.situation == "malformed"]
    ended = run(Desk(instead=late), [*WRONG, *malformed, "unknown-email"])
    assert ended.reasons() - {"not-applicable"} == {"hangs"}
    errors = [one for one in ended.recording.exchanges if one.answer and one.answer.status == 500]
    assert len(errors) == 3
    assert failing(ended.verdicts()) == {"ENV-10"}


def test_a_limit_that_does_not_end_stops_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    class Clock:
        now = 0.0

        def monotonic(self) -> float:
            return self.now

        def sleep(self, seconds: float) -> None:
            self.now += seconds

    clock = Clock()
    for module in (pace_module, inquiry):
        monkeypatch.setattr(module, "time", clock)

    def instead(_received: Received, _code: str) -> bytes | None:
        return answer(b"", "429 Too Many", "Retry-After: 0") if desk.requests > 20 else None

    desk = Desk(instead=instead)
    ended = run(desk)
    assert clock.now < 300
    assert desk.requests < 300
    assert "limited" in ended.reasons()
    assert ended.reasons() <= {"limited", "no-right-login"}
    judged = ended.verdicts()
    assert failing(judged) == set()
    assert judged["REJ-7"].verdict == "could-not-judge"
    assert exit_status(list(judged.values())) == 6


def test_a_target_that_allows_so_many_requests_at_a_time_gets_the_same_verdict() -> None:
    chosen = [*PLAIN, *(case.id for case in contract().cases_of("REJ-7")[:4])]
    ended = run(Desk(instead=six_at_a_time()), chosen)
    assert ended.transport.pace.interval > 0
    assert ended.reasons() == set()
    judged = ended.verdicts()
    assert failing(judged) == set()
    assert judged["REJ-7"].verdict == judged["SUC-8"].verdict == "holds"


def test_an_interruption_leaves_out_the_rest() -> None:
    with ready(Desk()) as (sender, ended):

        def stop(done: int, _all: int) -> None:
            if done == 5:
                raise KeyboardInterrupt

        sender._progress = stop
        with pytest.raises(KeyboardInterrupt):
            sender.send_all(CASES)
    assert ended.reasons() == {"interrupted"}
    assert ended.reason("right-login") is None
    assert ended.verdicts()["REJ-7"].verdict == "could-not-judge"
