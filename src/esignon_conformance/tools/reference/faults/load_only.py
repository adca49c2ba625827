"""Servers that break only in a crowd: more logins at once than any burst of a run.  For `load`."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from ..application import Application, Event, Receive, Send, application
from ..login import STEPS
from ..pipeline import Decision, LoginRequest, Object, Reason, Response
from ..world import World
from .registry import Build, Fault, changed

# A burst of a run has 8 requests, at most 32 where somebody asks for more than that.
_CROWD = 10
# How long an answer takes, in seconds, so that a crowd comes about.
_HELD = 0.03


def _is_crowd(request: LoginRequest) -> bool:
    return request.state.in_flight > _CROWD


async def _hold(_request: LoginRequest, decision: Decision) -> Decision:
    await asyncio.sleep(_HELD)
    return decision


def _decided(
    change: Callable[[LoginRequest, Decision], Decision],
) -> Callable[[LoginRequest, Decision], Awaitable[Decision]]:
    async def before_answer(request: LoginRequest, decision: Decision) -> Decision:
        # Whether there is a crowd is told on arrival: it may be gone when the answer is made.
        crowd = _is_crowd(request)
        await asyncio.sleep(_HELD)
        return change(request, decision) if crowd else decision

    return before_answer


def _pool_runs_dry(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    right = STEPS.respond(request, decision, payload)
    return replace(right, status=500) if _is_crowd(request) else right


def _refused(_request: LoginRequest, decision: Decision) -> Decision:
    return replace(decision, reason=Reason.REQUEST_CODE) if decision.issued else decision


def _of_latest(request: LoginRequest, decision: Decision) -> Object:
    right: Object = STEPS.issue_body(request, decision)
    latest = request.state.latest
    if latest is None or not latest[1].issued or not _is_crowd(request):
        return right
    return {**right, **STEPS.issue_body(*latest)}


def _one_token(request: LoginRequest, decision: Decision) -> Object:
    right: Object = STEPS.issue_body(request, decision)
    notes = request.state.notes
    if not _is_crowd(request):
        notes.pop("token", None)
        return right
    return {**right, "access_token": notes.setdefault("token", right["access_token"])}


def _cut(world: World) -> Application:
    """Return a server that drops the connection in the middle of an answer."""
    right = application(world, replace(STEPS, before_answer=_hold))
    in_flight = 0

    async def serve_request(scope: Event, receive: Receive, send: Send) -> None:
        nonlocal in_flight
        in_flight += 1
        crowd = in_flight > _CROWD

        async def send_half(event: Event) -> None:
            body = event.get("body")
            await send({**event, "body": body[: len(body) // 2]} if crowd and body else event)

        try:
            await right(scope, receive, send_half)
        finally:
            in_flight -= 1

    return serve_request


_ROWS: tuple[tuple[str, str, str, Build], ...] = (
    ("pool-runs-dry", "ENV-10", "In a crowd, answers come over HTTP 500.",
     changed(before_answer=_hold, respond=_pool_runs_dry)),
    ("codes-flip-in-a-crowd", "SUC-8", "In a crowd, right logins get 99.",
     changed(before_answer=_decided(_refused))),
    ("answers-swapped-in-a-crowd", "SUC-5", "In a crowd, a login gets the answer of the latest.",
     changed(before_answer=_hold, issue_body=_of_latest)),
    ("one-token-in-a-crowd", "SUC-10", "In a crowd, logins get the same token.",
     changed(before_answer=_hold, issue_body=_one_token)),
    ("dropped-in-a-crowd", "ENV-10", "In a crowd, connections are dropped in the middle of answers.",
     _cut),
)  # fmt: skip
# Apart from the others: a run does not find them, and is not scored by them.
LOAD_FAULTS: dict[str, Fault] = {
    name: Fault(name, (clause,), sentence, build, least_depth="never")
    for name, clause, sentence, build in _ROWS
}
