"""Freedoms of conduct: limits, locks, latency, and what becomes of a connection."""

# ruff: noqa: D401 - the docstring of a liberty says what the server does

from __future__ import annotations

import asyncio
import re
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

from ..application import Application, application
from ..faults.registry import Build, changed
from ..faults.wire_server import Arrived, Reply, Say, WireServer, head, serialised
from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest, Reason, Response
from ..world import Account, World
from .registry import add, liberty

# Limits and locks.


@liberty(step="password_matches")
def locks_after_five(request: LoginRequest, account: Account, given: Json) -> bool:
    """An account is locked for good after five wrong passwords in a row."""
    locked = request.state.wrong_in_a_row[account.memb_email] >= 5
    return not locked and STEPS.password_matches(request, account, given)


@liberty(step="result_code")
def locks_any_email_after_five(request: LoginRequest, decision: Decision) -> str:
    """After five wrong logins an email gets "99", be it an account's or nobody's."""
    # So does whoever lets nobody learn by the lock which emails have an account.
    if decision.reason is not Reason.UNKNOWN_EMAIL or not isinstance(request.document, dict):
        return STEPS.result_code(request, decision)
    email = str(request.document["body"]["memb_email"])
    wrong = request.state.notes.setdefault("wrong", Counter[str]())
    wrong[email] += 1
    return "99" if wrong[email] > 5 else STEPS.result_code(request, decision)


def _limited(
    status: int, headers: tuple[tuple[bytes, bytes], ...], most: int
) -> Callable[..., Response]:
    """Return a response that turns away what comes beyond a number of requests within 0.5 s."""

    def respond(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
        times = request.state.notes.setdefault("times", [])
        now = time.monotonic()
        times[:] = [each for each in times if now - each < 0.5]
        if len(times) >= most:
            return Response(status, headers, b"")
        times.append(now)
        return STEPS.respond(request, decision, payload)

    return respond


add(
    "limit-429",
    "More than 120 requests a second get 429 with Retry-After.",
    changed(respond=_limited(429, ((b"Retry-After", b"1"),), 60)),
)
add(
    "limit-503",
    "More than 160 requests a second get 503 with Retry-After.",
    changed(respond=_limited(503, ((b"Retry-After", b"1"), (b"Content-Type", b"text/html")), 80)),
)


@liberty(step="respond")
def limit_with_envelope(request: LoginRequest, decision: Decision, payload: bytes) -> Response:
    """The 300th request gets 429 with an envelope, and so again at once."""
    right = STEPS.respond(request, decision, payload)
    if request.number % 300 != 0:
        return right
    header = STEPS.header(request, decision, "99", "잠시 후 다시 시도해 주세요.")
    retry = (b"Retry-After", b"0")
    content = STEPS.encode(request, {"header": header})
    return Response(429, (*right.headers, retry), content)


def _late(seconds: float, every: int) -> Callable[[World], Application]:
    async def before_answer(request: LoginRequest, decision: Decision) -> Decision:
        if request.number % every == 0:
            await asyncio.sleep(seconds)
        return decision

    return lambda world: application(world, replace(STEPS, before_answer=before_answer))


add("latency", "Every answer takes 5 ms.", _late(0.005, 1))
add("latency-now-and-then", "Every 200th answer takes a second.", _late(1.0, 200))


@liberty()
def one_at_a_time(world: World) -> Application:
    """Requests that overlap are answered one after the other, the last first."""

    async def before_answer(request: LoginRequest, decision: Decision) -> Decision:
        await asyncio.sleep(max(0.0, 0.004 - 0.0005 * request.state.in_flight))
        return decision

    return application(world, replace(STEPS, before_answer=before_answer))


# The wire.  A connection may be closed after any answer, and before the first byte of the next one.
def _whole(arrived: Arrived) -> Reply:
    return Reply((arrived.whole,))


def _closing(arrived: Arrived) -> Reply:
    return Reply((_with_field(arrived, b"Connection", b"close"),), "close")


def _closing_after_refusal(arrived: Arrived) -> Reply:
    refused = arrived.reason is not None and arrived.reason is not Reason.ISSUED
    return _closing(arrived) if refused else _whole(arrived)


def _closing_unsaid(arrived: Arrived) -> Reply:
    return Reply((arrived.whole,), "close")


def _closing_before_tenth(arrived: Arrived) -> Reply:
    return Reply((), "close") if arrived.turn % 10 == 0 else _whole(arrived)


def _with_field(arrived: Arrived, name: bytes, value: bytes) -> bytes:
    right = arrived.answer
    return serialised(
        replace(right, headers=(*right.headers, (name, value))), with_body=arrived.method != "HEAD"
    )


def _old(arrived: Arrived) -> Reply:
    return Reply(
        (serialised(arrived.answer, version="1.0", with_body=arrived.method != "HEAD"),), "close"
    )


def _until_close(arrived: Arrived) -> Reply:
    content = arrived.answer.body if arrived.method != "HEAD" else b""
    fields = (*arrived.answer.headers, (b"Connection", b"close"))
    return Reply((head(arrived.answer.status, fields) + content,), "close")


def _chunked(arrived: Arrived) -> Reply:
    if arrived.method == "HEAD":
        return _whole(arrived)
    # A field value may have white space around it.
    coding, content = (b"Transfer-Encoding", b"chunked \t"), arrived.answer.body
    pieces = [content[at : at + 40] for at in range(0, len(content), 40)]
    chunks = b"".join(b"%x;part\r\n%s\r\n" % (len(piece), piece) for piece in pieces)
    fields = (*arrived.answer.headers, coding)
    trailer = b"0\r\nX-Checksum: 7\r\n\r\n"
    return Reply((head(arrived.answer.status, fields) + chunks + trailer,))


def _in_pieces(arrived: Arrived) -> Reply:
    whole = arrived.whole
    return Reply((whole[:9], whole[9:60], whole[60:-1], whole[-1:]), pause=0.001)


def _interim(arrived: Arrived) -> Reply:
    early = b"HTTP/1.1 103 Early Hints\r\nLink: </help>; rel=help\r\n\r\n"
    return Reply((b"HTTP/1.1 102 Processing\r\n\r\n" + early + arrived.whole,))


_HTML, _JSON, _TEXT = b"text/html", b"application/json", b"text/plain; charset=UTF-8"
# What gateways say of a backend that they do not reach: a page, Amazon's API Gateway, Cloudflare.
_AWAY = Response(502, ((b"Content-Type", _HTML),), b"<h1>Bad Gateway</h1>")
_BUSY = Response(503, ((b"Content-Type", _HTML),), b"<h1>Service Temporarily Unavailable</h1>")
_SLOW = Response(504, ((b"Content-Type", _JSON),), b'{"message": "Endpoint request timed out"}')
_DOWN = Response(521, ((b"Content-Type", _TEXT),), b"error code: 521")


def _gateway(answer: Response, requests: range) -> Callable[[Arrived], Reply]:
    """Answer some requests as a gateway that finds nobody behind it, and then all is well."""

    def say(arrived: Arrived) -> Reply:
        if arrived.number not in requests:
            return _whole(arrived)
        return Reply((serialised(answer, with_body=arrived.method != "HEAD"),), "close")

    return say


def _long_ago(arrived: Arrived) -> Reply:
    """Answer with a clock that is years behind, and an expiry that fits it."""
    past = re.sub(rb'"expire_date":"[^"]*"', rb'"expire_date":"2019-07-03"', arrived.answer.body)
    date = (b"Date", b"Tue, 02 Jul 2019 09:00:00 GMT")
    right = replace(arrived.answer, body=past, headers=(*arrived.answer.headers, date))
    return Reply((serialised(right, with_body=arrived.method != "HEAD"),))


def _without_reason(arrived: Arrived) -> Reply:
    first, _, rest = arrived.whole.partition(b"\r\n")
    return Reply((first[:13] + b"\r\n" + rest,))


def _kept_alive(arrived: Arrived) -> Reply:
    return Reply((_with_field(arrived, b"Keep-Alive", b"timeout=5, max=100"),))


def _folded_names(arrived: Arrived) -> Reply:
    first, _, content = arrived.whole.partition(b"\r\n\r\n")
    line, _, fields = first.partition(b"\r\n")
    return Reply((line + b"\r\n" + fields.lower().replace(b": ", b":   ") + b"\r\n\r\n" + content,))


def _many_fields(arrived: Arrived) -> Reply:
    fields = tuple((b"X-Field-%d" % number, b"\xec\x9d\xb4 \xe9") for number in range(150))
    long = ((b"X-Long", b"x" * 100_000),) if arrived.number % 50 == 0 else ()
    right = replace(arrived.answer, headers=(*arrived.answer.headers, *fields, *long))
    return Reply((serialised(right, with_body=arrived.method != "HEAD"),))


def _saying(say: Say) -> Build:
    return lambda world: WireServer(world, say)


for _name, _sentence, _say in (
    ("closes", "Every answer closes its connection and says so.", _closing),
    ("closes-after-refusal", "A refusal closes its connection.", _closing_after_refusal),
    ("closes-unsaid", "Every answer closes its connection and does not say so.", _closing_unsaid),
    ("closes-before-tenth", "A connection ends before its tenth answer.", _closing_before_tenth),
    ("http-1.0", "Answers are HTTP/1.0.", _old),
    ("until-close", "A body ends with its connection.", _until_close),
    ("chunked", "Answers come in chunks with extensions and a trailer.", _chunked),
    ("in-pieces", "Answers come in pieces, the first of nine bytes.", _in_pieces),
    ("interim", "102 and 103 come before every answer.", _interim),
    ("gateway-502-once", "One request gets a gateway's 502.", _gateway(_AWAY, range(200, 201))),
    (
        "gateway-504-in-json-once",
        "One request gets a gateway's 504 in JSON.",
        _gateway(_SLOW, range(200, 201)),
    ),
    (
        "cdn-521-for-a-while",
        "Six requests get the 521 of a CDN that does not reach the server.",
        _gateway(_DOWN, range(200, 206)),
    ),
    (
        "gateway-503-three-times",
        "Three requests in a row get a gateway's 503.",
        _gateway(_BUSY, range(200, 203)),
    ),
    ("clock-behind", "The server's clock is years behind, and expire_date fits it.", _long_ago),
    ("no-reason-phrase", "The status line has no reason phrase.", _without_reason),
    ("keep-alive-told", "Answers tell how long a connection is kept.", _kept_alive),
    (
        "many-fields",
        "Answers have 150 header fields more, and every 50th one of 100,000 bytes.",
        _many_fields,
    ),
    ("field-names-lower-case", "Field names are in lower case.", _folded_names),
):
    add(_name, _sentence, _saying(_say))

add(
    "closes-when-idle",
    "A connection is closed when it has been idle for a hundredth of a second.",
    lambda world: WireServer(world, _whole, idle=0.01),
)
