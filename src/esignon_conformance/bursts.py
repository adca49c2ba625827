"""Bursts: requests at once, in rounds, as SUC-9 asks for them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence

from .account_guard import AccountGuard
from .contract.model import Case
from .exchange import Request
from .exchanging import Exchanging
from .recording import Reason, Unsent

_FEWEST_AT_ONCE = 2
_WORDS: dict[str, Unsent] = {"locked": "locked", "refused": "first-login-refused"}


def requests_of(
    parts: Sequence[Case],
    exchanging: Exchanging,
    guard: AccountGuard,
    made: Callable[[Case], Request],
) -> list[tuple[Request, Case]] | Reason:
    """Return the requests that a burst mixes, or why they are not sent."""
    requests: list[tuple[Request, Case]] = []
    for part in parts:
        if exchanging.hangs(part):
            return Reason("hangs", part.situation)
        request = made(part)
        if part.is_plain_right_login and (state := guard.state(part.account)) != "good":
            return Reason(_WORDS.get(state, "no-right-login"), part.account)
        requests.append((request, part))
    return requests


def send_rounds(
    requests: Sequence[tuple[Request, Case]], size: int, rounds: int, exchanging: Exchanging
) -> tuple[int, Reason | None]:
    """Send a burst in rounds; return how many were sent, and why the others were not.

    Raises `TargetGone`.
    """
    for number in range(rounds):
        # Every second time one begins while another one is anywhere on its way: those that begin
        # together come to each place together.
        spread = 2 * exchanging.last_seconds if number % 2 else 0.0
        try:
            while not exchanging.burst(
                list(itertools.islice(itertools.cycle(requests), size)), spread
            ):
                # Two at once overlap, too, where the target takes no more.
                size //= 2
                if size < _FEWEST_AT_ONCE:
                    return number, Reason("limited")
        except OSError:
            # A target that takes fewer connections at once gives no overlap to judge.
            return number, Reason("no-overlap")
    return rounds, None
