"""A small HTTP/1.1 server on bare sockets, for what an honest HTTP library would never send."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Literal, TypeAlias

from ..application import Application, application
from ..in_process import ask
from ..login import STEPS
from ..pipeline import Answered, Headers, Reason, Response, State, Steps
from ..world import World

_NO_LINGER = struct.pack("ii", 1, 0)
_LARGEST_HEAD = 65_536
# Tells the application what it cannot know: that a body did not come at once.
CAME_IN_PIECES = b"x-came-in-pieces"


@dataclass(frozen=True, slots=True)
class Arrived:
    """A request that has arrived, and the right answer to it.

    `number` counts the requests of the server and `turn` those of the connection, from 1;
    `previous` is the right answer to the request before it on the connection.
    """

    number: int
    turn: int
    method: str
    raw: bytes = field(repr=False)
    answer: Response
    answered: Answered | None
    previous: Response | None
    in_flight: int

    @property
    def reason(self) -> Reason | None:
        """Return how the login ends, None where HTTP turns it away."""
        return self.answered.decision.reason if self.answered and self.answered.decision else None

    @property
    def whole(self) -> bytes:
        """Return the right answer as it goes onto the wire."""
        return serialised(self.answer, with_body=self.method != "HEAD")


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes onto the wire, in pieces with pauses between, and then with the connection."""

    pieces: tuple[bytes, ...]
    then: Literal["keep", "close", "reset", "hang"] = "keep"
    pause: float = 0.0


_KNOWN = frozenset(HTTPStatus)
Say: TypeAlias = Callable[[Arrived], Reply]


@dataclass(frozen=True, slots=True)
class WireServer:
    """The server in the box behind a wire that `say` writes.

    `idle` is how many seconds a kept-alive connection may lie idle, `hold` how many an answer is
    held back, so that requests overlap; `reads_body` tells of which methods the body is read, and with
    `reads_once` no more of it than comes at once.  `of_chunks` makes the body of chunks that came;
    without it they are left unread.  `reads_field` tells by its name, as spelled, which field of a head
    is looked at.
    """

    world: World
    say: Say
    steps: Steps = STEPS
    idle: float | None = None
    hold: float = 0.0
    reads_body: Callable[[str], bool] = lambda method: True
    reads_once: bool = False
    reads_field: Callable[[bytes], bool] = lambda name: True
    of_chunks: Callable[[list[bytes]], bytes] | None = b"".join

    def serve(self, listener: socket.socket, started: Callable[[], None]) -> None:
        """Serve on a socket that listens, until the process is told to end."""
        asyncio.run(_Serving(self).serve(listener, started))


def serialised(response: Response, *, version: str = "1.1", with_body: bool = True) -> bytes:
    """Return an answer as bytes; `Content-Length` is added unless it or a coding stands there."""
    headers = list(response.headers)
    if not any(name.lower() in (b"content-length", b"transfer-encoding") for name, _ in headers):
        headers.append((b"Content-Length", str(len(response.body)).encode()))
    return head(response.status, tuple(headers), version) + (response.body if with_body else b"")


def head(status: int, headers: Headers, version: str = "1.1") -> bytes:
    """Return the head of an answer, the empty line included."""
    # Of 520 to 530, which CDNs have added, nobody has agreed on a phrase.
    phrase = HTTPStatus(status).phrase if status in _KNOWN else ""
    first = f"HTTP/{version} {status} {phrase}\r\n".encode()
    return first + b"".join(b"%s: %s\r\n" % each for each in headers) + b"\r\n"


class _Serving:
    """One server at work: its memory, and the requests that it holds."""

    def __init__(self, server: WireServer) -> None:
        self._server = server
        self._state = State()
        self._application: Application = application(server.world, server.steps, self._state)
        self._number = 0
        self._in_flight = 0

    async def serve(self, listener: socket.socket, started: Callable[[], None]) -> None:
        serving = await asyncio.start_server(self._connection, sock=listener, limit=_LARGEST_HEAD)
        started()
        async with serving:
            await serving.serve_forever()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            with suppress(OSError, asyncio.IncompleteReadError, TimeoutError):
                await self._requests(reader, writer)
        finally:
            with suppress(OSError):
                writer.close()

    async def _requests(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        turn, previous = 0, None
        while True:
            # A new connection is given time, and one that is kept alive `idle`.
            patience = self._server.idle if turn else None
            raw_head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), patience)
            turn, self._number, self._in_flight = turn + 1, self._number + 1, self._in_flight + 1
            try:
                arrived = await self._arrived(raw_head, reader, turn, previous)
                reply = self._server.say(arrived) if arrived else _BAD_REQUEST
                for index, piece in enumerate(reply.pieces):
                    if index and reply.pause:
                        await asyncio.sleep(reply.pause)
                    writer.write(piece)
                    await writer.drain()
            finally:
                self._in_flight -= 1
            if reply.then == "hang":
                await reader.read()
            if reply.then == "reset":
                raw = writer.get_extra_info("socket")
                raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
                writer.transport.abort()
            if reply.then != "keep":
                return
            previous = arrived.answer if arrived else None

    async def _arrived(
        self, raw_head: bytes, reader: asyncio.StreamReader, turn: int, previous: Response | None
    ) -> Arrived | None:
        lines = raw_head.removesuffix(b"\r\n\r\n").split(b"\r\n")
        headers = tuple(
            (name.strip().lower(), value.strip())
            for name, _, value in (line.partition(b":") for line in lines[1:])
            if self._server.reads_field(name)
        )
        try:
            method, target, _ = lines[0].decode("ascii").split(" ")
            length = int(dict(headers).get(b"content-length", b"0"))
        except ValueError:
            return None
        if dict(headers).get(b"transfer-encoding", b"").lower() == b"chunked":
            of_chunks = self._server.of_chunks
            body = b"" if of_chunks is None else of_chunks(await _chunks(reader))
        else:
            is_read = length and self._server.reads_body(method)
            body = await reader.read(length) if is_read else b""
            if is_read and not self._server.reads_once and len(body) < length:
                body += await reader.readexactly(length - len(body))
                headers += ((CAME_IN_PIECES, b"yes"),)
        path, _, query = target.partition("?")
        if self._server.hold:
            await asyncio.sleep(self._server.hold)
        answer = await ask(
            self._application, path, body, method=method, query=query.encode(), headers=headers
        )
        answered = self._state.last
        # How long it is, is for the wire to say.
        told = tuple(each for each in answer.headers if each[0].lower() != b"content-length")
        return Arrived(
            number=self._number,
            turn=turn,
            method=method,
            raw=body,
            answer=replace(answer, headers=told),
            answered=answered,
            previous=previous,
            in_flight=self._in_flight,
        )


async def _chunks(reader: asyncio.StreamReader) -> list[bytes]:
    """Read a body in chunks to its end (RFC 9112 §7.1).  Raises `OSError` where it is none."""
    found: list[bytes] = []
    while True:
        size, _, _ = (await reader.readuntil(b"\r\n")).partition(b";")
        try:
            chunk = await reader.readexactly(int(size, 16))
        except ValueError:
            raise OSError("no chunk") from None
        await reader.readexactly(len(b"\r\n"))
        if not chunk:
            return found
        found.append(chunk)


_BAD_REQUEST = Reply(
    (serialised(Response(400, ((b"Content-Type", b"text/plain"),), b"Bad Request\n")),), "close"
)
