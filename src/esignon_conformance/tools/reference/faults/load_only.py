"""Servers that break only in a crowd: more logins at once than any burst of a run.  For `load`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from http import HTTPStatus

from ..answering import bare
from ..application import Application, Event, Receive, Send, application
from ..login import STEPS
from ..pipeline import Decision, LoginRequest, Object, Reason, Response
from ..world import World
from .registry import Build, Fault, changed

# A burst of a run has 8 requests, at most 32 where somebody asks for more than that.
_CROWD = 10
# How long an answer takes, in seconds, so that a crowd comes about.
_HELD = 0.03
# Longer than anybody waits.
_NEVER = 3600.0
# Of so many logins in a crowd one gets no connection of the pool.
_ONE_IN = 12
# By so many seconds more answers take in each second of a crowd; so long after one it is forgotten.
_SLOWER_EACH_SECOND = 0.06
_WORKED_OFF_IN = 2.0
# How long a cache keeps an answer, in seconds.
_KEPT_FOR = 1.0


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


def _busy_for_now(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    right = STEPS.respond(request, decision, payload)
    return bare(HTTPStatus.SERVICE_UNAVAILABLE) if _is_crowd(request) else right


def _pool_leaks(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """Answer 503 for good to those whom the first crowd had cost their connection of the pool."""
    right = STEPS.respond(request, decision, payload)
    account = decision.account
    leaked = request.state.notes.get("leaked")
    if leaked is None and account is not None and _is_crowd(request):
        leaked = request.state.notes["leaked"] = account.memb_email
    is_lost = account is not None and account.memb_email == leaked
    return bare(HTTPStatus.SERVICE_UNAVAILABLE) if is_lost else right


async def _pool_hangs(request: LoginRequest, decision: Decision) -> Decision:
    crowd = _is_crowd(request)
    await asyncio.sleep(_HELD)
    if crowd:
        waiting = request.state.notes["waiting"] = request.state.notes.get("waiting", 0) + 1
        if waiting % _ONE_IN == 0:
            await asyncio.sleep(_NEVER)
    return decision


async def _backlog(request: LoginRequest, decision: Decision) -> Decision:
    notes, now = request.state.notes, time.monotonic()
    longer = 0.0
    if _is_crowd(request):
        since, latest = notes.get("crowded", (now, now))
        since = since if now - latest < _WORKED_OFF_IN else now
        notes["crowded"] = (since, now)
        longer = (now - since) * _SLOWER_EACH_SECOND
    await asyncio.sleep(_HELD + longer)
    return decision


def _limited(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    right = STEPS.respond(request, decision, payload)
    if not _is_crowd(request):
        return right
    return bare(HTTPStatus.TOO_MANY_REQUESTS)


def _from_cache(request: LoginRequest, fresh: Response, *, is_kept: bool) -> Response:
    cache: dict[bytes, tuple[float, Response]] = request.state.notes.setdefault("cache", {})
    kept_at, kept = cache.get(request.path, (-_KEPT_FOR, fresh))
    if request.method != "POST" or not _is_crowd(request):
        return fresh
    if time.monotonic() - kept_at <= _KEPT_FOR:
        return kept
    if is_kept:
        cache[request.path] = (time.monotonic(), fresh)
    return fresh


def _cached_login(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    fresh = STEPS.respond(request, decision, payload)
    return _from_cache(request, fresh, is_kept=decision.issued)


def _cached_unread(request: LoginRequest, status: HTTPStatus) -> Response:
    return _from_cache(request, STEPS.turn_away(request, status), is_kept=False)


def _refused(_request: LoginRequest, decision: Decision) -> Decision:
    return replace(decision, reason=Reason.REQUEST_CODE) if decision.issued else decision


def _of_latest(request: LoginRequest, decision: Decision) -> Object:
    right: Object = STEPS.issue_body(request, decision)
    latest = request.state.latest
    if latest is None or not latest[1].issued or not _is_crowd(request):
        return right
    return {**right, **STEPS.issue_body(*latest)}


def _copied(request: LoginRequest, decision: Decision) -> Object:
    """Answer every other login of a crowd what the one before it was answered, word for word."""
    right: Object = STEPS.issue_body(request, decision)
    notes = request.state.notes
    if not _is_crowd(request):
        return right
    before: Object | None = notes.pop("copied", None)
    if before is None:
        notes["copied"] = right
    return before or right


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
    ("pool-leaks", "ENV-10", "After a crowd, the logins of one account get a bare HTTP 503 for good.",
     changed(before_answer=_hold, respond=_pool_leaks)),
    ("busy-in-a-crowd", "ENV-10", "In a crowd, a bare HTTP 503 comes, which is gone without one.",
     changed(before_answer=_hold, respond=_busy_for_now)),
    ("pool-hangs", "ENV-10", "In a crowd, some answers never come.",
     changed(before_answer=_pool_hangs)),
    ("codes-flip-in-a-crowd", "SUC-8", "In a crowd, right logins get 99.",
     changed(before_answer=_decided(_refused))),
    ("answers-swapped-in-a-crowd", "SUC-9", "In a crowd, a login gets the answer of the latest.",
     changed(before_answer=_hold, issue_body=_of_latest)),
    ("answers-copied-in-a-crowd", "SUC-9", "In a crowd, a login gets the answer that another one had.",
     changed(before_answer=_hold, issue_body=_copied)),
    ("one-token-in-a-crowd", "SUC-10", "In a crowd, logins get the same token.",
     changed(before_answer=_hold, issue_body=_one_token)),
    ("dropped-in-a-crowd", "ENV-10", "In a crowd, connections are dropped in the middle of answers.",
     _cut),
    ("cached-in-a-crowd", "REQ-9", "In a crowd, a cache answers all of a path alike for a second.",
     changed(before_answer=_hold, respond=_cached_login, turn_away=_cached_unread)),
    ("slower-and-slower", "LOAD-2", "In a crowd, answers take longer and longer.",
     changed(before_answer=_backlog)),
    ("limited-without-wait", "LOAD-3", "In a crowd, HTTP 429 comes without Retry-After.",
     changed(before_answer=_hold, respond=_limited)),
)  # fmt: skip
# Apart from the others: a run does not find them, and is not scored by them.
LOAD_FAULTS: dict[str, Fault] = {
    name: Fault(
        name,
        (clause,),
        sentence,
        build,
        least_depth="never",
        level="should" if clause.startswith("LOAD-") else "must",
    )
    for name, clause, sentence, build in _ROWS
}
