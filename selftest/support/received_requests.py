"""Requests as they arrive at a server."""

from __future__ import annotations

from contextlib import closing

from esignon_conformance.transport.messages import Request
from selftest.support.raw_server import Received, answer, scripted
from selftest.support.transporting import JSON, to


def received(request: Request) -> Received:
    """Return a request as a server receives it."""
    with scripted(answer(JSON)) as server, closing(to(server)) as transport:
        transport.send(request)
    (one,) = server.received
    return one
