"""SUC-10: tokens that two accounts share."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable

from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest, Object
from .registry import add, changed, fault
from .when import text_at, times_issued


def _token(make: Callable[[LoginRequest, Decision], str]) -> Callable[..., Object]:
    def issue_body(request: LoginRequest, decision: Decision) -> Object:
        wanted = make(request, decision)
        return {**STEPS.issue_body(request, decision), "access_token": wanted}

    return issue_body


def _digest(text: object) -> str:
    return hashlib.sha256(str(text).encode()).hexdigest()


for _name, _sentence, _make in (
    ("token-constant", "The token is always the same.", lambda request, decision: _digest("token")),
    ("token-of-company", "The token is one for a whole company.",
     lambda request, decision: _digest(request.company_id)),
    ("token-of-domain", "The token is one for the domain of the email.",
     lambda request, decision: _digest(text_at(request, "body/memb_email").split(".")[-1])),
    ("token-of-hour", "The token is made of the hour alone.",
     lambda request, decision: _digest(int(time.time() // 3600))),
    ("token-of-second", "The token is made of the second alone.",
     lambda request, decision: _digest(int(time.time()))),
    ("token-of-client", "The token is made of the client's address.",
     lambda request, decision: _digest(request.client[0] if request.client else "")),
    ("token-of-agent", "The token is made of the client's User-Agent.",
     lambda request, decision: _digest(request.header_values(b"user-agent"))),
    ("token-seeded-anew", "The tokens of every account come from the same seed.",
     lambda request, decision: _digest(f"seed {times_issued(request, decision)}")),
    ("token-among-four", "There are four tokens in all.",
     lambda request, decision: _digest(request.number % 4)),
):  # fmt: skip
    add(_name, "SUC-10", _sentence, changed(issue_body=_token(_make)))


@fault("SUC-10", step="issue_body")
def token_for_two_logins(request: LoginRequest, decision: Decision) -> Json:
    """Two logins in a row get the same token, whoever they are."""
    right, notes = STEPS.issue_body(request, decision), request.state.notes
    kept = notes.pop("token", None)
    if kept is None:
        notes["token"] = right["access_token"]
    return {**right, "access_token": kept or right["access_token"]}
