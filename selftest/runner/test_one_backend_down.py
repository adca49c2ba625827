"""Behind a gateway with one of its backends down, the errors in a burst are no fault of the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from esignon_conformance.runner.schedule.exchange_loop import ExchangeLoop
from selftest.support.clock import Clock, let_no_run_wait
from selftest.support.judged import failing
from selftest.support.login_desk import WRONG, Desk, run
from selftest.support.raw_server import Received, answer

AWAY = answer(b"<html>Bad Gateway</html>", "502 Bad Gateway", "Content-Type: text/html")
ONE_BY_ONE = ["right-login", "right-login-second", "unknown-email", "empty-body", "missing-body"]
BURSTS = ["burst-two-accounts", "burst-unknown-email"]


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let no test wait."""
    return let_no_run_wait(monkeypatch)


@pytest.mark.parametrize("nth", [2, 3, 4])
def test_one_backend_of_several_that_is_down_is_not_blamed_in_bursts(nth: int) -> None:
    def front(_received: Received, _code: str) -> bytes | None:
        return None if desk.requests % nth else AWAY

    desk = Desk(instead=front)
    ended = run(desk, [*ONE_BY_ONE, *BURSTS])
    found = ended.verdicts()
    assert failing(found) == set()
    # These did go out again, so that it is not said of them that they were not.
    told = {
        ended.recording.excused[one.id].word
        for one in ended.recording.exchanges
        if one.role == "burst" and one.gave_up
    }
    assert told == {"gateway-at-once"}
    # What no answer came to says nothing of the overlap.
    assert found["SUC-9"].verdict == "not-judged"


@pytest.fixture
def is_at_once(monkeypatch: pytest.MonkeyPatch) -> Callable[[], bool]:
    """Return what tells whether requests are going out at once."""
    in_burst = False
    send_burst = ExchangeLoop.burst

    def burst(self: ExchangeLoop, *given: Any, **named: Any) -> bool:
        nonlocal in_burst
        in_burst = True
        try:
            return send_burst(self, *given, **named)
        finally:
            in_burst = False

    monkeypatch.setattr(ExchangeLoop, "burst", burst)
    return lambda: in_burst


def test_a_dead_backend_that_kept_connections_meet_less_often_is_not_blamed(
    is_at_once: Callable[[], bool],
) -> None:
    """HAProxy with one of three down: wrong passwords, which never go out twice, meet it, too."""

    def front(_received: Received, code: str) -> bytes | None:
        if is_at_once():
            # At first a burst meets it alone.
            return AWAY if desk.requests % 3 == 0 or desk.requests < 40 else None
        return AWAY if code == "10" and desk.requests % 2 else None

    desk = Desk(lock_after=99, instead=front)
    ended = run(desk, [*ONE_BY_ONE, *WRONG, *BURSTS])
    assert any(one.burst and one.gave_up for one in ended.recording.exchanges)
    assert failing(ended.verdicts()) == set()


def test_a_server_that_breaks_down_in_bursts_alone_fails_behind_a_gateway(
    is_at_once: Callable[[], bool],
) -> None:
    def front(_received: Received, _code: str) -> bytes | None:
        # Rarely a single one meets it, too.
        return AWAY if (is_at_once() and desk.requests % 2) or desk.requests == 1 else None

    desk = Desk(instead=front)
    ended = run(desk, [*ONE_BY_ONE, *BURSTS])
    assert any(one.passing for one in ended.recording.exchanges)
    assert failing(ended.verdicts()) == {"ENV-10"}
