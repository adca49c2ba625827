"""SEC-1, SEC-4, REQ-5: of an answer in a coding that is not undone only the head was looked at."""

from __future__ import annotations

import gzip
import json

import pytest

from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import answered, header_of
from selftest.support.judged import basis, failing, verdicts

# As Brotli and zstd write it: no text, and nothing that gzip or deflate would inflate.
OPAQUE = b"\x28\xb5\x2f\xfd\x04\x00\xa1\x00\x00\x80\xff\xfe" * 4
REFUSAL = json.dumps({"header": header_of("10", "ko")}).encode()


def coded(case: str, body: bytes = OPAQUE, coding: str = "zstd", debug: str = "-") -> Exchange:
    """Return an answer in a content coding."""
    return answered(case, body, headers={"Content-Encoding": coding, "X-Debug": debug})


@pytest.mark.parametrize("clause", ["SEC-1", "SEC-4"])
def test_a_body_that_was_not_looked_at_is_named_beside_what_holds(clause: str) -> None:
    judged = verdicts([*basis(), coded("unknown-email-hangul")])
    assert failing(judged) == {"ENV-1"}
    assert judged[clause].verdict == "holds"
    assert judged[clause].left_out["unknown-email-hangul"].key == "coding-not-undone"


@pytest.mark.parametrize("clause", ["SEC-1", "SEC-4"])
def test_where_no_body_could_be_looked_at_nothing_holds(clause: str) -> None:
    judged = verdicts([coded("right-login"), coded("wrong-password"), coded("unknown-email")])
    assert judged[clause].verdict == "not-judged"


def test_what_the_head_shows_is_a_finding_all_the_same() -> None:
    shown = "Traceback (most recent call last):"
    judged = verdicts([*basis(), coded("unknown-email-hangul", debug=shown)])
    assert failing(judged) == {"ENV-1", "SEC-4"}


@pytest.mark.parametrize(("body", "coding"), [(REFUSAL, "gzip"), (gzip.compress(REFUSAL), "br")])
def test_what_can_be_read_all_the_same_was_looked_at(body: bytes, coding: str) -> None:
    judged = verdicts([*basis(), coded("unknown-email-hangul", body, coding)])
    assert "unknown-email-hangul" not in judged["SEC-1"].left_out


def test_a_method_whose_answer_nobody_can_read_may_have_issued_a_token() -> None:
    judged = verdicts([*basis(), coded("put-with-body")])
    assert judged["REQ-5"].verdict == "not-judged" or "put-with-body" in judged["REQ-5"].left_out
