"""SEC-1: the password in cookies, tokens and members that are signed or deflated and hide nothing."""

from __future__ import annotations

import base64
import gzip
import json
import secrets
import zlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any, TypeAlias

from ..login import STEPS
from ..pipeline import Decision, LoginRequest, Response
from .registry import add, changed
from .when import text_at

Packing: TypeAlias = Callable[[bytes], str]


def _url_safe(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _signed(payload: str, between: str) -> str:
    return between.join([payload, secrets.token_urlsafe(4), secrets.token_urlsafe(20)])


def _flask(data: bytes) -> str:
    """Pack as itsdangerous does what is shorter so: a dot, deflated, time, signature."""
    return "." + _signed(_url_safe(zlib.compress(data)), ".")


def _django(data: bytes) -> str:
    return "." + _signed(_url_safe(zlib.compress(data, 1)), ":")


def _bare(data: bytes) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return _url_safe(packer.compress(data) + packer.flush())


def _gzip(data: bytes) -> str:
    return base64.b64encode(gzip.compress(data)).decode()


def _twice(data: bytes) -> str:
    return _url_safe(zlib.compress(_flask(data).encode()))


def _paseto(data: bytes) -> str:
    return f"v4.public.{_url_safe(data + secrets.token_bytes(64))}"


def _base64_twice(data: bytes) -> str:
    return base64.b64encode(base64.b64encode(data)).decode()


def _hexadecimal(data: bytes) -> str:
    return zlib.compress(data).hex()


def _base32(data: bytes) -> str:
    return base64.b32encode(data).decode().rstrip("=")


def _dashes(data: bytes) -> str:
    """Pack as .NET's BitConverter.ToString writes bytes."""
    return data.hex("-").upper()


def _behind_a_nonce(data: bytes) -> str:
    return _url_safe(secrets.token_bytes(16) + zlib.compress(data))


def _form(request: LoginRequest) -> bytes:
    """Return what a careless session remembers of a login."""
    names = ("memb_email", "memb_pwd")
    remembered = {name: text_at(request, f"body/{name}") for name in names}
    return json.dumps({"form": remembered, "tries": 1}).encode()


# fmt: off
COOKIES: tuple[tuple[str, str, Packing], ...] = (
    ("flask", "A session cookie of Flask's form remembers the password.", _flask),
    ("django", "A signed cookie of Django's form remembers the password.", _django),
    ("twice", "A cookie is deflated twice and remembers the password.", _twice),
    ("gzip", "A cookie in gzip remembers the password.", _gzip),
)
TOKENS: tuple[tuple[str, str, Packing], ...] = (
    ("flask", "The token is deflated by itsdangerous and holds the password.", _flask),
    ("bare", "The token is bare deflate and holds the password.", _bare),
    ("paseto", "The token is a public PASETO and holds the password.", _paseto),
    ("base32", "The token is in base32 and holds the password.", _base32),
    ("nonce", "The token is a nonce, then deflated text with the password.", _behind_a_nonce),
)
MEMBERS: tuple[tuple[str, str, Packing], ...] = (
    ("base64-twice", "A refusal's state is base64 of base64 and holds the password.", _base64_twice),
    ("dashes", "A refusal's state is pairs of digits with dashes and holds the password.", _dashes),
    ("hexadecimal", "A refusal's state is deflated hexadecimal and holds the password.", _hexadecimal),
    ("bare", "A refusal's state is bare deflate and holds the password.", _bare),
)
# fmt: on


def _in_cookie(packing: Packing) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        right = STEPS.respond(request, decision, payload)
        if not text_at(request, "body/memb_pwd"):
            return right
        cookie = f"session={packing(_form(request))}; HttpOnly; Path=/".encode()
        return replace(right, headers=(*right.headers, (b"Set-Cookie", cookie)))

    return respond


def _in_token(packing: Packing) -> Callable[..., Any]:
    def issue_body(request: LoginRequest, decision: Decision) -> Any:
        right = STEPS.issue_body(request, decision)
        nonce = right["access_token"].encode()
        return {**right, "access_token": packing(_form(request)[:-1] + b',"id":"' + nonce + b'"}')}

    return issue_body


def _in_member(packing: Packing) -> Callable[..., Any]:
    def header(request: LoginRequest, decision: Decision, code: str, text: str) -> Any:
        right = STEPS.header(request, decision, code, text)
        return right if decision.issued else {**right, "state": packing(_form(request))}

    return header


for _name, _sentence, _packing in COOKIES:
    add(f"password-in-cookie-{_name}", "SEC-1", _sentence, changed(respond=_in_cookie(_packing)))
for _name, _sentence, _packing in TOKENS:
    add(f"password-in-token-{_name}", "SEC-1", _sentence, changed(issue_body=_in_token(_packing)))
for _name, _sentence, _packing in MEMBERS:
    add(f"password-in-state-{_name}", "SEC-1", _sentence, changed(header=_in_member(_packing)))
