"""One connection to the target: bytes out, an answer or a fault in, and what else lies on it."""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import time
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from ..target.proxy import Proxy
from ..target.target import Target
from . import tunnel
from .answer_reader import LONGEST_BODY, AnswerReader
from .messages import Answer, Fault

try:
    import fcntl
    import termios
except ImportError:  # Windows has neither, and does not tell what was acknowledged.
    fcntl = termios = None  # type: ignore[assignment]

# What the fault says of a request of which not one byte arrived.
UNACKNOWLEDGED = "the request was never acknowledged"
# Seconds in which a reset reaches us that the end of the connection overtook.
_LATER = 0.05
_PIECE = 65_536
# Seconds between the pieces of a request that goes out in some: a server reads them one by one.
_BETWEEN_PIECES = 0.03
# Seconds in which the rest of an answer comes whose framing is broken, and no more is waited for.
_REST = 0.05
# Seconds, to see what lies there already.
_AT_ONCE = 0.001
# What tells, while a request goes out, that the other side has ended the connection.
_ENDED = (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError, ssl.SSLZeroReturnError)


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


def endpoint_of(target: Target) -> Endpoint:
    """Return where the connections to a target go."""
    parts = target.parts
    tls: ssl.SSLContext | None = None
    if parts.scheme == "https":
        bundle = None if target.ca_bundle is None else str(target.ca_bundle)
        tls = ssl.create_default_context(cafile=bundle)
        if target.client_certificate is not None:
            target.client_certificate.load(tls)
        # RFC 7301: a server that speaks HTTP/2 alone says so at once.
        tls.set_alpn_protocols(["http/1.1"])
    port = parts.port or (80 if tls is None else 443)
    return Endpoint(parts.hostname or "", port, parts.netloc, tls, target.proxy)


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
        # What was received and belongs to no answer yet.
        self._ahead = b""

    def close(self) -> None:
        """End the connection."""
        self._socket.close()

    def look(self, wait: float = 0.0) -> tuple[bytes, bool]:
        """Return the bytes that lie on the connection unasked, and whether it is still open.

        `wait` is how many seconds to wait for such bytes.
        """
        until = time.monotonic() + wait
        while True:
            left = max(0.0, until - time.monotonic())
            try:
                is_due = self._is_readable(left)
                stray, is_open = self._look_now()
            except (OSError, ValueError):
                return b"", False
            # What TLS says to itself makes it readable, and may be all that came.
            if stray or not is_open or not is_due:
                return stray, is_open

    def _is_readable(self, wait: float) -> bool:
        if self._ahead or (isinstance(self._socket, ssl.SSLSocket) and self._socket.pending()):
            return True
        return wait > 0 and bool(select.select([self._socket], [], [], wait)[0])

    def _look_now(self) -> tuple[bytes, bool]:
        if self._ahead:
            return self._ahead, False
        self._socket.settimeout(0)
        try:
            if isinstance(self._socket, ssl.SSLSocket):
                # TLS has no peeking of its own. One that has ended reads as empty.
                self._ahead = self._socket.recv(_PIECE)
                return self._ahead, False
            stray = self._socket.recv(_PIECE, socket.MSG_PEEK)
        except (BlockingIOError, ssl.SSLWantReadError):
            return b"", True
        return stray, False

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
        reader = AnswerReader(method, longest)
        try:
            self._send([data[at:end] for at, end in pairwise((0, *cuts, len(data)))], limit)
        except OSError as error:
            reader.give_up(error)
        else:
            meanwhile()
            # From here on it is the target that takes the time.
            self._read(reader, time.monotonic() + limit)
        result = reader.result
        assert result is not None  # noqa: S101 - `_read` ends with a result, and so does giving up
        if isinstance(result, Fault):
            if result.kind == "timed-out" and self._is_unacknowledged(len(data)):
                result = replace(result, kind="unreachable", detail=UNACKNOWLEDGED)
            return replace(result, seconds=round(time.monotonic() - began, 3))
        self.answers += 1
        self._ahead = reader.rest
        return result

    def _is_unacknowledged(self, size: int) -> bool:
        """Tell whether not one byte of a request has arrived where the target is.

        RFC 9293 §3.8: the other side acknowledges what arrives, whether or not a program reads it.  A
        server that hangs is not at fault for what never came: a firewall drops the packets.
        """
        if fcntl is None:
            return False
        room = array("i", [0])
        with contextlib.suppress(OSError):
            fcntl.ioctl(self._socket.fileno(), termios.TIOCOUTQ, room)
        return room[0] >= size

    def _send(self, pieces: Sequence[bytes], limit: float) -> None:
        self._socket.settimeout(limit)
        # The target may have answered before it had read all: then look for that answer.
        with contextlib.suppress(*_ENDED):
            for number, piece in enumerate(pieces):
                if number:
                    time.sleep(_BETWEEN_PIECES)
                try:
                    self._socket.sendall(piece)
                except TimeoutError:
                    if not self._is_readable(_AT_ONCE):
                        raise
                    return

    def _read(self, reader: AnswerReader, until: float) -> None:
        """Read what comes until the answer, or what stands in its place, is known."""
        try:
            while reader.result is None:
                data = self._received(until)
                if not data:
                    self._ended_in_order = not reader.has_come
                reader.receive(data)
        except OSError as error:
            self._ended_in_order = False
            reader.give_up(error)
        until = min(until, time.monotonic() + _REST)
        with contextlib.suppress(OSError):
            while reader.lacks_rest and (data := self._received(until)):
                reader.receive_rest(data)

    def _received(self, until: float) -> bytes:
        """Return the bytes that came next.  Raises `TimeoutError` when none come before the deadline."""
        if self._ahead:
            ahead, self._ahead = self._ahead, b""
            return ahead
        left = until - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._socket.settimeout(left)
        return self._socket.recv(_PIECE)


def _connected(endpoint: Endpoint, timeout: float) -> socket.socket:
    """Return a connection to the target, or to the proxy, with a tunnel through it for TLS.

    Raises `OSError` when it is not taken in time, or the proxy opens no tunnel.
    """
    proxy = endpoint.proxy
    if proxy is None:
        return socket.create_connection((endpoint.host, endpoint.port), timeout=timeout)
    if endpoint.tls is None:
        return socket.create_connection((proxy.host, proxy.port), timeout=timeout)
    return tunnel.opened(proxy, endpoint.host, endpoint.port, timeout)
