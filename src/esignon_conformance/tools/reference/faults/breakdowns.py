"""ENV-10: requests on which a server breaks down instead of answering."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus

from ..application import Application, application
from ..login import STEPS
from ..pipeline import Decision, LoginRequest, Reason, Response
from ..request_reader import has_member, member
from ..world import World
from .registry import add, changed, fault
from .when import (
    When,
    after,
    because,
    body,
    company,
    email,
    nth,
    nth_success,
    password,
    refused,
    role,
    text_at,
)


class Breakdown(Exception):
    """What nobody caught: the server in the box answers 500 in plain text."""


def holds(path: str, *kinds: type) -> When:
    """Ask whether the request has a member of one of these types; bool is no number here."""
    return lambda request, decision: (
        has_member(request.document, path) and (type(member(request.document, path)) in kinds)
    )


def _depth(value: object) -> int:
    deepest, level = 0, [value]
    while level and deepest < 100:
        deepest += 1
        inner = [each for each in level if isinstance(each, dict | list)]
        level = [
            one for each in inner for one in (each.values() if isinstance(each, dict) else each)
        ]
    return deepest


def _surrogate(text: str) -> bool:
    return any("\ud800" <= one <= "\udfff" for one in text)


def _astral(text: str) -> bool:
    return any(one > "\uffff" for one in text)


# fmt: off
CRASHES: tuple[tuple[str, str, When], ...] = (
    ("unreadable", "what cannot be read", because(Reason.UNREADABLE)),
    ("empty-body", "an empty body", body(lambda raw: not raw)),
    ("no-utf-8", "a body that is not UTF-8", body(lambda raw: not _is_utf_8(raw))),
    ("byte-order-mark", "a body with a byte order mark",
     body(lambda raw: raw[:3] == b"\xef\xbb\xbf")),
    ("duplicate-name", "memb_email twice", body(lambda raw: raw.count(b'"memb_email"') > 1)),
    ("no-object", "text that is no object", because(Reason.NO_OBJECT)),
    ("missing-member", "a missing member", because(Reason.MISSING_MEMBER)),
    ("missing-password", "a missing password",
     lambda request, decision: decision.reason is Reason.MISSING_MEMBER
     and not has_member(request.document, "body/memb_pwd")),
    ("missing-request-code", "a missing request_code",
     lambda request, decision: isinstance(member(request.document, "header"), dict)
     and not has_member(request.document, "header/request_code")),
    ("null-email", "null for the email", holds("body/memb_email", type(None))),
    ("number-email", "a number for the email", holds("body/memb_email", int, float)),
    ("array-email", "an array for the email", holds("body/memb_email", list)),
    ("boolean-password", "a boolean for the password", holds("body/memb_pwd", bool)),
    ("object-password", "an object for the password", holds("body/memb_pwd", dict)),
    ("array-body", "an array for body", holds("body", list)),
    ("null-header", "null for header", holds("header", type(None))),
    ("text-header", "a string for header", holds("header", str)),
    ("number-request-code", "a number for request_code", holds("header/request_code", int, float)),
    ("nesting", "nesting of more than 90", lambda request, decision: _depth(request.document) > 90),
    ("many-members", "more than 200 members", body(lambda raw: raw.count(b'":') > 200)),
    ("huge-number", "1e400", body(lambda raw: b"1e400" in raw)),
    ("digits", "a number of hundreds of digits", body(lambda raw: b"7" * 300 in raw)),
    ("nul-name", "a member whose name is NUL", body(lambda raw: b'"\\u0000"' in raw)),
    ("proto-name", "a member named __proto__", body(lambda raw: b"__proto__" in raw)),
    ("empty-email", "an empty email",
     lambda request, decision: has_member(request.document, "body/memb_email")
     and member(request.document, "body/memb_email") == ""),
    ("empty-password", "an empty password",
     lambda request, decision: has_member(request.document, "body/memb_pwd")
     and member(request.document, "body/memb_pwd") == ""),
    ("nul-email", "NUL in the email", email(lambda text: "\0" in text)),
    ("astral-email", "a character of four bytes in the email", email(_astral)),
    ("surrogate-email", "a lone surrogate in the email", email(_surrogate)),
    ("long-email", "an email of more than 255 characters", email(lambda text: len(text) > 255)),
    ("very-long-email", "an email of more than 4,000 characters",
     email(lambda text: len(text) > 4000)),
    ("quote-email", "a quote in the email", email(lambda text: "'" in text)),
    ("format-email", "a format directive in the email", email(lambda text: "%s" in text)),
    ("bidi-email", "a direction mark in the email", email(lambda text: "\u202e" in text)),
    ("hangul-email", "Hangul in the email",
     email(lambda text: any("가" <= one <= "힣" for one in text))),
    ("plain-word-email", "an email without an at sign",
     email(lambda text: text != "-" and "@" not in text)),
    ("line-end-email", "a line end in the email", email(lambda text: "\r\n" in text)),
    ("long-password", "a password of more than 72 bytes",
     password(lambda text: len(text.encode("utf-8", "replace")) > 72)),
    ("very-long-password", "a password of more than 4,000 characters",
     password(lambda text: len(text) > 4000)),
    ("nul-password", "NUL in the password", password(lambda text: "\0" in text)),
    ("surrogate-password", "a lone surrogate in the password", password(_surrogate)),
    ("astral-password", "a character of four bytes in the password", password(_astral)),
    ("hangul-password", "Hangul in the password",
     password(lambda text: any("가" <= one <= "힣" for one in text))),
    ("unknown-company", "an unknown company", because(Reason.UNKNOWN_COMPANY)),
    ("hangul-company", "a company in Hangul",
     company(lambda name: any("가" <= one <= "힣" for one in name))),
    ("quote-company", "a quote in the company", company(lambda name: "'" in name)),
    ("astral-company", "a character of four bytes in the company", company(_astral)),
    ("nul-company", "NUL in the company", company(lambda name: "\0" in name)),
    ("long-company", "a company of more than 255 characters",
     company(lambda name: len(name) > 255)),
    ("empty-company", "an empty company", company(lambda name: not name)),
    ("company-no-utf-8", "a company that is not UTF-8",
     lambda request, decision: request.company_id is None),
    ("percent-company", "a bare percent sign in the path",
     lambda request, decision: b"%zz" in request.path),
    ("unknown-email", "an unknown email", because(Reason.UNKNOWN_EMAIL)),
    ("wrong-password", "a wrong password", because(Reason.WRONG_PASSWORD)),
    ("blocked-company", "a blocked company", because(Reason.BLOCKED_COMPANY)),
    ("query", "a query string in Hangul", lambda request, decision: b"%ED" in request.query),
    ("second-account", "every login of one account", role("second")),
    ("every-fiftieth", "every 50th request", nth(50)),
    ("every-tenth-login", "every tenth login of an account", nth_success(10)),
    ("after-unreadable", "a login after what cannot be read", after(Reason.UNREADABLE)),
)
# fmt: on


def _is_utf_8(raw: bytes) -> bool:
    try:
        raw.decode()
    except UnicodeDecodeError:
        return False
    return True


def breaking(when: When) -> Callable[[LoginRequest, Decision], str]:
    """Return the step of a server that breaks down on some requests."""

    def result_code(request: LoginRequest, decision: Decision) -> str:
        if when(request, decision):
            raise Breakdown
        return STEPS.result_code(request, decision)

    return result_code


for _name, _what, _when in CRASHES:
    add(
        f"breaks-on-{_name}",
        "ENV-10",
        f"The server breaks down on {_what}.",
        changed(result_code=breaking(_when)),
    )


def _over(status: int, when: When) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        right = STEPS.respond(request, decision, payload)
        return replace(right, status=status) if when(request, decision) else right

    return respond


for _name, _status, _sentence, _when in (
    ("refusals-over-500", 500, "Refusals come over HTTP 500.", refused),
    ("unreadable-over-500", 500, "12 comes over HTTP 500.", because(Reason.UNREADABLE)),
    ("wrong-type-over-503", 503, "A wrong type gets 503.", because(Reason.WRONG_TYPE)),
    ("blocked-over-502", 502, "95 comes over HTTP 502.", because(Reason.BLOCKED_COMPANY)),
    ("no-object-over-501", 501, "Text that is no object gets 501.", because(Reason.NO_OBJECT)),
):
    add(_name, "ENV-10", _sentence, changed(respond=_over(_status, _when)))


def _breaking_method(*methods: str) -> Callable[[LoginRequest], bool]:
    def method_allowed(request: LoginRequest) -> bool:
        if request.method in methods:
            raise Breakdown
        return STEPS.method_allowed(request)

    return method_allowed


for _methods in (("GET",), ("DELETE",), ("OPTIONS",), ("HEAD", "TRACE")):
    add(
        f"breaks-on-{'-'.join(_methods).lower()}",
        "ENV-10",
        f"The server breaks down on {' and '.join(_methods)}.",
        changed(method_allowed=_breaking_method(*_methods)),
    )


@fault("ENV-10", step="before_answer")
async def breaks_under_load(request: LoginRequest, decision: Decision) -> Decision:
    """The server breaks down where requests overlap."""
    await asyncio.sleep(0.005)
    if request.state.in_flight > 1:
        raise Breakdown
    return decision


_BEFORE_THE_STORE = because(
    Reason.UNREADABLE,
    Reason.NO_OBJECT,
    Reason.MISSING_MEMBER,
    Reason.WRONG_TYPE,
    Reason.REQUEST_CODE,
)


@fault("ENV-10", step="before_answer")
async def store_is_away(request: LoginRequest, decision: Decision) -> Decision:
    """The store cannot be reached: what needs it breaks down, a company that fits no route does not."""
    # So does Flask before a RADIUS server that is down, where its 404 has the envelope.
    has_route = request.company_id not in (None, "", ".", "..") and "/" not in str(
        request.company_id
    )
    if has_route and not _BEFORE_THE_STORE(request, decision):
        raise Breakdown
    return decision


def _silent(when: When) -> Callable[[World], Application]:
    async def before_answer(request: LoginRequest, decision: Decision) -> Decision:
        if when(request, decision):
            await asyncio.sleep(3600)
        return decision

    return lambda world: application(world, replace(STEPS, before_answer=before_answer))


for _name, _sentence, _when in (
    (
        "silent-on-blocked",
        "A blocked company never gets an answer.",
        because(Reason.BLOCKED_COMPANY),
    ),
    ("silent-on-empty-body", "An empty body never gets an answer.", body(lambda raw: not raw)),
    (
        "silent-on-surrogate",
        "A lone surrogate in the email never gets an answer.",
        lambda request, decision: _surrogate(text_at(request, "body/memb_email")),
    ),
):
    add(_name, "ENV-10", _sentence, _silent(_when), answer_timeout=2.0)


@fault("ENV-10", step="message")
def dies_on_surrogate(request: LoginRequest, decision: Decision, code: str) -> str:
    """A lone surrogate in the email ends the server for good."""
    if _surrogate(text_at(request, "body/memb_email")):
        os._exit(1)
    return STEPS.message(request, decision, code)


@fault("ENV-10", step="turn_away")
def breaks_on_media_type(request: LoginRequest, status: HTTPStatus) -> Response:
    """The server breaks down on another media type."""
    if status == HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
        raise Breakdown
    return STEPS.turn_away(request, status)
