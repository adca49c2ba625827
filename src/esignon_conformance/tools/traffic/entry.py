"""One recorded exchange, whatever wrote it, and what of it the file did not keep."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from ...transport.messages import Fault, Headers

# What a file may not have kept of an exchange. Each has a text in the catalogue: `loss-` before it.
Loss = Literal[
    "no-answer",
    "not-from-server",
    "answer-body",
    "answer-cut",
    "answer-headers",
    "request-body",
    "request-length",
    "bytes",
    "framing",
    "time",
    "clear-values",
]
LOSSES: tuple[Loss, ...] = get_args(Loss)
# They say nothing of the server's answer to a request: not judged at all. `aside-` before them.
NO_EVIDENCE: tuple[Loss, ...] = ("no-answer", "not-from-server")
# Kinds of a fault of which no server knows anything, and the `aside-` of them.
NOBODY = ("unreachable", "untrusted")
UNREACHED = "unreached"
_ERRORS, _NOT_IMPLEMENTED = 500, 501
# Requests on the path of the operation by another method that got an error.
OTHER_METHOD = "other-method"


@dataclass(frozen=True, slots=True)
class OwnCase:
    """What this suite itself noted beside an exchange that it sent: the case."""

    case: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An exchange of a file: what the client sent, what came, and what was lost.

    A body is None where it was not kept.  `began` is Unix time, `place` names file and entry.  `fault` is
    known where this suite itself sent the request, and nothing of an answer came.
    """

    place: str
    method: str
    url: str = field(repr=False)
    sent_headers: Headers = field(repr=False)
    sent_body: bytes | None = field(repr=False)
    status: int
    reason: str
    version: str
    headers: Headers = field(repr=False)
    body: bytes | None = field(repr=False)
    began: float
    seconds: float
    losses: frozenset[Loss]
    own: OwnCase | None = None
    fault: Fault | None = None
    # How often it was sent, and which answers of a gateway came before this one.
    tries: int = 1
    gone: tuple[int, ...] = ()

    @property
    def is_error_to_another_method(self) -> bool:
        """Tell whether the status is one that ENV-10 forbids, where the method is none of the operation."""
        # ENV-10: "no HTTP 5xx".  "Not this clause: 501 to another method".
        return self.status >= _ERRORS and self.status != _NOT_IMPLEMENTED

    def sent_header(self, name: str) -> str | None:
        """Return the first header field of that name of the request, in any letter case, or None."""
        lowered, length = name.lower(), len(name)
        for key, value in self.sent_headers:
            # Names differ in letter case alone, which their lengths do not.
            if len(key) == length and key.lower() == lowered:
                return value
        return None
