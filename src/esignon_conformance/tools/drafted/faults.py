"""Known-bad servers of a drafted operation: each breaks one promise of its page, and says which."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import jsonpatch

from ...transport.json_reader import member
from ..reference.application import Application
from ..reference.pipeline import Response
from ..reference.world import World
from .operations import Answer, Drafted
from .server import RIGHT, Behaviour, Handling, application, has_token, written

_TYPES = {"string": 1, "integer": "1", "number": "1", "boolean": "true", "array": {}, "object": []}


@dataclass(frozen=True)
class DraftFault:
    """A fault: its name, what the server does, and the server that does it."""

    name: str
    docstring: str
    behaviour: Behaviour

    def build(self, operations: Sequence[Drafted], world: World) -> Application:
        """Return the server."""
        return application(operations, world, self.behaviour)


# ---- how an answer is written ------------------------------------------------------------------------

Writing = Callable[[Response], Response]


def _body(change: Callable[[bytes], bytes]) -> Writing:
    return lambda response: replace(response, body=change(response.body))


def _typed(*headers: tuple[bytes, bytes]) -> Writing:
    return lambda response: replace(response, headers=headers)


def _twice(body: bytes) -> bytes:
    """Return a JSON object with its first member a second time."""
    value = json.loads(body)
    if not isinstance(value, dict) or not value:
        return body + body
    name = next(iter(value))
    pair = f"{json.dumps(name)}: {json.dumps(value[name])}"
    return f"{{{pair}, ".encode() + body.lstrip()[1:]


_WRITTEN: dict[str, tuple[str, Writing]] = {
    "another-media-type": ("Answers are text/html.", _typed((b"Content-Type", b"text/html"))),
    "no-media-type": ("Answers have no Content-Type.", _typed()),
    "byte-order-mark": (
        "Answers begin with a byte order mark.",
        _body(lambda one: b"\xef\xbb\xbf" + one),
    ),
    "text-after": ("Text follows the JSON.", _body(lambda one: one + b"\ndone")),
    "another-charset": ("Answers are in UTF-16.", _body(lambda one: one.decode().encode("utf-16"))),
    "single-quotes": (
        "Answers have single quotation marks.",
        _body(lambda one: one.replace(b'"', b"'")),
    ),
    "cut-answer": ("Answers lack their last byte.", _body(lambda one: one[:-1])),
    "empty-answer": ("Answers are empty.", _body(lambda _one: b"")),
    "member-twice": ("The first member stands twice.", _body(_twice)),
    "not-a-number": ("A number is NaN.", _body(lambda one: one[:-1] + b', "rate": NaN}')),
}


def _written(writing: Writing) -> Behaviour:
    def write(handling: Handling, answer: Answer) -> Response:
        return writing(written(handling, answer))

    return replace(RIGHT, written=write)


# ---- what an answer says -----------------------------------------------------------------------------


def _on(which: Callable[[Answer], bool], change: Callable[[Answer], Answer]) -> Behaviour:
    return replace(
        RIGHT, answer=lambda _handling, answer: change(answer) if which(answer) else answer
    )


def _everywhere(_answer: Answer) -> bool:
    return True


def _success(answer: Answer) -> bool:
    return answer.is_success


def _refusal(answer: Answer) -> bool:
    return not answer.is_success


def _set(pointer: str, value: Any) -> Callable[[Answer], Answer]:
    def change(answer: Answer) -> Answer:
        document = copy.deepcopy(answer.value)
        if member(document, pointer.rpartition("/")[0])[0]:
            jsonpatch.JsonPointer(pointer).set(document, value)
        return replace(answer, value=document)

    return change


def _without(pointer: str) -> Callable[[Answer], Answer]:
    def change(answer: Answer) -> Answer:
        document = copy.deepcopy(answer.value)
        if member(document, pointer)[0]:
            document = jsonpatch.apply_patch(document, [{"op": "remove", "path": pointer}])
        return replace(answer, value=document)

    return change


def _status(status: int) -> Callable[[Answer], Answer]:
    return lambda answer: replace(answer, status=status)


_ENVELOPE: dict[str, tuple[str, Behaviour]] = {
    "no-header": ("Answers have no header.", _on(_everywhere, _without("/header"))),
    "header-as-array": ("The header is an array.", _on(_everywhere, _set("/header", []))),
    "body-as-text": ("The body is a text.", _on(_success, _set("/body", "done"))),
    "undocumented-code": (
        "Refusals have an undocumented code.",
        _on(_refusal, _set("/header/result_code", "")),
    ),
    "code-as-number": (
        "The result code is a number.",
        _on(_everywhere, _set("/header/result_code", 0)),
    ),
    "no-code": ("Answers have no result code.", _on(_everywhere, _without("/header/result_code"))),
    "another-member-of-header": (
        "The header has another member.",
        _on(_everywhere, _set("/header/trace", "t")),
    ),
    "refusal-under-another-status": ("Refusals come over HTTP 422.", _on(_refusal, _status(422))),
}
_ANY: dict[str, tuple[str, Behaviour]] = {
    "another-member": ("Answers have another member.", _on(_everywhere, _set("/trace", "t"))),
    "breaks-down-at-a-refusal": ("Refusals are HTTP 500.", _on(_refusal, _status(500))),
    "breaks-down-at-a-success": ("Successes are HTTP 500.", _on(_success, _status(500))),
    "success-under-another-status": ("Successes are HTTP 299.", _on(_success, _status(299))),
    "not-an-object": (
        "Answers are a text.",
        _on(_everywhere, lambda one: replace(one, value="done")),
    ),
}
_KINDS = ("refusal", "success")
_STACK = 'Traceback: File "/srv/app/handler.py", line 7, in handle'


def _members(drafted: Drafted) -> Iterator[tuple[str, str, Behaviour]]:
    """Yield the faults of each member: absent, null, of another type."""
    root = drafted.contract.schemas
    name = drafted.operation.id
    envelope, success = root[f"{name}/envelope.json"], root[f"{name}/success.json"]
    places: list[tuple[str, str, dict[str, Any], Callable[[Answer], bool]]] = []
    if drafted.has_envelope:
        header = envelope["properties"]["header"]["properties"]
        places += [("header", one, schema, _everywhere) for one, schema in header.items()]
        body = success["properties"].get("body", {}).get("properties", {})
        places += [("body", one, schema, _success) for one, schema in body.items()]
    else:
        places += [
            ("", one, schema, _success) for one, schema in success.get("properties", {}).items()
        ]
    for part, member_name, schema, which in places:
        pointer = f"/{part}/{member_name}" if part else f"/{member_name}"
        label = f"{part}-{member_name}".strip("-").replace("_", "-").lower()
        yield f"no-{label}", f"{pointer} is absent.", _on(which, _without(pointer))
        kind = schema.get("type")
        if kind in _TYPES:
            said = f"{pointer} is of another type."
            yield f"{label}-of-another-type", said, _on(which, _set(pointer, _TYPES[kind]))
        if "const" in schema:
            yield (
                f"{label}-of-another-value",
                f"{pointer} is another.",
                _on(which, _set(pointer, "Z9")),
            )


def _taking(drafted: Drafted) -> Iterator[tuple[str, str, Behaviour]]:
    """Yield the servers that take what they have to refuse, or refuse what they have to take."""
    refused = replace(RIGHT, checks_body=lambda _handling: False)
    yield "refuses-everything", "The documented request is refused.", refused
    if drafted.operation.media_type:
        lenient = replace(RIGHT, checks_body=lambda _handling: True)
        yield "takes-every-body", "Any body is taken.", lenient
        readable = replace(RIGHT, checks_body=lambda one: one.asked.is_json)
        yield "takes-every-json", "Any JSON is taken.", readable
        unreadable = replace(
            RIGHT, checks_body=lambda one: not one.asked.is_json or one.drafted.fits(one.asked)
        )
        # Nobody is known whose password cannot be read.
        if "password" not in drafted.operation.account:
            yield "takes-unreadable-bodies", "A body that is no JSON is taken.", unreadable
    if drafted.operation.token is not None:
        header = drafted.operation.token.name.lower()
        any_token = replace(
            RIGHT,
            checks_token=lambda one: has_token(one) or header in one.asked.headers,
        )
        yield "takes-any-token", "A made-up token is taken.", any_token
        no_token = replace(RIGHT, checks_token=lambda _handling: True)
        yield "takes-no-token", "A request without a token is taken.", no_token
    if "company" in drafted.operation.account:
        anyone = replace(RIGHT, checks_company=lambda _handling: True)
        yield "takes-any-company", "A company that does not exist is taken.", anyone
    for pointer, _ in drafted.equal:
        label = pointer.strip("/").replace("/", "-").replace("_", "-").lower()
        said = f"{pointer} is not what was sent."
        yield f"{label}-of-another", said, _on(_success, _set(pointer, "another"))


def faults_of(drafted: Drafted) -> tuple[DraftFault, ...]:
    """Return the faults that a server of this operation can have."""
    if "ENV-1" not in drafted.contract.clauses:
        # The page shows no answer: there is nothing to break but whether one comes.
        down = [(f"breaks-down-at-a-{one}", *_ANY[f"breaks-down-at-a-{one}"]) for one in _KINDS]
        return tuple(DraftFault(*one) for one in (*down, *_taking(drafted)))
    found: list[tuple[str, str, Behaviour]] = [
        (name, text, _written(writing)) for name, (text, writing) in _WRITTEN.items()
    ]
    found += [(name, text, behaviour) for name, (text, behaviour) in _ANY.items()]
    if drafted.has_envelope:
        found += [(name, text, behaviour) for name, (text, behaviour) in _ENVELOPE.items()]
        shows = _on(_refusal, _set("/header/result_msg", _STACK))
        found.append(("stack-trace", "A refusal shows a stack frame.", shows))
    found += [*_members(drafted), *_taking(drafted)]
    unique = {name: DraftFault(name, text, behaviour) for name, text, behaviour in found}
    return tuple(unique.values())
