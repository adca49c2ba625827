"""REJ-1, REJ-8, SUC-5: what an earlier request left behind: on its connection, or in a session."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..login import STEPS
from ..pipeline import Credentials, Decision, Json, LoginRequest, Object, Reason, Response
from ..world import Account
from .registry import add, changed, fault


def left_on_the_connection(request: LoginRequest) -> dict[str, Any]:
    """Return what a fault keeps for the connection of a request."""
    left: dict[str, Any] = request.state.notes.setdefault(f"left on {request.client}", {})
    return left


@fault("REJ-8", step="check_members")
def members_left_on_the_connection(request: LoginRequest, document: Json) -> Credentials | Reason:
    """A member of `body` that is missing is that of the request before on its connection."""
    if not isinstance(document, dict):
        return STEPS.check_members(request, document)
    left, given = left_on_the_connection(request), document.get("body", {})
    if isinstance(given, dict):
        given = left["body"] = {**left.get("body", {}), **given}
    return STEPS.check_members(request, {**document, "body": given})


@fault("SUC-5", step="issue_body")
def first_account_of_the_connection(request: LoginRequest, decision: Decision) -> Object:
    """Every login of a connection is answered with the company and email of its first one."""
    right: Object = STEPS.issue_body(request, decision)
    own = {name: right[name] for name in ("comp_id", "memb_email")}
    first: Object = left_on_the_connection(request).setdefault("account", own)
    return {**right, **first}


def _session_of(account: Account) -> bytes:
    return b"sid=" + account.role.encode().hex().encode()


def _opens_session(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    right = STEPS.respond(request, decision, payload)
    if not decision.issued or decision.account is None:
        return right
    cookie = (b"Set-Cookie", _session_of(decision.account) + b"; HttpOnly; Path=/")
    return replace(right, headers=(*right.headers, cookie))


def _session_is_enough(request: LoginRequest, account: Account, given: Json) -> bool:
    has_session = _session_of(account) in request.header_values(b"cookie")
    return has_session or STEPS.password_matches(request, account, given)


add(
    "session-is-enough",
    "REJ-1",
    "An account whose session is still open needs no password.",
    changed(respond=_opens_session, password_matches=_session_is_enough),
)
