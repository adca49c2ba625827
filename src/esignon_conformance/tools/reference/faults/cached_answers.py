"""REQ-9: one answer for different requests, as a cache in front or a static mock gives it."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any, TypeAlias

from ..answering import new_token
from ..login import STEPS
from ..pipeline import Decision, LoginRequest, Response
from .kept_connections import left_on_the_connection
from .registry import add, changed

# STEPS.encode writes no blanks.
_CODE_OF_A_LOGIN = b'"result_code":"00"'
# By what a cache finds an answer again.
Key: TypeAlias = Callable[[LoginRequest], object]


def cached(key: Key) -> dict[str, Any]:
    """Return the steps of a server that answers as it first did for a key, whatever comes later."""

    def kept(request: LoginRequest, fresh: Response) -> Response:
        # A cache keeps what the documented method got, and lets the others through.
        if request.method != "POST":
            return fresh
        cache: dict[object, Response] = request.state.notes.setdefault("cache", {})
        return cache.setdefault(key(request), fresh)

    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        return kept(request, STEPS.respond(request, decision, payload))

    def turn_away(request: LoginRequest, status: HTTPStatus) -> Response:
        return kept(request, STEPS.turn_away(request, status))

    return {"respond": respond, "turn_away": turn_away}


add(
    "cache-by-path",
    "REQ-9",
    "A cache in front answers every request of a path as the first one.",
    changed(**cached(lambda request: request.path)),
)
add(
    "cache-by-path-and-query",
    "REQ-9",
    "A cache in front answers every request of a path and query as the first one.",
    changed(**cached(lambda request: (request.path, request.query))),
)
add(
    "cache-of-everything",
    "REQ-9",
    "Every request gets the answer to the very first, as from a mock with one example.",
    changed(**cached(lambda _request: None)),
)


def _kept_login(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """Answer as the first login of the path that was let in, once there was one."""
    cache: dict[bytes, Response] = request.state.notes.setdefault("cache", {})
    fresh = STEPS.respond(request, decision, payload)
    if decision.issued:
        cache.setdefault(request.path, fresh)
    return cache.get(request.path, fresh)


def _kept_for_unread(request: LoginRequest, status: HTTPStatus) -> Response:
    cache: dict[bytes, Response] = request.state.notes.setdefault("cache", {})
    fresh = STEPS.turn_away(request, status)
    return cache.get(request.path, fresh) if request.method == "POST" else fresh


add(
    "cache-of-first-login",
    "REQ-9",
    "A cache in front keeps the first login of a path that was let in, and gives it to everybody.",
    changed(respond=_kept_login, turn_away=_kept_for_unread),
)


def _before_one_of_two(request: LoginRequest, fresh: Response) -> Response:
    """Answer every second request from a cache, as where one of two replicas has one before it."""
    notes = request.state.notes
    notes["turn"] = not notes.get("turn", False)
    if request.method != "POST" or not notes["turn"]:
        return fresh
    cache: dict[bytes, Response] = notes.setdefault("cache", {})
    return cache.setdefault(request.path, fresh)


def _respond_in_turn(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    return _before_one_of_two(request, STEPS.respond(request, decision, payload))


def _turn_away_in_turn(request: LoginRequest, status: HTTPStatus) -> Response:
    return _before_one_of_two(request, STEPS.turn_away(request, status))


add(
    "cache-before-one-of-two-replicas",
    "REQ-9",
    "Two replicas answer in turn, and a cache before one of them answers every request of a path alike.",
    changed(respond=_respond_in_turn, turn_away=_turn_away_in_turn),
)

# So many requests of a path come, at the pace of a run, in the second that such a cache keeps an answer.
_FOR_REQUESTS = 7


def _for_a_moment(request: LoginRequest, fresh: Response) -> Response:
    if request.method != "POST":
        return fresh
    cache: dict[bytes, tuple[int, Response]] = request.state.notes.setdefault("cache", {})
    at, kept = cache.get(request.path, (-_FOR_REQUESTS, fresh))
    if request.number - at < _FOR_REQUESTS:
        return kept
    cache[request.path] = (request.number, fresh)
    return fresh


def _to_its_connection(request: LoginRequest, fresh: Response) -> Response:
    if request.method != "POST":
        return fresh
    left: dict[str, Response] = left_on_the_connection(request)
    if _CODE_OF_A_LOGIN in fresh.body:
        left.setdefault("answer", fresh)
    return left.get("answer", fresh)


def _with_a_new_token(request: LoginRequest, fresh: Response) -> Response:
    notes = request.state.notes
    if request.method != "POST" or ("example" not in notes and _CODE_OF_A_LOGIN not in fresh.body):
        return fresh
    example: Response = notes.setdefault("example", fresh)
    document = json.loads(example.body)
    document["body"]["access_token"] = new_token()
    return replace(example, body=STEPS.encode(request, document))


def _whatever_comes(change: Callable[[LoginRequest, Response], Response]) -> dict[str, Any]:
    """Return the steps of a server whose answers are changed, whatever they answer."""
    return {
        "respond": lambda request, decision, payload: change(
            request, STEPS.respond(request, decision, payload)
        ),
        "turn_away": lambda request, status: change(request, STEPS.turn_away(request, status)),
    }


add(
    "cache-for-a-moment",
    "REQ-9",
    "A cache in front keeps an answer for a moment, and gives it to the next six requests of its path.",
    changed(**_whatever_comes(_for_a_moment)),
)
add(
    "first-answer-of-the-connection",
    "REQ-9",
    "The first success of a connection is the answer to all that comes over it afterwards.",
    changed(**_whatever_comes(_to_its_connection)),
)
add(
    "one-answer-with-new-tokens",
    "REQ-9",
    "Every request gets the first login's success with a token made anew, as from a mock's template.",
    changed(**_whatever_comes(_with_a_new_token)),
)
