"""ENV-10: servers that take one member, or its type, for granted, and break down where it is not so."""

from __future__ import annotations

from ..pipeline import Decision, LoginRequest
from ..request_reader import has_member, member
from .breakdowns import breaking
from .registry import add, changed
from .when import When


def _lacks(path: str, beside: str) -> When:
    """Ask whether one member is absent where another one is there."""
    return lambda request, decision: (
        has_member(request.document, beside) and not has_member(request.document, path)
    )


def _is(path: str, kind: type) -> When:
    """Ask whether a member is there and of a type."""
    return lambda request, decision: (
        has_member(request.document, path) and type(member(request.document, path)) is kind
    )


def _is_list(request: LoginRequest, decision: Decision) -> bool:
    return isinstance(request.document, list)


def _has_no_member(request: LoginRequest, decision: Decision) -> bool:
    return isinstance(request.document, dict) and not request.document


_NULL = type(None)
_TAKEN_FOR_GRANTED: tuple[tuple[str, str, When], ...] = (
    ("list", "a list in the place of the request", _is_list),
    ("no-member", "an object without members", _has_no_member),
    ("absent-header", "a missing header beside a body", _lacks("header", "body")),
    ("absent-body", "a missing body beside a header", _lacks("body", "header")),
    (
        "absent-email",
        "a missing email beside a password",
        _lacks("body/memb_email", "body/memb_pwd"),
    ),
    (
        "absent-password",
        "a missing password beside an email",
        _lacks("body/memb_pwd", "body/memb_email"),
    ),
    ("null-body", "null for body", _is("body", _NULL)),
    ("text-body", "a string for body", _is("body", str)),
    ("array-header", "an array for header", _is("header", list)),
    ("null-request-code", "null for request_code", _is("header/request_code", _NULL)),
    ("object-email", "an object for the email", _is("body/memb_email", dict)),
    ("boolean-email", "a boolean for the email", _is("body/memb_email", bool)),
    ("null-password", "null for the password", _is("body/memb_pwd", _NULL)),
    # Each number is read as one of this type.
    ("number-password", "a number for the password", _is("body/memb_pwd", float)),
    ("array-password", "an array for the password", _is("body/memb_pwd", list)),
)

# The names of these servers: there are more of them in the world than of what is far-fetched.
COMMON = frozenset(f"breaks-on-{name}" for name, _, _ in _TAKEN_FOR_GRANTED)

for _name, _what, _when in _TAKEN_FOR_GRANTED:
    add(
        f"breaks-on-{_name}",
        "ENV-10",
        f"The server breaks down on {_what}.",
        changed(result_code=breaking(_when)),
    )
