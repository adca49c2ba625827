"""Pages and cookies as platforms have them by default, which give neither a password nor frames away."""

from __future__ import annotations

import base64
import html
import json
import secrets
import zlib
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import unquote_plus

from ..faults.registry import changed
from ..login import STEPS
from ..pipeline import Decision, LoginRequest, Response
from .registry import add, liberty

Page: TypeAlias = Callable[[LoginRequest, str], str]


def _url(request: LoginRequest) -> str:
    query = b"?" + request.query if request.query else b""
    return (request.path + query).decode("latin-1")


# fmt: off
PAGES: tuple[tuple[str, str, bytes, Page], ...] = (
    ("express", "Another method gets Express' page, which repeats the URL.", b"text/html",
     lambda request, url: f"<pre>Cannot {request.method} {html.escape(url)}</pre>"),
    ("fastify", "Another method gets Fastify's JSON, which repeats the URL.", b"application/json",
     lambda request, url: json.dumps({"message": f"Route {request.method}:{url} not found"})),
    ("decoded", "Another method gets a page that repeats the URL decoded.", b"text/html",
     lambda request, url: f"<p>{html.escape(unquote_plus(url, errors='replace'))} is not here.</p>"),
)
# fmt: on


def _repeating(kind: bytes, page: Page) -> Callable[..., Response]:
    def turn_away(request: LoginRequest, status: HTTPStatus) -> Response:
        right = STEPS.turn_away(request, status)
        if status != HTTPStatus.METHOD_NOT_ALLOWED:
            return right
        body = page(request, _url(request)).encode("utf-8", "replace")
        return replace(right, headers=((b"Content-Type", kind), (b"Allow", b"POST")), body=body)

    return turn_away


for _name, _sentence, _kind, _page in PAGES:
    add(f"page-of-{_name}", _sentence, changed(turn_away=_repeating(_kind, _page)))


@liberty(step="turn_away")
def multipart_without_boundary_400(request: LoginRequest, status: HTTPStatus) -> Response:
    """multipart/form-data without a boundary gets 400 without content, before the login is asked."""
    # cpp-httplib 0.11 answers so.
    if request.header_values(b"content-type") == [b"multipart/form-data"]:
        return Response(HTTPStatus.BAD_REQUEST, (), b"")
    return STEPS.turn_away(request, status)


@liberty(step="respond")
def language_by_its_grammar(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """Answer 400 to an Accept-Language that RFC 9110 does not allow, without content."""
    # Guile's server reads every header field by its grammar, before the login is asked.
    if any(b";;" in value for value in request.header_values(b"accept-language")):
        return Response(HTTPStatus.BAD_REQUEST, (), b"")
    return STEPS.respond(request, decision, payload)


@liberty(step="respond")
def rolling_session(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """Every later answer sets the cookie again that a login set, whose session is the token."""
    right = STEPS.respond(request, decision, payload)
    cookies = [
        one for value in request.header_values(b"cookie") for one in value.split(b"; ") if one
    ]
    if decision.issued:
        cookies = [b"sid=" + json.loads(payload)["body"]["access_token"].encode()]
    fields = ((b"Set-Cookie", one + b"; Path=/; HttpOnly") for one in cookies)
    return replace(right, headers=(*right.headers, *fields))


@liberty(step="respond")
def deflated_session_cookie(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """Every answer sets a session cookie in Flask's form, which holds no password."""
    right = STEPS.respond(request, decision, payload)
    held = json.dumps(
        {"csrf_token": secrets.token_hex(20), "tries": request.number, "_fresh": False}
    )
    packed = base64.urlsafe_b64encode(zlib.compress(held.encode())).decode().rstrip("=")
    cookie = f"session=.{packed}.{secrets.token_urlsafe(4)}.{secrets.token_urlsafe(20)}; HttpOnly"
    return replace(right, headers=(*right.headers, (b"Set-Cookie", cookie.encode())))
