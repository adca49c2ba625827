"""A body in the chunked transfer coding: how it is sent, and which answers are none to it (REQ-2)."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field

import pytest

from esignon_conformance.transport.messages import Exchange
from esignon_conformance.transport.serialize import in_chunks
from esignon_conformance.verdicts.model import Verdict
from selftest.support.exchanges import conforming, contract, page, refusal, request_of
from selftest.support.judged import verdict
from selftest.support.login_desk import Desk, run
from selftest.support.raw_server import Received, answer, read_chunks, scripted
from selftest.support.transporting import JSON, LOGIN, to

CHUNKED = ("same-value-in-chunks", "same-value-refused-in-chunks")


@pytest.mark.parametrize("body", [b"", b"x", b"ab", b"abc", "a body\r\n of 가나다".encode() * 40])
def test_chunks_hold_the_body_and_end(body: bytes) -> None:
    data = in_chunks(body)
    lines = data.splitlines(keepends=True)
    assert lines[-2:] == [b"0\r\n", b"\r\n"]
    left = [data]

    def read(length: int) -> bytes:
        taken, left[0] = left[0][:length], left[0][length:]
        return taken

    assert read_chunks(lambda: read(left[0].index(b"\n") + 1), read) == body
    assert left == [b""]


def test_a_chunked_request_says_no_length_and_is_alone_on_its_connection() -> None:
    chunked = request_of("same-value-in-chunks")
    steps = [lambda peer, _received: peer.send(answer(JSON))] * 4
    with scripted(*steps) as server, closing(to(server)) as transport:
        numbers = [transport.send(one).connection for one in (LOGIN, chunked, LOGIN, LOGIN)]
        assert not transport.look()
    assert numbers == [1, 2, 3, 3]
    plain, sent, *_ = server.received
    assert sent.body == plain.body == LOGIN.body
    assert sent.head.lower().count(b"transfer-encoding: chunked") == 1
    assert sent.header("Content-Length") is None
    assert plain.header("Transfer-Encoding") is None


def test_chunks_are_sent_by_right_and_made_up_accounts_only() -> None:
    for case_id in CHUNKED:
        case, request = contract().cases[case_id], request_of(case_id)
        assert request.is_chunked
        assert case.account == "made-up" or case.same_as == "right-login"
        assert request.body == request_of(case.same_as or "").body


def judged(*exchanges: Exchange) -> dict[str, Verdict]:
    """Return the verdicts on right logins, refusals and these exchanges."""
    rows = (
        *map(conforming, ("same-value-indented", "unknown-email-of-forms", "odd-language-any")),
        *exchanges,
    )
    return {name: verdict(name, *rows) for name in ("REQ-2", "ENV-1", "ENV-10")}


@pytest.mark.parametrize("status", [400, 411, 501])
@pytest.mark.parametrize("case_id", CHUNKED)
def test_a_refusal_of_chunks_by_http_is_not_judged(case_id: str, status: int) -> None:
    found = judged(page(case_id, status))
    assert {one.verdict for one in found.values()} == {"holds"}
    assert case_id in found["REQ-2"].left_out


@pytest.mark.parametrize(("status", "clause"), [(404, "ENV-1"), (500, "ENV-10")])
def test_other_pages_are_judged_as_ever(status: int, clause: str) -> None:
    assert judged(page("same-value-in-chunks", status))[clause].verdict == "fails"


def test_the_same_page_to_a_body_with_a_length_is_judged() -> None:
    assert judged(page("same-value-no-white-space", 400))["ENV-1"].verdict == "fails"
    assert judged(page("same-value-no-white-space", 501))["ENV-10"].verdict == "fails"


@pytest.mark.parametrize("case_id", CHUNKED)
def test_a_body_in_chunks_that_is_read_otherwise_fails_req_2(case_id: str) -> None:
    found = judged(refusal(case_id, code="12"))["REQ-2"]
    assert found.verdict == "fails"
    assert found.findings[0].cases == (case_id,)


@dataclass
class Old(Desk):
    """A desk whose answers are HTTP/1.0."""

    asked: list[str | None] = field(default_factory=list)

    def _answer(self, received: Received, code: str) -> bytes:
        self.asked.append(received.header("Transfer-Encoding"))
        return super()._answer(received, code).replace(b"HTTP/1.1", b"HTTP/1.0", 1)


def test_no_chunks_go_to_what_answers_in_http_1_0() -> None:
    desk = Old()
    ended = run(desk, ["right-login", "unknown-email", *CHUNKED])
    assert set(desk.asked) == {None}
    for case_id in CHUNKED:
        assert ended.recording.unsent[case_id].word == "not-applicable"
    assert ended.verdicts()["REQ-2"].verdict != "fails"
