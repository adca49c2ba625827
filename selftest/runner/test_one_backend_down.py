"""Behind a gateway with one of its backends down, the errors in a burst are no fault of the server."""

from __future__ import annotations

from typing import Any

import pytest

from esignon_conformance.runner.schedule.exchange_loop import ExchangeLoop
from selftest.support.clock import Clock, let_no_run_wait
from selftest.support.judged import failing
from selftest.support.login_desk import Desk, run
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
    found = run(desk, [*ONE_BY_ONE, *BURSTS]).verdicts()
    assert failing(found) == set()
    # What no answer came to says nothing of the overlap.
    assert found["SUC-9"].verdict == "not-judged"


def test_a_server_that_breaks_down_in_bursts_alone_fails_behind_a_gateway(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    in_burst = False
    send_burst = ExchangeLoop.burst

    def burst(self: ExchangeLoop, *given: Any, **named: Any) -> bool:
        nonlocal in_burst
        in_burst = True
        try:
            return send_burst(self, *given, **named)
        finally:
            in_burst = False

    def front(_received: Received, _code: str) -> bytes | None:
        # Rarely a single one meets it, too.
        return AWAY if (in_burst and desk.requests % 2) or desk.requests == 1 else None

    monkeypatch.setattr(ExchangeLoop, "burst", burst)
    desk = Desk(instead=front)
    ended = run(desk, [*ONE_BY_ONE, *BURSTS])
    assert any(one.passing for one in ended.recording.exchanges)
    assert failing(ended.verdicts()) == {"ENV-10"}
