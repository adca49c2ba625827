"""The login: its steps, each one right, and the order in which they run."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from . import answering, deciding, request_reader
from .pipeline import (
    Answered,
    Decision,
    LoginRequest,
    Reason,
    Response,
    Steps,
)


async def before_answer(request: LoginRequest, decision: Decision) -> Decision:
    """Let the answer go ahead at once."""
    return decision


STEPS = Steps(
    method_allowed=request_reader.method_allowed,
    media_type_accepted=request_reader.media_type_accepted,
    size_accepted=request_reader.size_accepted,
    turn_away=answering.turn_away,
    read=request_reader.read,
    decide=deciding.decide,
    check_members=request_reader.check_members,
    request_code_accepted=request_reader.request_code_accepted,
    find_company=deciding.find_company,
    find_account=deciding.find_account,
    password_matches=deciding.password_matches,
    may_call=deciding.may_call,
    before_answer=before_answer,
    result_code=answering.result_code,
    message=answering.message,
    header=answering.header,
    issue_body=answering.issue_body,
    refuse_body=answering.refuse_body,
    envelope=answering.envelope,
    encode=answering.encode,
    respond=answering.respond,
)


async def answer(request: LoginRequest, steps: Steps) -> Response:
    """Run the steps on a request whose body has arrived."""
    status = _turned_away(request, steps)
    if status is not None:
        response = steps.turn_away(request, status)
        request.state.history.append(Answered(request, None, None, response))
        return response
    try:
        request = replace(request, document=steps.read(request))
    except (ValueError, RecursionError):
        decision = Decision(Reason.UNREADABLE)
    else:
        decision = steps.decide(request, steps)
    request.state.count(request, decision)
    decision = await steps.before_answer(request, decision)
    code = steps.result_code(request, decision)
    header = steps.header(request, decision, code, steps.message(request, decision, code))
    make_body = steps.issue_body if decision.issued else steps.refuse_body
    document = steps.envelope(request, decision, header, make_body(request, decision))
    response = steps.respond(request, decision, steps.encode(request, document))
    request.state.history.append(Answered(request, decision, document, response))
    return response


def _turned_away(request: LoginRequest, steps: Steps) -> HTTPStatus | None:
    if not steps.method_allowed(request):
        return HTTPStatus.METHOD_NOT_ALLOWED
    if not steps.media_type_accepted(request):
        return HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    if not steps.size_accepted(request):
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    return None
