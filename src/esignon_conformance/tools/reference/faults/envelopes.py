"""ENV-3: answers that are JSON and not the documented envelope."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TypeAlias

from ..pipeline import Decision, Json, LoginRequest, Object, Reason
from .registry import add, changed
from .when import When, always, because, company, issued, refused

# What takes the place of the envelope, made from its header and its body.
Make: TypeAlias = Callable[[Object, Json], Json]

_unreadable = because(Reason.UNREADABLE)
_missing = because(Reason.MISSING_MEMBER)


def _right(header: Object, body: Json) -> Object:
    return {"header": header} if body is None else {"header": header, "body": body}


def camel(name: str) -> str:
    """Return a name in camelCase."""
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


# fmt: off
SHAPES: tuple[tuple[str, str, When, Make], ...] = (
    ("array-around", "The answer stands in an array.", always, lambda h, b: [_right(h, b)]),
    ("object-around", "The answer stands in an object of its own.", always,
     lambda h, b: {"result": _right(h, b)}),
    ("written-twice", "The answer is JSON in a JSON string.", always,
     lambda h, b: json.dumps(_right(h, b))),
    ("written-twice-on-refusals", "A refusal is JSON in a JSON string.", refused,
     lambda h, b: json.dumps(_right(h, b))),
    ("flat", "The members stand side by side without header and body.", always,
     lambda h, b: {**h, **(b or {})}),
    ("header-absent", "Refusals have no header.", refused, lambda h, b: {"body": h}),
    ("header-null", "header is null where members are missing.", _missing,
     lambda h, b: {"header": None}),
    ("header-in-array", "header is an array.", always,
     lambda h, b: {**_right(h, b), "header": [h]}),
    ("header-as-text", "header is a string.", refused, lambda h, b: {"header": h["result_msg"]}),
    ("header-as-json-text", "header of a success is JSON in a string.", issued,
     lambda h, b: {"header": json.dumps(h), "body": b}),
    ("header-capital", "header is named Header.", always, lambda h, b: {"Header": h, "body": b}),
    ("header-empty", "header is empty for an unknown company.", because(Reason.UNKNOWN_COMPANY),
     lambda h, b: {"header": {}}),
    ("header-camel-case", "The members of header are in camelCase.", always,
     lambda h, b: _right({camel(name): value for name, value in h.items()}, b)),
    ("body-array", "body is an empty array on refusals.", refused,
     lambda h, b: {"header": h, "body": []}),
    ("body-text", "body is an empty string on refusals.", refused,
     lambda h, b: {"header": h, "body": ""}),
    ("body-false", "body is false where the password is wrong.", because(Reason.WRONG_PASSWORD),
     lambda h, b: {"header": h, "body": False}),
    ("body-zero", "body is 0 for a blocked company.", because(Reason.BLOCKED_COMPANY),
     lambda h, b: {"header": h, "body": 0}),
    ("body-json-text", "body of a success is JSON in a string.", issued,
     lambda h, b: {"header": h, "body": json.dumps(b)}),
    ("body-in-array", "body of a success is an array.", issued,
     lambda h, b: {"header": h, "body": [b]}),
    ("null", "What cannot be read gets null.", _unreadable, lambda h, b: None),
    ("false", "A wrong password gets false.", because(Reason.WRONG_PASSWORD), lambda h, b: False),
    ("number", "What cannot be read gets 12.", _unreadable, lambda h, b: 12),
    ("empty-object", "Missing members get an empty object.", _missing, lambda h, b: {}),
    ("error-word", "A member of another type gets error and message.", because(Reason.WRONG_TYPE),
     lambda h, b: {"error": "Bad Request", "message": h["result_msg"]}),
    ("validator-detail", "Missing members get the list of a validator.", _missing,
     lambda h, b: {"detail": [{"loc": ["body"], "msg": "Field required"}]}),
    ("problem-details", "Text that is no object gets problem details.", because(Reason.NO_OBJECT),
     lambda h, b: {"type": "about:blank", "title": "Bad", "status": 400}),
    ("framework-404", "A company in Hangul gets a framework's 404.",
     company(lambda name: "가" <= name[:1] <= "힣"),
     lambda h, b: {"timestamp": 0, "status": 404, "error": "Not Found"}),
)
# fmt: on


def _shaped(when: When, make: Make) -> Callable[..., Json]:
    def envelope(request: LoginRequest, decision: Decision, header: Object, body: Json) -> Json:
        wanted = make if when(request, decision) else _right
        return wanted(header, body)

    return envelope


for _name, _sentence, _when, _make in SHAPES:
    # A body that is no object makes no success: SUC-12 may be named for it, too.
    _clauses = "ENV-3 SUC-12" if _when is issued else "ENV-3"
    add(_name, _clauses, _sentence, changed(envelope=_shaped(_when, _make)))
