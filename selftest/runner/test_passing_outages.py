"""A backend that was away for a few requests is nobody's failure; one that a case ends each time is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from esignon_conformance.contract.skip_reason import Reason
from selftest.support.clock import Clock, let_no_run_wait
from selftest.support.judged import failing
from selftest.support.login_desk import WRONG, Desk, Ended, run
from selftest.support.raw_server import Peer, Received, answer

BAD_GATEWAY = answer(b"<html>", "502 Bad Gateway", "Content-Type: text/html")
AWAY = answer(b"error code: 521", "521 Web Server Is Down", "Content-Type: text/plain")
CHOSEN = ["right-login", "right-login-second", *WRONG, "unknown-email", "empty-body"]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let no test wait."""
    return let_no_run_wait(monkeypatch)


def _desk(first: int, length: int) -> Desk:
    """Return a desk that some requests in a row do not reach."""

    def front(_received: Received, _code: str) -> bytes | None:
        return AWAY if first <= desk.requests < first + length else None

    desk = Desk(instead=front)
    return desk


@pytest.mark.parametrize("length", range(1, 8))
def test_an_outage_that_ends_while_it_is_looked_into_blames_nobody(length: int) -> None:
    for first in range(8, 16):
        ended = run(_desk(first, length), CHOSEN)
        assert failing(ended.verdicts()) == set(), first
        assert ended.recording.ended is None


@dataclass
class Fragile(Desk):
    """A desk behind a gateway that a body kills, and that is back after so many seconds."""

    clock: Clock = field(default_factory=Clock)
    kills: Callable[[Received], bool] = lambda received: received.body == b""
    back_after: float = 12.0
    at_most: int = 99
    dead_until: float = 0.0
    deaths: int = 0

    def serve(self, peer: Peer) -> None:
        """Answer the requests of one connection."""
        while (received := peer.receive()) is not None:
            with self.lock:
                self.requests += 1
                if self.deaths < self.at_most and self.kills(received):
                    self.deaths += 1
                    self.dead_until = self.clock.now + self.back_after
                is_dead = self.clock.now < self.dead_until
                said = BAD_GATEWAY if is_dead else self._answer(received, self._code(received))
            peer.send(said)


def ended_after(desk: Fragile) -> Ended:
    """Return what a run leaves that sends an empty body directly after a right login."""
    chosen = (
        "right-login",
        "right-login-second",
        "cut-after-colon",
        "empty-body",
        "odd-language-any",
    )
    return run(desk, chosen)


def test_a_case_that_ends_a_backend_each_time_is_env_10(clock: Clock) -> None:
    ended = ended_after(Fragile(clock=clock))
    judged = ended.verdicts()
    assert failing(judged) == {"ENV-10"}
    assert judged["ENV-10"].findings[0].cases == ("empty-body",)


def test_a_backend_that_was_restarted_is_not_blamed(clock: Clock) -> None:
    # The three tries of the case, and not the one after it is back.
    ended = ended_after(Fragile(clock=clock, at_most=3))
    judged = ended.verdicts()
    assert failing(judged) == set()
    assert judged["ENV-10"].verdict == judged["SUC-8"].verdict == "holds"
    assert ended.recording.ended is None


def test_a_case_after_which_a_backend_stays_away_is_suspected(clock: Clock) -> None:
    ended = ended_after(Fragile(clock=clock, back_after=1e9))
    assert failing(ended.verdicts()) == set()
    assert ended.recording.ended == Reason("between", "HTTP 502")
    assert ended.recording.stop is not None
    assert ended.recording.stop.suspect == "empty-body"
    waited: Any = [one for one in clock.slept if one in (1.0, 4.0, 10.0, 15.0)]
    assert sum(waited) == 30.0
