"""SEC-1: the password of an account, told to whoever did not send it."""

from __future__ import annotations

from dataclasses import replace

from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest, Reason, Response
from ..world import Account
from .registry import fault


def _accounts(request: LoginRequest) -> list[Account]:
    return [one for company in request.world.companies for one in company.accounts]


@fault("SEC-1", step="refuse_body")
def members_listed(request: LoginRequest, decision: Decision) -> Json:
    """The refusal of an unknown email lists the rows of all members, passwords included."""
    if decision.reason is not Reason.UNKNOWN_EMAIL:
        return STEPS.refuse_body(request, decision)
    return {"rows": [[one.memb_email, one.memb_pwd] for one in _accounts(request)]}


@fault("SEC-1", step="respond")
def stored_password_in_head(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """A field of what cannot be read holds the password of the first account."""
    right = STEPS.respond(request, decision, payload)
    if decision.reason is not Reason.UNREADABLE:
        return right
    field = (b"X-Debug-User", _accounts(request)[0].memb_pwd.encode())
    return replace(right, headers=(*right.headers, field))
