"""Grave faults under an envelope that no clause takes for one: whoever has a token was let in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest, Object
from ..world import Account
from .answer_bytes import encoding
from .cached_answers import cached
from .envelopes import camel
from .methods import empty_body_takes_query
from .registry import add, changed
from .when import always


def _any(request: LoginRequest, account: Account, given: Json) -> bool:
    return True


def _letter_case(request: LoginRequest, account: Account, given: Json) -> bool:
    return isinstance(given, str) and given.lower() == account.memb_pwd.lower()


def _empty(request: LoginRequest, account: Account, given: Json) -> bool:
    return given == "" or STEPS.password_matches(request, account, given)


def _coded(change: Callable[[str], Any]) -> Callable[..., Object]:
    def header(request: LoginRequest, decision: Decision, code: str, text: str) -> Object:
        right = STEPS.header(request, decision, code, text)
        return right | {"result_code": change(right["result_code"])}

    return header


def _in_camel_case(request: LoginRequest, decision: Decision, header: Object, body: Json) -> Json:
    parts = {"header": header} | ({"body": body} if body is not None else {})
    return {
        part: {camel(name): value for name, value in members.items()}
        for part, members in parts.items()
    }


_MARKED = {"respond": encoding(always, lambda payload: b"\xef\xbb\xbf" + payload)}
_NUMBERS = {"header": _coded(int)}
_OTHER_CODE = {"header": _coded(lambda code: "0000" if code == "00" else code)}
_CAMEL_CASE = {"envelope": _in_camel_case}
# fmt: off
GRAVES: tuple[tuple[str, str, str, Mapping[str, Any]], ...] = (
    ("any-password-under-byte-order-mark", "ENV-1 REJ-1",
     "A byte order mark stands first, and any password is right.",
     _MARKED | {"password_matches": _any}),
    ("letter-case-under-byte-order-mark", "ENV-1 SEC-2",
     "A byte order mark stands first, and passwords are compared without regard to letter case.",
     _MARKED | {"password_matches": _letter_case}),
    ("any-password-under-numbers", "ENV-5 REJ-1", "Codes are numbers, and any password is right.",
     _NUMBERS | {"password_matches": _any}),
    ("letter-case-under-other-code", "ENV-5 SEC-2",
     "A success has the code 0000, and passwords are compared without regard to letter case.",
     _OTHER_CODE | {"password_matches": _letter_case}),
    ("empty-password-under-camel-case", "ENV-3 SEC-2",
     "Every member is in camelCase, and an empty password is taken for the right one.",
     _CAMEL_CASE | {"password_matches": _empty}),
    ("query-under-other-code", "ENV-5 REQ-5",
     "A success has the code 0000, and an empty body takes the credentials from the query string.",
     _OTHER_CODE | {"read": empty_body_takes_query}),
    ("one-example-with-numbers", "ENV-5 REQ-9",
     "Every request gets the answer to the very first, whose code is a number.",
     _NUMBERS | cached(lambda _request: None)),
)
# fmt: on

for _name, _clauses, _sentence, _steps in GRAVES:
    add(_name, _clauses, _sentence, changed(**_steps))
