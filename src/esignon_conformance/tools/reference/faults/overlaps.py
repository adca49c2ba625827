"""SUC-9: answers that are mixed up where logins overlap."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from ..application import Application, application
from ..login import STEPS
from ..pipeline import Decision, LoginRequest, Object, Reason
from ..world import World
from .registry import add, changed, fault

# How long an answer is held back, in seconds, so that others come between.
_HELD = 0.002


async def _hold(request: LoginRequest, decision: Decision) -> Decision:
    """Hold an answer back so long that others come between."""
    await asyncio.sleep(_HELD)
    return decision


def _overlapping(**steps: Any) -> Callable[[World], Application]:
    return lambda world: application(world, replace(STEPS, before_answer=_hold, **steps))


def _of_latest(name: str) -> Callable[[LoginRequest, Decision], Object]:
    """Take one member from the latest login that was issued, which under load is another's."""

    def issue_body(request: LoginRequest, decision: Decision) -> Object:
        right: Object = STEPS.issue_body(request, decision)
        latest = request.state.latest
        if latest is None or not latest[1].issued or latest[1].account is decision.account:
            return right
        right[name] = STEPS.issue_body(*latest)[name]
        return right

    return issue_body


for _member in ("memb_email", "comp_id", "device_id"):
    add(
        f"{_member.replace('_', '-')}-of-another-under-load",
        "SUC-9",
        f"Where logins overlap, {_member} is that of the latest.",
        _overlapping(issue_body=_of_latest(_member)),
    )


@fault("SUC-9")
def token_of_another_under_load(world: World) -> Application:
    """Where logins overlap, they get the same token."""

    def issue_body(request: LoginRequest, decision: Decision) -> Object:
        right: Object = STEPS.issue_body(request, decision)
        notes = request.state.notes
        if request.state.in_flight == 1:
            notes.pop("token", None)
            return right
        return {**right, "access_token": notes.setdefault("token", right["access_token"])}

    return _overlapping(issue_body=issue_body)(world)


Waiting = Callable[[LoginRequest, Decision], Awaitable[Decision]]


def _under_load(change: Callable[[LoginRequest, Decision], Decision]) -> Waiting:
    async def before_answer(request: LoginRequest, decision: Decision) -> Decision:
        await asyncio.sleep(_HELD)
        return change(request, decision) if request.state.in_flight > 1 else decision

    return before_answer


def _latest(request: LoginRequest, decision: Decision) -> Decision:
    return request.state.latest[1] if request.state.latest else decision


def _refused_with(reason: Reason) -> Callable[[LoginRequest, Decision], Decision]:
    return lambda request, decision: (
        replace(decision, reason=reason) if decision.issued else decision
    )


def _let_in_with_others(request: LoginRequest, decision: Decision) -> Decision:
    unknown = decision.reason is Reason.UNKNOWN_EMAIL
    return replace(decision, reason=Reason.ISSUED) if unknown else decision


def _wrong_password_let_in(request: LoginRequest, decision: Decision) -> Decision:
    latest = request.state.latest
    shared = latest is not None and latest[1].issued and latest[1].account is decision.account
    wrong = decision.reason is Reason.WRONG_PASSWORD and shared
    return replace(decision, reason=Reason.ISSUED) if wrong else decision


def _unreadable_let_in(request: LoginRequest, decision: Decision) -> Decision:
    unreadable = decision.reason is Reason.UNREADABLE
    return replace(decision, reason=Reason.ISSUED) if unreadable else decision


def _latest_now_and_then(request: LoginRequest, decision: Decision) -> Decision:
    return _latest(request, decision) if request.number % 20 == 0 else decision


for _name, _sentence, _change in (
    ("unreadable-let-in-under-load", "Where logins overlap, a cut-off body is let in.",
     _unreadable_let_in),
    ("now-and-then-of-another-under-load",
     "Where logins overlap, every 20th gets what another gets.", _latest_now_and_then),
    ("decision-of-another-under-load", "Where logins overlap, all get what the latest gets.",
     _latest),
    ("refused-under-load-10", "Where logins overlap, right ones get 10.",
     _refused_with(Reason.WRONG_PASSWORD)),
    ("refused-under-load-99", "Where logins overlap, right ones get 99.",
     _refused_with(Reason.REQUEST_CODE)),
    ("wrong-password-let-in-under-load",
     "Where logins of an account overlap, a wrong password gets what the right one gets.",
     _wrong_password_let_in),
    ("let-in-under-load", "Where logins overlap, an unknown email is let in.", _let_in_with_others),
):  # fmt: skip
    add(_name, "SUC-9", _sentence, changed(before_answer=_under_load(_change)))


@fault("SUC-9")
def date_garbled_under_load(world: World) -> Application:
    """Where logins overlap, expire_date is garbled, as by a formatter that threads share."""

    def issue_body(request: LoginRequest, decision: Decision) -> Object:
        right: Object = STEPS.issue_body(request, decision)
        date = str(right["expire_date"])
        return right if request.state.in_flight == 1 else {**right, "expire_date": date[:5] + date}

    return _overlapping(issue_body=issue_body)(world)


@fault("SUC-9 SUC-4")
def calendar_that_logins_share(world: World) -> Application:
    """A shared calendar is cleared, then set: what another login prints in between is 1970."""

    async def before_answer(request: LoginRequest, decision: Decision) -> Decision:
        if decision.issued:
            request.state.notes["calendar"] = "cleared"
            await asyncio.sleep(2 * _HELD)
            request.state.notes["calendar"] = "set"
            await asyncio.sleep(_HELD)
        return decision

    def issue_body(request: LoginRequest, decision: Decision) -> Object:
        right: Object = STEPS.issue_body(request, decision)
        cleared = request.state.notes.get("calendar") == "cleared"
        return {**right, "expire_date": "1970-01-01 00:00:00"} if cleared else right

    return application(world, replace(STEPS, before_answer=before_answer, issue_body=issue_body))
