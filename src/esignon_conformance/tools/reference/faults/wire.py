"""Faults of the wire: answers that are right in themselves and do not arrive as they should."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from typing import TypeAlias

from ..login import STEPS
from ..pipeline import Reason, Response
from .registry import PATIENCE, Build, add
from .wire_server import Arrived, Reply, Say, WireServer, head, serialised

Which: TypeAlias = Callable[[Arrived], bool]
Wire: TypeAlias = Callable[[Arrived], Reply]

# How long a run waits for an answer that never comes.
_SHORT = 2.0
_REFUSALS = frozenset(Reason) - {Reason.ISSUED}


def _all(arrived: Arrived) -> bool:
    return True


def _refused(arrived: Arrived) -> bool:
    return arrived.reason in _REFUSALS


def _because(reason: Reason) -> Which:
    return lambda arrived: arrived.reason is reason


_issued, _unreadable = _because(Reason.ISSUED), _because(Reason.UNREADABLE)


def _unasked_length(arrived: Arrived, by: int) -> bytes:
    """Return the answer with a Content-Length that differs from the truth."""
    told = (b"Content-Length", str(len(arrived.answer.body) + by).encode())
    right = arrived.answer
    return serialised(replace(right, headers=(*right.headers, told)))


def _chunked(arrived: Arrived, *chunks: bytes) -> bytes:
    coding = (b"Transfer-Encoding", b"chunked")
    return head(arrived.answer.status, (*arrived.answer.headers, coding)) + b"".join(chunks)


def _chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def _with(arrived: Arrived, *fields: tuple[bytes, bytes], body: bytes | None = None) -> bytes:
    right = arrived.answer
    content = right.body if body is None else body
    return serialised(Response(right.status, (*right.headers, *fields), content))


def _gzip_cut(arrived: Arrived) -> bytes:
    packed = gzip.compress(arrived.answer.body)[:-9]
    return _with(arrived, (b"Content-Encoding", b"gzip"), body=packed)


def _gzip_twice(arrived: Arrived) -> bytes:
    packed = gzip.compress(gzip.compress(arrived.answer.body))
    return _with(arrived, (b"Content-Encoding", b"gzip"), body=packed)


def _gone(arrived: Arrived) -> Reply:
    return Reply((), "close")


def _reset(arrived: Arrived) -> Reply:
    return Reply((), "reset")


def _silent(arrived: Arrived) -> Reply:
    return Reply((), "hang")


def _half(arrived: Arrived) -> bytes:
    return arrived.whole[: -len(arrived.answer.body) // 2]


def _head_of(arrived: Arrived) -> bytes:
    return arrived.whole.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"


# fmt: off
WIRE: tuple[tuple[str, str, str, Which, Wire], ...] = (
    ("body-cut", "ENV-1", "A refusal is cut and the connection closed.", _refused,
     lambda a: Reply((a.whole[:-20],), "close")),
    ("success-cut", "ENV-1", "A success is cut by one byte and the connection closed.", _issued,
     lambda a: Reply((a.whole[:-1],), "close")),
    ("body-cut-to-unreadable", "ENV-1", "The answer to what cannot be read is cut and reset.",
     _unreadable, lambda a: Reply((a.whole[:-20],), "reset")),
    ("head-alone", "ENV-10 ENV-1", "What cannot be read gets a head without its body.", _unreadable,
     lambda a: Reply((_head_of(a),), "close")),
    ("length-too-short", "ENV-1 SUC-8", "Content-Length of a refusal is ten less than there is.",
     _refused, lambda a: Reply((_unasked_length(a, -10),))),
    ("length-too-long", "ENV-1",
     "Content-Length is ten more than there is, and the connection closed.", _all,
     lambda a: Reply((_unasked_length(a, 10),), "close")),
    ("length-in-letters", "ENV-1", "Content-Length counts letters and not bytes.", _refused,
     lambda a: Reply((_unasked_length(a, len(a.answer.body.decode()) - len(a.answer.body)),))),
    ("chunk-missing", "ENV-1", "The last chunk never comes, and the connection is closed.",
     _refused, lambda a: Reply((_chunked(a, _chunk(a.answer.body)),), "close")),
    ("chunk-size-wrong", "ENV-1", "The size of a chunk is not that of its data.", _refused,
     lambda a: Reply((_chunked(a, b"5\r\n" + a.answer.body + b"\r\n0\r\n\r\n"),), "close")),
    ("chunk-size-no-number", "ENV-1 ENV-10", "The size of a chunk is no number.", _unreadable,
     lambda a: Reply((_chunked(a, b"size\r\n" + a.answer.body + b"\r\n0\r\n\r\n"),), "close")),
    ("chunked-claimed", "ENV-1 ENV-10", "Transfer-Encoding says chunked and the body is not.",
     _refused, lambda a: Reply((_chunked(a, a.answer.body),), "close")),
    ("gzip-cut", "ENV-1", "A compressed success lacks its end.", _issued,
     lambda a: Reply((_gzip_cut(a),))),
    ("gzip-twice", "ENV-1", "Answers are compressed twice and say so once.", _all,
     lambda a: Reply((_gzip_twice(a),))),
    ("two-lengths", "ENV-1", "Two fields Content-Length differ.", _refused,
     lambda a: Reply((_with(a, (b"Content-Length", str(len(a.answer.body)).encode()),
     (b"Content-Length", b"7")),), "close")),
    ("length-no-number", "ENV-1", "Content-Length is no number, and the connection closed.",
     _refused, lambda a: Reply((_with(a, (b"Content-Length", b"long")),), "close")),

    ("unreadable-dropped", "ENV-10", "What cannot be read is dropped.", _unreadable, _gone),
    ("unreadable-reset", "ENV-10", "What cannot be read is reset.", _unreadable, _reset),
    ("wrong-type-dropped", "ENV-10", "A member of another type is dropped.",
     _because(Reason.WRONG_TYPE), _gone),
    ("unknown-company-reset", "ENV-10", "An unknown company is reset.",
     _because(Reason.UNKNOWN_COMPANY), _reset),
    ("long-body-dropped", "ENV-10", "A body of more than 4,000 bytes is dropped.",
     lambda a: len(a.raw) > 4000, _gone),
    ("get-dropped", "ENV-10", "GET is dropped.", lambda a: a.method == "GET", _gone),
    ("every-fiftieth-dropped", "ENV-10", "Every 50th request is dropped.",
     lambda a: a.number % 50 == 0, _gone),
    ("not-http", "ENV-10", "What cannot be read gets a line that is not HTTP.", _unreadable,
     lambda a: Reply((b"ERROR 12\r\n",), "close")),
    ("body-without-head", "ENV-10", "What cannot be read gets a body without a head.", _unreadable,
     lambda a: Reply((a.answer.body,), "close")),
    ("head-cut", "ENV-10", "The head of the answer to a wrong type is cut.",
     _because(Reason.WRONG_TYPE), lambda a: Reply((b"HTTP/1.1 2",), "close")),
    ("blocked-interim-only", "ENV-10", "A blocked company gets 102 and then nothing.",
     _because(Reason.BLOCKED_COMPANY),
     lambda a: Reply((b"HTTP/1.1 102 Processing\r\n\r\n",), "close")),

    ("line-end-after-refusal", "SUC-8", "A line end follows a refusal.", _refused,
     lambda a: Reply((a.whole + b"\r\n",))),
    ("byte-after-answer", "SUC-8", "A byte follows every answer.", _all,
     lambda a: Reply((a.whole + b"\0",))),
    ("chunk-after-refusal", "SUC-8", "An empty chunk follows a refusal that has a length.",
     _refused, lambda a: Reply((a.whole + b"0\r\n\r\n",))),
    ("refusal-sent-twice", "SUC-8", "The refusal of what cannot be read is sent twice.",
     _unreadable, lambda a: Reply((a.whole + a.whole,))),
    ("late-byte-after-unreadable", "SUC-8", "A byte follows what cannot be read, a moment later.",
     _unreadable, lambda a: Reply((a.whole, b"\n"), pause=0.01)),
)
SILENT: tuple[tuple[str, str, str, Which, Wire], ...] = (
    ("silent-on-unreadable", "ENV-10", "What cannot be read gets no answer.", _unreadable, _silent),
    ("silent-on-no-object", "ENV-10", "Text that is no object gets no answer.",
     _because(Reason.NO_OBJECT), _silent),
    ("silent-on-get", "ENV-10", "GET gets no answer.", lambda a: a.method == "GET", _silent),
    ("silent-in-the-middle", "ENV-1", "The answer to what cannot be read stops in the middle.",
     _unreadable, lambda a: Reply((_half(a),), "hang")),
    ("silent-after-head", "ENV-10 ENV-1", "The answer of a blocked company stops after its head.",
     _because(Reason.BLOCKED_COMPANY), lambda a: Reply((_head_of(a),), "hang")),
    ("silent-for-ten-bytes", "ENV-1", "Content-Length of 12 is ten more than there is.",
     _unreadable, lambda a: Reply((_unasked_length(a, 10),), "hang")),
)
# fmt: on


def _faulty(which: Which, wire: Wire) -> Build:
    def say(arrived: Arrived) -> Reply:
        return wire(arrived) if which(arrived) else Reply((arrived.whole,))

    return lambda world: WireServer(world, say)


for _table, _patience in ((WIRE, PATIENCE), (SILENT, _SHORT)):
    for _name, _clauses, _sentence, _which, _wire in _table:
        add(
            f"wire-{_name}",
            _clauses,
            _sentence,
            _faulty(_which, _wire),
            answer_timeout=_patience,
        )


def _answer_before(arrived: Arrived) -> Reply:
    return Reply((serialised(arrived.previous or arrived.answer),))


def _refusal_again(last: list[Response]) -> Say:
    """Answer a request after an unreadable one on the same connection with its refusal again."""

    def say(arrived: Arrived) -> Reply:
        stale = last.pop() if last and arrived.turn > 1 else None
        last.clear()
        if arrived.reason is Reason.UNREADABLE:
            last.append(arrived.answer)
        return Reply((serialised(stale) if stale else arrived.whole,))

    return say


def _dropping_overlap(arrived: Arrived) -> Reply:
    return Reply((), "reset") if arrived.in_flight > 2 else Reply((arrived.whole,))


add(
    "wire-out-of-step",
    "SUC-8",
    "An answer on a kept-alive connection is that of the request before.",
    lambda world: WireServer(world, _answer_before),
)
add(
    "wire-refusal-again",
    "SUC-8",
    "The answer after one to what cannot be read is that refusal again.",
    lambda world: WireServer(world, _refusal_again([])),
)
add(
    "wire-first-piece-alone",
    "REQ-2",
    "Of a body that comes in two pieces only the first is read.",
    lambda world: WireServer(world, lambda a: Reply((a.whole,), "close"), reads_once=True),
)
add(
    "wire-overlap-dropped",
    "ENV-10",
    "Where more than two requests overlap, they are reset.",
    lambda world: WireServer(world, _dropping_overlap, hold=0.005),
)
add(
    "wire-body-left-unread",
    "ENV-1 SUC-8",
    "The body of another method is left on the connection and read as a request.",
    lambda world: WireServer(
        world, lambda a: Reply((a.whole,)), reads_body=lambda method: method == "POST"
    ),
)


def _password_as_reason(arrived: Arrived) -> Reply:
    found = re.search(rb'"memb_pwd": ?"([!-~]+?)"', arrived.raw)
    if arrived.reason is not Reason.UNKNOWN_EMAIL or found is None:
        return Reply((arrived.whole,))
    return Reply((arrived.whole.replace(b" OK\r\n", b" No " + found[1] + b"\r\n", 1),))


add(
    "wire-password-as-reason",
    "SEC-1",
    "The reason phrase of an answer to an unknown email repeats the password.",
    lambda world: WireServer(world, _password_as_reason),
)
add(
    "wire-any-method",
    "REQ-5",
    "A method that nobody knows issues a token.",
    lambda world: WireServer(
        world,
        lambda a: Reply((a.whole,)),
        replace(STEPS, method_allowed=lambda request: request.method in ("POST", "LOGIN")),
    ),
)
