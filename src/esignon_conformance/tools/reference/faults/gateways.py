"""ENV-10: requests on which a server breaks down behind a gateway, which then answers in its place."""

from __future__ import annotations

from collections.abc import Callable

from ..login import STEPS
from ..pipeline import Decision, LoginRequest, Reason, Response
from .registry import add, changed
from .when import When, because, body

_TEXT, _JSON = b"text/plain; charset=UTF-8", b"application/json"
# Cloudflare's answer for a connection that ended, and that of Amazon's API Gateway for none in time.
_ENDED = Response(520, ((b"Content-Type", _TEXT),), b"error code: 520")
_SLOW = Response(504, ((b"Content-Type", _JSON),), b'{"message": "Endpoint request timed out"}')


def _fronted(answer: Response, when: When) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        return answer if when(request, decision) else STEPS.respond(request, decision, payload)

    return respond


for _name, _sentence, _answer, _when in (
    (
        "many-members-over-520",
        "More than 200 members end the connection to a CDN, which answers 520.",
        _ENDED,
        body(lambda raw: raw.count(b'":') > 200),
    ),
    (
        "wrong-type-over-504-in-json",
        "A wrong type is never answered: a gateway says so in JSON.",
        _SLOW,
        because(Reason.WRONG_TYPE),
    ),
):
    add(_name, "ENV-10", _sentence, changed(respond=_fronted(_answer, _when)))
