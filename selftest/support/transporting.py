"""A transport to a server of a test, and how requests were delivered over it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import Any

from esignon_conformance.transport.client import Transport
from esignon_conformance.transport.delivery import Delivery
from esignon_conformance.transport.messages import Request
from selftest.support.exchanges import TARGET, request_of
from selftest.support.raw_server import Peer, RawServer, Received, Step, scripted

LOGIN = request_of("right-login")
JSON = b'{"header": {}}'


def to(server: RawServer, **varied: Any) -> Transport:
    """Return a transport to a server."""
    given = {"connect_timeout": 2.0, "answer_timeout": 5.0, **varied}
    return Transport(replace(TARGET, base_url=server.base_url, **given), "run")


def sent(
    *steps: Step, requests: int = 1, request: Request = LOGIN, **varied: Any
) -> list[Delivery]:
    """Return how requests to a server that answers in turn were delivered."""
    with scripted(*steps) as server, closing(to(server, **varied)) as transport:
        return [transport.send(request) for _ in range(requests)]


def status(delivery: Delivery) -> int:
    """Return the HTTP status of an answer."""
    assert delivery.answer is not None
    return delivery.answer.status


def close_after(data: bytes) -> Step:
    """Send an answer that says nothing of it, and close the connection."""

    def step(peer: Peer, _received: Received) -> None:
        peer.send(data)
        peer.close()

    return step


def drop(peer: Peer, _received: Received) -> None:
    """Close the connection without an answer."""
    peer.close()
