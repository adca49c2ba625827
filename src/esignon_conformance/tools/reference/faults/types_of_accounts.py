"""SEC-2: what is no text gets "10" as a wrong password does, but for the account that it lets in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..login import STEPS
from ..pipeline import Credentials, Json, LoginRequest, Reason
from ..request_reader import check_members, has_member
from ..world import Account
from .registry import add, changed

Fits = Callable[[Account, Json], bool]


def _any_type(request: LoginRequest, document: Json) -> Credentials | Reason:
    found = check_members(request, document, unchecked={"body/memb_pwd"})
    is_there = has_member(document, "body/memb_pwd")
    return found if isinstance(found, Reason) or is_there else Reason.MISSING_MEMBER


def _taken_for(role: str, fits: Fits) -> Callable[[LoginRequest, Account, Json], bool]:
    def matches(request: LoginRequest, account: Account, given: Json) -> bool:
        is_taken = account.role == role and fits(account, given)
        return is_taken or bool(STEPS.password_matches(request, account, given))

    return matches


def _is_operator(account: Account, given: Json) -> bool:
    return isinstance(given, dict) and "$ne" in given


def _holds(account: Account, given: Any) -> bool:
    return isinstance(given, dict) and account.memb_pwd in given.values()


# fmt: off
TYPES: tuple[tuple[str, str, str, Fits], ...] = (
    ("true", "SEC-2", "true is", lambda account, given: given is True),
    ("number", "SEC-2", "a number is",
     lambda account, given: isinstance(given, float) and given != 0),
    ("null", "SEC-2", "null is", lambda account, given: given is None),
    ("list", "SEC-2", "the right one in a list is",
     lambda account, given: given == [account.memb_pwd]),
    ("object", "SEC-2", "the right one in an object is", _holds),
    ("operator", "SEC-3", "an operator of the database is", _is_operator),
)
# fmt: on
for _role, _whose in (("second", "the second account"), ("other", "another company's account")):
    for _name, _clause, _what, _fits in TYPES:
        add(
            f"{_name}-is-password-of-{_role}",
            _clause,
            f"Other types get 10, but {_what} the password of {_whose}.",
            changed(check_members=_any_type, password_matches=_taken_for(_role, _fits)),
        )
