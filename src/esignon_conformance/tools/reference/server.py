"""The process that serves an application on a socket."""

from __future__ import annotations

import socket
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from typing import Protocol

from uvicorn.config import Config
from uvicorn.server import Server

from .application import Application

# Long enough for a client that thinks between two requests on one connection.
KEEP_ALIVE_SECONDS = 75


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
