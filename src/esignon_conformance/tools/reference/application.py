"""From HTTP to the login and back: an ASGI application."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any, TypeAlias
from urllib.parse import unquote_to_bytes

from .answering import bare
from .login import STEPS, answer
from .pipeline import LoginRequest, Response, State, Steps
from .request_reader import LARGEST_BODY
from .world import World

Event: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Event]]
Send: TypeAlias = Callable[[Event], Awaitable[None]]
Application: TypeAlias = Callable[[Event, Receive, Send], Awaitable[None]]


def application(world: World, steps: Steps = STEPS, state: State | None = None) -> Application:
    """Return a server of `world` that takes `steps`, as an ASGI application with its own memory."""
    memory = State() if state is None else state

    async def serve_request(scope: Event, receive: Receive, send: Send) -> None:
        company = company_of(scope["raw_path"])
        if company is None:
            await _send(send, bare(HTTPStatus.NOT_FOUND))
            return
        memory.requests += 1
        memory.in_flight += 1
        number = memory.requests
        try:
            raw = await _body(receive)
            if raw is not None:
                request = LoginRequest(
                    number=number,
                    method=scope["method"],
                    path=scope["raw_path"],
                    company_id=_decoded(company),
                    query=scope["query_string"],
                    headers=tuple(scope["headers"]),
                    raw=raw,
                    client=scope["client"],
                    world=world,
                    state=memory,
                )
                await _send(send, await answer(request, steps))
        finally:
            memory.in_flight -= 1

    return serve_request


def company_of(path: bytes) -> bytes | None:
    """Return the company of a path `/api/{companyId}/login`, percent-encoded as it is, else None.

    Any company will do, an empty one and `..` too: that nobody has that name is the login's to say.
    """
    match path.split(b"/"):
        case [b"", b"api", company, b"login"]:
            return company
    return None


def _decoded(company: bytes) -> str | None:
    try:
        return unquote_to_bytes(company).decode("utf-8")
    except UnicodeDecodeError:
        return None


async def _body(receive: Receive) -> bytes | None:
    """Return the body, or of a body that is too large the beginning; None if the client left."""
    body = b""
    more = True
    while more and len(body) <= LARGEST_BODY:
        event = await receive()
        if event["type"] == "http.disconnect":
            return None
        body += event["body"]
        more = event["more_body"]
    return body


async def _send(send: Send, response: Response) -> None:
    headers = list(response.headers)
    if not any(name.lower() in (b"content-length", b"transfer-encoding") for name, _ in headers):
        headers.append((b"Content-Length", str(len(response.body)).encode()))
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})
