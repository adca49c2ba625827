"""One connection to the target: bytes out, an answer or a fault in, and what else lies on it."""

from __future__ import annotations

import contextlib
import http.client
import io
import select
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO, Literal, cast

from .exchange import Answer, Fault, FaultKind
from .proxy import Proxy

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

# Seconds in which a reset reaches us that the end of the connection overtook.
_LATER = 0.05
_PIECE = 65_536
# Seconds between the pieces of a request that goes out in some: a server reads them one by one.
_BETWEEN_PIECES = 0.03
# A login is answered in less than a kilobyte, and an error page in less than a megabyte. What is longer
# is not read to its end, so that no target exhausts the memory of the machine that judges it.
LONGEST_BODY = 8 * 1024 * 1024
# Of what is no answer so much is kept, for what it may give away.
_KEPT = 65_536


@dataclass(frozen=True)
class Endpoint:
    """Where connections go: host, port, the value of `Host`, and how.

    `tls` verifies the target's certificate; without it TLS is not spoken.  `proxy` is gone through.
    """

    host: str
    port: int
    authority: str
    tls: ssl.SSLContext | None = None
    proxy: Proxy | None = None


class _TooLong(Exception):
    """The body of an answer is longer than is read."""


class _Receiving(socket.SocketIO):
    """The receiving side of a socket, with one deadline for all that is waited for."""

    def __init__(self, connection: socket.socket) -> None:
        super().__init__(connection, "r")
        self._connection = connection
        self.deadline: float | None = None
        self.came = bytearray()

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        """Receive bytes.  Raises `TimeoutError` when none come before the deadline."""
        if self.deadline is not None:
            left = self.deadline - time.monotonic()
            if left <= 0:
                raise TimeoutError("timed out")
            self._connection.settimeout(left)
        count = super().readinto(buffer)
        if count and len(self.came) < _KEPT:
            self.came += memoryview(buffer)[:count]
        return count


class _KeptReader(io.BufferedReader):
    """The one buffered reader of a connection, which outlives the answers that are read from it.

    `http.client` closes its file at the end of each answer and would lose what was read ahead.
    """

    def close(self) -> None:
        """Leave the connection open."""


class _Readable:
    """What `http.client.HTTPResponse` asks of a socket: a file to read from."""

    def __init__(self, reader: _KeptReader) -> None:
        self._reader = reader

    def makefile(self, _mode: str) -> BinaryIO:
        return cast(BinaryIO, self._reader)


class Connection:
    """A TCP or TLS connection that is used for one answer after the other."""

    def __init__(self, endpoint: Endpoint, number: int, connect_timeout: float) -> None:
        """Connect.  Raises `OSError` when the target does not take the connection in time."""
        self.number = number
        self.answers = 0
        self._ended_in_order = False
        raw = _connected(endpoint, connect_timeout)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket = raw
        if endpoint.tls is not None:
            try:
                self._socket = endpoint.tls.wrap_socket(raw, server_hostname=endpoint.host)
            except OSError:
                raw.close()
                raise
        self._receiving = _Receiving(self._socket)
        self._reader = _KeptReader(self._receiving, _PIECE)

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def look(self, wait: float = 0.0) -> tuple[bytes, bool]:
        """Return the bytes that lie on the connection unasked, and whether it is still open.

        `wait` is how many seconds to wait for such bytes.
        """
        try:
            if wait:
                select.select([self._socket], [], [], wait)
            self._receiving.deadline = None
            self._socket.settimeout(0)
            stray = self._reader.peek()
            if stray or isinstance(self._socket, ssl.SSLSocket):
                # TLS has no peeking of its own: one that has nothing to read says that it would wait,
                # and one that has ended reads as empty.
                return bytes(stray), False
            return b"", self._socket.recv(1, socket.MSG_PEEK) != b""
        except (BlockingIOError, ssl.SSLWantReadError):
            return b"", True
        except (OSError, ValueError):
            return b"", False

    def took_request(self) -> bool:
        """Tell whether a connection that was dropped ended after the target had read the request.

        RFC 9293 §3.10.7.1: what comes for a connection that is closed already is answered with a
        reset.  None came where the program on the other side had read all before it closed.
        """
        time.sleep(_LATER)
        return self._ended_in_order and not self._socket.getsockopt(
            socket.SOL_SOCKET, socket.SO_ERROR
        )

    def exchange(
        self,
        data: bytes,
        method: str,
        limit: float,
        longest: int = LONGEST_BODY,
        *,
        meanwhile: Callable[[], None] = lambda: None,
        cuts: Sequence[int] = (),
    ) -> Answer | Fault:
        """Send a request and read its answer, within `limit` seconds and `longest` bytes of body.

        `meanwhile` is called when the request is out and the target works on it; `cuts` are the places
        before which the sending pauses.
        """
        began = time.monotonic()
        self._receiving.came.clear()
        try:
            self._send([data[at:end] for at, end in pairwise((0, *cuts, len(data)))], limit)
        except OSError as error:
            return self._fault(error, began)
        meanwhile()
        try:
            # From here on it is the target that takes the time.
            self._receiving.deadline = time.monotonic() + limit
            response = self._head(method)
            body, missing, ended = _body(response, longest)
        except (OSError, ValueError, http.client.HTTPException, _TooLong) as error:
            return self._fault(error, began)
        self.answers += 1
        return Answer(
            status=response.status,
            reason=response.reason,
            version=f"HTTP/{response.version / 10}",
            headers=tuple(response.getheaders()),
            body=body,
            missing=missing,
            ended=ended,
            keeps_open=not response.will_close and not missing,
        )

    def _send(self, pieces: Sequence[bytes], limit: float) -> None:
        self._socket.settimeout(limit)
        # The target may have answered before it had read all: then look for that answer.
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            for number, piece in enumerate(pieces):
                time.sleep(_BETWEEN_PIECES if number else 0)
                self._socket.sendall(piece)

    def _fault(self, error: Exception, began: float) -> Fault:
        kind: FaultKind = "dropped"
        if isinstance(error, TimeoutError):
            kind = "timed-out"
        elif isinstance(error, _TooLong):
            kind = "too-long"
        elif isinstance(error, http.client.RemoteDisconnected):
            self._ended_in_order = True
        elif isinstance(error, ConnectionError):
            self._ended_in_order = False
        elif isinstance(error, (http.client.HTTPException, ValueError)):
            kind = "not-http"
        detail = str(error) or type(error).__name__
        came = bytes(self._receiving.came[:_KEPT])
        return Fault(kind, detail, round(time.monotonic() - began, 3), came)

    def _head(self, method: str) -> http.client.HTTPResponse:
        while True:
            readable = cast(socket.socket, _Readable(self._reader))
            response = http.client.HTTPResponse(readable, method=method)
            response.begin()
            # RFC 9110 §15.2: interim answers come before the final one (http.client knows only 100).
            if not 102 <= response.status < 200:
                return response


def _connected(endpoint: Endpoint, timeout: float) -> socket.socket:
    """Return a connection to the target, or to the proxy, with a tunnel through it for TLS.

    Raises `OSError` when it is not taken in time, or the proxy opens no tunnel.
    """
    proxy = endpoint.proxy
    if proxy is None:
        return socket.create_connection((endpoint.host, endpoint.port), timeout=timeout)
    if endpoint.tls is None:
        return socket.create_connection((proxy.host, proxy.port), timeout=timeout)
    tunnel = http.client.HTTPConnection(proxy.host, proxy.port, timeout=timeout)
    host = f"[{endpoint.host}]" if ":" in endpoint.host else endpoint.host
    headers = {"Proxy-Authorization": proxy.authorization} if proxy.authorization else {}
    tunnel.set_tunnel(host, endpoint.port, headers)
    try:
        tunnel.connect()
    except http.client.HTTPException as error:
        tunnel.close()
        raise OSError(f"the proxy does not speak HTTP: {type(error).__name__}") from error
    return cast(socket.socket, tunnel.sock)


def _body(
    response: http.client.HTTPResponse, longest: int
) -> tuple[bytes, int, Literal["", "closed", "silent"]]:
    """Return what came of the body, how much of it is missing (-1: a chunk), and how it ended.

    Raises `_TooLong` as soon as more than `longest` bytes have come.
    """
    pieces: list[bytes] = []
    came = 0
    try:
        while piece := response.read1(_PIECE):
            pieces.append(piece)
            came += len(piece)
            if came > longest:
                raise _TooLong(f"more than {longest} bytes")
    except TimeoutError:
        missing = -1 if response.length is None else response.length
        return b"".join(pieces), missing, "silent"
    except (http.client.HTTPException, ValueError, OSError):
        return b"".join(pieces), -1, "closed"
    missing = response.length or 0
    return b"".join(pieces), missing, "closed" if missing else ""
