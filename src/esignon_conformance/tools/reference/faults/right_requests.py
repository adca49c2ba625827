"""REQ-1, REQ-2: requests that had to succeed, or to come to the same, and do not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest, Reason, Response, Steps
from ..request_reader import member
from ..world import Account, Company
from .registry import add, changed, fault
from .when import issued, role
from .wire_server import Reply, WireServer

# REQ-1: right credentials get HTTP 200 and "00".


def _over(status: int) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        right = STEPS.respond(request, decision, payload)
        return replace(right, status=status) if issued(request, decision) else right

    return respond


for _status in (201, 202, 400):
    add(
        f"success-over-{_status}",
        "REQ-1",
        f"A success comes over HTTP {_status}.",
        changed(respond=_over(_status)),
    )


@fault("REQ-1", step="password_matches")
def nobody_gets_in(request: LoginRequest, account: Account, given: Json) -> bool:
    """The right password is never right."""
    return False


@fault("REQ-1", step="password_matches")
def wants_hashed_password(request: LoginRequest, account: Account, given: Json) -> bool:
    """The password has to be sent as its SHA-256."""
    return bool(given == sha256(account.memb_pwd.encode()).hexdigest())


@fault("REQ-1", step="request_code_accepted")
def wants_code_of_answer(request: LoginRequest, request_code: Json) -> bool:
    """The request_code has to be 1001A."""
    return bool(request_code == "1001A")


@fault("REQ-1", step="may_call")
def every_company_blocked(request: LoginRequest, company: Company) -> bool:
    """No company may call the API."""
    return False


@fault("REQ-1", step="find_company")
def company_in_upper_case(request: LoginRequest, company_id: str | None) -> Company | None:
    """The company is looked up in upper case, in which nobody sends it."""
    return next((each for each in request.world.companies if each.id.upper() == company_id), None)


@fault("REQ-1", step="media_type_accepted")
def wants_charset(request: LoginRequest) -> bool:
    """Content-Type has to be application/json with a charset, letter by letter."""
    return request.header_values(b"content-type") == [b"application/json;charset=UTF-8"]


@fault("REQ-1", step="check_members")
def wants_undocumented_member(request: LoginRequest, document: Json) -> Any:
    """The undocumented header.version is required."""
    known = STEPS.check_members(request, document)
    missing = member(document, "header/version") is None
    return Reason.MISSING_MEMBER if missing and not isinstance(known, Reason) else known


@fault("REQ-1", step="request_code_accepted")
def wants_language(request: LoginRequest, request_code: Json) -> bool:
    """A request without ?lang= is refused."""
    return b"lang=" in request.query and STEPS.request_code_accepted(request, request_code)


@fault("REQ-1", step="may_call")
def wants_api_key(request: LoginRequest, company: Company) -> bool:
    """A request without the undocumented header X-Api-Key gets "95"."""
    return bool(request.header_values(b"x-api-key")) and not company.blocked


@fault("REQ-1", step="password_matches")
def second_account_never_in(request: LoginRequest, account: Account, given: Json) -> bool:
    """One of two accounts is refused, whatever it sends."""
    return account.role != "second" and STEPS.password_matches(request, account, given)


@fault("REQ-1", step="password_matches")
def other_company_never_in(request: LoginRequest, account: Account, given: Json) -> bool:
    """The accounts of one company that may call the API are refused."""
    return account.role != "other" and STEPS.password_matches(request, account, given)


@fault("REQ-1", step="respond")
def second_account_over_202(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """The success of one account comes over HTTP 202."""
    right = STEPS.respond(request, decision, payload)
    return replace(right, status=202) if role("second")(request, decision) else right


# REQ-2: requests that are the same JSON value get the same outcome.


def _unreadable(test: Callable[[bytes], object]) -> Callable[[LoginRequest], Json]:
    def read(request: LoginRequest) -> Json:
        if test(request.raw):
            raise ValueError("a faulty reader does not like it")
        return STEPS.read(request)

    return read


for _name, _sentence, _test in (
    ("line-ends-unread", "A body of more than one line is not read.", lambda raw: b"\n" in raw),
    ("carriage-returns-unread", "A body with CR is not read.", lambda raw: b"\r" in raw),
    ("tabs-unread", "A body with a tab is not read.", lambda raw: b"\t" in raw),
    (
        "leading-blank-unread",
        "White space before the value is not read.",
        lambda raw: raw[:1] <= b" ",
    ),
    (
        "trailing-blank-unread",
        "White space after the value is not read.",
        lambda raw: raw[-1:] <= b" ",
    ),
    (
        "blank-before-colon-unread",
        "White space before a colon is not read.",
        lambda raw: re.search(rb'"\s+:', raw),
    ),
    ("compact-unread", "A body without blanks is not read.", lambda raw: b'":"' in raw),
    ("indented-unread", "An indented body is not read.", lambda raw: b"\n  " in raw),
    (
        "long-body-unread",
        "A body of more than 2,000 bytes is not read.",
        lambda raw: len(raw) > 2000,
    ),
    ("escapes-unread", "A body with a \\u escape is not read.", lambda raw: b"\\u" in raw),
    (
        "escaped-at-sign-unread",
        "An at sign written as an escape is not read.",
        lambda raw: b"\\u0040" in raw,
    ),
    (
        "upper-case-escapes-unread",
        "A \\u escape with upper-case digits is not read.",
        lambda raw: re.search(rb"\\u00[0-9A-F]?[A-F]", raw),
    ),
    (
        "escaped-names-unread",
        "A member name with a \\u escape is not read.",
        lambda raw: re.search(rb'\\u[0-9a-fA-F]{4}"\s*:', raw),
    ),
):
    add(_name, "REQ-2", _sentence, changed(read=_unreadable(_test)))


@fault("REQ-2", step="read")
def escapes_left_as_they_are(request: LoginRequest) -> Json:
    r"""A \u escape is taken for six characters."""
    return STEPS.read(replace(request, raw=request.raw.replace(b"\\u", b"\\\\u")))


def _first_member(path: str, name: str) -> Callable[[LoginRequest], Json]:
    def read(request: LoginRequest) -> Json:
        document = STEPS.read(request)
        holder = member(document, path) if path else document
        if isinstance(holder, dict) and name in holder and next(iter(holder)) != name:
            raise ValueError("a faulty reader knows one order only")
        return document

    return read


add(
    "body-before-header-unread",
    "REQ-2",
    "A body whose first member is not header is not read.",
    changed(read=_first_member("", "header")),
)
add(
    "password-before-email-unread",
    "REQ-2",
    "A body that has the password before the email is not read.",
    changed(read=_first_member("body", "memb_email")),
)


def _code_of(reason: Reason, mark: bytes, code: str) -> Callable[..., str]:
    def result_code(request: LoginRequest, decision: Decision) -> str:
        marked = decision.reason is reason and mark in request.raw
        return code if marked else STEPS.result_code(request, decision)

    return result_code


add(
    "refusal-of-escapes-differs",
    "REQ-2",
    "An unknown email in \\u escapes gets 12 for 10.",
    changed(result_code=_code_of(Reason.UNKNOWN_EMAIL, b"\\u006e\\u006f", "12")),
)
add(
    "refusal-of-many-lines-differs",
    "REQ-2",
    "An unknown email in a body of many lines gets 99 for 10.",
    changed(result_code=_code_of(Reason.UNKNOWN_EMAIL, b"\n", "99")),
)
add(
    "wrong-password-in-other-order-differs",
    "REQ-2",
    "A wrong password before the email gets 12 for 10.",
    changed(result_code=_code_of(Reason.WRONG_PASSWORD, b'"body": {"memb_pwd"', "12")),
)
add(
    "wrong-password-in-escapes-differs",
    "REQ-2",
    "A wrong password in \\u escapes gets 99 for 10.",
    changed(result_code=_code_of(Reason.WRONG_PASSWORD, b"\\u005a", "99")),
)


@fault("REQ-2", step="decide")
def language_of_header_turns_away(request: LoginRequest, steps: Steps) -> Decision:
    """A right login that asks for a language in its header is refused."""
    right = STEPS.decide(request, steps)
    asks = right.issued and request.header_values(b"accept-language")
    return replace(right, reason=Reason.REQUEST_CODE) if asks else right


@fault("REQ-2", step="decide")
def json_in_accept_turns_away(request: LoginRequest, steps: Steps) -> Decision:
    """A right login that asks for JSON alone is refused."""
    right = STEPS.decide(request, steps)
    asks = right.issued and request.header_values(b"accept") == [b"application/json"]
    return replace(right, reason=Reason.REQUEST_CODE) if asks else right


add(
    "small-letters-of-header-unread",
    "REQ-2",
    "Content-Type counts only where it is spelled with two capitals.",
    lambda world: WireServer(
        world,
        lambda arrived: Reply((arrived.whole,)),
        reads_field=lambda name: name != b"content-type",
    ),
)
