"""Bursts: requests at once, in rounds, as SUC-9 asks for them."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from ...contract.model import Case, Contract
from ...contract.skip_reason import Reason, Unsent
from ...recording.answer_origin import is_from_between
from ...recording.overlap import has_overlap
from ...target.limits import Limits
from ...transport.lockout_guard import AccountGuard
from ...transport.messages import Exchange, Request
from .exchange_loop import ExchangeLoop, TargetGone

_T = TypeVar("_T")
_FEWEST_AT_ONCE = 2
# So many rounds of a burst are sent again at most, until two requests of it overlap.
_MORE_ROUNDS = 2
_WORDS: dict[str, Unsent] = {"locked": "locked", "refused": "first-login-refused"}


def places_of(burst: Case, contract: Contract) -> list[tuple[Case, Case]]:
    """Return the cases that a burst mixes, each with the case whose request stands in its place."""
    mixed = [contract.cases[name] for name in burst.burst["mix"]]
    if all(one.account != "made-up" for one in mixed):
        return [(one, one) for one in mixed]
    # "A locked account is a sign that the suite tried too many wrong passwords": a round names each
    # email that nobody has once.
    places = list(itertools.islice(itertools.cycle(mixed), int(burst.burst["size"])))
    return [
        (one, replace(one, id=f"{burst.id}-{place}") if one.account == "made-up" else one)
        for place, one in enumerate(places)
    ]


def requests_of(
    parts: Sequence[tuple[Case, Case]],
    exchange_loop: ExchangeLoop,
    guard: AccountGuard,
    made: Callable[[Case], Request],
) -> list[tuple[Request, Case]] | Reason:
    """Return the requests that a burst mixes, or why they are not sent."""
    requests: list[tuple[Request, Case]] = []
    for part, sent_as in parts:
        if exchange_loop.hangs(part):
            return Reason("hangs", part.situation)
        request = made(sent_as)
        if exchange_loop.is_limited_alone(request):
            return Reason("limited-email")
        if part.is_plain_right_login and (state := guard.state(part.account)) != "good":
            return Reason(_WORDS.get(state, "no-right-login"), part.account)
        requests.append((request, part))
    return requests


def send_rounds(
    burst: Case,
    requests: Sequence[tuple[Request, Case]],
    exchange_loop: ExchangeLoop,
    guard: AccountGuard,
    login: Callable[[str], bool],
) -> tuple[int, Reason | None]:
    """Send a burst in rounds; return how many were sent, and why the others were not.

    `login` sends a right login of an account, where the wrong passwords of a round ask for one first.
    Raises `TargetGone`.
    """
    # What an earlier burst has shown of how many the target takes at once.
    most = exchange_loop.most_at_once or guard.limits.concurrency
    size, rounds = min(size_of(burst, guard.limits), most), int(burst.burst["rounds"])
    has_overlapped, more = False, _MORE_ROUNDS
    for number in range(rounds):
        # Every second time one begins while another one is anywhere on its way: those that begin
        # together come to each place together.
        spread = 2 * exchange_loop.last_seconds if number % 2 else 0.0
        try:
            while True:
                mixed = round_of(requests, size)
                wrong = guard.wrong_in(request for request, _ in mixed)
                reason = _without_room(guard, wrong, login)
                if reason is not None:
                    return number, reason
                try:
                    sent = exchange_loop.burst(mixed, spread, once=bool(wrong))
                except TargetGone:
                    _count(guard, wrong)
                    raise
                _count(guard, wrong)
                _look_behind(exchange_loop.last_burst, login, requests[0][1].account)
                has_overlapped = has_overlapped or has_overlap(exchange_loop.last_burst)
                is_enough = has_overlapped or number < rounds - 1 or wrong or not more or size == 1
                if sent and is_enough:
                    break
                if sent:
                    # SUC-9: "under concurrent logins".  On a busy machine each may be answered before the
                    # next one begins.
                    more -= 1
                    continue
                if wrong:
                    return number, exchange_loop.limit
                # Two at once overlap, too, where the target takes no more.
                size //= 2
                exchange_loop.most_at_once = max(size, _FEWEST_AT_ONCE)
                if size < _FEWEST_AT_ONCE:
                    return number, exchange_loop.limit
        except OSError:
            # A target that takes fewer connections at once gives no overlap to judge.
            return number, Reason("no-overlap")
    return rounds, None


def _look_behind(sent: Sequence[Exchange], login: Callable[[str], bool], account: str) -> None:
    """Let a right login show whether the application is still there, where something between answered."""
    if any(map(is_from_between, sent)):
        login(account)


def _count(guard: AccountGuard, wrong: Mapping[str, int]) -> None:
    """Count wrong passwords that went out at once.

    In which order the target took them is not known: as if they had come after all else.
    """
    for name, times in wrong.items():
        guard.note([name], issued=False, wrong=[name], times=times)
        guard.note_failed([name])


def size_of(burst: Case, limits: Limits) -> int:
    """Return how many requests of a burst go out at once, within the limits of the target."""
    return min(int(burst.burst["size"]), limits.concurrency)


def round_of(requests: Sequence[_T], size: int) -> list[_T]:
    """Return what one round of a burst sends at once: the requests that it mixes, by turns.

    Of a round that is too small for all of them, the last ones: what is mixed in stands last.
    """
    if size < len(requests):
        return list(requests[-size:])
    return list(itertools.islice(itertools.cycle(requests), size))


def _without_room(
    guard: AccountGuard, wrong: Mapping[str, int], login: Callable[[str], bool]
) -> Reason | None:
    """Return why a round must not send these wrong passwords, after making room for them."""
    for name, times in wrong.items():
        if guard.room(name) < times:
            login(name)
        if guard.has_spent(name, times) or guard.room(name) < times:
            return Reason("wrong-passwords", name)
    return None
