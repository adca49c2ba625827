"""REJ-3, REJ-14 to REJ-16: refusals that tell too much, and codes that another one fits better."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ..login import STEPS
from ..pipeline import Decision, Headers, Json, LoginRequest, Object, Reason, Response
from .registry import add, changed, fault
from .when import When, because, body, is_hangul, text_at

# REJ-3: a wrong password and an unknown email, told apart.
_WRONG, _UNKNOWN = because(Reason.WRONG_PASSWORD), because(Reason.UNKNOWN_EMAIL)


def _with_status(when: When, status: int) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        right = STEPS.respond(request, decision, payload)
        return replace(right, status=status) if when(request, decision) else right

    return respond


def _with_fields(when: When, fields: Headers) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        right = STEPS.respond(request, decision, payload)
        more = fields if when(request, decision) else ()
        return replace(right, headers=(*right.headers, *more))

    return respond


def _with_members(when: When, members: Object) -> Callable[..., Object]:
    def header(request: LoginRequest, decision: Decision, code: str, text: str) -> Object:
        right = STEPS.header(request, decision, code, text)
        return {**right, **members} if when(request, decision) else right

    return header


def _with_body(when: When, value: Json) -> Callable[..., Json]:
    return lambda request, decision: value if when(request, decision) else None


def _with_text(when: When, text: str) -> Callable[..., str]:
    def message(request: LoginRequest, decision: Decision, code: str) -> str:
        return text if when(request, decision) else STEPS.message(request, decision, code)

    return message


# fmt: off
TOLD_APART: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("status", "An unknown email comes over HTTP 404, a wrong password over 200.",
     {"respond": _with_status(_UNKNOWN, 404)}),
    ("text", "The text of 10 says that the password was wrong.",
     {"message": _with_text(_WRONG, "비밀번호가 일치하지 않습니다.")}),
    ("stop", "The text of 10 lacks its full stop where the email is unknown.",
     {"message": _with_text(_UNKNOWN, "로그인 정보가 정확하지 않습니다")}),
    ("attempts", "A wrong password is told how many attempts are left.",
     {"header": _with_members(_WRONG, {"remaining_attempts": 4})}),
    ("cookie", "A wrong password gets a cookie of a session.",
     {"respond": _with_fields(_WRONG, ((b"Set-Cookie", b"SESSION=8f2c; HttpOnly"),))}),
    ("challenge", "An unknown email gets WWW-Authenticate.",
     {"respond": _with_fields(_UNKNOWN, ((b"WWW-Authenticate", b"Bearer"),))}),
    ("limit", "A wrong password gets the fields of a limiter of its account.",
     {"respond": _with_fields(_WRONG, ((b"X-RateLimit-Limit", b"5"),
                                       (b"X-RateLimit-Remaining", b"4")))}),
    ("body", "A wrong password gets an empty body, an unknown email none.",
     {"refuse_body": _with_body(_WRONG, {})}),
    ("null-body", "A refusal of a known account has its members, each empty.",
     {"refuse_body": _with_body(_WRONG, {"comp_id": "", "device_id": ""})}),
)
# fmt: on

for _name, _sentence, _steps in TOLD_APART:
    add(f"emails-told-by-{_name}", "REJ-3", _sentence, changed(**_steps), level="should")


@fault("REJ-3", step="message", level="should")
def emails_told_by_count(request: LoginRequest, decision: Decision, code: str) -> str:
    """The text of 10 counts the wrong passwords of an account, and nothing where there is none."""
    right = STEPS.message(request, decision, code)
    if decision.reason is not Reason.WRONG_PASSWORD or decision.account is None:
        return right
    return f"{right} ({request.state.wrong_in_a_row[decision.account.memb_email]}/5)"


@fault("REJ-3", step="header", level="should")
def emails_told_by_session(
    request: LoginRequest, decision: Decision, code: str, text: str
) -> Object:
    """A refusal of a known account lacks a member that others have."""
    right = STEPS.header(request, decision, code, text)
    return right if decision.account else {**right, "user_found": False}


# REJ-14: right credentials under another company.
def _found_elsewhere(request: LoginRequest, decision: Decision) -> bool:
    known = [each for company in request.world.companies for each in company.accounts]
    right = any(
        (each.memb_email, each.memb_pwd)
        == (text_at(request, "body/memb_email"), text_at(request, "body/memb_pwd"))
        for each in known
    )
    return right and decision.reason is Reason.UNKNOWN_EMAIL


def _of_role(name: str) -> When:
    def when(request: LoginRequest, decision: Decision) -> bool:
        email = text_at(request, "body/memb_email")
        roles = {
            each.role
            for company in request.world.companies
            for each in company.accounts
            if each.memb_email == email
        }
        return _found_elsewhere(request, decision) and name in roles

    return when


# REJ-15: what cannot be read.  REJ-16: what is missing or of another type.
_UNREADABLE = because(Reason.UNREADABLE)
_MISSING, _TYPE = because(Reason.MISSING_MEMBER), because(Reason.WRONG_TYPE)


def _both(first: When, second: When) -> When:
    return lambda request, decision: first(request, decision) and second(request, decision)


def _without(name: str) -> When:
    """Ask whether a member of body is missing where body is an object."""

    def when(request: LoginRequest, decision: Decision) -> bool:
        document = request.document
        inner = document.get("body") if isinstance(document, dict) else None
        return isinstance(inner, dict) and name not in inner

    return when


def _null(request: LoginRequest, decision: Decision) -> bool:
    document = request.document
    inner = document.get("body") if isinstance(document, dict) else None
    return isinstance(inner, dict) and None in inner.values()


# fmt: off
CODES: tuple[tuple[str, str, str, str, When], ...] = (
    ("other-company-95", "REJ-14", "An account of another company gets 95.", "95",
     _found_elsewhere),
    ("other-company-99", "REJ-14", "An account of another company gets 99.", "99",
     _found_elsewhere),
    ("other-company-12", "REJ-14", "An account of another company gets 12.", "12",
     _found_elsewhere),
    ("second-under-other-company-95", "REJ-14",
     "One of two accounts gets 95 under another company.", "95", _of_role("second")),
    ("stranger-under-own-company-99", "REJ-14", "Another company's account gets 99 under ours.",
     "99", _of_role("other")),
    ("all-unreadable-99", "REJ-15", "Whatever cannot be read gets 99.", "99", _UNREADABLE),
    ("empty-body-99", "REJ-15", "An empty body gets 99.", "99",
     _both(_UNREADABLE, body(lambda raw: not raw.strip()))),
    ("cut-body-99", "REJ-15", "A body that is cut short gets 99.", "99",
     _both(_UNREADABLE, body(lambda raw: raw[:1] == b"{" and raw.count(b"{") > raw.count(b"}")))),
    ("plain-text-99", "REJ-15", "Text that is no JSON at all gets 99.", "99",
     _both(_UNREADABLE, body(lambda raw: raw[:1] not in (b"{", b"")))),
    ("binary-99", "REJ-15", "What is no UTF-8 gets 99.", "99",
     _both(_UNREADABLE, body(lambda raw: b"\xff" in raw or raw[:1] == b"\x1f"))),
    ("hangul-text-99", "REJ-15", "Text in Hangul gets 99.", "99",
     _both(_UNREADABLE, body(lambda raw: is_hangul(raw.decode("utf-8", "replace"))))),
    ("forms-get-10", "REJ-16", "A member that is missing or of another type is a wrong login.",
     "10", because(Reason.MISSING_MEMBER, Reason.WRONG_TYPE)),
    ("missing-gets-10", "REJ-16", "A member that is missing is an empty one, and gets 10.", "10",
     _MISSING),
    ("types-get-10", "REJ-16", "A member of another type is a wrong one, and gets 10.", "10",
     _TYPE),
    ("no-password-gets-10", "REJ-16", "A request without a password gets 10.", "10",
     _both(_MISSING, _without("memb_pwd"))),
    ("no-email-gets-10", "REJ-16", "A request without an email gets 10.", "10",
     _both(_MISSING, _without("memb_email"))),
    ("nulls-get-10", "REJ-16", "An email or a password that is null gets 10.", "10",
     _both(_TYPE, _null)),
    ("no-object-gets-10", "REJ-16", "JSON that is no object gets 10.", "10",
     because(Reason.NO_OBJECT)),
    ("missing-gets-95", "REJ-16", "A member that is missing gets 95.", "95", _MISSING),
)
# fmt: on


def _coded(code: str, when: When) -> Callable[..., str]:
    def result_code(request: LoginRequest, decision: Decision) -> str:
        return code if when(request, decision) else STEPS.result_code(request, decision)

    return result_code


for _name, _clause, _sentence, _code, _when in CODES:
    add(_name, _clause, _sentence, changed(result_code=_coded(_code, _when)), level="should")
