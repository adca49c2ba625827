"""REJ-8, SUC-5: what an earlier request left behind on a kept-alive connection, as in a reused object."""

from __future__ import annotations

from typing import Any

from ..login import STEPS
from ..pipeline import Credentials, Decision, Json, LoginRequest, Object, Reason
from .registry import fault


def _left_on_the_connection(request: LoginRequest) -> dict[str, Any]:
    left: dict[str, Any] = request.state.notes.setdefault(f"left on {request.client}", {})
    return left


@fault("REJ-8", step="check_members")
def members_left_on_the_connection(request: LoginRequest, document: Json) -> Credentials | Reason:
    """A member of `body` that is missing is that of the request before on its connection."""
    if not isinstance(document, dict):
        return STEPS.check_members(request, document)
    left, given = _left_on_the_connection(request), document.get("body", {})
    if isinstance(given, dict):
        given = left["body"] = {**left.get("body", {}), **given}
    return STEPS.check_members(request, {**document, "body": given})


@fault("SUC-5", step="issue_body")
def first_account_of_the_connection(request: LoginRequest, decision: Decision) -> Object:
    """Every login of a connection is answered with the company and email of its first one."""
    right: Object = STEPS.issue_body(request, decision)
    own = {name: right[name] for name in ("comp_id", "memb_email")}
    first: Object = _left_on_the_connection(request).setdefault("account", own)
    return {**right, **first}
