"""Faults of framing: answers whose beginning or end does not show as HTTP/1.1 has it (RFC 9112)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ..pipeline import Reason, Response
from .registry import Build, add
from .wire_server import Arrived, Reply, WireServer, head, serialised

Wire: TypeAlias = Callable[[Arrived], Reply]

_CODING = (b"Transfer-Encoding", b"chunked")
_LAST = b"0\r\n\r\n"


def _with(arrived: Arrived, name: bytes, value: bytes) -> Reply:
    right = arrived.answer
    return Reply((serialised(Response(right.status, (*right.headers, (name, value)), right.body)),))


def _with_line(arrived: Arrived, line: bytes) -> Reply:
    """Put a line at the end of the head."""
    first, end, body = arrived.whole.partition(b"\r\n\r\n")
    return Reply((first + b"\r\n" + line + end + body,))


def _chunked(arrived: Arrived, body: bytes, *told: tuple[bytes, bytes]) -> bytes:
    return head(arrived.answer.status, (*arrived.answer.headers, _CODING, *told)) + body


def _chunk(arrived: Arrived) -> bytes:
    data = arrived.answer.body
    return b"%x\r\n%s\r\n" % (len(data), data)


def _length_beside_chunks(arrived: Arrived) -> Reply:
    told = (b"Content-Length", str(len(arrived.answer.body) - 7).encode())
    return Reply((_chunked(arrived, _chunk(arrived) + _LAST, told),))


def _chunked_in_1_0(arrived: Arrived) -> Reply:
    whole = _chunked(arrived, _chunk(arrived) + _LAST)
    return Reply((whole.replace(b"HTTP/1.1", b"HTTP/1.0", 1),), "close")


# fmt: off
_FRAMING: tuple[tuple[str, str, Wire], ...] = (
    ("chunk-size-prefixed", "The size of a chunk of a refusal begins with 0x.",
     lambda a: Reply((_chunked(a, b"0x" + _chunk(a) + _LAST),))),
    ("chunk-size-signed", "The size of a chunk of a refusal has a sign.",
     lambda a: Reply((_chunked(a, b"+" + _chunk(a) + _LAST),))),
    ("chunks-with-bare-line-feeds", "The lines of the chunks of a refusal end with LF alone.",
     lambda a: Reply((_chunked(a, (_chunk(a) + _LAST).replace(b"\r\n", b"\n")),))),
    ("last-chunk-unended", "After the last chunk of a refusal the connection is closed.",
     lambda a: Reply((_chunked(a, _chunk(a) + b"0\r\n"),), "close")),
    ("length-beside-chunks", "A refusal in chunks has a Content-Length that differs.",
     _length_beside_chunks),
    ("chunked-in-1.0", "A refusal comes in chunks over HTTP/1.0.", _chunked_in_1_0),
    ("length-signed", "The Content-Length of a refusal has a sign.",
     lambda a: _with(a, b"Content-Length", b"+%d" % len(a.answer.body))),
    ("header-without-colon", "A line in the head of a refusal has no colon.",
     lambda a: _with_line(a, b"Warning in line 7")),
    ("header-folded", "A line in the head of a refusal continues the line before.",
     lambda a: _with_line(a, b" and so on")),
    ("header-name-blank", "A blank stands before a colon in the head of a refusal.",
     lambda a: _with_line(a, b"X-Time : 7")),
)
# fmt: on


def _faulty(wire: Wire) -> Build:
    def say(arrived: Arrived) -> Reply:
        is_refusal = arrived.reason is not None and arrived.reason is not Reason.ISSUED
        return wire(arrived) if is_refusal else Reply((arrived.whole,))

    return lambda world: WireServer(world, say)


for _name, _sentence, _wire in _FRAMING:
    add(f"framing-{_name}", "ENV-1", _sentence, _faulty(_wire))
