"""ENV-4 to ENV-7: the members of an answer's header, each wrong in one way."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from ..login import STEPS
from ..pipeline import Decision, LoginRequest, Object, Reason
from ..request_reader import member
from .registry import add, changed, fault
from .when import When, after, always, because, issued, nth, refused, times_issued

_MEMBERS = {
    "ENV-4": "response_code",
    "ENV-5": "result_code",
    "ENV-6": "result_msg",
    "ENV-7": "session_id",
}
# A value makes of the right one what is answered; ABSENT stands for no such member.
Value: TypeAlias = Callable[[Any], Any]
ABSENT = object()

_malformed = because(Reason.UNREADABLE, Reason.NO_OBJECT, Reason.MISSING_MEMBER, Reason.WRONG_TYPE)


def absent(right: Any) -> Any:
    """Leave the member out."""
    return ABSENT


def _is(value: Any) -> Value:
    return lambda right: value


def _english(request: LoginRequest, decision: Decision) -> bool:
    return b"lang=en" in request.query


def _english_header(request: LoginRequest, decision: Decision) -> bool:
    return any(one.startswith(b"en") for one in request.header_values(b"accept-language"))


def _foreign(request: LoginRequest, decision: Decision) -> bool:
    return b"lang=" in request.query and b"lang=ko" not in request.query


def _first_login(request: LoginRequest, decision: Decision) -> bool:
    return decision.issued and times_issued(request, decision) == 1


# fmt: off
VALUES: tuple[tuple[str, str, str, When, Value], ...] = (
    ("response-code-absent", "ENV-4", "There is no response_code.", always, absent),
    ("response-code-absent-on-refusals", "ENV-4", "Refusals have no response_code.", refused,
     absent),
    ("response-code-null", "ENV-4", "response_code is null on refusals.", refused, _is(None)),
    ("response-code-empty", "ENV-4", "response_code is empty for 12.", _malformed, _is("")),
    ("response-code-number", "ENV-4", "response_code is a number.", always, _is(1001)),
    ("response-code-of-request", "ENV-4", "response_code is the code of the request.", always,
     _is("1001Q")),
    ("response-code-lower-case", "ENV-4", "response_code is in lower case.", always, str.lower),
    ("response-code-other", "ENV-4", "response_code is that of another operation.", issued,
     _is("1002A")),
    ("response-code-blank-after", "ENV-4", "A blank follows response_code.", always,
     lambda v: v + " "),
    ("response-code-in-array", "ENV-4", "response_code stands in an array.", always, lambda v: [v]),
    ("response-code-of-error", "ENV-4", "response_code of an unknown company is 9999A.",
     because(Reason.UNKNOWN_COMPANY), _is("9999A")),
    ("response-code-word-on-95", "ENV-4", "response_code of 95 is a word.",
     because(Reason.BLOCKED_COMPANY), _is("ERROR")),
    ("response-code-now-and-then", "ENV-4", "response_code of every 40th answer is 1001B.", nth(40),
     _is("1001B")),

    ("result-code-absent", "ENV-5", "Refusals have no result_code.", refused, absent),
    ("result-code-number", "ENV-5", "result_code is a number.", always, int),
    ("result-code-number-on-refusals", "ENV-5", "result_code of a refusal is a number.", refused,
     int),
    ("result-code-null", "ENV-5", "result_code of 12 is null.", _malformed, _is(None)),
    ("result-code-one-zero", "ENV-5", "result_code of a success is 0.", issued, _is("0")),
    ("result-code-four-zeros", "ENV-5", "result_code of a success is 0000.", issued, _is("0000")),
    ("result-code-word", "ENV-5", "result_code of a success is OK.", issued, _is("OK")),
    ("result-code-true", "ENV-5", "result_code of a success is true.", issued, _is(True)),
    ("result-code-blank-before", "ENV-5", "A blank stands before result_code.", refused,
     lambda v: " " + v),
    ("result-code-in-array", "ENV-5", "result_code stands in an array.", refused, lambda v: [v]),
    ("result-code-wide-digits", "ENV-5", "result_code has wide digits.", refused,
     lambda v: "".join(chr(ord(one) + 0xFEE0) for one in v)),
    ("result-code-letter", "ENV-5", "A letter stands before result_code.", refused,
     lambda v: "E" + v),
    ("result-code-11", "ENV-5", "An unknown email gets 11.", because(Reason.UNKNOWN_EMAIL),
     _is("11")),
    ("result-code-13", "ENV-5", "A member of another type gets 13.", because(Reason.WRONG_TYPE),
     _is("13")),
    ("result-code-90", "ENV-5", "A wrong request_code gets 90.", because(Reason.REQUEST_CODE),
     _is("90")),
    ("result-code-96", "ENV-5", "A blocked company gets 96.", because(Reason.BLOCKED_COMPANY),
     _is("96")),
    ("result-code-400", "ENV-5", "What cannot be read gets 400.", because(Reason.UNREADABLE),
     _is("400")),
    ("result-code-404", "ENV-5", "An unknown company gets 404.", because(Reason.UNKNOWN_COMPANY),
     _is("404")),
    ("result-code-empty", "ENV-5", "Text that is no object gets an empty code.",
     because(Reason.NO_OBJECT), _is("")),
    ("result-code-object", "ENV-5", "A wrong password gets an object for a code.",
     because(Reason.WRONG_PASSWORD), lambda v: {"code": v}),

    ("text-absent", "ENV-6", "There is no result_msg.", always, absent),
    ("text-absent-on-refusals", "ENV-6", "Refusals have no result_msg.", refused, absent),
    ("text-absent-on-success", "ENV-6", "A success has no result_msg.", issued, absent),
    ("text-null", "ENV-6", "result_msg is null on refusals.", refused, _is(None)),
    ("text-null-on-success", "ENV-6", "result_msg of a success is null.", issued, _is(None)),
    ("text-empty", "ENV-6", "result_msg of a success is empty.", issued, _is("")),
    ("text-empty-on-12", "ENV-6", "result_msg of 12 is empty.", _malformed, _is("")),
    ("text-empty-on-95", "ENV-6", "result_msg of 95 is empty.", because(Reason.BLOCKED_COMPANY),
     _is("")),
    ("text-absent-on-99", "ENV-6", "result_msg of 99 is absent.", because(Reason.REQUEST_CODE),
     absent),
    ("text-number", "ENV-6", "result_msg is a number.", always, _is(1)),
    ("text-array", "ENV-6", "result_msg is an array of texts.", refused, lambda v: [v]),
    ("text-by-language", "ENV-6", "result_msg is an object by language.", always,
     lambda v: {"ko": v}),
    ("text-false", "ENV-6", "result_msg of an unknown company is false.",
     because(Reason.UNKNOWN_COMPANY), _is(False)),
    ("text-empty-in-english", "ENV-6", "result_msg is empty where English is asked.", _english,
     _is("")),
    ("text-empty-for-english-header", "ENV-6",
     "result_msg is empty where Accept-Language asks for English.", _english_header, _is("")),
    ("text-null-in-unknown-language", "ENV-6",
     "result_msg is null for a language that is not there.",
     lambda request, decision: _foreign(request, decision) and not _english(request, decision),
     _is(None)),
    ("text-empty-now-and-then", "ENV-6", "result_msg of every 60th answer is empty.", nth(60),
     _is("")),

    ("session-id-absent", "ENV-7", "There is no session_id.", always, absent),
    ("session-id-absent-on-refusals", "ENV-7", "Refusals have no session_id.", refused, absent),
    ("session-id-absent-on-12", "ENV-7", "12 has no session_id.", _malformed, absent),
    ("session-id-absent-on-95", "ENV-7", "95 has no session_id.", because(Reason.BLOCKED_COMPANY),
     absent),
    ("session-id-null", "ENV-7", "session_id is null.", always, _is(None)),
    ("session-id-null-on-refusals", "ENV-7", "session_id of a refusal is null.", refused,
     _is(None)),
    ("session-id-zero", "ENV-7", "session_id is 0.", always, _is(0)),
    ("session-id-number", "ENV-7", "session_id of a success is a number.", issued, _is(20210407)),
    ("session-id-false", "ENV-7", "session_id is false.", always, _is(False)),
    ("session-id-object", "ENV-7", "session_id is an empty object.", refused, _is({})),
    ("session-id-array", "ENV-7", "session_id of a success is an array.", issued, lambda v: [v]),
    ("session-id-null-at-first", "ENV-7", "session_id of an account's first success is null.",
     _first_login, _is(None)),
    ("session-id-null-after-refusal", "ENV-7",
     "session_id of a success after a malformed request is null.",
     after(Reason.UNREADABLE, Reason.WRONG_TYPE, Reason.MISSING_MEMBER), _is(None)),
    ("session-id-absent-now-and-then", "ENV-7", "Every 60th answer has no session_id.", nth(60),
     absent),
)
# fmt: on


def _with(name: str, when: When, value: Value) -> Callable[..., Object]:
    def header(request: LoginRequest, decision: Decision, code: str, text: str) -> Object:
        right = STEPS.header(request, decision, code, text)
        if when(request, decision):
            right[name] = value(right[name])
        return {key: each for key, each in right.items() if each is not ABSENT}

    return header


for _name, _clause, _sentence, _when, _value in VALUES:
    add(_name, _clause, _sentence, changed(header=_with(_MEMBERS[_clause], _when, _value)))


@fault("ENV-4", step="header")
def response_code_made_of_request(
    request: LoginRequest, decision: Decision, code: str, text: str
) -> Object:
    """response_code is the request_code sent with A for Q."""
    right, sent = STEPS.header(request, decision, code, text), request.document
    given = member(sent, "header/request_code")
    if isinstance(given, str):
        right["response_code"] = given.replace("Q", "A")
    return right


def _renamed(old: str, new: str) -> Callable[..., Object]:
    def header(request: LoginRequest, decision: Decision, code: str, text: str) -> Object:
        right = STEPS.header(request, decision, code, text)
        return {new if name == old else name: value for name, value in right.items()}

    return header


for _clause, _old, _new in (
    ("ENV-4", "response_code", "responseCode"),
    ("ENV-5", "result_code", "resultCode"),
    ("ENV-6", "result_msg", "result_message"),
    ("ENV-7", "session_id", "sessionId"),
):
    add(
        f"{_old.replace('_', '-')}-renamed",
        _clause,
        f"{_old} is named {_new}.",
        changed(header=_renamed(_old, _new)),
    )
