"""What a parser has to forgive is told by its name, and a body that was read by a finding of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from esignon_conformance.checks.leniency import LENIENCIES, leniency
from esignon_conformance.transport.messages import Exchange
from esignon_conformance.verdicts.model import Verdict
from selftest.support.exchanges import conforming, contract, refusal, request_of, success
from selftest.support.judged import basis, verdict, verdicts

# By case of REJ-13: what it is that only a lenient parser takes.
KINDS = {
    "text-after-value": "text-after-value",
    "second-value-after-value": "text-after-value",
    "extra-closing-brace": "text-after-value",
    "nul-after-value": "text-after-value",
    "trailing-comma": "trailing-comma",
    "block-comment": "comment",
    "line-comment": "comment",
    "duplicate-name-top": "name-twice",
    "duplicate-name-inside": "name-twice",
    "single-quotes": "single-quotes",
    "unquoted-name": "word",
    "byte-order-mark": "byte-order-mark",
    "utf-16": "utf-16-or-32",
    "utf-16-be": "utf-16-or-32",
    "utf-32": "utf-16-or-32",
    "not-utf-8-in-value": "broken-utf-8",
    "euc-kr-value": "broken-utf-8",
    "overlong-utf-8": "broken-utf-8",
    "not-a-number": "no-number",
    "infinity": "no-number",
    "leading-zero": "number-form",
    "hexadecimal-number": "number-form",
    "raw-line-end-in-string": "control-character",
    "raw-tab-in-string": "control-character",
    "raw-nul-in-string": "control-character",
    "unknown-escape": "escape",
}


def read_as(case_id: str, code: str) -> Exchange:
    """Return the exchange of a case that came to a code."""
    return success(case_id) if code == "00" else refusal(case_id, code=code)


def judged_with(*exchanges: Exchange) -> Verdict:
    """Return the verdict of REJ-13, what no parser reads being refused."""
    return verdict("REJ-13", conforming("empty-body"), *exchanges)


def test_every_case_of_the_clause_stands_in_the_table() -> None:
    assert set(KINDS) == {case.id for case in contract().cases_of("REJ-13")}
    assert set(KINDS.values()) | {"other-form"} == set(LENIENCIES)


@pytest.mark.parametrize("case_id", KINDS)
def test_a_case_is_read_by_one_kind_of_leniency(case_id: str) -> None:
    assert leniency(request_of(case_id).body) == KINDS[case_id]


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"[1,]", "trailing-comma"),
        (b'{"a":1 , \n}', "trailing-comma"),
        (b'{"a":1,,"b":2}', "other-form"),
        (b'{"a":+1}', "number-form"),
        (b'{"a":.5}', "number-form"),
        (b'{"a":01}', "number-form"),
        (b'{"a":[NaN]}', "no-number"),
        (b'{"a":yes}', "word"),
        (b"# c\n{}", "comment"),
        (b"{} # c", "text-after-value"),
        (b"{}\n// c\n", "text-after-value"),
        (b'{"a":1;"b":2}', "other-form"),
        (b'["\\x"]', "escape"),
        (b'["\\u12"]', "escape"),
        (b"", "other-form"),
        (b"{", "other-form"),
        (b"[" * 100_000, "other-form"),
        (b"{}", "other-form"),
    ],
)
def test_any_body_has_a_kind(body: bytes, kind: str) -> None:
    assert leniency(body) == kind


@pytest.mark.parametrize("code", ["10", "95", "00"])
def test_a_code_that_is_no_refusal_of_the_form_shows_that_a_body_was_read(code: str) -> None:
    judged = judged_with(read_as("utf-16", code))
    assert judged.verdict == "advisory"
    (finding,) = judged.findings
    assert finding.got.key == "read-utf-16-or-32"
    assert dict(finding.got.words) == {"code": code}
    assert dict(finding.expected.words) == {"codes": '"12", "99"'}


def test_each_kind_of_leniency_is_one_finding() -> None:
    cases = ["block-comment", "line-comment", "trailing-comma", "utf-16", "utf-32"]
    judged = judged_with(*(read_as(name, "10") for name in cases))
    found = {finding.got.key: finding.cases for finding in judged.findings}
    assert found == {
        "read-comment": ("block-comment", "line-comment"),
        "read-trailing-comma": ("trailing-comma",),
        "read-utf-16-or-32": ("utf-16", "utf-32"),
    }


def test_nothing_is_said_where_unreadable_bodies_get_the_same_code() -> None:
    judged = verdicts([*basis(), read_as("utf-16", "10"), read_as("empty-body", "10")])
    assert judged["REJ-7"].verdict == "fails"
    assert judged["REJ-13"].verdict == "not-judged"


def test_a_body_is_named_by_what_was_sent() -> None:
    exchange = read_as("trailing-comma", "10")
    other = replace(exchange, request=replace(exchange.request, body=b"\xef\xbb\xbf{}"))
    (finding,) = judged_with(other).findings
    assert finding.got.key == "read-byte-order-mark"
