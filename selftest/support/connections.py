"""Connections to servers of bytes, and how such a server ends one."""

from __future__ import annotations

import time
from collections.abc import Callable

from esignon_conformance.transport.connection import Connection, Endpoint
from selftest.support.raw_server import Peer, RawServer

REQUEST = b"POST /api/x/login HTTP/1.1\r\nHost: box\r\nContent-Length: 2\r\n\r\n{}"
LIMIT = 5.0
End = Callable[[Peer], None]


def close(peer: Peer) -> None:
    """End in good order."""
    peer.close()


def reset(peer: Peer) -> None:
    """End with a reset, after what was sent has arrived."""
    time.sleep(0.02)
    peer.reset()


def connect(server: RawServer) -> Connection:
    """Return a connection to a server."""
    return Connection(Endpoint("127.0.0.1", server.port, "box"), 1, LIMIT)
