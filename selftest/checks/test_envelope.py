"""ENV: what holds for every answer, with exchanges that keep to it and exchanges that do not."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Callable
from typing import Any, get_args

import pytest

from esignon_conformance.recording.response import is_exempt, read
from esignon_conformance.transport.answer_reader import LONGEST_BODY
from esignon_conformance.transport.messages import Exchange, Framing
from selftest.support.exchanges import (
    ABSENT,
    PAGE,
    answered,
    conforming_run,
    contract,
    failing,
    fault,
    got,
    header_of,
    is_refusal,
    page,
    refusal,
    success,
    verdict,
    verdicts,
    where,
    with_answer,
)

WHOLE = json.dumps({"header": header_of("10"), "body": None}, ensure_ascii=False).encode()
ENVELOPE = ["ENV-1", "ENV-2", "ENV-3", "ENV-4", "ENV-5", "ENV-6", "ENV-7", "ENV-8", "ENV-10"]


def failed(*exchanges: Exchange) -> set[str]:
    """Return the clauses about every answer that fail or are advisories on these exchanges."""
    return failing(verdicts(exchanges, only=[*ENVELOPE, "ENV-9"]))


def inside(text: str) -> bytes:
    """Return a refusal with one more, undocumented member, whose value is `text`."""
    return WHOLE[:-1] + f', "more": {text}}}'.encode()


def coded(coding: str, body: bytes, **varied: Any) -> Exchange:
    """Return a refusal under a content coding."""
    return answered("wrong-password", body, headers={"Content-Encoding": coding}, **varied)


# ---- ENV-1 -----------------------------------------------------------------------------------------

NO_JSON_TEXT: dict[str, tuple[bytes, str]] = {
    "a byte order mark": (b"\xef\xbb\xbf" + WHOLE, "json-byte-order-mark"),
    "UTF-16 with a mark": (WHOLE.decode().encode("utf-16"), "json-byte-order-mark"),
    "UTF-16 without a mark": (WHOLE.decode().encode("utf-16-be"), "json-not-utf-8"),
    "UTF-32": (WHOLE.decode().encode("utf-32-be"), "json-not-utf-8"),
    "EUC-KR": (WHOLE.decode().encode("euc-kr"), "json-not-utf-8"),
    "a surrogate as UTF-8": (WHOLE.replace(b"1001A", b"\xed\xa0\x80"), "json-not-utf-8"),
    "NaN": (inside("NaN"), "json-not-a-number"),
    "Infinity": (inside("Infinity"), "json-not-a-number"),
    "-Infinity deep inside": (inside('[{"a": -Infinity}]'), "json-not-a-number"),
    "a second value": (WHOLE + b"{}", "json-text-after-value"),
    "a brace too many": (WHOLE + b"}", "json-text-after-value"),
    "NUL after it": (WHOLE + b"\0", "json-text-after-value"),
    "a form feed after it": (WHOLE + b"\f", "json-text-after-value"),
    "U+00A0 after it": (WHOLE + "\u00a0".encode(), "json-text-after-value"),
    "nothing": (b"", "json-no-json-text"),
    "white space": (b" \r\n", "json-no-json-text"),
    "a page": (PAGE, "json-not-json"),
    "a cut text": (WHOLE[:-1], "json-not-json"),
    "single quotes": (WHOLE.replace(b'"', b"'"), "json-not-json"),
    "a trailing comma": (WHOLE[:-1] + b",}", "json-not-json"),
    "a comment": (b"/* c */" + WHOLE, "json-not-json"),
    "a raw line end in a text": (WHOLE.replace(b"1001A", b"1001A\n"), "json-not-json"),
    "a leading zero": (inside("007"), "json-not-json"),
    "nesting that nobody reads": (inside("[" * 200_000), "json-not-json"),
    "header twice": (WHOLE[:-1] + b', "header": {}}', "json-name-twice"),
    "body twice, escaped": (WHOLE[:-1] + b', "\\u0062ody": {}}', "json-name-twice"),
    "a code twice": (
        WHOLE.replace(b'"session', b'"result_code": "10", "session'),
        "json-name-twice",
    ),
}


@pytest.mark.parametrize(("body", "key"), NO_JSON_TEXT.values(), ids=NO_JSON_TEXT)
def test_env_1_sees_what_is_no_json_text(body: bytes, key: str) -> None:
    exchange = answered("wrong-password", body)
    assert failed(exchange) == {"ENV-1"}
    assert got(verdict("ENV-1", exchange)) == [key]


@pytest.mark.parametrize(
    ("varied", "key"),
    [
        ({"missing": 3, "ended": "closed"}, "body-cut-closed"),
        ({"missing": 3, "ended": "silent"}, "body-cut-silent"),
        ({"missing": -1, "ended": "closed"}, "body-cut-closed"),
    ],
)
def test_env_1_sees_a_body_shorter_than_announced(varied: dict[str, Any], key: str) -> None:
    for content in (WHOLE, WHOLE[:-3]):
        exchange = answered("wrong-password", content, **varied)
        assert failed(exchange) == {"ENV-1"}
        assert got(verdict("ENV-1", exchange)) == [key]


@pytest.mark.parametrize("framing", [one for one in get_args(Framing) if one])
@pytest.mark.parametrize("missing", [0, -1])
def test_env_1_sees_broken_framing_and_env_10_does_not(framing: Framing, missing: int) -> None:
    for content in (WHOLE, b""):
        exchange = answered("wrong-password", content, missing=missing, framing=framing)
        assert failed(exchange) == {"ENV-1"}
        assert got(verdict("ENV-1", exchange)) == [f"framing-{framing}"]


@pytest.mark.parametrize(
    "exchange",
    [
        coded("gzip", WHOLE),
        coded("gzip", gzip.compress(WHOLE)[:-9]),
        coded("deflate", WHOLE),
        coded("br", WHOLE),
        coded("gzip", gzip.compress(b"")),
        coded("gzip", gzip.compress(WHOLE + b" " * LONGEST_BODY)),
        coded("deflate", zlib.compress(WHOLE + b" " * LONGEST_BODY)),
    ],
    ids=[
        "not gzip",
        "cut gzip",
        "not deflate",
        "a coding that nobody asked for",
        "nothing in gzip",
        "more in gzip than is read",
        "more in deflate than is read",
    ],
)
def test_env_1_undoes_the_content_coding(exchange: Exchange) -> None:
    assert failed(exchange) == {"ENV-1"}


@pytest.mark.parametrize(("coding", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
def test_no_more_is_unpacked_than_is_read(coding: str, pack: Callable[[bytes], bytes]) -> None:
    # Cut at its end, which nobody gets to.
    exchange = coded(coding, pack(WHOLE + b" " * 2 * LONGEST_BODY)[:-9])
    assert read(exchange).coding_problem == f"more than {LONGEST_BODY} bytes when unpacked"


LIBERTIES: dict[str, bytes] = {
    "white space around": b" \r\n\t" + WHOLE + b"\n\n",
    "escapes only": json.dumps({"header": header_of("10")}).encode(),
    "an undocumented member twice": WHOLE[:-1] + b', "more": 1, "more": 2}',
    "a documented name twice where it is not documented": inside('{"header": 1, "header": 2}'),
    "a large integer": inside("9" * 5000),
    "1e400": inside("1e400"),
    "nesting of 200": inside("[" * 200 + "]" * 200),
    "an emoji": inside('"😀"'),
    "a lone surrogate, escaped": inside('"\\ud800"'),
    "an escaped NUL": inside('"\\u0000"'),
}


@pytest.mark.parametrize("body", LIBERTIES.values(), ids=LIBERTIES)
def test_env_1_takes_every_json_text(body: bytes) -> None:
    assert failed(answered("wrong-password", body)) <= {"ENV-8"}


@pytest.mark.parametrize(
    "exchange",
    [
        coded("gzip", gzip.compress(WHOLE)),
        coded("X-GZIP", gzip.compress(WHOLE)),
        coded("deflate", zlib.compress(WHOLE)),
        coded("deflate", zlib.compress(WHOLE)[2:-4]),
        coded("identity", WHOLE),
        coded("deflate, gzip", gzip.compress(zlib.compress(WHOLE))),
    ],
)
def test_env_1_takes_every_content_coding_that_was_asked_for(exchange: Exchange) -> None:
    assert failed(exchange) == set()


# ---- ENV-2 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value",
    [
        "application/json",
        "application/json;charset=UTF-8",
        "application/json; charset=utf-8",
        'application/json ; charset="utf-8"',
        "Application/JSON",
        "APPLICATION/JSON; Charset=UTF-8",
        "application/json;",
        "application/json; charset=EUC-KR",
        "application/json; profile=x; charset=utf-8",
    ],
)
def test_env_2_takes_every_spelling(value: str) -> None:
    assert failed(refusal(headers={"Content-Type": value})) == set()


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "text/html",
        "text/plain; charset=utf-8",
        "text/json",
        "application/problem+json",
        "application/jsonp",
        "application/x-json",
        "application",
        "application/json, text/plain",
    ],
)
def test_env_2_sees_another_media_type(value: str | None) -> None:
    assert failed(refusal(headers={"Content-Type": value})) == {"ENV-2"}


def test_env_2_looks_at_every_field_and_at_any_letter_case_of_its_name() -> None:
    exchange = refusal(headers={"content-type": "text/html"})
    assert failed(exchange) == {"ENV-2"}
    assert (
        failed(refusal(headers={"Content-Type": None, "CONTENT-TYPE": "application/json"})) == set()
    )


# ---- ENV-3 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", [[], [{"header": header_of("10")}], None, "text", 5, True])
def test_env_3_sees_what_is_no_object(value: Any) -> None:
    assert failed(answered("wrong-password", value)) == {"ENV-3"}


@pytest.mark.parametrize(
    "changes",
    [
        {"/header": ABSENT},
        {"/header": None},
        {"/header": []},
        {"/header": "1001A"},
        {"/header": {}},
        {"/header": {"code": "10", "message": "no"}},
        {"/body": []},
        {"/body": ""},
        {"/body": 0},
        {"/body": False},
        {"": {"error": "unauthorized"}},
        {"": {"Header": header_of("10")}},
    ],
)
def test_env_3_sees_what_is_no_envelope(changes: dict[str, Any]) -> None:
    assert failed(refusal(changes=changes)) == {"ENV-3"}


@pytest.mark.parametrize("body", [ABSENT, None, {}, {"reason": "x"}])
def test_env_3_takes_any_body_that_is_an_object_or_null(body: Any) -> None:
    assert failed(refusal(changes={"/body": body})) <= {"ENV-8"}


# ---- ENV-4 to ENV-7 --------------------------------------------------------------------------------

MEMBERS: dict[str, tuple[str, list[Any]]] = {
    "ENV-4": ("response_code", ["1001Q", "1001a", "", "1001A ", None, 1001, ["1001A"], {}, ABSENT]),
    "ENV-5": (
        "result_code",
        ["0", "000", " 10", "77", "success", "", None, 0, 10, True, ["10"], {}, ABSENT],
    ),
    "ENV-6": ("result_msg", ["", None, 0, [], {"ko": "x"}, False, ABSENT]),
    "ENV-7": ("session_id", [None, 0, False, [], {}, ABSENT]),
}


@pytest.mark.parametrize(
    ("clause", "name", "value"),
    [(clause, name, value) for clause, (name, values) in MEMBERS.items() for value in values],
)
def test_env_4_to_7_see_a_wrong_member(clause: str, name: str, value: Any) -> None:
    for make in (refusal, success):
        judged = verdicts([make(changes={f"/header/{name}": value})], only=ENVELOPE)
        assert failing(judged) == {clause}
        assert [one.pointer for one in judged[clause].findings] == [f"/header/{name}"]
        wanted = "absent" if value is ABSENT else "value"
        assert got(judged[clause]) == [wanted]


@pytest.mark.parametrize("code", ["10", "12", "95", "99"])
def test_env_4_to_7_take_every_documented_refusal(code: str) -> None:
    assert failed(refusal(code=code)) == set()


@pytest.mark.parametrize("text", ["실패", "Login failed", "ログイン", " ", "x" * 5000, "a\nb"])
def test_env_6_fixes_no_text(text: str) -> None:
    assert failed(refusal(changes={"/header/result_msg": text})) == set()


def test_env_7_takes_a_filled_session_id() -> None:
    assert failed(refusal(changes={"/header/session_id": "5f2b"})) == set()


# ---- ENV-8 and ENV-9 -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exchange", "pointer"),
    [
        (refusal(changes={"/trace": "x"}), "/trace"),
        (refusal(changes={"/header/version": "1"}), "/header/version"),
        (success(changes={"/body/roles": []}), "/body/roles"),
        (refusal(changes={"/header/access_token": None}), "/header/access_token"),
    ],
)
def test_env_8_names_an_undocumented_member(exchange: Exchange, pointer: str) -> None:
    judged = verdicts([exchange], only=ENVELOPE)
    assert failing(judged) == {"ENV-8"}
    assert judged["ENV-8"].verdict == "advisory"
    assert [one.pointer for one in judged["ENV-8"].findings] == [pointer]


def test_env_8_leaves_alone_what_stands_inside_a_documented_member() -> None:
    assert failed(success(changes={"/body/device_id": "x"})) == set()


@pytest.mark.parametrize("status", [201, 302, 400, 401, 403, 404, 422])
def test_env_9_advises_against_another_status(status: int) -> None:
    judged = verdicts([refusal(status=status)], only=[*ENVELOPE, "ENV-9"])
    assert failing(judged) == {"ENV-9"}
    assert judged["ENV-9"].verdict == "advisory"
    assert got(judged["ENV-9"]) == ["http-status"]


def test_env_9_tells_of_a_firewall() -> None:
    for status in (403, 406):
        judged = verdicts([page("sql-or-in-email", status)], only=[*ENVELOPE, "ENV-9"])
        assert failing(judged) == {"ENV-9"}
        assert got(judged["ENV-9"]) == ["http-status-firewall"]
    # Elsewhere the same page is no refusal of a firewall.
    assert failed(page("unknown-email", 403)) == {"ENV-1"}


def test_env_9_says_nothing_about_successes_and_other_methods() -> None:
    assert "ENV-9" not in failed(success(status=201), refusal("get-with-body", status=405))


# ---- ENV-10 ----------------------------------------------------------------------------------------


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


# ---- one fault, one failed clause ------------------------------------------------------------------

RUN = conforming_run("empty-body")


def altered(chosen: Any, change: Any) -> set[str]:
    """Return the clauses that fail when a whole run that holds every clause is altered."""
    return failing(verdicts(where(RUN, chosen, change)))


def test_a_run_without_fault_holds_every_clause() -> None:
    judged = verdicts(RUN)
    assert {one.verdict for name, one in judged.items() if name != "SEC-5"} == {"holds", "observed"}
    assert judged["SEC-5"].verdict == "not-judged"  # the target is a loopback address
    assert {one.clause for one in judged.values() if one.verdict == "observed"} == {
        name for name, clause in contract().clauses.items() if clause.level == "observe"
    }


@pytest.mark.parametrize(
    ("clause", "changes"),
    [
        ("ENV-3", {"/body": []}),
        ("ENV-4", {"/header/response_code": "1001Q"}),
        ("ENV-5", {"/header/result_code": 10}),
        ("ENV-6", {"/header/result_msg": ""}),
        ("ENV-7", {"/header/session_id": ABSENT}),
        ("ENV-8", {"/trace": "x"}),
    ],
)
def test_a_fault_of_every_refusal_is_one_failed_clause(clause: str, changes: Any) -> None:
    found = altered(is_refusal, lambda one: with_answer(one, changes))
    # A text that is not there is not the documented one either.
    assert found - ({"REJ-17"} if clause == "ENV-6" else set()) == {clause}


def test_html_for_one_malformed_body_is_one_failed_clause_and_blanks_nothing() -> None:
    exchanges = where(
        RUN, lambda one: one.case == "empty-body", lambda one: page("empty-body", 400)
    )
    judged = verdicts(exchanges)
    assert failing(judged) == {"ENV-1"}
    assert {one.clause for one in judged.values() if one.verdict == "not-judged"} == {"SEC-5"}
    assert len(judged["ENV-1"].findings) == 1


def test_a_breakdown_with_an_envelope_is_one_failed_clause() -> None:
    found = altered(
        lambda one: one.situation == "malformed", lambda one: with_answer(one, status=500)
    )
    assert found == {"ENV-10"}


def test_another_media_type_is_one_failed_clause() -> None:
    plain = (("Content-Type", "text/plain"), ("Cache-Control", "no-store"))
    assert altered(
        lambda one: one.request.method == "POST", lambda one: with_answer(one, headers=plain)
    ) == {"ENV-2"}
