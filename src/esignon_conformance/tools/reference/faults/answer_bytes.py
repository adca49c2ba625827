"""ENV-1: answers that are not one JSON text in UTF-8."""

from __future__ import annotations

import base64
import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias
from urllib.parse import quote_from_bytes

from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest, Reason, Response
from .registry import add, changed, fault
from .when import When, always, because, issued, nth, refused, text_at

Change: TypeAlias = Callable[[bytes], bytes]

_unreadable = because(Reason.UNREADABLE)


def _put(member: bytes, value: bytes) -> Change:
    """Write something else, perhaps no JSON, for a value that is a string."""
    return lambda payload: re.sub(rb'"%s":"[^"]*"' % member, rb'"%s":%s' % (member, value), payload)


def _twice(member: bytes) -> Change:
    return lambda payload: re.sub(rb'("%s":"[^"]*")' % member, rb"\1,\1", payload)


def _text_first(start: bytes) -> Change:
    return lambda payload: payload.replace(b'"result_msg":"', b'"result_msg":"' + start)


# Each changes the bytes of the answers that it is about, and nothing else.
# fmt: off
BYTES: tuple[tuple[str, str, When, Change], ...] = (
    ("byte-order-mark", "A byte order mark stands first.", always, lambda p: b"\xef\xbb\xbf" + p),
    ("byte-order-mark-on-12", "A byte order mark stands first in 12.", _unreadable,
     lambda p: b"\xef\xbb\xbf" + p),
    ("utf-16", "Answers are in UTF-16.", always, lambda p: p.decode().encode("utf-16")),
    ("utf-16-le-on-95", "The answer 95 is in UTF-16LE.", because(Reason.BLOCKED_COMPANY),
     lambda p: p.decode().encode("utf-16-le")),
    ("utf-32-on-success", "A success is in UTF-32.", issued, lambda p: p.decode().encode("utf-32")),
    ("euc-kr", "Answers are in EUC-KR.", always, lambda p: p.decode().encode("euc-kr", "replace")),
    ("cp949-on-99", "The answer 99 is in CP949.", because(Reason.REQUEST_CODE),
     lambda p: p.decode().encode("cp949", "replace")),
    ("single-quotes", "Names and strings have single quotes.", always,
     lambda p: p.replace(b'"', b"'")),
    ("trailing-comma", "A comma stands before the last brace.", always, lambda p: p[:-1] + b",}"),
    ("comment", "A comment stands before the value.", always, lambda p: b"/* login */" + p),
    ("jsonp", "The value is wrapped in a call.", always, lambda p: b"callback(" + p + b");"),
    ("guard-prefix", "A guard against inclusion stands first.", always, lambda p: b")]}',\n" + p),
    ("semicolon-after", "A semicolon follows the value.", always, lambda p: p + b";"),
    ("comment-after-12", "An HTML comment follows the value of 12.", _unreadable,
     lambda p: p + b"<!-- gateway 3 -->"),
    ("value-twice", "Refusals hold the value twice.", refused, lambda p: p + p),
    ("nul-after", "NUL follows the value, as in a C string.", always, lambda p: p + b"\0"),
    ("nul-padded", "Refusals are padded with NUL.", refused, lambda p: p.ljust(512, b"\0")),
    ("no-break-space-after", "U+00A0 follows the value.", always, lambda p: p + b"\xc2\xa0"),
    ("form-feed-after", "A form feed follows the value.", always, lambda p: p + b"\x0c"),
    ("nan", "session_id is NaN.", always, _put(b"session_id", b"NaN")),
    ("infinity", "session_id is -Infinity on refusals.", refused,
     _put(b"session_id", b"-Infinity")),
    ("leading-zeros", "result_code is 00 without quotes.", issued, _put(b"result_code", b"00")),
    ("undefined", "session_id is undefined.", always, _put(b"session_id", b"undefined")),
    ("python-none", "session_id is None on refusals.", refused, _put(b"session_id", b"None")),
    ("raw-line-end", "result_msg holds a raw line end on refusals.", refused, _text_first(b"\n")),
    ("raw-tab", "result_msg holds a raw tab.", always, _text_first(b"\t")),
    ("unknown-escape", "result_msg holds an escape unknown to JSON.", always,
     _text_first(b"\\x41")),
    ("result-code-twice", "result_code stands twice.", always, _twice(b"result_code")),
    ("token-twice", "access_token stands twice.", issued, _twice(b"access_token")),
    ("session-id-twice", "session_id stands twice on refusals.", refused, _twice(b"session_id")),
    ("header-twice", "header stands twice on refusals.", refused,
     lambda p: p[:-1] + b',"header":{}}'),
    ("refusal-unclosed", "The last brace of a refusal is missing.", refused, lambda p: p[:-1]),
    ("success-unclosed", "The last brace of a success is missing.", issued, lambda p: p[:-1]),
    ("cut-inside-letter", "result_msg of a refusal ends inside a letter.", refused,
     lambda p: re.sub(rb'("result_msg":"[^"]*[^"])[\x80-\xbf][^"]*"', rb'\1"', p)),
    ("empty-refusals", "Refusals have no content.", refused, lambda p: b""),
    ("empty-to-unreadable", "What cannot be read gets no content.", _unreadable, lambda p: b""),
    ("line-end-to-unreadable", "What cannot be read gets a line end.", _unreadable,
     lambda p: b"\r\n"),
    ("bare-code", "What cannot be read gets the bare code.", _unreadable, lambda p: b"error 12"),
    ("base64", "Successes are in base64.", issued, base64.b64encode),
    ("percent-encoded", "Refusals are percent-encoded.", refused,
     lambda p: quote_from_bytes(p).encode()),
    ("undeclared-gzip", "Answers are compressed and do not say so.", always, gzip.compress),
    ("cut-at-200-bytes", "Answers are cut at 200 bytes.", always, lambda p: p[:200]),
    ("now-and-then-cut", "Every 70th answer lacks its last byte.", nth(70), lambda p: p[:-1]),
)
# fmt: on


def encoding(when: When, change: Change) -> Callable[..., Response]:
    """Return the step `respond` that changes the bytes of some answers."""

    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        wanted = change(payload) if when(request, decision) else payload
        return STEPS.respond(request, decision, wanted)

    return respond


for _name, _sentence, _when, _change in BYTES:
    add(_name, "ENV-1", _sentence, changed(respond=encoding(_when, _change)))


def _claiming(when: When, coding: bytes) -> Callable[..., Response]:
    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        right = STEPS.respond(request, decision, payload)
        claim = (b"Content-Encoding", coding)
        return replace(right, headers=(*right.headers, claim)) if when(request, decision) else right

    return respond


for _coding, _when in (("gzip", always), ("deflate", refused), ("br", issued)):
    add(
        f"claims-{_coding}",
        "ENV-1",
        f"An answer says Content-Encoding {_coding} and is plain.",
        changed(respond=_claiming(_when, _coding.encode())),
    )


@fault("ENV-1", step="encode")
def email_pasted_into_text(request: LoginRequest, document: Json) -> bytes:
    """A refusal pastes the email into its text without escaping it."""
    payload, sent = STEPS.encode(request, document), text_at(request, "body/memb_email")
    return payload if b'"00"' in payload else _text_first(sent.encode("utf-8", "replace"))(payload)


@fault("ENV-1", step="encode")
def surrogate_written_out(request: LoginRequest, document: Json) -> bytes:
    """A refusal repeats a lone surrogate of the email in bytes that are not UTF-8."""
    payload, sent = STEPS.encode(request, document), text_at(request, "body/memb_email")
    found = "".join(one for one in sent if "\ud800" <= one <= "\udfff")
    return _text_first(found.encode("utf-8", "surrogatepass"))(payload)


@fault("ENV-1", step="encode")
def accents_in_latin_1(request: LoginRequest, document: Json) -> bytes:
    """A refusal repeats the accented letters of the email in Latin-1."""
    payload, sent = STEPS.encode(request, document), text_at(request, "body/memb_email")
    accented = "".join(one for one in sent if "\xa0" <= one <= "\xff")
    return payload if b'"00"' in payload else _text_first(accented.encode("latin-1"))(payload)
