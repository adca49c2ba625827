"""What was sent and what came back: immutable, as bytes, shared by every lane of the transport."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from ..redaction.secret import Secret

if TYPE_CHECKING:
    from ..recording.condensed_answers import Condensed

Headers = tuple[tuple[str, str], ...]
FaultKind = Literal["unreachable", "untrusted", "dropped", "timed-out", "not-http", "too-long"]
Role = Literal["case", "login", "follow-up", "burst"]
# What is wrong with the framing of an answer (RFC 9112), empty where nothing is.
Framing = Literal[
    "",
    "status-line",
    "header-line",
    "folded",
    "length",
    "coding",
    "coding-in-1-0",
    "length-and-chunks",
    "switch",
    "chunk-size",
    "chunk-end",
    "trailer",
    "unended",
    "head",
    "body",
]


# What is longer, as a cookie may be, comes in one answer alone.
_LONGEST_KEPT_ONCE = 512


def field_kept_once(name: str, value: str) -> tuple[str, str]:
    """Return a header field: one object for all messages that have it, since most come in each."""
    is_short = len(name) + len(value) <= _LONGEST_KEPT_ONCE
    return _kept_once(name, value) if is_short else (name, value)


@lru_cache(maxsize=4096)
def _kept_once(name: str, value: str) -> tuple[str, str]:
    return sys.intern(name), sys.intern(value)


@dataclass(frozen=True)
class Request:
    """A request as it goes onto the wire, and what the checks must know of its making.

    `target` is the request target as bytes on the wire.  `account`, `company`, `memb_email` and
    `password` say whose login it is; the last two are secrets.  What may hold one is left out of the
    representation.  `in_pieces` says that the head and each half of the body go out by themselves.
    `language` is that in which an answer may be expected, empty where it is left open.
    `as_documented` says that media type and charset are the page's, and no string holds a control
    character.
    """

    method: str
    target: str = field(repr=False)
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)
    account: str
    company: str
    memb_email: Secret
    password: Secret
    language: str = "ko"
    in_pieces: bool = False
    as_documented: bool = True

    def said(self, name: str) -> str:
        """Return what the request says under a name, unmasked: for comparing and never for showing."""
        value = getattr(self, name)
        return value.get_secret_value() if isinstance(value, Secret) else str(value)

    def header(self, name: str) -> str | None:
        """Return the first header field of that name, in any letter case, or None."""
        return _first(self.headers, name)

    @property
    def is_chunked(self) -> bool:
        """Tell whether the body goes out in chunks (RFC 9112 §7.1).

        Such a request is sent alone on its connection: a server that leaves the chunks unread would take
        them for the next request.
        """
        return (self.header("Transfer-Encoding") or "").lower() == "chunked"


@dataclass(frozen=True)
class Answer:
    """An HTTP answer whose head arrived.  `body` is what came, transfer coding undone.

    `missing` is how many bytes the Content-Length announced beyond what came, -1 for a chunked body
    without its end, 0 for a whole one.  `ended` tells how a cut body ended.  `framing` tells what is
    wrong with the framing: where it shows no end (`missing` is -1), `body` is what came as it came.  Of a
    long body `body` is the beginning, and `condensed` what is kept of the rest.  `trailers` are the
    fields behind the last chunk (RFC 9112 §7.1.2).
    """

    status: int
    reason: str
    version: str
    headers: Headers = field(repr=False)
    body: bytes = field(repr=False)
    missing: int = 0
    ended: Literal["", "closed", "silent"] = ""
    keeps_open: bool = True
    framing: Framing = ""
    condensed: Condensed | None = field(default=None, repr=False)
    trailers: Headers = field(default=(), repr=False)

    @property
    def came(self) -> int:
        """Return how many bytes of body came."""
        return len(self.body) if self.condensed is None else self.condensed.came

    def header(self, name: str) -> str | None:
        """Return the first header field of that name, in any letter case, or None."""
        return _first(self.headers, name)

    def all_headers(self, name: str) -> list[str]:
        """Return every header field of that name, in any letter case."""
        lowered, length = name.lower(), len(name)
        # Names differ in letter case alone, which their lengths do not.
        return [
            value for key, value in self.headers if len(key) == length and key.lower() == lowered
        ]


@dataclass(frozen=True)
class Fault:
    """No answer: the connection was refused or dropped, nothing came in time, or it was not HTTP.

    ``untrusted`` is a certificate that does not stand up; ``too-long`` a body that is longer than
    the suite reads.  `came` is the beginning of what came all the same.
    """

    kind: FaultKind
    detail: str
    seconds: float = 0.0
    came: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, eq=False)
class Exchange:
    """One request and what came back.

    `began` and `ended` are seconds of a monotonic clock; `stray` are bytes found on the connection
    after the answer; `after` names the case whose refusal this login follows; `answered_at` is the
    Unix time of the answer.  `gave_up` says that the answer (429, 503) is the target's limit and not
    its word on the request.  `tries` is how often the request went onto the wire;
    `cut_short` says that it would have gone out again after a 429, 502, 503 or 504 or the end of a
    kept connection, and might not.  `sent` are the header fields as they went out.
    """

    id: str
    case: str
    situation: str
    role: Role
    request: Request
    answer: Answer | None
    fault: Fault | None
    began: float
    ended: float
    answered_at: float
    connection: int
    reused: bool = False
    after: str = ""
    burst: int = 0
    stray: bytes = b""
    gave_up: bool = False
    passing: tuple[int, ...] = field(default=())
    request_id: str = ""
    tries: int = 1
    cut_short: bool = False
    sent: Headers = field(default=(), repr=False)


def _first(headers: Headers, name: str) -> str | None:
    lowered, length = name.lower(), len(name)
    for key, value in headers:
        if len(key) == length and key.lower() == lowered:
            return value
    return None
