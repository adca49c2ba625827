"""Requests in a form that the page does not know are taken, and less is asked of them than of JSON."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeAlias
from urllib.parse import parse_qsl

from ..login import STEPS
from ..pipeline import Credentials, Decision, Json, LoginRequest, Reason, Steps
from ..request_reader import check_members, member
from ..world import Account, Company
from .companies import waved_through
from .registry import add, changed, fault
from .when import let_in_as_first, text_at

Asks: TypeAlias = Callable[[LoginRequest], bool]
_FORM, _MULTIPART = b"application/x-www-form-urlencoded", b"multipart/form-data"
_PART = re.compile(r'name="([^"]*)"\r\n\r\n(.*?)\r\n--', re.DOTALL)
_NAME = re.compile(r"([^\[\]]+)(?:\[([^\[\]]*)\])?")


def declares(*types: bytes) -> Asks:
    """Ask whether a body is declared to be of one of these types, parameters aside."""
    return lambda request: any(
        one.partition(b";")[0] in types for one in request.header_values(b"content-type")
    )


def _pairs(request: LoginRequest) -> list[tuple[str, str]]:
    text = request.raw.decode("utf-8", "replace")
    if declares(_MULTIPART)(request):
        return _PART.findall(text)
    return parse_qsl(text, keep_blank_values=True)


def read_form(request: LoginRequest) -> Json:
    """Read form data as qs and PHP do: `a[]` is a list, and `a[b]` an object; the rest is JSON."""
    pairs = [(_NAME.fullmatch(name), value) for name, value in _pairs(request)]
    body: dict[str, Json] = {}
    for name, value in pairs:
        if name is not None and name[1] in ("memb_email", "memb_pwd"):
            inner = name[2]
            body[name[1]] = value if inner is None else {inner: value} if inner else [value]
    if not body or not declares(_FORM, _MULTIPART)(request):
        return STEPS.read(request)
    return {"header": {"request_code": "1001Q"}, "body": body}


def read_dotted_form(request: LoginRequest) -> Json:
    """Read form data that names body.memb_email; the rest is JSON."""
    found: dict[str, dict[str, str]] = {}
    for name, value in _pairs(request):
        part, _, inner = name.partition(".")
        found.setdefault(part, {})[inner] = value
    return found if "body" in found else STEPS.read(request)


def taking(*types: bytes, read: Callable[[LoginRequest], Json] = read_form) -> Mapping[str, Any]:
    """Return the steps that take bodies of these types beside JSON."""
    takes = declares(*types)
    accepted = lambda request: takes(request) or STEPS.media_type_accepted(request)  # noqa: E731 - a step
    return {"media_type_accepted": accepted, "read": read}


_TAKEN = taking(_FORM, _MULTIPART)
_IN_FORM = declares(_FORM)


def _read_without(mark: bytes) -> Mapping[str, Any]:
    def read(request: LoginRequest) -> Json:
        return STEPS.read(replace(request, raw=request.raw.replace(mark, b"")))

    return {"read": read}


def _read_utf_16(request: LoginRequest) -> Json:
    if request.raw[:2] != codecs.BOM_UTF16_LE:
        return STEPS.read(request)
    return STEPS.read(replace(request, raw=request.raw.decode("utf-16").encode()))


# fmt: off
UNASKED: tuple[tuple[str, str, Asks, Mapping[str, Any]], ...] = (
    ("form-data", "form data", _IN_FORM, _TAKEN),
    ("dotted-form", "form data under dotted names", _IN_FORM, taking(_FORM, read=read_dotted_form)),
    ("multipart", "multipart/form-data", declares(_MULTIPART), _TAKEN),
    ("json-as-form", "JSON that is declared as form data", _IN_FORM,
     taking(_FORM, read=STEPS.read)),
    ("json-as-xml", "JSON that is declared as XML", declares(b"application/xml"),
     taking(b"application/xml")),
    ("byte-order-mark", "a body after a byte order mark",
     lambda request: request.raw.startswith(codecs.BOM_UTF8), _read_without(codecs.BOM_UTF8)),
    ("utf-16", "a body in UTF-16", lambda request: b"\0" in request.raw, {"read": _read_utf_16}),
    ("comments", "a body with a comment", lambda request: b"/*" in request.raw,
     _read_without(b"/* c */")),
)
# fmt: on
for _name, _what, _asks, _steps in UNASKED:
    add(
        f"no-password-asked-for-in-{_name}",
        "REJ-1",
        f"A right login is let in by {_what}, too, and so is one with any password.",
        changed(decide=waved_through(Reason.WRONG_PASSWORD, _asks), **_steps),
    )


def _any_password(request: LoginRequest, document: Json) -> Credentials | Reason:
    unchecked = ("body/memb_pwd",) if _IN_FORM(request) else ()
    return check_members(request, document, unchecked)


def _in_form(takes: Callable[[Account, Json], bool]) -> Mapping[str, Any]:
    def matches(request: LoginRequest, account: Account, given: Json) -> bool:
        right: bool = STEPS.password_matches(request, account, given)
        return right or (_IN_FORM(request) and takes(account, given))

    return {**_TAKEN, "check_members": _any_password, "password_matches": matches}


# fmt: off
TAKEN: tuple[tuple[str, str, str, Callable[[Account, Json], bool]], ...] = (
    ("empty-password-taken", "SEC-2", "an empty password is taken", lambda account, given: given == ""),
    ("password-in-list-taken", "SEC-2", "a list of one password is taken for it",
     lambda account, given: given == [account.memb_pwd]),
    ("missing-password-taken", "REJ-8", "none is asked for where there is none",
     lambda account, given: given is None),
    ("letter-case-passed-over", "SEC-2", "the letter case makes no difference",
     lambda account, given: isinstance(given, str) and given.lower() == account.memb_pwd.lower()),
    ("sql-in-password-taken", "SEC-3", "a query is made as a text",
     lambda account, given: isinstance(given, str) and "' OR '1'='1" in given),
    ("operator-taken", "SEC-3", "an operator object is part of the query",
     lambda account, given: isinstance(given, dict) and given.get("$ne") not in (None, account.memb_pwd)),
)
# fmt: on
for _name, _clause, _what, _takes in TAKEN:
    add(
        f"{_name}-in-form",
        _clause,
        f"Form data is taken, and of its password {_what}.",
        changed(**_in_form(_takes)),
    )


def _letting_in(reason: Reason, asks: Asks) -> Callable[[LoginRequest, Steps], Decision]:
    def decide(request: LoginRequest, steps: Steps) -> Decision:
        right = STEPS.decide(request, steps)
        is_let_in = right.reason is reason and asks(request)
        return let_in_as_first(request, right) if is_let_in else right

    return decide


for _name, _clause, _reason in (
    ("an unknown email", "REJ-2", Reason.UNKNOWN_EMAIL),
    ("an unknown company", "REJ-5", Reason.UNKNOWN_COMPANY),
):
    add(
        f"{_name.partition(' ')[2].replace(' ', '-')}-let-in-by-form",
        _clause,
        f"Form data is taken, and {_name} is let in by it.",
        changed(decide=_letting_in(_reason, _IN_FORM), **_TAKEN),
    )


def _whoever_it_is(request: LoginRequest, company: Company, given: Json) -> Account | None:
    """Find an email in any company, where it comes by form data."""
    found = STEPS.find_account(request, company, given)
    if found is not None or not _IN_FORM(request):
        return found
    every = (one for each in request.world.companies for one in each.accounts)
    return next((one for one in every if one.memb_email == given), None)


for _name, _what, _asks, _steps in UNASKED[-3:]:
    add(
        f"anybody-let-in-in-{_name}",
        "REJ-2",
        f"Who has no account is let in by {_what}, and otherwise is not.",
        changed(decide=_letting_in(Reason.UNKNOWN_EMAIL, _asks), **_steps),
    )

add(
    "no-password-of-second-account-asked-for-in-form-data",
    "REJ-1",
    "Form data is taken, and there any password is the second account's.",
    changed(
        decide=waved_through(
            Reason.WRONG_PASSWORD,
            lambda request: (
                _IN_FORM(request)
                and text_at(request, "body/memb_email")
                == request.world.account("second").memb_email
            ),
        ),
        **_TAKEN,
    ),
)


def _in_query(request: LoginRequest, company: Company, given: Json) -> Account | None:
    """Find an email by a query that is made as a text, where it comes by form data."""
    is_true = _IN_FORM(request) and isinstance(given, str) and "' OR '1'='1" in given
    return company.accounts[0] if is_true else STEPS.find_account(request, company, given)


add(
    "sql-in-email-taken-in-form",
    "SEC-3",
    "Form data is taken, and a query with its email is made as a text.",
    changed(find_account=_in_query, **_TAKEN),
)
add(
    "emails-of-all-companies-in-form",
    "REJ-6",
    "Form data is taken, and its email is looked for in every company.",
    changed(find_account=_whoever_it_is, **_TAKEN),
)


@fault("SEC-2")
def password_read_as_bytes(world: Any) -> Any:
    """A password goes into a hash as bytes, which may be an array of numbers, as in Node's Buffer.from."""

    def matches(request: LoginRequest, account: Account, given: Json) -> bool:
        if isinstance(given, list) and all(isinstance(one, int | float) for one in given):
            return bytes(int(one) & 255 for one in given) == account.memb_pwd.encode()
        return bool(STEPS.password_matches(request, account, given))

    def checked(request: LoginRequest, document: Json) -> Credentials | Reason:
        is_list = isinstance(member(document, "body/memb_pwd"), list)
        return check_members(request, document, unchecked={"body/memb_pwd"} if is_list else ())

    return changed(check_members=checked, password_matches=matches)(world)
