"""Freedoms of the request: what is taken, which code a refusal gets."""

# ruff: noqa: D401 - the docstring of a liberty says what the server does

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any

from ..answering import bare
from ..faults.registry import changed
from ..faults.when import text_at
from ..login import STEPS
from ..pipeline import Decision, Headers, Json, LoginRequest, Reason, Response, Steps
from ..request_reader import check_members, member
from .registry import add, liberty

# Codes: where the page leaves a choice, or a should.


def _coded(**codes: str) -> Callable[[LoginRequest, Decision], str]:
    wanted = {Reason[name.upper()]: code for name, code in codes.items()}

    def result_code(request: LoginRequest, decision: Decision) -> str:
        return wanted.get(decision.reason) or STEPS.result_code(request, decision)

    return result_code


for _name, _sentence, _codes in (
    ("unreadable-99", "What cannot be read gets 99.", {"unreadable": "99"}),
    ("forms-99", "Whatever is wrong in form gets 99.",
     {"no_object": "99", "missing_member": "99", "wrong_type": "99"}),
    ("forms-10", "A member that is missing or of another type gets 10.",
     {"missing_member": "10", "wrong_type": "10"}),
    ("unknown-company-99", "An unknown company gets 99.", {"unknown_company": "99"}),
    ("request-code-12", "A wrong request_code gets 12.", {"request_code": "12"}),
):  # fmt: skip
    add(_name, _sentence, changed(result_code=_coded(**_codes)))


@liberty(step="result_code")
def reserved_domains_unread(request: LoginRequest, decision: Decision) -> str:
    """An email at a reserved domain (RFC 6761) gets 12, unless an account is there."""
    # So do pydantic's EmailStr and Joi's email().
    domain = text_at(request, "body/memb_email").rpartition("@")[2]
    is_reserved = domain.endswith((".invalid", ".test", ".local", ".localhost", ".example"))
    known = {
        one.memb_email.rpartition("@")[2]
        for company in request.world.companies
        for one in company.accounts
    }
    if decision.reason is Reason.UNKNOWN_EMAIL and is_reserved and domain not in known:
        return "12"
    return STEPS.result_code(request, decision)


# What the body says, and whether it is asked for.
@liberty(step="request_code_accepted")
def request_code_ignored(request: LoginRequest, request_code: Json) -> bool:
    """Any string will do for request_code."""
    return True


@liberty(step="check_members")
def request_code_not_required(request: LoginRequest, document: Json) -> Any:
    """request_code may be missing or of any type."""
    found = check_members(request, document, unchecked={"header/request_code"})
    return found if isinstance(found, Reason) else replace(found, request_code="1001Q")


@liberty(step="check_members")
def unknown_members_refused(request: LoginRequest, document: Json) -> Any:
    """A member that is not documented is refused."""
    known = {"header": {"request_code"}, "body": {"memb_email", "memb_pwd"}}
    found = check_members(request, document)
    if isinstance(found, Reason) or not set(document) - set(known):
        extra = any(
            set(member(document, name) or ()) - names
            for name, names in known.items()
            if isinstance(member(document, name), dict)
        )
        return Reason.WRONG_TYPE if extra and not isinstance(found, Reason) else found
    return Reason.WRONG_TYPE


@liberty(step="request_code_accepted")
def query_string_refused(request: LoginRequest, request_code: Json) -> bool:
    """A query string is refused with 99."""
    return not request.query and STEPS.request_code_accepted(request, request_code)


@liberty(step="decide")
def blocked_company_told_first(request: LoginRequest, steps: Steps) -> Decision:
    """A blocked company gets 95 before anything else is looked at."""
    company = STEPS.find_company(request, request.company_id)
    if company is not None and company.blocked:
        return Decision(Reason.BLOCKED_COMPANY, company=company)
    return STEPS.decide(request, steps)


@liberty(step="message")
def unknown_email_told(request: LoginRequest, decision: Decision, code: str) -> str:
    """The text of 10 says whether the email or the password was wrong."""
    unknown = decision.reason is Reason.UNKNOWN_EMAIL
    return "없는 이메일입니다." if unknown else STEPS.message(request, decision, code)


@liberty(step="check_members")
def control_characters_refused(request: LoginRequest, document: Json) -> Any:
    """A control character or one that nobody sees makes a member of another form."""
    found = check_members(request, document)
    if isinstance(found, Reason):
        return found
    texts = f"{found.request_code}{found.memb_email}{found.memb_pwd}"
    is_odd = any(unicodedata.category(one) in ("Cc", "Cf") for one in texts)
    return Reason.WRONG_TYPE if is_odd else found


# What HTTP turns away.
@liberty(step="media_type_accepted")
def any_media_type(request: LoginRequest) -> bool:
    """The media type makes no difference."""
    return True


@liberty(step="media_type_accepted")
def media_type_letter_by_letter(request: LoginRequest) -> bool:
    """Only application/json without a parameter, in lower case, is taken."""
    return request.header_values(b"content-type") == [b"application/json"]


@liberty(step="turn_away")
def turned_away_in_html(request: LoginRequest, status: HTTPStatus) -> Response:
    """405 is an HTML page, and 415 has no content."""
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        allow: Headers = ((b"Allow", b"POST, OPTIONS"), (b"Content-Type", b"text/html"))
        return Response(status, allow, b"<!doctype html><h1>405 Method Not Allowed</h1>")
    return Response(status, (), b"")


@liberty(step="turn_away")
def turned_away_with_envelope(request: LoginRequest, status: HTTPStatus) -> Response:
    """405 and 415 come with an envelope and 99."""
    decision = Decision(Reason.REQUEST_CODE)
    text = STEPS.message(request, decision, "99")
    document = {"header": STEPS.header(request, decision, "99", text)}
    right = STEPS.respond(request, decision, STEPS.encode(request, document))
    return replace(right, status=status)


@liberty(step="turn_away")
def other_methods_not_found(request: LoginRequest, status: HTTPStatus) -> Response:
    """Another method gets 404, or 501 where it is not known at all."""
    if status != HTTPStatus.METHOD_NOT_ALLOWED:
        return STEPS.turn_away(request, status)
    known = request.method in ("GET", "PUT", "PATCH", "DELETE")
    return bare(HTTPStatus.NOT_FOUND if known else HTTPStatus.NOT_IMPLEMENTED)


@liberty(step="turn_away")
def preflight_answered(request: LoginRequest, status: HTTPStatus) -> Response:
    """OPTIONS gets 204 with what a browser asks for."""
    if request.method != "OPTIONS":
        return STEPS.turn_away(request, status)
    return Response(204, ((b"Allow", b"POST"), (b"Access-Control-Allow-Methods", b"POST")), b"")


def _without_chunks(status: HTTPStatus) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        if request.header_values(b"transfer-encoding"):
            return bare(status)
        return STEPS.respond(request, decision, payload)

    return respond


for _status in (HTTPStatus.BAD_REQUEST, HTTPStatus.LENGTH_REQUIRED, HTTPStatus.NOT_IMPLEMENTED):
    add(
        f"chunks-{_status.value}",
        f"A body in the chunked transfer coding gets {_status.value}.",
        changed(respond=_without_chunks(_status)),
    )


@liberty(step="size_accepted")
def small_bodies_only(request: LoginRequest) -> bool:
    """A body of more than 4,000 bytes gets 413."""
    return len(request.raw) <= 4000


_ATTACK = re.compile(r"['\"]\s*(?i:or|union)\b|\$(?:ne|gt|regex|exists)\b|\{\{|\)\(|'--|'#")


def _firewall(status: int, content: bytes) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        texts = (text_at(request, "body/memb_email"), text_at(request, "body/memb_pwd"))
        seen = " ".join((*texts, request.raw.decode("latin-1"), request.company_id or ""))
        if not decision.issued and _ATTACK.search(seen):
            return Response(status, ((b"Content-Type", b"text/html"),), content)
        return STEPS.respond(request, decision, payload)

    return respond


add(
    "firewall-403",
    "A text that looks like an attack gets a firewall's page.",
    changed(respond=_firewall(403, b"<html><title>Request blocked</title></html>")),
)
add(
    "firewall-429",
    "A text that looks like an attack gets 429, as some firewalls are told to answer.",
    changed(respond=_firewall(429, b"The request has been blocked.")),
)


@liberty(step="respond")
def odd_paths_not_found(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """A path that a router does not like gets the router's page."""
    company = request.company_id
    odd = company is None or not company or len(company) > 255
    odd = odd or re.search(rb"%(?:2F|5C|25|3B|00|0D|0A|zz)", request.path) is not None
    return bare(HTTPStatus.NOT_FOUND) if odd else STEPS.respond(request, decision, payload)
