"""REQ-3, REQ-4, REJ-9: right logins that are turned away for a trifle, and a code that nobody reads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias
from urllib.parse import parse_qs

from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest, Reason, Response
from ..request_reader import check_members, member
from .registry import add, changed, fault
from .when import issued

# REQ-3: a comparison of the media type that is narrower than RFC 9110, section 8.3.1.
Takes: TypeAlias = Callable[[str], bool]


# fmt: off
NARROW: tuple[tuple[str, str, Takes], ...] = (
    ("whole", "Content-Type has to be application/json, without a parameter, in any letter case.",
     lambda declared: declared.lower() == "application/json"),
    ("in-lower-case", "Content-Type has to begin with application/json in lower case.",
     lambda declared: declared.startswith("application/json")),
    ("of-a-list", "Content-Type has to be one of two spellings, letter by letter.",
     lambda declared: declared in ("application/json", "application/json; charset=utf-8")),
    ("charset-bare", "A charset in quotation marks is not known.",
     lambda declared: '"' not in declared),
    ("cut-at-semicolon", "Content-Type is cut at the semicolon, and the blank before it stays.",
     lambda declared: declared.lower().split(";")[0] == "application/json"),
    ("charset-in-lower-case", "The charset has to be utf-8 in lower case.",
     lambda declared: "charset" not in declared or "utf-8" in declared),
    ("charset-in-capitals", "The charset has to be UTF-8 in capitals.",
     lambda declared: "charset" not in declared or "UTF-8" in declared),
)
# fmt: on


def _declared(request: LoginRequest) -> str:
    return b",".join(request.header_values(b"content-type")).decode("latin-1")


def _taking(takes: Takes) -> Callable[[LoginRequest], bool]:
    return lambda request: STEPS.media_type_accepted(request) and takes(_declared(request))


for _name, _sentence, _takes in NARROW:
    _build = changed(media_type_accepted=_taking(_takes))
    add(f"media-type-{_name}", "REQ-3", _sentence, _build, level="should")


@fault("REQ-3", step="read", level="should")
def parameter_makes_form_data(request: LoginRequest) -> Json:
    """A body whose Content-Type has a parameter is read as form data, and gets 12."""
    if ";" in _declared(request):
        raise ValueError("form data without a name")
    return STEPS.read(request)


# REQ-4: what is too much for a server although the page says nothing of it.
Minds: TypeAlias = Callable[[LoginRequest], object]
_KNOWN = {"": {"header", "body"}, "header": {"request_code"}, "body": {"memb_email", "memb_pwd"}}


def _extra(request: LoginRequest, *parts: str) -> set[str]:
    """Return the names at these places that the page does not have."""
    found: set[str] = set()
    for part in parts:
        place = member(request.document, part) if part else request.document
        found |= set(place) - _KNOWN[part] if isinstance(place, dict) else set()
    return found


def _asked(request: LoginRequest) -> dict[str, list[str]]:
    return parse_qs(request.query.decode("latin-1"))


# fmt: off
MINDED: tuple[tuple[str, str, str, Minds], ...] = (
    ("unknown-names", "A name that is not documented gets 12, as with Jackson's default.", "12",
     lambda request: _extra(request, "", "header", "body")),
    ("unknown-name-at-top", "A name besides header and body gets 12.", "12",
     lambda request: _extra(request, "")),
    ("unknown-name-in-header", "A name besides request_code in header gets 99.", "99",
     lambda request: _extra(request, "header")),
    ("unknown-name-in-body", "A name besides email and password in body gets 10.", "10",
     lambda request: _extra(request, "body")),
    ("hangul-names", "A name that is not in ASCII gets 12.", "12",
     lambda request: not all(map(str.isascii, _extra(request, "", "header", "body")))),
    ("objects-beside", "A value that is an object, besides header and body, gets 12.", "12",
     lambda request: any(isinstance(request.document[name], dict)
                         for name in _extra(request, ""))),
    ("query-strings", "Any query string gets 99.", "99", lambda request: request.query),
    ("unknown-parameters", "A parameter of the query besides lang gets 12.", "12",
     lambda request: set(_asked(request)) - {"lang"}),
    ("unknown-languages", "A language besides ko, en and ja gets 99.", "99",
     lambda request: set(_asked(request).get("lang", ["ko"])) - {"ko", "en", "ja"}),
    ("foreign-languages", "A language besides Korean gets 99.", "99",
     lambda request: _asked(request).get("lang", ["ko"]) != ["ko"]),
)
# fmt: on


def _minding(code: str, minds: Minds) -> Callable[..., Decision]:
    reasons = {"12": Reason.WRONG_TYPE, "99": Reason.REQUEST_CODE, "10": Reason.UNKNOWN_EMAIL}

    def decide(request: LoginRequest, steps: Any) -> Decision:
        right = STEPS.decide(request, steps)
        return replace(right, reason=reasons[code]) if right.issued and minds(request) else right

    return decide


for _name, _sentence, _code, _minds in MINDED:
    _build = changed(decide=_minding(_code, _minds))
    add(f"minds-{_name}", "REQ-4", _sentence, _build, level="should")


@fault("REQ-4", step="respond", level="should")
def query_in_route(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """The query string is taken for a part of the path, and the envelope of 10 comes over 404."""
    right = STEPS.respond(request, decision, payload)
    if not request.query or not issued(request, decision):
        return right
    text = STEPS.message(request, decision, "10")
    document = {"header": STEPS.header(request, decision, "10", text)}
    return replace(right, status=404, body=STEPS.encode(request, document))


# REJ-9: a request_code that is not looked at, or only half.
Code: TypeAlias = Callable[[str], object]


# fmt: off
CODES_TAKEN: tuple[tuple[str, str, Code], ...] = (
    ("any", "Any string is taken for request_code.", lambda code: True),
    ("any-case", "request_code is compared without letter case.",
     lambda code: code.upper() == "1001Q"),
    ("of-answer", "request_code is compared up to its letter.",
     lambda code: code[:4] == "1001"),
    ("any-of-api", "The request_code of any operation is taken.", lambda code: code[-1:] == "Q"),
    ("none", "An empty request_code is taken.", lambda code: code in ("", "1001Q")),
)
# fmt: on

for _name, _sentence, _test in CODES_TAKEN:
    _build = changed(request_code_accepted=lambda request, code, test=_test: bool(test(code)))
    add(f"request-code-taken-{_name}", "REJ-9", _sentence, _build, level="should")


def _optional(takes: Callable[[Json], bool]) -> Callable[[LoginRequest, Json], Any]:
    """Pass over a request_code that is of another type where a test takes it."""

    def checked(request: LoginRequest, document: Json) -> Any:
        code = member(document, "header/request_code")
        if isinstance(code, str) or not takes(code):
            return STEPS.check_members(request, document)
        found = check_members(request, document, unchecked={"header/request_code"})
        return found if isinstance(found, Reason) else replace(found, request_code="1001Q")

    return checked


# fmt: off
OPTIONAL: tuple[tuple[str, str, Callable[[Json], bool]], ...] = (
    ("missing", "request_code may be missing or null.", lambda code: code is None),
    ("number", "request_code may be a number, as where it is read into a string.",
     lambda code: isinstance(code, int | float) and not isinstance(code, bool)),
    ("typed-otherwise", "request_code may be of any type.", lambda code: code is not None),
)
# fmt: on

for _name, _sentence, _missing in OPTIONAL:
    _build = changed(check_members=_optional(_missing))
    add(f"request-code-{_name}", "REJ-9", _sentence, _build, level="should")

add(
    "request-code-whatever",
    "REJ-9",
    "request_code may be anything at all.",
    changed(check_members=_optional(lambda code: True), request_code_accepted=lambda *_: True),
    level="should",
)


def _coded(code: str) -> Callable[[LoginRequest, Decision], str]:
    def result_code(request: LoginRequest, decision: Decision) -> str:
        wrong = decision.reason is Reason.REQUEST_CODE
        return code if wrong else STEPS.result_code(request, decision)

    return result_code


for _code, _why in (("10", "as if it were a login that is not right"), ("95", "as a call refused")):
    add(
        f"request-code-gets-{_code}",
        "REJ-9",
        f"Another request_code gets {_code}, {_why}.",
        changed(result_code=_coded(_code)),
        level="should",
    )
