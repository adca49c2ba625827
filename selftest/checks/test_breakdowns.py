"""ENV-10: breakdowns, and which answers may be any page."""

from __future__ import annotations

import pytest

from esignon_conformance.recording.response import is_exempt
from esignon_conformance.transport.messages import Exchange
from selftest.support.envelope import failed
from selftest.support.exchanges import answered, contract, fault, page, refusal, success
from selftest.support.judged import verdict


@pytest.mark.parametrize(
    "exchange",
    [
        page(status=500),
        page(status=502),
        page(status=503),
        page(status=504),
        page(status=501),
        page(status=599),
        page("get-with-body", 500),
        page("odd-company-slash", 500),
        page("sql-or-in-email", 500),
        refusal(status=500),
        refusal(status=503, headers={"Retry-After": "1"}),
        fault(kind="dropped"),
        fault(kind="timed-out"),
        fault(kind="not-http"),
        fault(kind="too-long"),
        fault("get-with-body", "dropped"),
        answered("wrong-password", b"", missing=70, ended="closed"),
        answered("wrong-password", b"", missing=70, ended="silent"),
    ],
)
def test_env_10_sees_a_breakdown_and_blanks_nothing_else(exchange: Exchange) -> None:
    assert failed(exchange, refusal()) == {"ENV-10"}


@pytest.mark.parametrize(
    "exchange",
    [
        page("get-with-body", 501),
        page("unknown-method-with-body", 501),
        page(status=503, headers={"Retry-After": "1"}),
        page(status=429),
        refusal(),
        success(),
        fault(kind="unreachable"),
    ],
)
def test_env_10_stays_quiet(exchange: Exchange) -> None:
    assert failed(exchange, refusal()) == set()


def test_env_10_tells_one_finding_a_kind_of_breakdown() -> None:
    exchanges = [page(status=500), page(status=502), fault(kind="dropped"), fault(kind="dropped")]
    found = verdict("ENV-10", *exchanges).findings
    assert [len(one.exchanges) for one in found] == [2, 2]


# ---- exemptions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [408, 411, 413, 414, 415, 417, 429, 431])
def test_a_refusal_of_the_http_layer_has_any_body(status: int) -> None:
    for case in ("wrong-password", "empty-body", "odd-email-5000-characters", "media-type-xml"):
        assert failed(page(case, status), refusal()) == set()


@pytest.mark.parametrize("status", [301, 308, 400, 403, 404, 405, 410])
def test_an_odd_path_is_answered_with_any_page(status: int) -> None:
    assert failed(page("odd-company-slash", status), refusal()) == set()
    # A quote or Hangul, percent-encoded, is a legal company that does not exist.
    for case in (
        "unknown-company-quote",
        "unknown-company-hangul",
        "unknown-company",
        "empty-body",
    ):
        assert failed(page(case, status), refusal()) == {"ENV-1"}


@pytest.mark.parametrize("status", [403, 406])
def test_a_firewalls_page_to_what_the_page_does_not_document_is_an_advisory(status: int) -> None:
    for case in (
        "media-type-xml",
        "odd-charset-euc-kr",
        "odd-email-nul",
        "odd-email-line-end",
        "raw-nul-in-string",
        "sql-or-in-email",
    ):
        assert failed(page(case, status), refusal()) == {"ENV-9"}, case
    # The documented request, whatever it holds besides, is the application's.
    for case in ("media-type-charset", "odd-email-emoji", "wrong-password", "cut-inside-password"):
        assert failed(page(case, status), refusal()) == {"ENV-1"}, case


def test_only_malformed_http_is_answered_400_with_any_page() -> None:
    exchange = page("empty-body", 400)
    assert not is_exempt(exchange, frozenset({"odd"}), contract().codes)
    assert is_exempt(exchange, frozenset({"bad-http"}), contract().codes)


def test_an_envelope_is_judged_even_where_a_page_would_be_exempt() -> None:
    exchange = refusal("media-type-xml", {"/header/response_code": "1001Q"}, status=415)
    assert failed(exchange) == {"ENV-4", "ENV-9"}
