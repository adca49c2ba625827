"""Serves drafted operations: the login in the box beside them issues the tokens that they ask for."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl, unquote

from ...transport.json_reader import member
from ..reference.application import Application, Event, Receive, Send, company_of
from ..reference.application import application as login_application
from ..reference.pipeline import Headers, Response
from ..reference.world import World
from .operations import Answer, Asked, Drafted, without_items

_JSON: Headers = ((b"Content-Type", b"application/json"),)
_NOT_FOUND = Response(404, (), b"")
# No operation can be told from such a body where several share one address, and they share no refusal
# (RFC 9110 §15.5.16).
_UNSUPPORTED = Response(415, (), b"")
_LARGEST = 1_000_000


@dataclass
class Memory:
    """What the server remembers: the tokens that it issued, and the operation that was asked for last."""

    tokens: set[str] = field(default_factory=set)
    last: str = ""


@dataclass(frozen=True)
class Handling:
    """One request being handled: the operation, what was asked, and whether the token is right."""

    drafted: Drafted
    asked: Asked
    world: World
    memory: Memory


@dataclass(frozen=True)
class Behaviour:
    """The steps of the server; a fault replaces one of them."""

    checks_token: Callable[[Handling], bool]
    checks_body: Callable[[Handling], bool]
    checks_company: Callable[[Handling], bool]
    answer: Callable[[Handling, Answer], Answer]
    written: Callable[[Handling, Answer], Response]


def has_token(handling: Handling) -> bool:
    """Tell whether a request has a token that was issued, where its operation wants one."""
    header = handling.drafted.operation.token
    if header is None:
        return True
    sent = handling.asked.headers.get(header.name.lower(), "")
    return sent.startswith(header.prefix) and sent[len(header.prefix) :] in handling.memory.tokens


def has_right_body(handling: Handling) -> bool:
    """Tell whether a body is as the page describes it."""
    return handling.drafted.fits(handling.asked)


def has_known_company(handling: Handling) -> bool:
    """Tell whether company, email and password are known, as far as the operation has them."""
    places = handling.drafted.operation.account
    asked = handling.asked
    company = places.get("company", "").removeprefix("path ")
    companies = {one.id: one for one in handling.world.companies if not one.blocked}
    if company and asked.path.get(company) not in companies:
        return False
    if "password" not in places:
        return True
    accounts = companies[asked.path[company]].accounts if company in asked.path else ()
    given = tuple(_member(asked, places.get(role, "")) for role in ("email", "password"))
    return given in {(one.memb_email, one.memb_pwd) for one in accounts}


def _member(asked: Asked, place: str) -> Any:
    return member(asked.value, place.removeprefix("request "))[1]


def written(handling: Handling, answer: Answer) -> Response:
    """Return an answer as JSON in UTF-8; an operation whose page shows no answer gets none."""
    del handling
    return Response(
        answer.status, _JSON, json.dumps(answer.value, ensure_ascii=False).encode("utf-8")
    )


RIGHT = Behaviour(has_token, has_right_body, has_known_company, lambda _handling, one: one, written)


def application(
    operations: Sequence[Drafted], world: World, behaviour: Behaviour = RIGHT
) -> Application:
    """Return a server of drafted operations as an ASGI application with its own memory."""
    memory = Memory()
    login = login_application(world)

    async def serve_request(scope: Event, receive: Receive, send: Send) -> None:
        path = unquote(scope["raw_path"].decode("ascii", errors="replace"))
        found = [
            (one, parameters)
            for one in operations
            if (parameters := one.path_of(scope["method"], path)) is not None
        ]
        if not found and company_of(scope["raw_path"]) is not None:
            await login(scope, receive, _noting_token(send, memory))
            return
        raw = await _body(receive)
        response = _NOT_FOUND
        if found:
            asked = [_asked(scope, raw, parameters) for _, parameters in found]
            surroundings = (behaviour, world, memory)
            response = _answered([one for one, _ in found], asked, surroundings)
        await _send(send, response)

    return serve_request


def _answered(
    operations: Sequence[Drafted],
    asked: Sequence[Asked],
    surroundings: tuple[Behaviour, World, Memory],
) -> Response:
    behaviour, world, memory = surroundings
    at = _chosen(operations, asked, memory.last)
    if at is None:
        answer = _refusal_of_all(operations)
        undirected = Handling(operations[0], asked[0], world, memory)
        if not behaviour.checks_body(undirected):
            if answer is None:
                return _UNSUPPORTED
            return behaviour.written(undirected, behaviour.answer(undirected, answer))
        at = 0
    drafted = operations[at]
    memory.last = drafted.operation.id
    handling = Handling(drafted, asked[at], world, memory)
    if not behaviour.checks_token(handling):
        answer = drafted.refusal(is_about_token=True)
    elif not behaviour.checks_body(handling) or not behaviour.checks_company(handling):
        answer = drafted.refusal()
    else:
        answer = _success(handling, operations)
        # Where a login is drafted, too, its tokens are those of this server.
        token = member(answer.value, "/body/access_token")[1]
        memory.tokens |= {token} if isinstance(token, str) else set()
    return behaviour.written(handling, behaviour.answer(handling, answer))


def _asked(scope: Event, raw: bytes, parameters: Mapping[str, str]) -> Asked:
    headers = {
        name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
    }
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    try:
        value, is_json = json.loads(raw.decode("utf-8")), True
    except (ValueError, RecursionError):
        value, is_json = None, False
    return Asked(parameters, query, headers, raw, value, is_json)


def _success(handling: Handling, operations: Sequence[Drafted]) -> Answer:
    """Return a success; where a body cannot tell operations apart, one that all of their pages describe."""
    answer = handling.drafted.success(handling.asked)
    if handling.drafted.operation.media_type:
        return answer
    answers = [one.success(handling.asked) for one in operations]
    wanted = [*answers, *map(without_items, answers)]
    return next((one for one in wanted if all(each.takes(one) for each in operations)), answer)


def _refusal_of_all(operations: Sequence[Drafted]) -> Answer | None:
    """Return the refusal that the pages of all operations of an address describe, None without one."""
    answers = [one.refusal() for one in operations]
    return next((one for one in answers if all(each.refuses(one) for each in operations)), None)


def _chosen(operations: Sequence[Drafted], asked: Sequence[Asked], last: str) -> int | None:
    """Return which of the operations of an address is asked for, None where no one can tell.

    The code in the body tells it.  Where two pages describe one operation, its members do; and where
    those of a damaged request could be of either, it is the one that was asked for last.
    """
    if len(operations) == 1 or not any(one.operation.media_type for one in operations):
        return 0
    pairs = list(zip(operations, asked, strict=True))
    likeness = [
        (
            one.names_itself(each),
            one.is_exactly(each) and one.fits(each),
            one.is_exactly(each),
            one.operation.id == last,
            one.likeness(each),
        )
        for one, each in pairs
    ]
    best = max(likeness)
    is_told = best[0] or any(one.likeness(each) for one, each in pairs)
    return likeness.index(best) if is_told else None


def _noting_token(send: Send, memory: Memory) -> Send:
    """Return what sends an answer of the login on, and remembers the token that it issues."""

    async def note(event: Event) -> None:
        if event["type"] == "http.response.body":
            try:
                token = member(json.loads(event["body"]), "/body/access_token")[1]
            except ValueError:
                token = None
            memory.tokens |= {token} if isinstance(token, str) else set()
        await send(event)

    return note


async def _body(receive: Receive) -> bytes:
    body = b""
    more = True
    while more and len(body) <= _LARGEST:
        event = await receive()
        if event["type"] == "http.disconnect":
            return body
        body += event.get("body", b"")
        more = event.get("more_body", False)
    return body


async def _send(send: Send, response: Response) -> None:
    headers = [*response.headers, (b"Content-Length", str(len(response.body)).encode())]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})
