"""ENV-1, ENV-2: answers of another layer than the login, and of another media type."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from xml.sax.saxutils import escape

from ..login import STEPS
from ..pipeline import Decision, Headers, LoginRequest, Reason, Response
from .registry import add, changed
from .when import When, always, because, body, company, email, issued, nth, refused

_HTML = b"<!doctype html><title>Error</title><h1>Something went wrong</h1>\n"
_XML = b"<answer><result_code>12</result_code></answer>"
_unreadable = because(Reason.UNREADABLE)
_company_unknown = because(Reason.UNKNOWN_COMPANY)


def page(status: int, content: bytes, kind: bytes) -> Response:
    """Return an answer that is no envelope."""
    return Response(status, ((b"Content-Type", kind),), content)


# fmt: off
PAGES: tuple[tuple[str, str, When, Response], ...] = (
    ("html-to-unreadable", "What cannot be read gets an HTML page.", _unreadable,
     page(400, _HTML, b"text/html")),
    ("html-to-empty-body", "An empty body gets an HTML page.", body(lambda raw: not raw),
     page(400, _HTML, b"text/html")),
    ("html-to-wrong-type", "A member of another type gets an HTML page.",
     because(Reason.WRONG_TYPE), page(200, _HTML, b"text/html")),
    ("xml-to-refusals", "Refusals are XML.", refused, page(200, _XML, b"application/xml")),
    ("no-route-to-unknown-company", "An unknown company gets the router's 404 page.",
     _company_unknown, page(404, _HTML, b"text/html")),
    ("no-route-to-hangul-company", "A company in Hangul gets the router's 404 page.",
     company(lambda name: "가" <= name[:1] <= "힣"), page(404, b"Not Found", b"text/plain")),
    ("bare-401", "A wrong password gets a bare 401.", because(Reason.WRONG_PASSWORD),
     page(401, b"", b"text/plain")),
    ("bare-403", "A blocked company gets a bare 403.", because(Reason.BLOCKED_COMPANY),
     page(403, b"Forbidden", b"text/plain")),
    ("bare-204", "An unknown email gets 204 without content.", because(Reason.UNKNOWN_EMAIL),
     page(204, b"", b"application/json")),
    ("redirect-to-login-page", "An unknown email is sent to a login page.",
     because(Reason.UNKNOWN_EMAIL), Response(302, ((b"Location", b"/login.html"),), b"")),
    # Laravel's isJson looks for "/json", and sends whoever does not pass its validation to a page.
    ("redirect-for-media-type-in-capitals",
     "JSON under a media type in capital letters is not read, and gets a redirect.",
     lambda request, decision: any(
         b"/JSON" in value for value in request.header_values(b"content-type")
     ), Response(302, ((b"Location", b"/"),), b"")),
    ("plain-text-to-odd-email", "An email with a control character gets plain text.",
     email(lambda text: any(one < " " for one in text)), page(400, b"bad email", b"text/plain")),
)
# fmt: on


def _instead(when: When, answer: Response) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        return answer if when(request, decision) else STEPS.respond(request, decision, payload)

    return respond


for _name, _sentence, _when, _page in PAGES:
    add(_name, "ENV-1", _sentence, changed(respond=_instead(_when, _page)))


def _elements(value: object) -> str:
    if isinstance(value, dict):
        return "".join(f"<{name}>{_elements(child)}</{name}>" for name, child in value.items())
    return escape(str(value))


def _in_xml(_request: LoginRequest, _decision: Decision, payload: bytes) -> Response:
    text = f"<LinkedHashMap>{_elements(json.loads(payload))}</LinkedHashMap>"
    return page(200, text.encode(), b"application/xml;charset=UTF-8")


# Spring with Jackson's dataformat for XML beside it, asked without a word on media types.
add("every-answer-in-xml", "ENV-1", "Every answer is XML.", changed(respond=_in_xml))


def _after_a_comment(_request: LoginRequest, _decision: Decision, payload: bytes) -> Response:
    return page(200, b"\n<!-- common/header.jsp -->\n" + payload, b"application/json;charset=UTF-8")


add(
    "every-answer-after-a-comment",
    "ENV-1",
    "Before every answer stands the comment of a page that the JSP includes.",
    changed(respond=_after_a_comment),
)


_PROBLEM = {
    "type": "about:blank",
    "title": "Bad Request",
    "status": 400,
    "detail": "The request body is not valid.",
}
# connexion, ASP.NET Core and Spring's ProblemDetail: a document of its own (RFC 9457), named as such.
add(
    "problem-documents",
    "ENV-3",
    "What is wrong in form gets a problem document over 400.",
    changed(
        respond=_instead(
            because(Reason.UNREADABLE, Reason.NO_OBJECT, Reason.MISSING_MEMBER, Reason.WRONG_TYPE),
            page(400, json.dumps(_PROBLEM).encode(), b"application/problem+json"),
        )
    ),
)

# The values of Content-Type; there is none where no value stands.
# fmt: off
MEDIA_TYPES: tuple[tuple[str, str, When, tuple[bytes, ...]], ...] = (
    ("type-html", "Every answer says text/html.", always, (b"text/html;charset=UTF-8",)),
    ("type-plain-on-refusals", "Refusals say text/plain.", refused, (b"text/plain",)),
    ("type-absent", "No answer has a Content-Type.", always, ()),
    ("type-absent-on-refusals", "Refusals have no Content-Type.", refused, ()),
    ("type-empty", "Content-Type of a success is empty.", issued, (b"",)),
    ("type-twice", "Two fields Content-Type differ.", always, (b"application/json", b"text/html")),
    ("type-text-json", "Answers say text/json.", always, (b"text/json",)),
    ("type-problem-json", "Refusals say application/problem+json.", refused,
     (b"application/problem+json",)),
    ("type-javascript", "Answers say application/javascript.", always,
     (b"application/javascript",)),
    ("type-html-on-12", "What cannot be read is answered as text/html.", _unreadable,
     (b"text/html",)),
    ("type-octets-on-success", "A success says application/octet-stream.", issued,
     (b"application/octet-stream",)),
    ("type-word", "Answers say json.", always, (b"json",)),
    ("type-plain-on-95", "The answer 95 says text/plain.", because(Reason.BLOCKED_COMPANY),
     (b"text/plain",)),
    ("type-html-on-unknown-company", "An unknown company is answered as text/html.",
     _company_unknown, (b"text/html",)),
    ("type-plain-for-english", "Answers in English say text/plain.",
     lambda request, decision: b"lang=en" in request.query, (b"text/plain",)),
    ("type-plain-now-and-then", "Every 50th answer says text/plain.", nth(50), (b"text/plain",)),
)
# fmt: on


def _typed(when: When, values: tuple[bytes, ...]) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        right = STEPS.respond(request, decision, payload)
        kinds: Headers = tuple((b"Content-Type", value) for value in values)
        others = tuple(each for each in right.headers if each[0] != b"Content-Type")
        return replace(right, headers=kinds + others) if when(request, decision) else right

    return respond


for _name, _sentence, _when, _values in MEDIA_TYPES:
    add(_name, "ENV-2", _sentence, changed(respond=_typed(_when, _values)))
