"""REJ-7: bodies that nobody can read, and are read or get another code than 12 or 99."""

from __future__ import annotations

import base64
import binascii
import gzip
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias
from urllib.parse import parse_qs, unquote_to_bytes

from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest, Reason
from .registry import add, changed, fault
from .when import When, always, body


def _coded(code: str, when: When) -> Callable[..., str]:
    def result_code(request: LoginRequest, decision: Decision) -> str:
        wrong = decision.reason is Reason.UNREADABLE and when(request, decision)
        return code if wrong else STEPS.result_code(request, decision)

    return result_code


# fmt: off
CODES: tuple[tuple[str, str, str, When], ...] = (
    ("unreadable-10", "What cannot be read gets 10.", "10", always),
    ("unreadable-95", "What cannot be read gets 95.", "95", always),
    ("empty-body-10", "An empty body gets 10.", "10", body(lambda raw: not raw)),
    ("blank-body-10", "A body of white space gets 10.", "10", body(bytes.isspace)),
    ("plain-text-10", "Plain text gets 10.", "10", body(lambda raw: raw[:1].isalpha())),
    ("hangul-text-10", "Text in Hangul gets 10.", "10", body(lambda raw: raw[:1] > b"\xe0")),
    ("binary-body-95", "Binary data get 95.", "95", body(lambda raw: raw[:1] == b"\x89")),
    ("cut-body-10", "A body that is cut short gets 10.", "10",
     body(lambda raw: raw[:1] == b"{" and raw.count(b"{") > raw.count(b"}"))),
)
# fmt: on

for _name, _sentence, _code, _when in CODES:
    add(_name, "REJ-7", _sentence, changed(result_code=_coded(_code, _when)))


# What a reader that mends makes of a body; it is asked only where the right one reads nothing.
Mend: TypeAlias = Callable[[bytes], bytes]


_EMPTY = b'{"header":{"request_code":"1001Q"},"body":{"memb_email":"","memb_pwd":""}}'


def _form(raw: bytes) -> bytes:
    found = {name: values[0] for name, values in parse_qs(raw.decode("ascii")).items()}
    return json.dumps({"header": {"request_code": "1001Q"}, "body": found}).encode()


def _xml(raw: bytes) -> bytes:
    found = dict(re.findall(r"<(memb_\w+)>([^<]*)", raw.decode("ascii")))
    body = {"memb_pwd": "", **found} if found else None
    return json.dumps({"header": {"request_code": "1001Q"}, "body": body}).encode()


def _closed(raw: bytes) -> bytes:
    return raw + b'"' * (raw.count(b'"') % 2) + b"}" * (raw.count(b"{") - raw.count(b"}"))


# fmt: off
MENDED: tuple[tuple[str, str, Mend], ...] = (
    ("cut-bodies-closed", "A body that is cut short is closed and read.", _closed),
    ("form-data-read", "Form data are read.", _form),
    ("xml-read", "XML is read.", _xml),
    ("percent-encoding-undone", "A percent-encoded body is decoded and read.", unquote_to_bytes),
    ("base64-undone", "A body in base64 is decoded and read.", base64.b64decode),
    ("gzip-undone", "A compressed body that does not say so is read.", gzip.decompress),
    ("commas-added", "A comma that is missing is added.",
     lambda raw: re.sub(rb"\}\s*\"", b'},"', raw)),
    ("colons-added", "A colon that is missing is added.",
     lambda raw: re.sub(rb'("body")\s*\{', rb"\1:{", raw)),
    ("colons-joined", "Two colons are read as one.", lambda raw: raw.replace(b"::", b":")),
    ("brackets-for-braces", "A bracket is read as a brace.", lambda raw: raw.replace(b"]", b"}")),
    ("quotes-added", "A quotation mark that is missing is added.",
     lambda raw: raw.replace(b'"memb_email:', b'"memb_email":')),
    ("text-around-passed-over", "What stands around the first and last brace is passed over.",
     lambda raw: raw[raw.index(b"{") : raw.rindex(b"}") + 1]),
    ("empty-body-read", "An empty body is read as a request with empty members.",
     lambda raw: raw if raw.strip() else _EMPTY),
    ("words-quoted", "Words without quotation marks are read as a string.",
     lambda raw: raw.replace(b"yes please", b'"1001Q"')),
    ("values-added", "A member without a value is read.",
     lambda raw: raw.replace(b'"request_code": }', b'"request_code": "1001Q"}')),
    ("broken-escapes-read", "A broken escape is read as it stands.",
     lambda raw: raw.replace(b"\\u00zz", b"zz")),
)
# fmt: on


def _mending(mend: Mend) -> Callable[[LoginRequest], Json]:
    def read(request: LoginRequest) -> Json:
        try:
            return STEPS.read(request)
        except ValueError:
            try:
                mended = mend(request.raw)
            except (ValueError, OSError, EOFError, binascii.Error):
                mended = request.raw
            return STEPS.read(replace(request, raw=mended))

    return read


for _name, _sentence, _mend in MENDED:
    add(_name, "REJ-7", _sentence, changed(read=_mending(_mend)))


@fault("REJ-7", step="read")
def empty_body_gets_token(request: LoginRequest) -> Json:
    """An empty body is read as the request before."""
    notes = request.state.notes
    document = STEPS.read(replace(request, raw=request.raw or notes.get("raw", b"")))
    notes["raw"] = request.raw
    return document


@fault("REJ-7 REJ-11", step="read")
def empty_body_is_the_connections_last(request: LoginRequest) -> Json:
    """An empty body is read as the request before on its connection."""
    bodies = request.state.notes.setdefault("bodies", {})
    document = STEPS.read(replace(request, raw=request.raw or bodies.get(request.client, b"")))
    bodies[request.client] = request.raw
    return document


@fault("REJ-7", step="read")
def unreadable_body_is_the_connections_last(request: LoginRequest) -> Json:
    """What cannot be read is taken for the request before on its connection."""
    documents = request.state.notes.setdefault("documents", {})
    try:
        documents[request.client] = STEPS.read(request)
    except ValueError:
        if request.client not in documents:
            raise
    return documents[request.client]
