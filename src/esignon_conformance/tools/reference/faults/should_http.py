"""REQ-6, REQ-7, ENV-9: methods, media types and HTTP statuses that the page does not have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import parse_qs

from ..answering import bare
from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest, Reason, Response
from .methods import bracketed
from .registry import add, changed, fault
from .when import MALFORMED, When, because, refused, text_at

# REQ-6: what another method than POST gets.  OPTIONS, HEAD and TRACE are only observed.
_PAGE = (b"Content-Type", b"text/html; charset=utf-8")


def _page(status: int, title: str, *headers: tuple[bytes, bytes]) -> Response:
    return Response(status, (_PAGE, *headers), f"<!doctype html><h1>{title}</h1>".encode())


# fmt: off
METHODS: tuple[tuple[str, str, tuple[str, ...], Response], ...] = (
    ("get-not-found", "GET gets 404, as with a router that knows POST only.", ("GET",),
     bare(HTTPStatus.NOT_FOUND)),
    ("methods-not-found", "Every other method gets 404.", (), _page(404, "Not Found")),
    ("methods-without-allow", "405 comes without Allow, as with Express by hand.", (),
     bare(HTTPStatus.METHOD_NOT_ALLOWED)),
    ("methods-allow-others", "405 comes with an Allow that does not name POST.", (),
     bare(HTTPStatus.METHOD_NOT_ALLOWED, ((b"Allow", b"GET, HEAD, OPTIONS"),))),
    ("methods-allow-empty", "405 comes with an Allow that is empty.", (),
     bare(HTTPStatus.METHOD_NOT_ALLOWED, ((b"Allow", b""),))),
    ("get-shows-login-page", "GET gets a page with a form to log in.", ("GET",),
     _page(200, "Sign in")),
    ("get-sent-on", "GET is sent on to a page to log in.", ("GET",),
     bare(HTTPStatus.FOUND, ((b"Location", b"/login"),))),
    ("put-not-implemented", "PUT and PATCH get 501.", ("PUT", "PATCH"),
     bare(HTTPStatus.NOT_IMPLEMENTED)),
    ("methods-unauthorised", "Every other method gets 401, as with a filter before the router.", (),
     bare(HTTPStatus.UNAUTHORIZED, ((b"WWW-Authenticate", b"Bearer"),))),
    ("put-bad-request", "PUT gets 400.", ("PUT",), bare(HTTPStatus.BAD_REQUEST)),
)
# fmt: on


def _answering(methods: tuple[str, ...], answer: Response) -> Callable[..., Response]:
    def turn_away(request: LoginRequest, status: HTTPStatus) -> Response:
        wrong = status == HTTPStatus.METHOD_NOT_ALLOWED
        is_met = wrong and (not methods or request.method in methods)
        return answer if is_met else STEPS.turn_away(request, status)

    return turn_away


for _name, _sentence, _methods, _answer in METHODS:
    add(_name, "REQ-6", _sentence, changed(turn_away=_answering(_methods, _answer)), level="should")


# REQ-7: media types that are taken although the page has one.
def _declared(request: LoginRequest) -> str:
    return b",".join(request.header_values(b"content-type")).decode("latin-1").lower()


# fmt: off
TAKEN: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("any", "Content-Type is not looked at.", lambda declared: True),
    ("none", "A body without Content-Type is read.", lambda declared: not declared),
    ("text", "text/plain is taken, as by clients that avoid a preflight.",
     lambda declared: declared.startswith("text/plain")),
    ("form", "JSON that is declared as form data is read, as curl -d sends it.",
     lambda declared: "form" in declared),
    ("xml", "JSON that is declared as XML is read.", lambda declared: "xml" in declared),
    ("all-of-application", "Any type that begins with application is taken.",
     lambda declared: declared.startswith("application/")),
)
# fmt: on


def _taking(takes: Callable[[str], bool]) -> Callable[[LoginRequest], bool]:
    return lambda request: STEPS.media_type_accepted(request) or takes(_declared(request))


for _name, _sentence, _takes in TAKEN:
    _build = changed(media_type_accepted=_taking(_takes))
    add(f"media-type-taken-{_name}", "REQ-7", _sentence, _build, level="should")


def _form(request: LoginRequest) -> Json:
    """Read form data where it is declared, as a framework does that fills a class from either."""
    if "form" not in _declared(request):
        return STEPS.read(request)
    found = {name: values[0] for name, values in parse_qs(request.raw.decode("latin-1")).items()}
    if not any(name.endswith("memb_email") for name in found):
        return STEPS.read(request)
    inner = {name.rpartition(".")[2]: value for name, value in found.items()}
    return {"header": {"request_code": "1001Q"}, "body": inner}


_forms_taken = _taking(lambda declared: "form" in declared)


def _form_in_brackets(request: LoginRequest) -> Json:
    return bracketed(request.raw) if "form" in _declared(request) else STEPS.read(request)


add(
    "form-data-in-brackets-taken",
    "REQ-7",
    "Form data that names body[memb_email] is taken, as Laravel, Rails and PHP read it.",
    changed(media_type_accepted=_forms_taken, read=_form_in_brackets),
    level="should",
)


def _form_in_dots(request: LoginRequest) -> Json:
    if "form" not in _declared(request):
        return STEPS.read(request)
    found: dict[str, dict[str, str]] = {}
    for name, values in parse_qs(request.raw.decode("latin-1")).items():
        part, _, inner = name.partition(".")
        found.setdefault(part, {})[inner] = values[0]
    return found


add(
    "form-data-in-dots-taken",
    "REQ-7",
    "Form data that names body.memb_email is taken, as Django REST framework and Spring read it.",
    changed(media_type_accepted=_forms_taken, read=_form_in_dots),
    level="should",
)
add(
    "form-data-taken",
    "REQ-7",
    "The credentials are taken from form data, too.",
    changed(media_type_accepted=_forms_taken, read=_form),
    level="should",
)


# ENV-9: refusals with the documented envelope over another status than 200.
Statuses: TypeAlias = Mapping[Reason, int]
_FITTING: Statuses = {
    Reason.UNREADABLE: 400,
    Reason.NO_OBJECT: 400,
    Reason.MISSING_MEMBER: 422,
    Reason.WRONG_TYPE: 422,
    Reason.REQUEST_CODE: 409,
    Reason.UNKNOWN_COMPANY: 404,
    Reason.UNKNOWN_EMAIL: 401,
    Reason.WRONG_PASSWORD: 401,
    Reason.BLOCKED_COMPANY: 403,
}

# fmt: off
STATUSES: tuple[tuple[str, str, When, Callable[[Decision], int]], ...] = (
    ("all-over-400", "Every refusal comes over HTTP 400, as sister pages have it.", refused,
     lambda decision: 400),
    ("all-over-own", "Every refusal comes over the status that fits it.", refused,
     lambda decision: _FITTING[decision.reason]),
    ("credentials-over-401", "10 comes over HTTP 401.",
     because(Reason.UNKNOWN_EMAIL, Reason.WRONG_PASSWORD, Reason.UNKNOWN_COMPANY),
     lambda decision: 401),
    ("malformed-over-422", "12 comes over HTTP 422.", because(*MALFORMED), lambda decision: 422),
    ("blocked-over-403", "95 comes over HTTP 403.", because(Reason.BLOCKED_COMPANY),
     lambda decision: 403),
    ("unreadable-over-400", "What cannot be read gets its envelope over HTTP 400.",
     because(Reason.UNREADABLE), lambda decision: 400),
    ("all-over-202", "Every refusal comes over HTTP 202.", refused, lambda decision: 202),
    ("company-over-404", "An unknown company gets its envelope over HTTP 404.",
     because(Reason.UNKNOWN_COMPANY), lambda decision: 404),
)
# fmt: on


def _over(when: When, status: Callable[[Decision], int]) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        right = STEPS.respond(request, decision, payload)
        return replace(right, status=status(decision)) if when(request, decision) else right

    return respond


for _name, _sentence, _when, _status in STATUSES:
    _build = changed(respond=_over(_when, _status))
    add(f"refusals-{_name}", "ENV-9", _sentence, _build, level="should")


@fault("ENV-9", step="respond", level="should")
def attacks_forbidden(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """A firewall answers what looks like SQL with its page over 403."""
    texts = (text_at(request, "body/memb_email"), text_at(request, "body/memb_pwd"))
    is_sql = any("' or " in text.lower() for text in (*texts, request.company_id or ""))
    right = STEPS.respond(request, decision, payload)
    return _page(403, "Request blocked") if is_sql else right
