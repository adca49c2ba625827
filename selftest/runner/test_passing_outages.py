"""A backend that was away for a few requests is nobody's failure, wherever the outage begins and ends."""

from __future__ import annotations

import pytest

from selftest.support.clock import Clock, let_no_run_wait
from selftest.support.judged import failing
from selftest.support.login_desk import WRONG, Desk, run
from selftest.support.raw_server import Received, answer

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
