"""Reads one answer out of bytes, however they come in pieces (RFC 9112): no socket and no clock."""

from __future__ import annotations

import re
from typing import Literal

import h11

from .answer_head import fields, parted, values
from .messages import Answer, Fault, FaultKind, Framing, Headers
from .tls_refusals import is_refusal_of_certificate

# A login is answered in less than a kilobyte, and an error page in less than a megabyte. What is longer
# is not read to its end, so that no target exhausts the memory of the machine that judges it.
LONGEST_BODY = 8 * 1024 * 1024
# The longest head that Chrome takes; curl takes 300 KiB, and Node 16.
LONGEST_HEAD = 256 * 1024
# Of what is no answer, and of a body whose framing is broken, so much is kept as it came.
_KEPT = 65_536
_LONGEST_DETAIL = 200
# Bytes in which the line with the size of a chunk is looked at before its end has come.
_LONGEST_SIZE = 4096
# What begins so was meant as an answer; anything else is no HTTP/1.
_VERSION = b"HTTP/1."
_MEANT = re.compile(rb"(HTTP/1\.[0-9]) +([1-9][0-9]{2})[ \t]*([^\r\n]*)")
_CHUNK_SIZE_AND_LF = re.compile(rb"[0-9A-Fa-f]+[ \t]*(?:;[^\r\n]*)?\n")
_WITHOUT_BODY = (204, 304)
# As many digits as h11 takes.
_MOST_DIGITS = 20
# By how h11 begins to say what it refuses in a head, and behind one.
_IN_HEAD: tuple[tuple[str, Framing], ...] = (
    ("illegal status line", "status-line"),
    ("illegal header line", "header-line"),
    ("continuation line", "folded"),
    ("conflicting Content-Length", "length"),
    ("bad Content-Length", "length"),
    ("multiple Transfer-Encoding", "coding"),
    ("Only Transfer-Encoding", "coding"),
    ("Received server _SWITCH", "switch"),
)
_IN_BODY: tuple[tuple[str, Framing], ...] = (
    ("illegal chunk header", "chunk-size"),
    ("malformed chunk footer", "chunk-end"),
    ("illegal header line", "trailer"),
    ("continuation line", "trailer"),
)
_TOO_LONG = "Receive buffer too long"


class AnswerReader:
    """Reads the answer to one request.

    `result` is None until it is known; `rest` are the bytes that came behind the answer.
    """

    def __init__(self, method: str, longest: int = LONGEST_BODY) -> None:
        """Read the answer to a request by this method, with a body of at most so many bytes."""
        self.result: Answer | Fault | None = None
        self.rest = b""
        self._longest = longest
        # An answer to HEAD is a head alone; of other methods it makes no difference which it was.
        self._is_bodiless = method == "HEAD"
        asked = "HEAD" if self._is_bodiless else "POST"
        # What is kept of each answer of a run is its head as a whole.
        self._parser = h11.Connection(h11.CLIENT, max_incomplete_event_size=LONGEST_HEAD)
        self._parser.send(h11.Request(method=asked, target="/", headers=[("Host", "-")]))
        # Interim answers, the head as far as it has come, and of what came behind it the beginning.
        self._before = bytearray()
        self._head = bytearray()
        self._raw = bytearray()
        self._response: h11.Response | None = None
        self._headers: Headers = ()
        self._trailers: Headers = ()
        self._framing: Framing = ""
        self._body: list[bytes | bytearray] = []
        self._length = 0

    def receive(self, data: bytes) -> None:
        """Take the bytes that came next; none mean that the connection ended in good order."""
        if self._response is None:
            self._head += data
            if data and not self._is_meant():
                return
        else:
            self._keep(data)
        try:
            self._parser.receive_data(data)
            while self.result is None and self._reads_on():
                pass
        except h11.RemoteProtocolError as error:
            self._refuse(str(error), is_over=not data)

    def receive_rest(self, data: bytes) -> None:
        """Take what came behind the place where the framing broke."""
        self._keep(data)
        self._break(self._framing)

    @property
    def has_come(self) -> bool:
        """Tell whether anything has come."""
        return bool(self._before or self._head)

    @property
    def lacks_rest(self) -> bool:
        """Tell whether the framing broke, and of the body less came than may be expected."""
        answer = self.result
        is_broken = isinstance(answer, Answer) and answer.missing < 0 and not answer.ended
        return is_broken and len(self._raw) < min(_KEPT, self._announced() or 1)

    def give_up(self, error: OSError) -> None:
        """End the reading: nothing more came in time, or the connection was reset."""
        is_silent = isinstance(error, TimeoutError)
        if self._response is not None:
            self._end("silent" if is_silent else "closed")
        else:
            kind: FaultKind = "timed-out" if is_silent else "dropped"
            if is_refusal_of_certificate(str(error)):
                # TLS 1.3 says so where the first answer would come: no request was read.
                kind = "unreachable"
            self._fail(kind, str(error) or type(error).__name__)

    # ---- what h11 reads ------------------------------------------------------------------------

    def _reads_on(self) -> bool:
        """Take the next thing that was read; tell whether there may be more."""
        event = self._parser.next_event()
        if isinstance(event, h11.InformationalResponse):
            # RFC 9110 §15.2: interim answers come before the final one.
            behind = self._behind()
            self._before += self._head[: len(self._head) - len(behind)][:_KEPT]
            del self._before[_KEPT:]
            self._head = bytearray(behind)
            return not self._head or self._is_meant()
        if isinstance(event, h11.Response):
            self._take_head(event)
        elif isinstance(event, h11.Data):
            self._body.append(event.data)
            self._length += len(event.data)
            if self._length > self._longest:
                self._fail("too-long", f"more than {self._longest} bytes")
        elif isinstance(event, h11.EndOfMessage):
            fields = event.headers.raw_items()
            self._trailers = tuple((a.decode("latin-1"), b.decode("latin-1")) for a, b in fields)
            self.rest = self._behind()
            self._end("")
        else:
            # h11 waits for CRLF: behind a chunk size that LF alone ends, it would wait for ever.
            if self._is_chunked() and _CHUNK_SIZE_AND_LF.match(self._behind()[:_LONGEST_SIZE]):
                self._break("chunk-size")
            return False
        return True

    def _behind(self) -> bytes:
        return bytes(self._parser.trailing_data[0])

    def _take_head(self, response: h11.Response) -> None:
        behind = self._behind()
        del self._head[len(self._head) - len(behind) :]
        self._keep(behind)
        self._response = response
        self._headers, is_folded = fields(bytes(self._head))
        self._is_bodiless |= response.status_code in _WITHOUT_BODY
        if is_folded:
            # RFC 9112 §5.2: "A sender MUST NOT generate a message that includes line folding".
            self._framing = "folded"
        elif self._is_chunked() and response.http_version < b"1.1":
            # RFC 9112 §6.1: a client that receives such a message "MUST treat the message as if the
            # framing is faulty".
            self._framing = "coding-in-1-0"

    def _refuse(self, why: str, *, is_over: bool) -> None:
        """Take it that h11 reads no further."""
        if why.startswith(_TOO_LONG):
            self._fail("too-long", f"more than {LONGEST_HEAD} bytes")
        elif is_over and self._response is not None:
            self._end("closed")
        elif is_over:
            self._fail("dropped", "the connection ended without an answer")
        elif self._response is None:
            head, behind = parted(bytes(self._head))
            self._head = bytearray(head)
            self._headers, _ = fields(head)
            self._keep(behind)
            self._break(_word_for(why, _IN_HEAD, "head"))
        else:
            self._break(_word_for(why, _IN_BODY, "body"))

    def _is_meant(self) -> bool:
        """Tell whether what came may be an answer yet: what is none is not waited for."""
        begun = bytes(self._head[:_LONGEST_DETAIL])
        line, end, _ = begun.partition(b"\n")
        if end or len(begun) == _LONGEST_DETAIL:
            is_meant = _MEANT.match(line) is not None
        else:
            is_meant = begun[: len(_VERSION)] == _VERSION[: len(begun)]
        if not is_meant:
            self._fail("not-http", line.strip().decode("latin-1") or repr(begun)[1:])
        return is_meant

    # ---- what comes of it ----------------------------------------------------------------------

    def _fail(self, kind: FaultKind, detail: str) -> None:
        came = bytes(self._before + self._head[:_KEPT] + self._raw)
        self.result = Fault(kind, detail, came=came[:_KEPT])

    def _end(self, ended: Literal["", "closed", "silent"]) -> None:
        """Give the answer, whole or as far as its body came."""
        announced = self._announced()
        missing = 0
        if ended:
            missing = -1 if announced is None else announced - self._length
        framing = self._framing
        if self._is_chunked() and not framing:
            lengths = {int(one) for one in values(self._headers, "Content-Length")}
            if ended == "closed":
                framing = "unended"
            elif not ended and lengths and lengths != {self._length}:
                # RFC 9112 §6.3: such a message "ought to be handled as an error".
                framing = "length-and-chunks"
        self._answer(b"".join(self._body), missing, ended, framing)

    def _break(self, framing: Framing) -> None:
        """Give the answer as it came, since nobody knows where it ends."""
        self._framing = framing
        self._answer(bytes(self._raw), -1, "", framing)

    def _answer(
        self,
        body: bytes,
        missing: int,
        ended: Literal["", "closed", "silent"],
        framing: Framing,
    ) -> None:
        meant = _MEANT.match(self._head)
        assert meant is not None  # noqa: S101 - `_is_meant` has seen it
        version, status, reason = (one.decode("latin-1") for one in meant.groups())
        self.result = Answer(
            status=int(status),
            reason=reason.rstrip(),
            version=version,
            headers=self._headers,
            body=body,
            missing=missing,
            ended=ended,
            keeps_open=not missing and self._is_kept(version) and framing in ("", "folded"),
            framing=framing,
            trailers=self._trailers,
        )

    def _is_kept(self, version: str) -> bool:
        """Tell whether the connection persists (RFC 9112 §9.3)."""
        options = {value.lower() for value in values(self._headers, "Connection")}
        has_end = self._is_bodiless or self._is_chunked() or self._announced() is not None
        is_wanted = version != "HTTP/1.0" or "keep-alive" in options
        return has_end and is_wanted and "close" not in options

    def _is_chunked(self) -> bool:
        return not self._is_bodiless and bool(values(self._headers, "Transfer-Encoding"))

    def _announced(self) -> int | None:
        """Return how long the body is said to be, None where only its framing tells."""
        lengths = values(self._headers, "Content-Length")
        if self._is_bodiless or self._is_chunked() or len(lengths) != 1:
            return None
        (length,) = lengths
        is_number = length.isascii() and length.isdecimal() and len(length) <= _MOST_DIGITS
        return int(length) if is_number else None

    def _keep(self, data: bytes) -> None:
        self._raw += data[: max(0, _KEPT - len(self._raw))]


def _word_for(why: str, words: tuple[tuple[str, Framing], ...], otherwise: Framing) -> Framing:
    return next((word for start, word in words if why.startswith(start)), otherwise)
