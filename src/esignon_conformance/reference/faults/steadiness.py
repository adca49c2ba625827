"""SUC-8 to SUC-10: right logins that do not all succeed, are mixed up, or share a token."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest, Object, Reason, Response, Steps
from ..server import Application, application
from ..world import World
from .registry import add, changed, fault
from .when import (
    MALFORMED,
    When,
    after,
    nth_success,
    role,
    text_at,
    times_issued,
)

# SUC-8: every one of many right logins is a full success.


def _spoilt(when: When, reason: Reason) -> Callable[[LoginRequest, Steps], Decision]:
    """Return a decision that refuses a right login for a reason that is none."""

    def decide(request: LoginRequest, steps: Steps) -> Decision:
        right = STEPS.decide(request, steps)
        return replace(right, reason=reason) if right.issued and when(request, right) else right

    return decide


def _nth_try(count: int) -> When:
    def every(request: LoginRequest, decision: Decision) -> bool:
        tries = request.state.notes.setdefault("tries", [])
        tries.append(request.number)
        return len(tries) % count == 0

    return every


def _seen_before(request: LoginRequest, decision: Decision) -> bool:
    """Tell whether the email has been let in before."""
    return times_issued(request, decision) > 0


def _same_connection(request: LoginRequest, decision: Decision) -> bool:
    """Tell whether the request before came over the same connection and was refused."""
    last = request.state.last
    return (
        last is not None
        and last.request.client == request.client
        and last.decision is not None
        and not last.decision.issued
    )


def _new_connection(request: LoginRequest, decision: Decision) -> bool:
    """Tell whether the request is the first of its connection."""
    seen = request.state.notes.setdefault("clients", set())
    new = request.client not in seen
    seen.add(request.client)
    return new


def _new_after_refusal(request: LoginRequest, decision: Decision) -> bool:
    last = request.state.last
    refused = last is not None and last.decision is not None and not last.decision.issued
    return refused and last is not None and last.request.client != request.client


def _after_status(status: int) -> When:
    return lambda request, decision: (
        request.state.last is not None and request.state.last.response.status == status
    )


def _after_quote(request: LoginRequest, decision: Decision) -> bool:
    last = request.state.last
    return last is not None and "'" in text_at(last.request, "body/memb_email")


def _odd_before(request: LoginRequest, decision: Decision) -> bool:
    last = request.state.last
    return last is not None and len(last.request.raw) > 2000


# fmt: off
SPOILT: tuple[tuple[str, str, When, Reason], ...] = (
    ("every-seventh-login-10", "Every seventh right login gets 10.", _nth_try(7),
     Reason.WRONG_PASSWORD),
    ("every-thirtieth-login-99", "Every 30th right login gets 99.", _nth_try(30),
     Reason.REQUEST_CODE),
    ("every-third-login-12", "Every third right login gets 12.", _nth_try(3), Reason.UNREADABLE),
    ("login-after-unreadable-12", "The login after a body that cannot be read gets 12.",
     after(Reason.UNREADABLE), Reason.UNREADABLE),
    ("login-after-wrong-type-99", "The login after a member of another type gets 99.",
     after(Reason.WRONG_TYPE), Reason.REQUEST_CODE),
    ("login-after-missing-member-12", "The login after a missing member gets 12.",
     after(Reason.MISSING_MEMBER), Reason.MISSING_MEMBER),
    ("login-after-unknown-company-95", "The login after an unknown company gets 95.",
     after(Reason.UNKNOWN_COMPANY), Reason.BLOCKED_COMPANY),
    ("login-after-unknown-email-10", "The login after an unknown email gets 10.",
     after(Reason.UNKNOWN_EMAIL), Reason.UNKNOWN_EMAIL),
    ("login-after-wrong-password-10", "The login after a wrong password gets 10, once.",
     after(Reason.WRONG_PASSWORD), Reason.WRONG_PASSWORD),
    ("login-after-blocked-95", "The login after a blocked company gets 95.",
     after(Reason.BLOCKED_COMPANY), Reason.BLOCKED_COMPANY),
    ("login-after-long-body-99", "The login after a body of more than 2,000 bytes gets 99.",
     _odd_before, Reason.REQUEST_CODE),
    ("login-on-connection-of-refusal-12", "A login on the connection of a refusal gets 12.",
     _same_connection, Reason.UNREADABLE),
    ("login-on-new-connection-99", "The first login of a connection gets 99.",
     _new_connection, Reason.REQUEST_CODE),
    ("login-on-new-connection-after-refusal-12",
     "A login on a new connection after a refusal gets 12.", _new_after_refusal, Reason.UNREADABLE),
    ("login-after-405-99", "The login after another method gets 99.",
     _after_status(405), Reason.REQUEST_CODE),
    ("login-after-415-99", "The login after another media type gets 99.",
     _after_status(415), Reason.REQUEST_CODE),
    ("login-after-quote-99", "The login after an email with a quote gets 99.",
     _after_quote, Reason.REQUEST_CODE),
    ("one-login-only", "An account that has been let in is not let in again.",
     _seen_before, Reason.WRONG_PASSWORD),
    ("sixty-logins-only", "After 60 logins an account gets 99.",
     lambda request, decision: times_issued(request, decision) >= 60, Reason.REQUEST_CODE),
)
# fmt: on

for _name, _sentence, _when, _reason in SPOILT:
    add(_name, "SUC-8", _sentence, changed(decide=_spoilt(_when, _reason)))


def _over(status: int, when: When) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        right = STEPS.respond(request, decision, payload)
        return replace(right, status=status) if when(request, decision) else right

    return respond


add(
    "first-login-over-201",
    "SUC-8",
    "The first login of an account comes over HTTP 201, the next over 200.",
    changed(respond=_over(201, lambda request, decision: times_issued(request, decision) == 1)),
)
add(
    "login-after-refusal-over-202",
    "SUC-8",
    "A login after a refusal comes over HTTP 202.",
    changed(respond=_over(202, after(*MALFORMED))),
)


def _without(name: str, when: When) -> Callable[[LoginRequest, Decision], Object]:
    def issue_body(request: LoginRequest, decision: Decision) -> Object:
        right = STEPS.issue_body(request, decision)
        left_out = when(request, decision)
        return {key: value for key, value in right.items() if key != name or not left_out}

    return issue_body


for _name, _member, _sentence, _when in (
    ("device-id-once", "device_id", "Only the first login of an account has device_id.",
     lambda request, decision: times_issued(request, decision) > 1),
    ("expiry-now-and-then", "expire_date", "Every fourth login has no expire_date.",
     nth_success(4)),
    ("token-missing-after-refusal", "access_token",
     "A login after a malformed request has no token.",
     after(*MALFORMED)),
    ("comp-id-missing-for-one", "comp_id", "The logins of one account have no comp_id.",
     role("second")),
    ("email-missing-now-and-then", "memb_email", "Every ninth login has no memb_email.",
     nth_success(9)),
):  # fmt: skip
    add(_name, "SUC-8", _sentence, changed(issue_body=_without(_member, _when)))


@fault("SUC-12 SUC-8", step="envelope")
def body_missing_now_and_then(
    request: LoginRequest, decision: Decision, header: Object, body: Json
) -> Json:
    """Every eighth success of an account has no body."""
    wanted = None if nth_success(8)(request, decision) else body
    return STEPS.envelope(request, decision, header, wanted)


# How long an answer is held back, in seconds, so that others come between.
_HELD = 0.002

# SUC-9: under concurrent logins every answer is that of its own request.


async def _hold(request: LoginRequest, decision: Decision) -> Decision:
    """Hold an answer back so long that others come between."""
    await asyncio.sleep(_HELD)
    return decision


def _overlapping(**steps: Any) -> Callable[[World], Application]:
    return lambda world: application(world, replace(STEPS, before_answer=_hold, **steps))


def _of_latest(name: str) -> Callable[[LoginRequest, Decision], Object]:
    """Take one member from the latest login that was issued, which under load is another's."""

    def issue_body(request: LoginRequest, decision: Decision) -> Object:
        right: Object = STEPS.issue_body(request, decision)
        latest = request.state.latest
        if latest is None or not latest[1].issued or latest[1].account is decision.account:
            return right
        right[name] = STEPS.issue_body(*latest)[name]
        return right

    return issue_body


for _member in ("memb_email", "comp_id", "device_id"):
    add(
        f"{_member.replace('_', '-')}-of-another-under-load",
        "SUC-9",
        f"Where logins overlap, {_member} is that of the latest.",
        _overlapping(issue_body=_of_latest(_member)),
    )


@fault("SUC-9")
def token_of_another_under_load(world: World) -> Application:
    """Where logins overlap, they get the same token."""

    def issue_body(request: LoginRequest, decision: Decision) -> Object:
        right: Object = STEPS.issue_body(request, decision)
        notes = request.state.notes
        if request.state.in_flight == 1:
            notes.pop("token", None)
            return right
        return {**right, "access_token": notes.setdefault("token", right["access_token"])}

    return _overlapping(issue_body=issue_body)(world)


Waiting = Callable[[LoginRequest, Decision], Awaitable[Decision]]


def _under_load(change: Callable[[LoginRequest, Decision], Decision]) -> Waiting:
    async def before_answer(request: LoginRequest, decision: Decision) -> Decision:
        await asyncio.sleep(_HELD)
        return change(request, decision) if request.state.in_flight > 1 else decision

    return before_answer


def _latest(request: LoginRequest, decision: Decision) -> Decision:
    return request.state.latest[1] if request.state.latest else decision


def _refused_with(reason: Reason) -> Callable[[LoginRequest, Decision], Decision]:
    return lambda request, decision: (
        replace(decision, reason=reason) if decision.issued else decision
    )


def _let_in_with_others(request: LoginRequest, decision: Decision) -> Decision:
    unknown = decision.reason is Reason.UNKNOWN_EMAIL
    return replace(decision, reason=Reason.ISSUED) if unknown else decision


def _unreadable_let_in(request: LoginRequest, decision: Decision) -> Decision:
    unreadable = decision.reason is Reason.UNREADABLE
    return replace(decision, reason=Reason.ISSUED) if unreadable else decision


def _latest_now_and_then(request: LoginRequest, decision: Decision) -> Decision:
    return _latest(request, decision) if request.number % 20 == 0 else decision


for _name, _sentence, _change in (
    ("unreadable-let-in-under-load", "Where logins overlap, a cut-off body is let in.",
     _unreadable_let_in),
    ("now-and-then-of-another-under-load", "Where logins overlap, every 20th gets what another gets.",
     _latest_now_and_then),
    ("decision-of-another-under-load", "Where logins overlap, all get what the latest gets.",
     _latest),
    ("refused-under-load-10", "Where logins overlap, right ones get 10.",
     _refused_with(Reason.WRONG_PASSWORD)),
    ("refused-under-load-99", "Where logins overlap, right ones get 99.",
     _refused_with(Reason.REQUEST_CODE)),
    ("let-in-under-load", "Where logins overlap, an unknown email is let in.", _let_in_with_others),
):  # fmt: skip
    add(_name, "SUC-9", _sentence, changed(before_answer=_under_load(_change)))


# SUC-10: two accounts never get the same token.


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
