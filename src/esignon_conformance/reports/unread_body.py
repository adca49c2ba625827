"""Answers to what was left of the request before: its body had been left unread.  Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..recording.answer_origin import is_from_application, is_refused
from ..runner.run import Run
from ..transport.messages import Exchange

_BAD_REQUEST = 400
# So many in a row are no chance where each came after a refusal over HTTP 200.
_OFTEN = 3


def follow_unread_bodies(run: Run, shown: Sequence[Exchange]) -> bool:
    """Tell whether each is a 400 right after a request with a body that was refused, on its connection.

    Whoever answers before the body is read, as to another method, and keeps the connection, takes the body
    for the next request (RFC 9112 §9.3: "a server MUST read the entire request message body or close the
    connection after sending its response").  Python's http.server leaves that to whoever uses it, and so
    does SWI-Prolog's.
    """
    before: dict[int, Exchange] = {}
    found = {one.id for one in shown}
    left: list[Exchange | None] = []
    for exchange in run.recording.exchanges:
        if exchange.id in found:
            previous = before.get(exchange.connection)
            is_left = previous is not None and is_refused(previous, run.contract.codes)
            left.append(previous if is_left and _is_bare(exchange) else None)
        before[exchange.connection] = exchange
    with_body = [one for one in left if one is not None and one.request.body]
    is_told = any(one.answer and one.answer.status >= _BAD_REQUEST for one in with_body)
    return len(with_body) == len(left) and (is_told or len(left) >= _OFTEN)


def _is_bare(exchange: Exchange) -> bool:
    answer = exchange.answer
    return (
        answer is not None and answer.status == _BAD_REQUEST and not is_from_application(exchange)
    )
