"""Errors of another form that unreadable bodies alone got.  Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..recording.answer_origin import is_from_application
from ..runner.run import Run
from ..transport.json_reader import read_json
from ..transport.messages import Exchange

_BAD_REQUEST, _SERVER_ERROR = 400, 500


def are_of_a_body_parser(run: Run, shown: Sequence[Exchange]) -> bool:
    """Tell whether bodies that are no JSON alone were refused in another form than the application's.

    A framework's own parser of bodies answers so, and a gateway that reads JSON in front of it.
    """
    is_heard = any(map(is_from_application, run.recording.exchanges))
    return is_heard and bool(shown) and all(map(_is_refused_unread, shown))


def _is_refused_unread(exchange: Exchange) -> bool:
    status = exchange.answer.status if exchange.answer is not None else 0
    is_refused = _BAD_REQUEST <= status < _SERVER_ERROR and not is_from_application(exchange)
    return is_refused and read_json(exchange.request.body).problem is not None
