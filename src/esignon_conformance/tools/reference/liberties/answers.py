"""Freedoms of the answer: its bytes, its head, its members, its words, its status."""

# ruff: noqa: D401 - the docstring of a liberty says what the server does

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import Any, TypeAlias

from ..faults.registry import changed
from ..faults.when import When, always, because, issued, nth, refused
from ..login import STEPS
from ..page import page
from ..pipeline import Decision, Headers, Json, LoginRequest, Object, Reason, Response
from .registry import add, liberty

# The text of the same JSON value, written in another way.
Write: TypeAlias = Callable[[Json], str]


def _reversed(document: Json) -> Json:
    if not isinstance(document, dict):
        return document
    return {name: _reversed(document[name]) for name in reversed(list(document))}


def _escaped(document: Json) -> str:
    return json.dumps(document).replace("/", "\\/").replace(".", "\\u002E").replace("@", "\\u0040")


# fmt: off
TEXTS: tuple[tuple[str, str, Write], ...] = (
    ("key-order", "Members come in reverse order.",
     lambda document: json.dumps(_reversed(document))),
    ("indented", "Answers are indented over many lines.",
     lambda document: json.dumps(document, indent=4)),
    ("blanks-around", "White space stands around the value.",
     lambda document: "\r\n \t" + json.dumps(document) + "\r\n\r\n"),
    ("escapes", "Texts are written with escapes, also where none is needed.", _escaped),
    ("ascii", "Answers are in ASCII.", lambda document: json.dumps(document, ensure_ascii=True)),
)
# fmt: on

for _name, _sentence, _write in TEXTS:
    add(
        f"text-{_name}",
        _sentence,
        changed(encode=lambda request, document, write=_write: write(document).encode()),
    )


# The head of an answer: fields that take the place of Content-Type and Cache-Control.
# fmt: off
HEADS: tuple[tuple[str, str, Headers], ...] = (
    ("type-bare", "Content-Type has no parameter.", ((b"Content-Type", b"application/json"),)),
    ("type-charset-blank", "Content-Type has a blank before the charset, in lower case.",
     ((b"Content-Type", b"application/json; charset=utf-8"),)),
    ("type-charset-quoted", "The charset stands in quotes.",
     ((b"Content-Type", b'application/json;charset="UTF-8"'),)),
    ("type-upper-case", "Content-Type is in capitals.", ((b"content-type", b"APPLICATION/JSON"),)),
    ("type-other-parameter", "Content-Type has a parameter besides the charset.",
     ((b"Content-Type", b"application/json; profile=login; charset=utf-8"),)),
    ("extra-fields", "Answers have fields of a gateway, and a cookie.",
     ((b"Content-Type", b"application/json"), (b"Server", b"nginx"), (b"X-Frame-Options", b"DENY"),
     (b"Set-Cookie", b"route=b2; Path=/; HttpOnly"), (b"X-Powered-By", b"PHP/8.2"),
     (b"Strict-Transport-Security", b"max-age=63072000"), (b"X-Runtime", b"0.004"))),
    ("cacheable", "Nothing is said of caching.",
     ((b"Content-Type", b"application/json"), (b"ETag", b'"33a64df5"'))),
    ("cross-origin", "Any origin may read the answers.",
     ((b"Content-Type", b"application/json"), (b"Access-Control-Allow-Origin", b"*"), (b"Vary",
     b"Origin, Accept-Encoding"))),
)
# fmt: on


def _headed(headers: Headers) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        return Response(HTTPStatus.OK, headers, payload)

    return respond


for _name, _sentence, _headers in HEADS:
    add(f"head-{_name}", _sentence, changed(respond=_headed(_headers)))


@liberty(step="respond")
def refusals_remove_cookies(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """Refusals remove the cookies of an earlier login, as PHP and as Python's http.cookies do."""
    past = b"expires=Thu, 01 Jan 1970 00:00:01 GMT; Max-Age=0; path=/"
    cookies = ((b"Set-Cookie", b"access_token=" + one + past) for one in (b"deleted; ", b'""; '))
    right = STEPS.respond(request, decision, payload)
    return right if decision.issued else replace(right, headers=(*right.headers, *cookies))


# The status of a refusal, with the documented envelope.
_BY_REASON = {
    Reason.UNREADABLE: 400,
    Reason.NO_OBJECT: 400,
    Reason.MISSING_MEMBER: 422,
    Reason.WRONG_TYPE: 422,
    Reason.REQUEST_CODE: 400,
    Reason.UNKNOWN_COMPANY: 404,
    Reason.UNKNOWN_EMAIL: 401,
    Reason.WRONG_PASSWORD: 401,
    Reason.BLOCKED_COMPANY: 403,
}


@liberty(step="respond")
def session_in_x_auth_token(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """A refusal names the session that it began, which nobody is logged in to, in X-Auth-Token."""
    # So does Spring Session's HeaderHttpSessionIdResolver.
    right = STEPS.respond(request, decision, payload)
    session = (b"X-Auth-Token", b"5b1c9a7e-%012d" % request.number)
    return right if decision.issued else replace(right, headers=(*right.headers, session))


def _over(status: Callable[[Decision], int]) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        right = STEPS.respond(request, decision, payload)
        return right if decision.issued else replace(right, status=status(decision))

    return respond


add("refusals-over-400", "Refusals come over HTTP 400.", changed(respond=_over(lambda _: 400)))
add("refusals-over-401", "Refusals come over HTTP 401.", changed(respond=_over(lambda _: 401)))
add(
    "refusals-over-own-status",
    "Each refusal comes over the 4xx that fits it.",
    changed(respond=_over(lambda decision: _BY_REASON[decision.reason])),
)


def _coded(coding: bytes, pack: Callable[[bytes], bytes], when: When) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        accepted = b",".join(request.header_values(b"accept-encoding"))
        right = STEPS.respond(request, decision, payload)
        if coding not in accepted or not when(request, decision):
            return right
        fields = ((b"Content-Encoding", coding), (b"Vary", b"Accept-Encoding"))
        return Response(right.status, right.headers + fields, pack(payload))

    return respond


for _name, _sentence, _coding, _pack, _when in (
    ("gzip", "Answers are compressed where that is accepted.", b"gzip", gzip.compress, always),
    ("gzip-now-and-then", "Every third answer is compressed.", b"gzip", gzip.compress, nth(3)),
    ("deflate", "Successes are deflated.", b"deflate", zlib.compress, issued),
):
    add(_name, _sentence, changed(respond=_coded(_coding, _pack, _when)))


# The body of a refusal.
# fmt: off
REFUSED_BODIES: tuple[tuple[str, str, Callable[[LoginRequest, Decision], Json]], ...] = (
    ("empty", "body of a refusal is an empty object.", lambda request, decision: {}),
    ("empty-members", "body of a refusal has all members, each an empty string.",
     lambda request, decision: dict.fromkeys( ("access_token", "comp_id", "device_id",
     "expire_date", "memb_email"), "")),
    ("null-members", "body of a refusal has all members, each null.",
     lambda request, decision: dict.fromkeys( ("access_token", "comp_id", "device_id",
     "expire_date", "memb_email"))),
    ("email", "body of a refusal repeats the email.",
     lambda request, decision: {"memb_email": decision.credentials.memb_email
     if decision.credentials else ""}),
)
# fmt: on

for _name, _sentence, _refuse_body in REFUSED_BODIES:
    add(f"refusal-body-{_name}", _sentence, changed(refuse_body=_refuse_body))


@liberty(step="envelope")
def refusal_body_null(
    request: LoginRequest, decision: Decision, header: Object, body: Json
) -> Json:
    """Body of a refusal is null."""
    return {"header": header, "body": body}


# Words and members.
# fmt: off
WORDS: tuple[tuple[str, str, Callable[[str, str], str]], ...] = (
    ("english", "Texts are in English whatever is asked.",
     lambda code, text: page().texts["en"][code]),
    ("japanese", "Texts are in Japanese.", lambda code, text: page().texts["ja"][code]),
    ("own", "Texts are the server's own.", lambda code, text: f"[{code}] 로그인 처리 결과입니다 😀"),
    ("longer", "Texts are followed by what to do.",
     lambda code, text: f"{text} https://example.invalid/help"),
    ("of-99-in-page", "Every failure has the documented text of 99, word for word.",
     lambda code, text: text if code == "00" else "Unexpected exception ( 잘못된 포맷 )"),
)
# fmt: on


def _saying(say: Callable[[str, str], str]) -> Callable[..., str]:
    def message(request: LoginRequest, decision: Decision, code: str) -> str:
        return say(code, STEPS.message(request, decision, code))

    return message


for _name, _sentence, _say in WORDS:
    add(f"words-{_name}", _sentence, changed(message=_saying(_say)))


def _header_with(when: When, **members: Any) -> Callable[..., Object]:
    def header(request: LoginRequest, decision: Decision, code: str, text: str) -> Object:
        right = STEPS.header(request, decision, code, text)
        return {**right, **members} if when(request, decision) else right

    return header


for _name, _sentence, _when, _members in (
    ("extra-members", "header has members that are not documented.", always,
     {"version": "1.0.0", "trace_id": "b7ad6b7169203331", "timestamp": 1617753600, "debug": None}),
    ("session-id-filled", "session_id is filled on success.", issued, {"session_id": "7f0a91c2"}),
    ("session-id-filled-on-refusals", "session_id is filled on refusals.", refused,
     {"session_id": "7f0a91c2"}),
    ("hints-on-refusals", "A refusal names the member that is wrong.", refused,
     {"errors": [{"field": "body.memb_email", "reason": "invalid"}]}),
):  # fmt: skip
    add(f"header-{_name}", _sentence, changed(header=_header_with(_when, **_members)))


@liberty(step="encode")
def undocumented_member_twice(request: LoginRequest, document: Json) -> bytes:
    """A member that is not documented stands twice."""
    right = STEPS.encode(request, document)
    return right.replace(b'"session_id"', b'"trace":1,"trace":2,"session_id"', 1)


@liberty(step="turn_away")
def get_shows_page(request: LoginRequest, status: HTTPStatus) -> Response:
    """GET and HEAD get a page that explains the operation."""
    if request.method not in ("GET", "HEAD"):
        return STEPS.turn_away(request, status)
    return Response(200, ((b"Content-Type", b"text/html"),), b"<h1>POST /api/:companyId/login</h1>")


@liberty(step="message")
def language_of_header(request: LoginRequest, decision: Decision, code: str) -> str:
    """Without ?lang=, texts are in the language that Accept-Language names first."""
    accepted = b"".join(request.header_values(b"accept-language")).decode("latin-1")
    if b"lang=" in request.query or not accepted:
        return STEPS.message(request, decision, code)
    return page().texts.get(accepted[:2].lower(), page().texts["ko"])[code]


@liberty(step="message")
def last_language(request: LoginRequest, decision: Decision, code: str) -> str:
    """Of two ?lang= the last one counts, as in PHP and in Rack."""
    asked = request.query.decode("latin-1").rpartition("lang=")[2]
    return page().texts.get(asked, page().texts["ko"])[code]


@liberty(step="message")
def language_kept(request: LoginRequest, decision: Decision, code: str) -> str:
    """Once English was asked for, every text is in English."""
    notes = request.state.notes
    notes["english"] = notes.get("english", False) or b"lang=en" in request.query
    return page().texts["en" if notes["english"] else "ko"][code]


add(
    "unknown-company-95",
    "An unknown company gets 95.",
    changed(
        result_code=lambda request, decision: (
            "95"
            if because(Reason.UNKNOWN_COMPANY)(request, decision)
            else STEPS.result_code(request, decision)
        )
    ),
)
