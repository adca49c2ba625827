"""From HTTP to the login and back: an ASGI application, and the process that serves it."""

from __future__ import annotations

import socket
from collections.abc import Awaitable, Callable, Generator, MutableMapping
from contextlib import contextmanager, suppress
from http import HTTPStatus
from typing import Any, Protocol, TypeAlias
from urllib.parse import unquote_to_bytes

from uvicorn.config import Config
from uvicorn.server import Server

from .answering import bare
from .login import STEPS, answer
from .pipeline import LoginRequest, Response, State, Steps
from .request_reader import LARGEST_BODY
from .world import World

Event: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Event]]
Send: TypeAlias = Callable[[Event], Awaitable[None]]
Application: TypeAlias = Callable[[Event, Receive, Send], Awaitable[None]]


# Long enough for a client that thinks between two requests on one connection.
KEEP_ALIVE_SECONDS = 75


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


class _Server(Server):
    """Uvicorn's server, told to say when it accepts connections and to leave signals alone."""

    def __init__(self, config: Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and then say so."""
        await super().startup(sockets)
        self._started()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Let SIGTERM end the process at once: there is nothing to drain, and somebody waits."""
        yield


def run(listener: socket.socket, served: Application, started: Callable[[], None]) -> None:
    """Serve an application on a socket that listens, until the process is told to end."""
    config = Config(
        served,
        http="httptools",
        loop="asyncio",
        ws="none",
        lifespan="off",
        interface="asgi3",
        # Only an exception that nobody expected is worth a line, and it goes to standard error.
        log_config=None,
        log_level="error",
        access_log=False,
        # The environment has no say in a server whose behaviour is the point.
        workers=1,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
    )
    with suppress(KeyboardInterrupt):
        _Server(config, started).run(sockets=[listener])


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens; port 0 stands for any free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # `socket.create_server` leaves the protocol open, and then asyncio does not switch off Nagle's
    # algorithm: head and body of an answer, two writes, would lie 40 ms apart.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((host, port))
    listener.listen(512)
    return listener


class SocketServer(Protocol):
    """A server that speaks HTTP itself."""

    def serve(self, listener: socket.socket, started: Callable[[], None]) -> None:
        """Serve on a socket that listens, until the process is told to end."""


def serve(host: str, port: int, served: Application | SocketServer) -> None:
    """Serve and print one line with the URL; port 0 stands for any free one."""
    with listen(host, port) as listener:
        shown = f"[{host}]" if ":" in host else host
        url = f"http://{shown}:{listener.getsockname()[1]}"

        def started() -> None:
            print(f"listening on {url}", flush=True)

        if callable(served):
            run(listener, served, started)
        else:
            with suppress(KeyboardInterrupt):
                served.serve(listener, started)
