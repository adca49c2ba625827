"""One answer out of bytes: which forms are read, and which are refused and why (RFC 9112)."""

from __future__ import annotations

from typing import Any

import pytest

from esignon_conformance.transport import answer_reader, messages
from esignon_conformance.transport.answer_reader import LONGEST_HEAD, AnswerReader
from esignon_conformance.transport.messages import Answer, Fault

OK = b"HTTP/1.1 200 OK\r\n"
LENGTH = b"Content-Length: 2\r\n"
CHUNKED = b"Transfer-Encoding: chunked\r\n"
LAST = b"0\r\n\r\n"
BODY = b'{"a": "0123456789abcdefghijklm"}'  # 0x20 bytes
CHUNK = b"20\r\n" + BODY + b"\r\n"
OPEN = {"body": b"{}", "keeps_open": True}
CLOSED = {"body": b"{}", "keeps_open": False}


def sized(*lines: bytes) -> bytes:
    """Return an answer with a length, and with these lines in its head."""
    return OK + b"".join(line + b"\r\n" for line in lines) + LENGTH + b"\r\n{}"


def in_chunks(body: bytes, coding: bytes = CHUNKED, *lines: bytes) -> bytes:
    """Return an answer with a transfer coding, and with a body as it stands there."""
    return OK + b"".join(line + b"\r\n" for line in lines) + coding + b"\r\n" + body


# Name, bytes, what must be read.  The connection ends behind those that say so.
READ: list[tuple[str, bytes, dict[str, Any]]] = [
    ("length", sized(), OPEN | {"status": 200, "reason": "OK", "version": "HTTP/1.1"}),
    ("no body", OK + b"Content-Length: 0\r\n\r\n", {"body": b"", "keeps_open": True}),
    ("length with blanks", OK + b"Content-Length: \t 2 \t\r\n\r\n{}", OPEN),
    ("length without a blank", OK + b"Content-Length:2\r\n\r\n{}", OPEN),
    ("length with noughts", OK + b"Content-Length: 002\r\n\r\n{}", OPEN),
    ("the same length twice", OK + LENGTH + LENGTH + b"\r\n{}", OPEN),
    ("the same length in a list", OK + b"Content-Length: 2, 2\r\n\r\n{}", OPEN),
    ("lower case names", OK.lower().upper() + LENGTH.lower() + b"\r\n{}", OPEN),
    ("chunks", in_chunks(b"1\r\n{\r\n1\r\n}\r\n" + LAST), OPEN),
    ("a chunk size in hexadecimals", in_chunks(CHUNK + LAST), {"body": BODY}),
    ("a chunk size in capitals", in_chunks(b"A\r\n0123456789\r\n" + LAST), {"body": b"0123456789"}),
    ("a chunk size with noughts", in_chunks(b"0002\r\n{}\r\n000\r\n\r\n"), OPEN),
    ("a chunk size with a blank behind it", in_chunks(b"2 \r\n{}\r\n" + LAST), OPEN),
    ("a chunk extension", in_chunks(b'2;x="y; z"\r\n{}\r\n0;last\r\n\r\n'), OPEN),
    ("trailers", in_chunks(b"2\r\n{}\r\n0\r\nX-A: 1\r\nx-a: \xe9\r\n\r\n"),
     OPEN | {"trailers": (("X-A", "1"), ("x-a", "é"))}),
    ("no chunk but the last", in_chunks(LAST), {"body": b"", "keeps_open": True}),
    ("coding with a blank behind it", in_chunks(CHUNK + LAST, b"Transfer-Encoding: chunked \r\n"),
     {"body": BODY}),
    ("coding in capitals", in_chunks(CHUNK + LAST, b"TRANSFER-ENCODING:Chunked\r\n"),
     {"body": BODY}),
    ("coding beside the same length", in_chunks(CHUNK + LAST, CHUNKED, b"Content-Length: 32"),
     {"body": BODY}),
    ("until the connection ends", OK + b"\r\n{}", CLOSED | {"over": True}),
    ("nothing until the connection ends", OK + b"\r\n", {"body": b"", "over": True}),
    ("HTTP/1.0", b"HTTP/1.0 200 OK\r\n" + LENGTH + b"\r\n{}",
     CLOSED | {"version": "HTTP/1.0"}),
    ("HTTP/1.0 until the end", b"HTTP/1.0 200 OK\r\n\r\n{}", CLOSED | {"over": True}),
    ("HTTP/1.0 kept alive", b"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n" + LENGTH + b"\r\n{}",
     OPEN),
    ("HTTP/1.2", b"HTTP/1.2 200 OK\r\n" + LENGTH + b"\r\n{}", OPEN),
    ("closing", sized(b"Connection: close"), CLOSED),
    ("closing among others", sized(b"Connection: x, CLOSE"), CLOSED),
    ("no reason", sized().replace(b" OK", b""), OPEN | {"reason": ""}),
    ("an empty reason", sized().replace(b" OK", b" "), OPEN | {"reason": ""}),
    ("a reason in UTF-8", sized().replace(b"OK", "확인".encode()),
     OPEN | {"reason": "확인".encode().decode("latin-1")}),
    ("a reason in Latin-1", sized().replace(b"OK", b"\xe9t\xe9"), OPEN | {"reason": "été"}),
    ("status 999", sized().replace(b"200", b"999"), OPEN | {"status": 999}),
    ("bare line feeds in the head", sized().replace(b"\r\n", b"\n"), OPEN),
    ("a value in UTF-8", sized("X: 이".encode()),
     OPEN | {"headers": (("X", "이".encode().decode("latin-1")), ("Content-Length", "2"))}),
    ("a value in Latin-1", sized(b"X: \xe9"),
     OPEN | {"headers": (("X", "é"), ("Content-Length", "2"))}),
    ("an empty value", sized(b"X:", b"Y: "),
     OPEN | {"headers": (("X", ""), ("Y", ""), ("Content-Length", "2"))}),
    ("a value with a control character", sized(b"X: a\x01b"), OPEN),
    ("a value with blanks around", sized(b"X: \t a b \t"),
     OPEN | {"headers": (("X", "a b"), ("Content-Length", "2"))}),
    ("a field twice", sized(b"X-A: 1", b"x-a: 2"),
     OPEN | {"headers": (("X-A", "1"), ("x-a", "2"), ("Content-Length", "2"))}),
    ("fields that h11 changes", in_chunks(LAST, b"Transfer-Encoding: Chunked\r\n", b"Connection: X"),
     {"headers": (("Connection", "X"), ("Transfer-Encoding", "Chunked"))}),
    ("101 fields", sized(*(b"X-%d: 1" % one for one in range(101))), OPEN),
    ("5000 fields of a name", sized(*[b"X: 1"] * 5000), OPEN),
    ("a long field", sized(b"X: " + b"x" * 200_000), OPEN),
    ("100 Continue before it", b"HTTP/1.1 100 Continue\r\n\r\n" + sized(), OPEN),
    ("102 and 103 before it",
     b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + sized(), OPEN),
    ("204", b"HTTP/1.1 204 No Content\r\n\r\n", {"body": b"", "keeps_open": True}),
    ("304 with a length", b"HTTP/1.1 304 Not Modified\r\n" + LENGTH + b"\r\n",
     {"body": b"", "keeps_open": True}),
    ("HEAD with a length", OK + LENGTH + b"\r\n",
     {"method": "HEAD", "body": b"", "keeps_open": True}),
    ("HEAD with a coding", OK + CHUNKED + b"\r\n",
     {"method": "HEAD", "body": b"", "keeps_open": True}),
    ("HEAD with neither", OK + b"\r\n", {"method": "HEAD", "body": b"", "keeps_open": True}),
    ("another answer behind it", sized() + sized(), OPEN | {"rest": sized()}),
    ("bytes behind it", sized() + b"\r\n\0", OPEN | {"rest": b"\r\n\0"}),
    ("bytes behind the chunks", in_chunks(CHUNK + LAST + b"0\r\n"),
     {"body": BODY, "rest": b"0\r\n"}),
    ("a body for HEAD", sized(), {"method": "HEAD", "body": b"", "rest": b"{}"}),
    ("a body behind 204", b"HTTP/1.1 204 No\r\n\r\n{}", {"body": b"", "rest": b"{}"}),
]  # fmt: skip

# Name, bytes, what is wrong, what must be said of the body.
BROKEN: list[tuple[str, bytes, str, dict[str, Any]]] = [
    ("a chunk size with 0x", in_chunks(b"0x20\r\n" + BODY + b"\r\n" + LAST), "chunk-size",
     {"body": b"0x20\r\n" + BODY + b"\r\n" + LAST}),
    ("a chunk size with a plus", in_chunks(b"+20\r\n" + BODY + b"\r\n" + LAST), "chunk-size", {}),
    ("a chunk size with a minus", in_chunks(b"-2\r\n{}\r\n" + LAST), "chunk-size", {}),
    ("a chunk size with a blank before it", in_chunks(b" 2\r\n{}\r\n" + LAST), "chunk-size", {}),
    ("a chunk size with an underscore", in_chunks(b"2_0\r\n" + BODY), "chunk-size", {}),
    ("a chunk size in words", in_chunks(b"zz\r\n{}\r\n"), "chunk-size", {}),
    ("no chunk size", in_chunks(b"\r\n{}\r\n" + LAST), "chunk-size", {}),
    ("a bare line feed behind a chunk size", in_chunks(b"2\n{}\n0\n\n"), "chunk-size", {}),
    ("chunk data longer than its size", in_chunks(b"5\r\n" + BODY + b"\r\n" + LAST), "chunk-end", {}),
    ("chunk data shorter than its size", in_chunks(b"22\r\n" + BODY + b"\r\n" + LAST), "chunk-end", {}),
    ("a bare line feed behind a chunk", in_chunks(b"2\r\n{}\n" + LAST), "chunk-end", {}),
    ("a trailer without a colon", in_chunks(b"2\r\n{}\r\n0\r\nX\r\n\r\n"), "trailer", {}),
    ("an unended last chunk", in_chunks(CHUNK + b"0\r\n"), "unended",
     {"body": BODY, "ended": "closed", "over": True}),
    ("no last chunk", in_chunks(CHUNK), "unended", {"body": BODY, "ended": "closed", "over": True}),
    ("a chunk cut short", in_chunks(CHUNK[:9]), "unended",
     {"body": BODY[:5], "ended": "closed", "over": True}),
    ("a coding beside a differing length", in_chunks(CHUNK + LAST, CHUNKED, b"Content-Length: 7"),
     "length-and-chunks", {"body": BODY, "missing": 0}),
    ("a length beside a coding that is longer", in_chunks(CHUNK + LAST, CHUNKED, b"Content-Length: 70"),
     "length-and-chunks", {"body": BODY, "missing": 0}),
    ("another coding", in_chunks(BODY, b"Transfer-Encoding: gzip, chunked\r\n"), "coding", {}),
    ("identity as coding", in_chunks(BODY, b"Transfer-Encoding: identity\r\n"), "coding", {}),
    ("chunked in a list twice", in_chunks(CHUNK, b"Transfer-Encoding: chunked, chunked\r\n"), "coding", {}),
    ("chunked twice", in_chunks(CHUNK + LAST, CHUNKED + CHUNKED), "coding", {}),
    ("chunks in HTTP/1.0", in_chunks(CHUNK + LAST).replace(b"1.1", b"1.0"), "coding-in-1-0",
     {"body": BODY, "missing": 0}),
    ("two lengths", OK + LENGTH + b"Content-Length: 7\r\n\r\n{}", "length", {"body": b"{}"}),
    ("two lengths in a list", OK + b"Content-Length: 2, 7\r\n\r\n{}", "length", {}),
    ("a length with a plus", OK + b"Content-Length: +2\r\n\r\n{}", "length", {}),
    ("a length below nought", OK + b"Content-Length: -2\r\n\r\n{}", "length", {}),
    ("a length in hexadecimals", OK + b"Content-Length: 0x2\r\n\r\n{}", "length", {}),
    ("a length with an underscore", OK + b"Content-Length: 1_0\r\n\r\n{}", "length", {}),
    ("a length in words", OK + b"Content-Length: two\r\n\r\n{}", "length", {}),
    ("a length of 5000 digits", OK + b"Content-Length: " + b"1" * 5000 + b"\r\n\r\n{}", "length", {}),
    ("an empty length", OK + b"Content-Length:\r\n\r\n{}", "length", {}),
    ("a folded line", sized(b"X: 1", b" 2"), "folded",
     {"body": b"{}", "missing": 0, "keeps_open": True,
      "headers": (("X", "1 2"), ("Content-Length", "2"))}),
    ("a folded line with a tab", sized(b"X:", b"\t2"), "folded",
     {"body": b"{}", "missing": 0, "keeps_open": True}),
    ("a folded line at first", sized(b" X: 1"), "folded", {"body": b"{}"}),
    ("a line without a colon", sized(b"X: 1", b"Warning", b"Y: 2"), "header-line",
     {"body": b"{}", "headers": (("X", "1"), ("Warning", ""), ("Y", "2"), ("Content-Length", "2"))}),
    ("a blank before a colon", sized(b"X : 1"), "header-line", {}),
    ("a name of nothing", sized(b": 1"), "header-line", {}),
    ("a name in UTF-8", sized("이: 1".encode()), "header-line", {}),
    ("NUL in a value", sized(b"X: a\0b"), "header-line", {}),
    ("CR in a value", sized(b"X: a\rb"), "header-line", {}),
    ("two blanks in the status line", sized().replace(b" 200", b"  200"), "status-line",
     {"status": 200, "reason": "OK"}),
    ("a status of four digits", sized().replace(b"200", b"2000"), "status-line", {}),
    ("no blank behind the status", sized().replace(b"200 ", b"200"), "status-line", {}),
    ("NUL in the reason", sized().replace(b"OK", b"O\0K"), "status-line", {}),
    ("101 unasked", b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", "switch", {"status": 101}),
]  # fmt: skip

# Name, bytes, the fault.
NONE: list[tuple[str, bytes, str]] = [
    ("nothing", b"", "dropped"),
    ("half a status line", b"HTTP/1.1 2", "dropped"),
    ("half a head", OK + b"X: 1\r\n", "dropped"),
    ("an interim answer alone", b"HTTP/1.1 100 Continue\r\n\r\n", "dropped"),
    ("a word", b"hello\r\n", "not-http"),
    ("a word without its end", b"hell", "not-http"),
    ("a body", b"{}", "not-http"),
    ("empty lines", b"\r\n\r\n", "not-http"),
    ("an empty line before it", b"\r\n" + sized(), "not-http"),
    ("bytes before it", b"\0" + sized(), "not-http"),
    ("HTTP/2", b"HTTP/2 200 OK\r\n\r\n", "not-http"),
    ("HTTP/2.0", b"HTTP/2.0 200 OK\r\n\r\n", "not-http"),
    ("HTTP/0.9", b"HTTP/0.9 200 OK\r\n\r\n", "not-http"),
    ("small letters", b"http/1.1 200 OK\r\n\r\n", "not-http"),
    ("no status", b"HTTP/1.1 OK\r\n\r\n", "not-http"),
    ("status 99", b"HTTP/1.1 99 Low\r\n\r\n", "not-http"),
    ("status 099", b"HTTP/1.1 099 Low\r\n\r\n", "not-http"),
    ("another protocol", b"ICY 200 OK\r\n\r\n", "not-http"),
    ("a TLS alert", b"\x15\x03\x01\x00\x02\x02\x28", "not-http"),
    ("what is none behind an interim answer", b"HTTP/1.1 102 Wait\r\n\r\nhello\r\n", "not-http"),
    ("a head that is too long", OK + b"X: " + b"x" * LONGEST_HEAD, "too-long"),
    ("a body that is too long", OK + b"Content-Length: 9999\r\n\r\n" + b"x" * 1001, "too-long"),
    ("a chunk extension that is too long", in_chunks(b"1;" + b"x" * (LONGEST_HEAD + 1)), "too-long"),
]  # fmt: skip


def read(
    data: bytes, *, method: str = "POST", is_over: bool = False, step: int = 0
) -> AnswerReader:
    """Return what has read an answer, in pieces of so many bytes, with at most 1000 of body."""
    reader = AnswerReader(method, 1000)
    step = step or len(data) or 1
    rest = b""
    for at in range(0, len(data), step):
        piece = data[at : at + step]
        if reader.result is None:
            reader.receive(piece)
        elif reader.lacks_rest:
            reader.receive_rest(piece)
        else:
            rest += piece
    if is_over and reader.result is None:
        reader.receive(b"")
    reader.rest += rest
    return reader


@pytest.mark.parametrize(
    ("data", "expected"), [one[1:] for one in READ], ids=[one[0] for one in READ]
)
def test_what_is_valid_is_read(data: bytes, expected: dict[str, Any]) -> None:
    asked = {"method": expected.get("method", "POST"), "is_over": expected.get("over", False)}
    wanted = {
        name: each for name, each in expected.items() if name not in ("method", "over", "rest")
    }
    for step in (0, 1) if len(data) < 5000 else (0, 60_000):
        reader = read(data, step=step, **asked)
        got = reader.result
        assert isinstance(got, Answer)
        assert {name: getattr(got, name) for name in wanted} == wanted
        assert (got.missing, got.ended, got.framing) == (0, "", "")
        assert reader.rest == expected.get("rest", b"")


@pytest.mark.parametrize(
    ("data", "framing", "expected"), [one[1:] for one in BROKEN], ids=[one[0] for one in BROKEN]
)
def test_what_is_broken_is_refused_and_says_why(
    data: bytes, framing: str, expected: dict[str, Any]
) -> None:
    wanted = {"missing": -1, "keeps_open": False} | expected
    is_over = wanted.pop("over", False)
    for step in (0, 1):
        got = read(data, is_over=is_over, step=step).result
        assert isinstance(got, Answer)
        assert got.framing == framing
        if step and framing == "coding":
            # No length says how much of the body there is to wait for.
            continue
        wanted_now = {name: each for name, each in wanted.items() if not (step and name == "body")}
        assert {name: getattr(got, name) for name in wanted_now} == wanted_now


@pytest.mark.parametrize(("data", "kind"), [one[1:] for one in NONE], ids=[one[0] for one in NONE])
def test_what_is_no_answer_is_told_as_what_it_is(data: bytes, kind: str) -> None:
    for step in (0, 1) if len(data) < 5000 else (0, 60_000):
        got = read(data, is_over=True, step=step).result
        assert isinstance(got, Fault)
        assert got.kind == kind
        assert got.detail
        assert data.startswith(got.came) or kind == "too-long"
        assert got.came or not data


def test_what_is_no_http_is_known_without_waiting_for_more() -> None:
    for data in (
        b"{",
        b"220 mail.example ESMTP\r\n",
        b"SSH-2.0-x\r\n",
        b"HTTP/2",
        b"HTTP/1.1 no\r\n",
    ):
        got = read(data).result
        assert isinstance(got, Fault)
        assert got.kind == "not-http"


def test_a_head_that_is_cut_off_gives_what_came_away() -> None:
    reader = read(b"HTTP/1.1 102 Wait\r\n\r\n" + OK + b"X: 1\r\n")
    reader.give_up(TimeoutError("timed out"))
    got = reader.result
    assert isinstance(got, Fault)
    assert got.kind == "timed-out"
    assert got.came == b"HTTP/1.1 102 Wait\r\n\r\n" + OK + b"X: 1\r\n"


def test_every_word_for_broken_framing_but_two_is_shown_by_an_answer_above() -> None:
    """Where h11 words it otherwise, what it refuses would be told by these two."""
    words = {word for _, word in (*answer_reader._IN_HEAD, *answer_reader._IN_BODY)}
    shown = {framing for _, _, framing, _ in BROKEN}
    assert words <= shown
    assert "head" not in shown
    assert "body" not in shown


def test_a_field_that_is_long_is_not_kept_beyond_its_answer() -> None:
    short, long = (messages.field_kept_once("Set-Cookie", "x" * size) for size in (100, 1000))
    again = messages.field_kept_once("Set-Cookie", "x" * 100)
    assert short is again
    assert messages.field_kept_once("Set-Cookie", "x" * 1000) is not long
