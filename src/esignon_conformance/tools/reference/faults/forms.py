"""REJ-8: requests that lack what is required, or have it of another type, and are taken."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from .. import request_reader
from ..login import STEPS
from ..pipeline import Credentials, Decision, Json, LoginRequest, Reason, Steps
from ..request_reader import member
from ..world import Account, Company
from .registry import add, changed, fault
from .when import let_in_as_first, text_at


def _kind(value: Json) -> str:
    return {dict: "object", list: "array", str: "text", bool: "boolean", type(None): "null"}.get(
        type(value), "number"
    )


def _mended_document(mend: Callable[[LoginRequest, Json], Json]) -> Callable[..., Any]:
    """Return a step that looks at a mended document where the right one is refused for its form."""

    def check_members(request: LoginRequest, document: Json) -> Credentials | Reason:
        right = request_reader.check_members(request, document)
        if not isinstance(right, Reason):
            return right
        return request_reader.check_members(request, mend(request, document))

    return check_members


def _body_with(document: Json, **members: Any) -> Json:
    return {**document, "body": {**member(document, "body"), **members}}


def _is_request(document: Json) -> bool:
    return isinstance(document, dict) and isinstance(member(document, "body"), dict)


def _header_taken(*kinds: str) -> Callable[[LoginRequest, Json], Json]:
    def mend(request: LoginRequest, document: Json) -> Json:
        if not isinstance(document, dict):
            return document
        found = _kind(document["header"]) if "header" in document else "absent"
        return {**document, "header": {"request_code": "1001Q"}} if found in kinds else document

    return mend


def _email_taken(make: Callable[[LoginRequest, Json], Any]) -> Callable[[LoginRequest, Json], Json]:
    def mend(request: LoginRequest, document: Json) -> Json:
        if not _is_request(document):
            return document
        made = make(request, document["body"].get("memb_email", "absent"))
        return document if made is None else _body_with(document, memb_email=made)

    return mend


def _first_email(request: LoginRequest) -> str:
    found = next(each for each in request.world.companies if each.id == request.company_id)
    return found.accounts[0].memb_email


def _latest_email(request: LoginRequest) -> str | None:
    for each in reversed(request.state.history):
        if each.decision is not None and each.decision.issued:
            return text_at(each.request, "body/memb_email")
    return None


def _only(value: Json) -> Any:
    return next(iter(value.values())) if isinstance(value, dict) and len(value) == 1 else None


def _lifted(request: LoginRequest, document: Json) -> Json:
    if not isinstance(document, dict) or "memb_email" not in document:
        return document
    return {**document, "body": document}


def _password_from(document: Json, holder: Json) -> Json:
    if not _is_request(document) or request_reader.has_member(document, "body/memb_pwd"):
        return document
    given = holder.get("memb_pwd") if isinstance(holder, dict) else None
    return document if given is None else _body_with(document, memb_pwd=given)


# fmt: off
FORMS: tuple[tuple[str, str, Callable[[LoginRequest, Json], Json]], ...] = (
    ("header-not-required", "A request without header is taken.", _header_taken("absent")),
    ("header-false-taken", "false is taken for header.",
     lambda request, document: {**document, "header": {"request_code": "1001Q"}}
     if isinstance(document, dict) and document.get("header") is False else document),
    ("email-zero-is-first", "0 for the email finds the first account.",
     _email_taken(lambda request, value: _first_email(request) if value == 0 and value is not False
     else None)),
    ("header-null-taken", "null is taken for header.", _header_taken("null")),
    ("header-array-taken", "An array is taken for header.", _header_taken("array")),
    ("header-text-taken", "A string is taken for header.", _header_taken("text")),
    ("header-number-taken", "A number or a boolean is taken for header.",
     _header_taken("number", "boolean")),
    ("email-in-array-taken", "The email in an array is taken.",
     _email_taken(lambda request, value: value[0] if isinstance(value, list) and value else None)),
    ("email-in-object-taken", "The email in an object is taken.",
     _email_taken(lambda request, value: _only(value))),
    ("email-null-is-first", "null for the email finds the first account.",
     _email_taken(lambda request, value: _first_email(request) if value is None else None)),
    ("email-true-is-first", "true for the email finds the first account.",
     _email_taken(lambda request, value: _first_email(request) if value is True else None)),
    ("email-number-is-first", "A number for the email finds the account of that number.",
     _email_taken(lambda request, value: _first_email(request) if value == 1 and value is not True
     else None)),
    ("email-empty-array-is-first", "An empty array for the email finds the first account.",
     _email_taken(lambda request, value: _first_email(request) if value == [] else None)),
    ("email-empty-object-is-first", "An empty object for the email finds the first account.",
     _email_taken(lambda request, value: _first_email(request) if value == {} else None)),
    ("email-remembered", "A missing email is that of the login before.",
     _email_taken(lambda request, value: _latest_email(request) if value == "absent" else None)),
    ("members-beside-header-taken", "Email and password beside header are taken.", _lifted),
    ("members-in-header-taken", "Email and password in header are taken.",
     lambda request, document: {**document, "body": document["header"]} if member(document,
     "header/memb_email") is not None else document),
    ("password-beside-body-taken", "A password beside body is taken where body has none.",
     lambda request, document: _password_from(document, document)),
    ("password-in-header-taken", "A password in header is taken where body has none.",
     lambda request, document: _password_from(document, member(document, "header"))),
    ("request-in-array-taken", "The request in an array is taken.",
     lambda request, document: document[0] if isinstance(document, list) and document
     else document),
    ("request-in-object-taken", "The request in another object is taken.",
     lambda request, document: _only(document) or document),
    ("request-in-text-taken", "The request in a JSON string is taken.",
     lambda request, document: _read_again(document)),
    ("body-in-array-taken", "body in an array is taken.",
     lambda request, document: {**document, "body": document["body"][0]} if isinstance(document,
     dict) and isinstance(document.get("body"), list) and document["body"] else document),
    ("body-in-text-taken", "body as JSON in a string is taken.",
     lambda request, document: {**document, "body": _read_again(document["body"])}
     if isinstance(document, dict) and isinstance(document.get("body"), str) else document),
    ("body-in-object-taken", "body in another object is taken.",
     lambda request, document: {**document, "body": _only(document["body"])}
     if _is_request(document) and isinstance(_only(document["body"]), dict) else document),
)
# fmt: on


def _read_again(document: Json) -> Json:
    try:
        return json.loads(document) if isinstance(document, str) else document
    except ValueError:
        return document


for _name, _sentence, _mended in FORMS:
    add(_name, "REJ-8", _sentence, changed(check_members=_mended_document(_mended)))


@fault("REJ-8 SEC-2", step="decide")
def missing_password_lets_in(request: LoginRequest, steps: Steps) -> Decision:
    """A request without memb_pwd needs none."""
    right = STEPS.decide(request, steps)
    missing = not request_reader.has_member(request.document, "body/memb_pwd")
    return _let_in(request, right) if missing and right.reason is Reason.MISSING_MEMBER else right


@fault("REJ-8 SEC-2", step="decide")
def password_remembered(request: LoginRequest, steps: Steps) -> Decision:
    """A missing memb_pwd is that of the request before."""
    right, notes = STEPS.decide(request, steps), request.state.notes
    email = text_at(request, "body/memb_email")
    if request_reader.has_member(request.document, "body/memb_pwd"):
        notes["let in last"] = email if right.issued else None
        return right
    remembered = right.reason is Reason.MISSING_MEMBER and notes.get("let in last") == email
    return _let_in(request, right) if remembered else right


@fault("REJ-8", step="decide")
def empty_request_lets_in(request: LoginRequest, steps: Steps) -> Decision:
    """An object without any member is let in."""
    right = STEPS.decide(request, steps)
    return replace(right, reason=Reason.ISSUED) if request.document == {} else right


@fault("REJ-8", step="decide")
def two_nulls_let_in(request: LoginRequest, steps: Steps) -> Decision:
    """Null for both email and password is let in."""
    right, sent = STEPS.decide(request, steps), member(request.document, "body")
    nulls = sent == {"memb_email": None, "memb_pwd": None}
    return replace(right, reason=Reason.ISSUED) if nulls else right


@fault("REJ-8", step="decide")
def unknown_email_with_number_lets_in(request: LoginRequest, steps: Steps) -> Decision:
    """An unknown email with a number for a password is let in."""
    right, sent = STEPS.decide(request, steps), member(request.document, "body/memb_pwd")
    known = text_at(request, "body/memb_email").endswith(("@dalbit.invalid", "@sonamu.invalid"))
    number = isinstance(sent, int | float) and not isinstance(sent, bool)
    return replace(right, reason=Reason.ISSUED) if number and not known else right


@fault("REJ-8", step="decide")
def scalar_lets_in(request: LoginRequest, steps: Steps) -> Decision:
    """The text true is let in."""
    right = STEPS.decide(request, steps)
    return replace(right, reason=Reason.ISSUED) if request.document is True else right


def _let_in(request: LoginRequest, decision: Decision) -> Decision:
    company: Company | None = STEPS.find_company(request, request.company_id)
    email = text_at(request, "body/memb_email")
    account: Account | None = (
        STEPS.find_account(request, company, email) if company is not None else None
    )
    if account is None or not isinstance(member(request.document, "header"), dict):
        return decision
    return Decision(Reason.ISSUED, Credentials("1001Q", email, ""), company, account)


@fault("REJ-8 SEC-2", step="decide")
def incomplete_body_lets_in(request: LoginRequest, steps: Steps) -> Decision:
    """A body without its members, or with members of another type, is the first account's."""
    right = STEPS.decide(request, steps)
    incomplete = right.reason in (Reason.MISSING_MEMBER, Reason.WRONG_TYPE, Reason.NO_OBJECT)
    return let_in_as_first(request, right) if incomplete else right
