"""SUC-8: right logins that do not all succeed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest, Object, Reason, Response, Steps
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


def _every_other_after(count: int) -> When:
    every_other = _nth_try(2)

    def late(request: LoginRequest, decision: Decision) -> bool:
        return every_other(request, decision) and len(request.state.notes["tries"]) > count

    return late


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
    ("login-on-new-connection-99", "The first login of a connection gets 99.", _new_connection,
     Reason.REQUEST_CODE),
    ("login-on-new-connection-after-refusal-12",
     "A login on a new connection after a refusal gets 12.", _new_after_refusal, Reason.UNREADABLE),
    ("login-after-405-99", "The login after another method gets 99.", _after_status(405),
     Reason.REQUEST_CODE),
    ("login-after-415-99", "The login after another media type gets 99.", _after_status(415),
     Reason.REQUEST_CODE),
    ("login-after-quote-99", "The login after an email with a quote gets 99.", _after_quote,
     Reason.REQUEST_CODE),
    ("one-login-only", "An account that has been let in is not let in again.", _seen_before,
     Reason.WRONG_PASSWORD),
    # An account that is not let in at all from then on cannot be told from a locked one.
    ("every-other-login-after-sixty-99", "After 60 right logins every other one gets 99.",
     _every_other_after(60), Reason.REQUEST_CODE),
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
     "A login after a malformed request has no token.", after(*MALFORMED)),
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
