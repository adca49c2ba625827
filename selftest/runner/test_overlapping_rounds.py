"""A burst is sent until two of its requests overlap: on a busy machine each may be answered at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

import pytest

from esignon_conformance.runner.schedule.concurrency import send_rounds
from esignon_conformance.runner.schedule.exchange_loop import ExchangeLoop
from esignon_conformance.transport.lockout_guard import AccountGuard
from esignon_conformance.transport.messages import Exchange, Request
from selftest.support.exchanges import TARGET, burst, contract, request_of

CASE = contract().cases["burst-two-accounts"]
SMALL = replace(CASE, burst={**CASE.burst, "size": 2, "rounds": 2})


class Loop:
    """A stand-in that sends nothing: of its rounds those that are named overlap."""

    most_at_once: int | None = None
    last_seconds = 0.0
    limit = None

    def __init__(self, overlapping: Sequence[int]) -> None:
        self.overlapping, self.rounds = overlapping, 0
        self.last_burst: Sequence[Exchange] = ()

    def burst(self, wanted: Sequence[Any], _spread: float, *, once: bool) -> bool:
        """Keep exchanges that overlap, or come one after the other."""
        assert not once
        self.rounds += 1
        step = 0.5 if self.rounds in self.overlapping else 2.0
        rows = burst(CASE, self.rounds)[: len(wanted)]
        self.last_burst = [
            replace(one, began=step * place, ended=step * place + 1.0)
            for place, one in enumerate(rows)
        ]
        return True


def rounds_sent(overlapping: Sequence[int], size: int = 2) -> int:
    loop = Loop(overlapping)
    requests: list[tuple[Request, Any]] = [
        (request_of(name), contract().cases[name]) for name in SMALL.burst["mix"]
    ]
    case = replace(SMALL, burst={**SMALL.burst, "size": size})
    guard = AccountGuard(TARGET.accounts, TARGET.limits)
    sent, reason = send_rounds(
        case, requests, cast("ExchangeLoop", loop), guard, lambda _account: True
    )
    assert (sent, reason) == (2, None)
    return loop.rounds


@pytest.mark.parametrize(
    ("overlapping", "rounds"),
    [((1,), 2), ((2,), 2), ((1, 2), 2), ((3,), 3), ((4,), 4), ((), 4)],
)
def test_the_last_round_is_sent_again_until_two_overlap_and_twice_at_most(
    overlapping: Sequence[int], rounds: int
) -> None:
    assert rounds_sent(overlapping) == rounds


def test_one_request_at_a_time_is_not_sent_again() -> None:
    assert rounds_sent((), size=1) == 2
