"""A clock for tests that must not wait."""

from __future__ import annotations

import pytest

from esignon_conformance.runner.schedule import inquiry
from esignon_conformance.transport import rate_limit


class Clock:
    """A clock that goes on only by sleeping."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def monotonic(self) -> float:
        """Return the time."""
        return self.now

    def sleep(self, seconds: float) -> None:
        """Go on."""
        self.slept.append(seconds)
        self.now += seconds


def let_no_run_wait(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Give a clock of its own to what paces a run and to what asks again, and return it."""
    made = Clock()
    for module in (rate_limit, inquiry):
        monkeypatch.setattr(module, "time", made)
    return made
