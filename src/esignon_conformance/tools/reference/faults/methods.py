"""REQ-5: methods that issue a token, and credentials that are taken from the query string."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from urllib.parse import parse_qs

from ..answering import new_token
from ..application import Application, application
from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest, Response, Steps
from ..request_reader import member
from ..world import Account, World
from .registry import add, changed, fault
from .wire_server import Reply, WireServer


def _taking(*methods: str) -> Callable[[LoginRequest], bool]:
    return lambda request: request.method in ("POST", *methods)


for _method in ("GET", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "SEARCH", "QUERY"):
    add(
        f"{_method.lower()}-issues",
        "REQ-5",
        f"{_method} with the valid body issues a token.",
        changed(method_allowed=_taking(_method)),
    )


@fault("REQ-5")
def any_method_issues(world: World) -> WireServer:
    """A method that nobody has registered issues a token, as where routes are found by path alone."""
    steps = replace(STEPS, method_allowed=_taking("LOGIN"))
    return WireServer(world, lambda arrived: Reply((arrived.whole,)), steps)


@fault("REQ-5", step="method_allowed")
def second_account_deletes(request: LoginRequest) -> bool:
    """DELETE with the valid body of one of two accounts issues a token."""
    second = [
        one.memb_email.encode()
        for each in request.world.companies
        for one in each.accounts
        if one.role == "second"
    ]
    named = any(email in request.raw for email in second)
    return request.method == "POST" or (request.method == "DELETE" and named)


@fault("REQ-5", step="method_allowed")
def get_called_post_issues(request: LoginRequest) -> bool:
    """GET with a header that calls it POST issues a token."""
    return request.method == "POST" or b"POST" in request.header_values(b"x-http-method-override")


def query_members(request: LoginRequest) -> dict[str, str]:
    """Return the members of the query string."""
    return {name: values[0] for name, values in parse_qs(request.query.decode("latin-1")).items()}


@fault("REQ-5")
def get_takes_query(world: World) -> Application:
    """GET with the credentials in the query string issues a token."""

    def read(request: LoginRequest) -> Json:
        if request.method == "POST":
            return STEPS.read(request)
        return {"header": {"request_code": "1001Q"}, "body": query_members(request)}

    def accepted(request: LoginRequest) -> bool:
        return request.method == "GET" or STEPS.media_type_accepted(request)

    steps = replace(STEPS, method_allowed=_taking("GET"), media_type_accepted=accepted, read=read)
    return application(world, steps)


@fault("REQ-5")
def get_takes_dotted_query(world: World) -> Application:
    """GET with body.memb_email and body.memb_pwd in the query string issues a token."""

    def read(request: LoginRequest) -> Json:
        if request.method == "POST":
            return STEPS.read(request)
        found: dict[str, dict[str, str]] = {"header": {}, "body": {}}
        for name, value in query_members(request).items():
            part, _, inner = name.partition(".")
            found.setdefault(part, {})[inner] = value
        return {"header": {"request_code": "1001Q"}, "body": found["body"]}

    def accepted(request: LoginRequest) -> bool:
        return request.method == "GET" or STEPS.media_type_accepted(request)

    steps = replace(STEPS, method_allowed=_taking("GET"), media_type_accepted=accepted, read=read)
    return application(world, steps)


@fault("REQ-5")
def empty_form_takes_query(world: World) -> Application:
    """POST of an empty form takes the credentials from the query string."""

    def is_form(request: LoginRequest) -> bool:
        return not request.raw and b"form" in b"".join(request.header_values(b"content-type"))

    def read(request: LoginRequest) -> Json:
        if not is_form(request):
            return STEPS.read(request)
        return {"header": {"request_code": "1001Q"}, "body": query_members(request)}

    def accepted(request: LoginRequest) -> bool:
        return is_form(request) or STEPS.media_type_accepted(request)

    return application(world, replace(STEPS, media_type_accepted=accepted, read=read))


@fault("REQ-5", step="read")
def empty_body_takes_query(request: LoginRequest) -> Json:
    """POST with an empty body takes the credentials from the query string."""
    asked = query_members(request)
    if request.raw or "memb_email" not in asked:
        return STEPS.read(request)
    return {"header": {"request_code": "1001Q"}, "body": asked}


def bracketed(form: bytes) -> dict[str, dict[str, str]]:
    """Return what a form or a query string names as `body[memb_email]`, as PHP and Rack read it."""
    found: dict[str, dict[str, str]] = {}
    for name, values in parse_qs(form.decode("latin-1")).items():
        part, opens, rest = name.partition("[")
        if opens and rest.endswith("]"):
            found.setdefault(part, {})[rest.removesuffix("]")] = values[0]
    return found


@fault("REQ-5")
def get_takes_bracketed_query(world: World) -> Application:
    """GET with body[memb_email] and body[memb_pwd] in the query string issues a token."""

    def read(request: LoginRequest) -> Json:
        return STEPS.read(request) if request.method == "POST" else bracketed(request.query)

    def accepted(request: LoginRequest) -> bool:
        return request.method == "GET" or STEPS.media_type_accepted(request)

    steps = replace(STEPS, method_allowed=_taking("GET"), media_type_accepted=accepted, read=read)
    return application(world, steps)


@fault("REQ-5", step="read")
def empty_body_takes_bracketed_query(request: LoginRequest) -> Json:
    """POST with an empty body takes body[memb_email] from the query string, as Laravel's input() does."""
    asked = bracketed(request.query)
    return STEPS.read(request) if request.raw or "body" not in asked else asked


@fault("REQ-5", step="decide")
def query_fills_missing_members(request: LoginRequest, steps: Steps) -> Decision:
    """POST takes from the query string what the body lacks."""
    document, asked = request.document, query_members(request)
    if asked and isinstance(member(document, "body"), dict):
        document = {**document, "body": {**asked, **document["body"]}}
    return STEPS.decide(replace(request, document=document), steps)


@fault("REQ-5", step="decide")
def query_fills_null_members(request: LoginRequest, steps: Steps) -> Decision:
    """POST takes from the query string what is null in the body."""
    document, asked = request.document, query_members(request)
    sent = member(document, "body")
    if isinstance(sent, dict):
        filled = {
            name: asked.get(name, value) if value is None else value for name, value in sent.items()
        }
        document = {**document, "body": filled}
    return STEPS.decide(replace(request, document=document), steps)


@fault("REQ-5", step="decide")
def query_fills_missing_password(request: LoginRequest, steps: Steps) -> Decision:
    """POST takes the password from the query string where the body has only an email."""
    document, asked = request.document, query_members(request)
    sent = member(document, "body")
    if isinstance(sent, dict) and "memb_email" in sent and "memb_pwd" not in sent:
        document = {**document, "body": {**sent, "memb_pwd": asked.get("memb_pwd")}}
    return STEPS.decide(replace(request, document=document), steps)


@fault("REQ-5", step="decide")
def query_beats_body(request: LoginRequest, steps: Steps) -> Decision:
    """POST takes credentials from the query string rather than from the body."""
    document, asked = request.document, query_members(request)
    if "memb_email" in asked and isinstance(member(document, "body"), dict):
        document = {**document, "body": {**document["body"], **asked}}
    return STEPS.decide(replace(request, document=document), steps)


@fault("REQ-5", step="password_matches")
def query_password_taken(request: LoginRequest, account: Account, given: Json) -> bool:
    """POST takes the password from the query string, too."""
    asked = query_members(request).get("memb_pwd")
    return asked == account.memb_pwd or STEPS.password_matches(request, account, given)


def _asks_with_password(request: LoginRequest, method: str) -> bool:
    known = [each for company in request.world.companies for each in company.accounts]
    asked = query_members(request).get("memb_pwd")
    return request.method == method and asked in [each.memb_pwd for each in known]


@fault("REQ-5", step="turn_away")
def head_tells_token(request: LoginRequest, status: HTTPStatus) -> Response:
    """HEAD with right credentials in the query string gets a token in X-Auth-Token."""
    right = STEPS.turn_away(request, status)
    if not _asks_with_password(request, "HEAD"):
        return right
    return replace(right, headers=(*right.headers, (b"X-Auth-Token", new_token().encode())))


@fault("REQ-5", step="turn_away")
def get_answers_bare_token(request: LoginRequest, status: HTTPStatus) -> Response:
    """GET with right credentials in the query string is answered with a token and nothing else."""
    if not _asks_with_password(request, "GET"):
        return STEPS.turn_away(request, status)
    return Response(200, ((b"Content-Type", b"text/plain"),), new_token().encode())


@fault("REQ-5", step="turn_away")
def get_sets_token_cookie(request: LoginRequest, status: HTTPStatus) -> Response:
    """GET with right credentials is sent on with a token in a cookie."""
    right = STEPS.turn_away(request, status)
    if not _asks_with_password(request, "GET"):
        return right
    cookie = (b"Set-Cookie", b"access_token=" + new_token().encode())
    return Response(302, ((b"Location", b"/home"), cookie), b"")


@fault("REQ-5", step="turn_away")
def head_sets_token_cookie(request: LoginRequest, status: HTTPStatus) -> Response:
    """HEAD with the valid body is answered with a token in a cookie."""
    right = STEPS.turn_away(request, status)
    if request.method != "HEAD" or b"memb_pwd" not in request.raw:
        return right
    cookie = (b"Set-Cookie", b"access_token=" + new_token().encode() + b"; HttpOnly")
    return replace(right, headers=(*right.headers, cookie))


def _telling_latest(method: str) -> Callable[[LoginRequest, HTTPStatus], Response]:
    def turn_away(request: LoginRequest, status: HTTPStatus) -> Response:
        right = STEPS.turn_away(request, status)
        is_bare = request.method == method and not request.raw and not request.query
        if not is_bare or not request.state.issued:
            return right
        return replace(right, headers=(*right.headers, (b"X-Auth-Token", new_token().encode())))

    return turn_away


for _method in ("HEAD", "GET", "OPTIONS"):
    add(
        f"bare-{_method.lower()}-tells-latest-token",
        "REQ-5",
        f"{_method} without a body gets the head of the latest success, with a token in it.",
        changed(turn_away=_telling_latest(_method)),
    )


@fault("REQ-5", step="turn_away")
def refused_method_repeats_token(request: LoginRequest, status: HTTPStatus) -> Response:
    """The 405 page repeats the envelope of the latest success."""
    right = STEPS.turn_away(request, status)
    issued_before = [
        each.response.body
        for each in request.state.history
        if each.decision is not None and each.decision.issued
    ]
    if status != HTTPStatus.METHOD_NOT_ALLOWED or not issued_before:
        return right
    return replace(right, body=issued_before[-1])
