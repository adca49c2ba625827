"""Answers to what was left of the request before: its body had been left unread.  Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..recording.answer_origin import is_from_application
from ..runner.run import Run
from ..transport.messages import Exchange

_BAD_REQUEST = 400


def follow_unread_bodies(run: Run, shown: Sequence[Exchange]) -> bool:
    """Tell whether each is a 400 right after a request with a body that was refused, on its connection.

    Whoever answers before the body is read, as to another method, and keeps the connection, takes the body
    for the next request (RFC 9112 §9.3: "a server MUST read the entire request message body or close the
    connection after sending its response").  Python's http.server leaves that to whoever uses it.
    """
    before: dict[int, Exchange] = {}
    found = {one.id for one in shown}
    left: list[bool] = []
    for exchange in run.recording.exchanges:
        if exchange.id in found:
            left.append(_is_left(before.get(exchange.connection), exchange))
        before[exchange.connection] = exchange
    return bool(left) and all(left)


def _is_left(before: Exchange | None, exchange: Exchange) -> bool:
    if before is None or before.answer is None or exchange.answer is None:
        return False
    is_refused = bool(before.request.body) and before.answer.status >= _BAD_REQUEST
    is_bare = exchange.answer.status == _BAD_REQUEST and not is_from_application(exchange)
    return is_refused and is_bare
