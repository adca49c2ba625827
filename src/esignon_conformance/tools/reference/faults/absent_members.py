"""ENV-10: servers that take one member, or its type, for granted, and break down where it is not so."""

from __future__ import annotations

from ..pipeline import Decision, LoginRequest
from ..request_reader import has_member
from .breakdowns import breaking, holds
from .registry import add, changed
from .when import When


def _lacks(path: str, beside: str) -> When:
    """Ask whether one member is absent where another one is there."""
    return lambda request, decision: (
        has_member(request.document, beside) and not has_member(request.document, path)
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
    ("null-body", "null for body", holds("body", _NULL)),
    ("text-body", "a string for body", holds("body", str)),
    ("array-header", "an array for header", holds("header", list)),
    ("null-request-code", "null for request_code", holds("header/request_code", _NULL)),
    ("object-email", "an object for the email", holds("body/memb_email", dict)),
    ("boolean-email", "a boolean for the email", holds("body/memb_email", bool)),
    ("null-password", "null for the password", holds("body/memb_pwd", _NULL)),
    ("number-password", "a number for the password", holds("body/memb_pwd", int, float)),
    ("array-password", "an array for the password", holds("body/memb_pwd", list)),
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
