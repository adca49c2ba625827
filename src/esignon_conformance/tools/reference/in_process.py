"""Asks an application without a socket, where neither the wire nor a process is the point."""

from __future__ import annotations

from typing import Any

from .application import Application, Event
from .pipeline import Headers, Response

JSON: Headers = ((b"content-type", b"application/json"),)


async def ask(
    served: Application,
    path: str,
    body: bytes,
    *,
    method: str = "POST",
    query: bytes = b"",
    headers: Headers = JSON,
) -> Response:
    """Return what an application answers; names of request headers are in lower case."""
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "raw_path": path.encode("ascii"),
        "query_string": query,
        "headers": headers,
        "client": None,
    }
    sent: list[Event] = []

    async def receive() -> Event:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(event: Event) -> None:
        sent.append(event)

    await served(scope, receive, send)
    begun, *pieces = sent
    answered = b"".join(piece["body"] for piece in pieces)
    return Response(begun["status"], tuple(begun["headers"]), answered)
