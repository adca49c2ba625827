"""SUC-8, ENV-5: limiters that answer the envelope over HTTP 200, as the login itself would."""

from __future__ import annotations

from http import HTTPStatus

from ..login import STEPS
from ..pipeline import Decision, LoginRequest, Reason, Response
from .registry import Build, add, changed

# Of so many requests in a row the last so many are beyond the limit.
_ROUND, _BEYOND = 90, 3
_SAID = Decision(Reason.REQUEST_CODE)


def _limited(code: str) -> Build:
    """Return how to build a server whose limiter answers a code to whatever is beyond its limit."""

    def is_beyond(request: LoginRequest) -> bool:
        return request.number % _ROUND >= _ROUND - _BEYOND

    def refusal(request: LoginRequest) -> Response:
        text = STEPS.message(request, _SAID, code)
        document = {"header": STEPS.header(request, _SAID, code, text)}
        return STEPS.respond(request, _SAID, STEPS.encode(request, document))

    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        right = STEPS.respond(request, decision, payload)
        return refusal(request) if is_beyond(request) else right

    def turn_away(request: LoginRequest, status: HTTPStatus) -> Response:
        return refusal(request) if is_beyond(request) else STEPS.turn_away(request, status)

    return changed(respond=respond, turn_away=turn_away)


for _code, _clause in (("99", "SUC-8"), ("10", "SUC-8"), ("12", "SUC-8"), ("07", "ENV-5")):
    add(
        f"limiter-answers-{_code}",
        _clause,
        f'Of every 90 requests a limiter answers the last three by "{_code}", whatever they ask.',
        _limited(_code),
    )
