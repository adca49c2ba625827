"""What a run would send: rehearsed in this process, without a network."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Protocol

from ...contract.model import Case, Contract
from ...contract.skip_reason import Reason
from ...i18n.catalogue import word
from ...i18n.language import Language
from ...recording.recording import Recording
from ...redaction.scrubber import Scrubber
from ...target.host_policy import never_sent
from ...target.limits import TWENTY_MINUTES
from ...target.target import REAL_ACCOUNTS, Target
from ...transport.messages import Request
from ..skipped import not_sent_lines
from .carrier import Carrier
from .executor import Executor
from .selection import Fitting, room_of, within_requests, without

# About how long a login takes where no pace is kept, in seconds: on this machine, and elsewhere.
_SECONDS_HERE, _SECONDS_ELSEWHERE = 0.002, 0.05


@dataclass(frozen=True)
class Plan:
    """What a run would send to a target that holds every clause.

    `wrong` counts the wrong passwords by account, `left_out` says why cases are not sent, and
    `seconds` is about how long it takes.
    """

    requests: int
    wrong: Mapping[str, int]
    left_out: Mapping[str, Reason]
    seconds: float


class StandIn(Carrier, Protocol):
    """What answers in the target's place, as one that holds every clause, and without a network."""

    @property
    def requests(self) -> int:
        """Return how many requests have been taken."""

    def end(self) -> None:
        """Let go of what it holds."""


Rehearse = Callable[[Target], StandIn]


def planned(
    contract: Contract,
    target: Target,
    fit: Fitting,
    held_back: Mapping[str, Reason],
    rehearse: Rehearse,
    *,
    left_out: Mapping[str, Reason] = MappingProxyType({}),
) -> Plan:
    """Return what sending some cases comes to, the limits of the target kept and some held back."""
    plan = _rehearsed(contract, target, fit, held_back, rehearse)
    return replace(plan, left_out={**left_out, **plan.left_out, **fit.lost})


def fitting(
    contract: Contract,
    target: Target,
    names: Collection[str],
    held_back: Mapping[str, Reason],
    rehearse: Rehearse,
    *,
    is_sparing: bool = False,
) -> Fitting:
    """Return the cases that fit the limits of requests and of time, and why the others are not sent.

    With `is_sparing` they are sent sparingly even where they would fit otherwise.
    """
    room = room_of(target.limits)
    if room is None:
        return Fitting(frozenset(names), is_sparing)
    unlimited = replace(target, limits=replace(target.limits, requests=None))
    limited = replace(target, limits=replace(target.limits, requests=room.requests + 1))

    built: dict[str, Request] = {}

    def count(cases: Sequence[Case], is_sparing: bool) -> int:
        part = Fitting(frozenset(case.id for case in cases), is_sparing)
        # Where it is only asked whether all fits, one more than that tells that it does not.
        counting = unlimited if is_sparing else limited
        return requests_of(contract, counting, part, rehearse, held_back, built=built)

    cases = [case for case in contract.cases.values() if case.id in names]
    # What is never sent has its own reason, which sending notes.
    sendable, refused = without(cases, lambda case: never_sent(target, case))
    fit = within_requests(contract, sendable, room, count, is_sparing=is_sparing)
    return replace(fit, names=fit.names | refused.keys())


def count_all(
    contract: Contract,
    target: Target,
    names: Collection[str],
    held_back: Mapping[str, Reason],
    rehearse: Rehearse,
    *,
    is_sparing: bool = False,
) -> int:
    """Return how many requests some cases come to, draws aside, were there no limit of time."""
    limits = replace(target.limits, max_time=TWENTY_MINUTES, requests_per_second=None)
    without_end = replace(target, limits=limits)
    written = [name for name in names if not contract.cases[name].is_drawn]
    fit = fitting(contract, without_end, written, held_back, rehearse, is_sparing=is_sparing)
    return requests_of(contract, without_end, fit, rehearse, held_back)


def requests_of(
    contract: Contract,
    target: Target,
    part: Fitting,
    rehearse: Rehearse,
    held_back: Mapping[str, Reason] = MappingProxyType({}),
    *,
    built: dict[str, Request] | None = None,
) -> int:
    """Return how many requests some cases come to, right logins between them counted.

    `built` holds the requests of earlier counts for the same target, and takes those of this one.
    """
    return _rehearsed(contract, target, part, held_back, rehearse, built=built).requests


def _rehearsed(
    contract: Contract,
    target: Target,
    part: Fitting,
    held_back: Mapping[str, Reason],
    rehearse: Rehearse,
    *,
    built: dict[str, Request] | None = None,
) -> Plan:
    rehearsal = rehearse(target)
    recording = Recording(Scrubber(), masks=False)
    try:
        sending = Executor(
            contract, target, rehearsal, recording, is_sparing=part.is_sparing, built=built
        )
        sending.held_back = held_back
        sending.send_all(part.names)
    finally:
        rehearsal.end()
    quickest = _SECONDS_HERE if target.is_loopback else _SECONDS_ELSEWHERE
    seconds = rehearsal.requests * max(target.limits.interval, quickest)
    return Plan(rehearsal.requests, rehearsal.tally.wrong, recording.unsent, seconds)


def plan_lines(plan: Plan, target: Target, most_draws: int, language: Language) -> Iterator[str]:
    """Yield the lines that tell a plan.  `most_draws` is how many fresh draws are asked for."""
    limits = target.limits
    yield word("plan-title", language)
    yield f"  {word('plan-requests', language, count=plan.requests, most=_shown(limits.requests))}"
    if most_draws:
        # Right logins come between, and each keyword of the schema has its draws.
        drawn = most_draws * 3 // 2
        room = drawn if limits.requests is None else max(0, limits.requests - plan.requests)
        yield f"  {word('plan-draws', language, count=min(drawn, room))}"
    for name in REAL_ACCOUNTS:
        if name in target.accounts:
            text = word(
                "plan-wrong",
                language,
                account=word(f"env-account-{name}", language),
                count=plan.wrong.get(name, 0),
                most=_shown(limits.wrong_passwords),
                row=limits.wrong_passwords_in_a_row,
            )
            yield f"  {text}"
    minutes = word("minutes", language, count=f"{plan.seconds / 60:.1f}")
    most_minutes = word("minutes", language, count=f"{limits.max_time / 60:.0f}")
    yield f"  {word('plan-time', language, time=minutes, most=most_minutes)}"
    rate = limits.requests_per_second
    pace = word("plan-pace", language, rate="∞" if rate is None else f"{rate:g}")
    yield f"  {pace} · {word('plan-concurrency', language, count=limits.concurrency)}"
    for line in not_sent_lines(plan.left_out.values(), language):
        yield f"  {line}"
    yield word("plan-end", language)


def _shown(limit: int | None) -> str:
    return "∞" if limit is None else str(limit)
