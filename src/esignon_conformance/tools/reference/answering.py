"""What is answered: result code, text, the members of the envelope, and their bytes."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, timezone
from http import HTTPStatus
from urllib.parse import parse_qs

from .page import page
from .pipeline import (
    Decision,
    Headers,
    Json,
    LoginRequest,
    Object,
    Reason,
    Response,
)

KST = timezone(timedelta(hours=9))

# Company, email and password share a code, so that nobody learns which of them was wrong.
RESULT_CODES: Mapping[Reason, str] = {
    Reason.ISSUED: "00",
    Reason.UNREADABLE: "12",
    Reason.NO_OBJECT: "12",
    Reason.MISSING_MEMBER: "12",
    Reason.WRONG_TYPE: "12",
    Reason.REQUEST_CODE: "99",
    Reason.UNKNOWN_COMPANY: "10",
    Reason.UNKNOWN_EMAIL: "10",
    Reason.WRONG_PASSWORD: "10",
    Reason.BLOCKED_COMPANY: "95",
}


def turn_away(request: LoginRequest, status: HTTPStatus) -> Response:
    """Answer before the login has a say: by an HTTP status and its name."""
    # REQ-6: 405 comes with Allow (RFC 9110, section 15.5.6).
    allowed: Headers = ((b"Allow", b"POST"),)
    return bare(status, allowed if status == HTTPStatus.METHOD_NOT_ALLOWED else ())


def bare(status: HTTPStatus, headers: Headers = ()) -> Response:
    """Return an answer of HTTP's own, whose body is for human readers only."""
    kind = (b"Content-Type", b"text/plain;charset=UTF-8")
    return Response(status, (kind, *headers), f"{status.phrase}\n".encode())


def result_code(request: LoginRequest, decision: Decision) -> str:
    """Return the documented code of a decision."""
    return RESULT_CODES[decision.reason]


def message(request: LoginRequest, decision: Decision, code: str) -> str:
    """Return the text of a code in the language of `?lang=`, in the server's own where it names none."""
    language = request.world.language
    asked = parse_qs(request.query.decode("latin-1")).get("lang", [language])
    texts = page().texts.get(asked[0], page().texts[language])
    # A fault may answer a code that the page does not have; it still says something.
    return texts.get(code, texts[RESULT_CODES[decision.reason]])


def header(request: LoginRequest, decision: Decision, code: str, text: str) -> Object:
    """Return the header of an answer, the same members for success and failure."""
    return {
        "response_code": page().response_code,
        "result_code": code,
        "result_msg": text,
        # SUC-7: the empty string, as in the example.
        "session_id": "",
    }


def issue_body(request: LoginRequest, decision: Decision) -> Json:
    """Return the body of a success."""
    given = decision.credentials
    memb_email = None if given is None else given.memb_email
    return {
        "access_token": new_token(),
        # SUC-2, SUC-5: what was asked for, and so what was found, as both are compared exactly.
        "comp_id": request.company_id,
        "device_id": device_id(request.company_id, memb_email),
        "expire_date": expire_date(datetime.now(KST)),
        "memb_email": memb_email,
    }


def new_token() -> str:
    """Return a token that nobody has had: 832 random bits (SUC-10, SUC-14).

    It is like those that were seen of the page's API: 140 characters of standard base64, with each of
    the three signs that escapes and URLs treat differently.
    """
    while True:
        token = base64.b64encode(secrets.token_bytes(104)).decode()
        if "+" in token and "/" in token:
            return token


def device_id(company_id: str | None, memb_email: Json) -> str:
    """Return the device id of an account, the same at every login (SUC-13)."""
    name = f"{company_id}/{memb_email}".encode("utf-8", "backslashreplace")
    return hashlib.blake2s(name, digest_size=12).hexdigest()


def expire_date(now: datetime) -> str:
    """Return when a token issued now ends: 30 days later, as the page's first form of 2020 said.

    It is written as the one date that was ever printed with it: a Java timestamp in UTC.
    """
    return f"{now.astimezone(UTC) + timedelta(days=30):%Y-%m-%d %H:%M:%S}.0"


def refuse_body(request: LoginRequest, decision: Decision) -> Json:
    """Return None, since a refusal has no body (REJ-10: and so no token)."""
    return None


def envelope(request: LoginRequest, decision: Decision, header: Object, body: Json) -> Json:
    """Return the whole answer; a body that is None is left out."""
    return {"header": header} if body is None else {"header": header, "body": body}


def encode(request: LoginRequest, document: Json) -> bytes:
    """Write JSON in UTF-8 (ENV-1)."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    # A lone surrogate has no UTF-8, but the backslash form of one is its JSON escape.
    return text.encode("utf-8", "backslashreplace")


def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """Answer 200, whatever the result code (ENV-9), and let nobody store it (SUC-11)."""
    headers = (
        (b"Content-Type", b"application/json;charset=UTF-8"),
        (b"Cache-Control", b"no-store"),
    )
    return Response(HTTPStatus.OK, headers, payload)
