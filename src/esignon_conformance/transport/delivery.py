"""How a request was delivered, and which answers are the target's limit."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from .json_reader import member, read_json
from .messages import Answer, Fault, Headers

# Statuses of a gateway that may pass by (503 with Retry-After is a limit), and how often a request
# is sent until one counts.  520 to 527 and 530 are Cloudflare's for 502 and 504.
GATEWAY = (502, 503, 504, *range(520, 528), 530)
BUSY = 503
GATEWAY_TRIES = 3
_UNAUTHORIZED = 401


@dataclass(frozen=True)
class Delivery:
    """How a request was delivered.

    `passing` are statuses of a gateway that were gone when the request was sent again;
    `gave_up` says that the target's limit (429, 503) outlasted the suite's patience; `stray_before`
    are bytes that lay before this answer on a connection that was used again; `tries` is how often
    the request went onto the wire, and `cut_short` says that it would have gone out again (after a
    429, a gateway's error, or a kept connection that ended) and did not, since no more tries were
    allowed.  `sent` are the header fields as they went out.
    """

    answer: Answer | None
    fault: Fault | None
    began: float
    ended: float
    connection: int
    reused: bool
    request_id: str
    passing: tuple[int, ...] = ()
    gave_up: bool = False
    stray_before: bytes = b""
    tries: int = 1
    cut_short: bool = False
    sent: Headers = field(default=(), repr=False)


def delivered(
    result: Answer | Fault, began: float, connection: int, request_id: str, sent: Headers = ()
) -> Delivery:
    """Return the delivery of a request that went out once, on a new connection, and ends now."""
    answer = result if isinstance(result, Answer) else None
    fault = result if isinstance(result, Fault) else None
    now = time.monotonic()
    return Delivery(answer, fault, began, now, connection, False, request_id, sent=sent)


def is_limit(answer: Answer | None) -> bool:
    """Tell whether an answer is the target's limit and not its word on the request."""
    if answer is None:
        return False
    return answer.status == 429 or (
        answer.status == 503 and answer.header("Retry-After") is not None
    )


def is_unauthorized(answer: Answer | None) -> bool:
    """Tell whether an answer asks for credentials of HTTP: a gateway's, whose token may be old."""
    return answer is not None and answer.status == _UNAUTHORIZED


def is_passing(answer: Answer | None) -> bool:
    """Tell whether an answer is that of a gateway, without an envelope, which may pass by."""
    return answer is not None and answer.status in GATEWAY and not has_header(answer.body)


def has_header(body: bytes) -> bool:
    """Tell whether a body is an object with an object `header`, as the page's envelope is."""
    # Gateways write JSON, too: that alone tells no answer of theirs from the application's.
    if body.lstrip()[:1] != b"{":
        return False
    present, header = member(read_json(body).value, "/header")
    return present and isinstance(header, dict)


def is_of_before(fault: Fault) -> bool:
    """Tell whether a fault on a kept connection is that of the answer before, or of its end."""
    # ENV-10: "a kept-alive connection that closes before the first byte of an answer".
    return fault.kind == "not-http" or (fault.kind == "dropped" and not fault.came)
