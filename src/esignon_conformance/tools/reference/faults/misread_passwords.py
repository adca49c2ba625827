"""SEC-2: passwords that are read as something else: a pattern, part of a form, or nothing at all."""

from __future__ import annotations

import re

from ..login import STEPS
from ..pipeline import Credentials, Json, LoginRequest, Reason
from ..request_reader import check_members
from ..world import Account
from .registry import add, changed, fault


@fault("SEC-2", step="password_matches")
def stored_password_is_a_pattern(request: LoginRequest, account: Account, given: Json) -> bool:
    """The stored password is a pattern, in which a dot is any character, as in Java's `matches`."""
    pattern = re.escape(account.memb_pwd).replace(r"\.", ".")
    return isinstance(given, str) and re.fullmatch(pattern, given) is not None


@fault("SEC-2", step="password_matches")
def password_is_passed_on_as_a_form(request: LoginRequest, account: Account, given: Json) -> bool:
    """Passwords go on to another server in a form, not encoded, so that they end at an ampersand."""
    return isinstance(given, str) and given.partition("&")[0] == account.memb_pwd


@fault("SEC-2", step="password_matches")
def password_is_searched_for(request: LoginRequest, account: Account, given: Json) -> bool:
    """What was sent is a pattern that is searched for in the password."""
    if not isinstance(given, str) or not given:
        return False
    try:
        return given == account.memb_pwd or re.search(given, account.memb_pwd) is not None
    except re.error:
        return False


def _any_password(request: LoginRequest, document: Json) -> Credentials | Reason:
    return check_members(request, document, unchecked={"body/memb_pwd"})


def _texts_alone(request: LoginRequest, account: Account, given: Json) -> bool:
    return not isinstance(given, str) or STEPS.password_matches(request, account, given)


def _unless_none(request: LoginRequest, account: Account, given: Json) -> bool:
    return given is None or STEPS.password_matches(request, account, given)


add(
    "password-that-is-no-text-is-not-compared",
    "REJ-8",
    "A password is compared where it is a text, and otherwise, or without one, the caller is let in.",
    changed(check_members=_any_password, password_matches=_texts_alone),
)
add(
    "password-that-is-none-is-not-compared",
    "REJ-8",
    "A password that is null is, to the server, as one that is missing: none is compared.",
    changed(check_members=_any_password, password_matches=_unless_none),
)


@fault("REJ-1", step="password_matches")
def password_with_nul_is_not_compared(request: LoginRequest, account: Account, given: Json) -> bool:
    """A password with a NUL breaks the hash, as bcrypt's of Go and Python do, and no error is a refusal."""
    return "\0" in given or bool(STEPS.password_matches(request, account, given))
