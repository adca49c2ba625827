"""Servers on real sockets that answer byte for byte what a test wants."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Received:
    """A request as it came: what stood in its first line, its head as bytes, and its body."""

    method: str
    target: str
    head: bytes
    body: bytes

    def header(self, name: str) -> str | None:
        """Return the first header field of that name, in any letter case, or None."""
        for line in self.head.split(b"\r\n")[1:]:
            key, _, value = line.decode("latin-1").partition(":")
            if key.strip().lower() == name.lower():
                return value.strip()
        return None


class Peer:
    """One connection, from the server's side."""

    def __init__(self, connection: socket.socket, number: int) -> None:
        self.number = number
        self.requests = 0
        self._socket = connection
        self._rest = b""

    def receive(self) -> Received | None:
        """Return the next request, or None when the client has left."""
        while b"\r\n\r\n" not in self._rest:
            if not self._more():
                return None
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n")[0].decode("latin-1").split(" ", 2)
        told = Received(method, target, head, b"")
        if (told.header("Transfer-Encoding") or "").lower() == "chunked":
            body = read_chunks(self._line, self._take)
        else:
            length = int(told.header("Content-Length") or 0)
            body = self._take(length)
            if len(body) < length:
                return None
        self.requests += 1
        return Received(method, target, head, body)

    def receive_some(self) -> bytes:
        """Return what has come and was not read, empty when the client has left."""
        return self._socket.recv(65_536)

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self._socket.sendall(data)

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Go on over TLS."""
        self._socket = context.wrap_socket(self._socket, server_side=True)

    def close(self) -> None:
        """End the connection in good order."""
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def reset(self) -> None:
        """End the connection with a reset."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    def _take(self, length: int) -> bytes:
        while len(self._rest) < length and self._more():
            pass
        taken, self._rest = self._rest[:length], self._rest[length:]
        return taken

    def _line(self) -> bytes:
        while b"\n" not in self._rest and self._more():
            pass
        return self._take(self._rest.find(b"\n") + 1)

    def _more(self) -> bool:
        data = self._socket.recv(65_536)
        self._rest += data
        return bool(data)


def read_chunks(line: Callable[[], bytes], read: Callable[[int], bytes]) -> bytes:
    """Read a body in chunks (RFC 9112 §7.1) by what returns a line and so many bytes."""
    body = b""
    while length := int(line() or b"0", 16):
        body += read(length)
        read(len(b"\r\n"))
    line()
    return body


Serve = Callable[[Peer], None]


@dataclass
class RawServer:
    """A server: where it listens, and what it was sent."""

    listener: socket.socket
    serve: Serve
    received: list[Received] = field(default_factory=list)
    peers: list[Peer] = field(default_factory=list)
    # Set when the test is over: who is silent until then waits for it.
    over: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.port: int = self.listener.getsockname()[1]

    @property
    def base_url(self) -> str:
        """Return the base URL of the server."""
        return f"http://127.0.0.1:{self.port}"

    def stop_listening(self) -> None:
        """Take no more connections."""
        with contextlib.suppress(OSError):
            self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def run(self) -> None:
        """Take connections, each in a thread of its own."""
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.peers.append(Peer(connection, len(self.peers) + 1))
            threading.Thread(target=self._one, args=(self.peers[-1],), daemon=True).start()

    def _one(self, peer: Peer) -> None:
        with contextlib.suppress(OSError):
            self.serve(peer)
        peer.close()


@contextlib.contextmanager
def serving(serve: Serve) -> Iterator[RawServer]:
    """Serve on a free loopback port for as long as the test needs it."""
    server = RawServer(socket.create_server(("127.0.0.1", 0), backlog=64), serve)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.stop_listening()
        for peer in server.peers:
            peer.close()
        thread.join(5)


def answer(body: bytes = b"{}", status: str = "200 OK", *lines: str) -> bytes:
    """Return an answer with its Content-Length and more header lines."""
    rows = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", *lines]
    return "\r\n".join(rows).encode("latin-1") + b"\r\n\r\n" + body


Step = bytes | Callable[[Peer, Received], None]


@contextlib.contextmanager
def scripted(*steps: Step) -> Iterator[RawServer]:
    """Serve answers in turn, over all connections; the last one is given from then on."""
    taken, lock = [0], threading.Lock()

    def serve(peer: Peer) -> None:
        while (received := peer.receive()) is not None:
            with lock:
                server.received.append(received)
                step = steps[min(taken[0], len(steps) - 1)]
                taken[0] += 1
            if isinstance(step, bytes):
                peer.send(step)
            else:
                step(peer, received)

    with serving(serve) as server:
        yield server
