"""REQ-2, REQ-5, REQ-6: equal values, other methods, and tokens for what is no documented POST."""

from __future__ import annotations

import pytest

from selftest.support.exchanges import answered, conforming, fault, page, refusal, success
from selftest.support.judged import basis, failing, got, verdict, verdicts
from selftest.support.outcomes import come_to, word

METHOD_HEADERS: dict[str, str | None] = {"Content-Type": None, "Cache-Control": None}


# ---- REQ-2 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("result", ["10", "12", "99"])
def test_req_2_sees_another_outcome_for_the_same_value(result: str) -> None:
    judged = verdict("REQ-2", come_to("same-value-indented", result))
    assert judged.verdict == "fails"
    assert judged.findings[0].cases == ("same-value-indented",)


@pytest.mark.parametrize(
    ("case_id", "result", "expected"),
    [
        ("same-value-escaped-values", "00", "holds"),
        ("same-value-refused-reversed", "10", "holds"),
        ("same-value-refused-reversed", "12", "fails"),
        ("same-value-refused-reversed", "00", "fails"),
        ("same-value-wrong-password-escaped", "10", "holds"),
        ("same-value-wrong-password-escaped", "00", "fails"),
    ],
)
def test_req_2_compares_refusals_too(case_id: str, result: str, expected: str) -> None:
    plain = come_to("unknown-email-of-forms", "10")
    assert word("REQ-2", plain, come_to(case_id, result)) == expected


@pytest.mark.parametrize("status", [408, 413, 415, 429])
def test_req_2_leaves_out_what_the_http_layer_turned_away(status: int) -> None:
    other = come_to("same-value-indented", "00")
    judged = verdict("REQ-2", other, page("same-value-much-white-space", status))
    assert (judged.verdict, set(judged.left_out)) == ("holds", {"same-value-much-white-space"})


def test_req_2_compares_with_what_this_target_gives() -> None:
    # A server whose unknown emails get "99" breaks REJ-2, and keeps to REQ-2.
    names = ("unknown-email", "unknown-email-of-forms", "same-value-refused-reversed")
    other = [refusal(name, code="99") for name in names]
    rows = [one for one in basis() if one.case != "unknown-email"]
    assert verdicts([*rows, *other], only=["REQ-2"])["REQ-2"].verdict == "holds"


def test_req_2_says_nothing_where_there_is_nothing_to_compare_with() -> None:
    judged = verdicts([conforming("right-login"), come_to("same-value-refused-reversed", "12")])
    assert judged["REQ-2"].verdict == "not-judged"
    # A variant of a login that comes and goes says nothing: that is SUC-8's.
    differing = [*basis(), refusal("right-login", code="10"), come_to("same-value-indented", "10")]
    judged = verdicts(differing, only=["REQ-2"])
    assert (judged["SUC-8"].verdict, judged["REQ-2"].verdict) == ("fails", "not-judged")


# ---- REQ-5 and REQ-6 -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "case_id",
    [
        "get-with-body",
        "get-with-query",
        "put-with-body",
        "delete-with-body",
        "options-with-body",
        "unknown-method-with-body",
        "post-query-credentials-empty-body",
        "post-query-credentials-over-wrong-ones",
    ],
)
def test_req_5_sees_a_token_for_anything_but_a_documented_post(case_id: str) -> None:
    issued = verdict("REQ-5", success(case_id))
    assert (issued.verdict, got(issued)) == ("fails", ["code"])
    assert word("REQ-5", success(case_id, status=201)) == "fails"
    assert word("REQ-5", refusal(case_id, code="10")) == "holds"
    removal = {"Set-Cookie": "access_token=deleted; Max-Age=0", "Allow": "POST"}
    assert word("REQ-5", refusal(case_id, code="10", headers=removal)) == "holds"


def test_req_5_leaves_the_errors_of_a_post_to_env_10() -> None:
    # Where any password is right and every success comes over 500, REJ-1 cannot tell of it either.
    error = success("post-query-password-over-wrong-one", status=500)
    assert word("REQ-5", error) == "not-judged"
    assert word("ENV-10", error) == "fails"
    assert word("REQ-5", success("get-with-body", status=500)) == "fails"


def test_req_5_sees_a_token_without_the_envelope() -> None:
    bare = answered("get-with-body", {"data": [{"access_token": "x" * 30}]})
    assert got(verdict("REQ-5", bare)) == ["a-token-at"]
    refused = refusal("put-with-body", {"/body": {"access_token": "x" * 30}})
    assert word("REQ-5", refused) == "fails"
    # Beside a failure code of a POST it is REJ-10's.
    posted = refusal("post-query-credentials-empty-body", {"/body": {"access_token": "x" * 30}})
    assert word("REQ-5", posted) == "holds"
    assert word("REJ-10", posted) == "fails"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("X-Auth-Token", "fails"),
        ("Authorization", "fails"),
        ("x-access-token", "fails"),
        ("X-CSRF-Token", "holds"),
        ("X-Request-Id", "holds"),
    ],
)
def test_req_5_sees_a_token_in_the_head(name: str, expected: str) -> None:
    told = answered("head-with-query", b"", headers={name: "aZ3" * 12})
    assert word("REQ-5", told) == expected


@pytest.mark.parametrize(
    ("content", "status", "expected"),
    [
        (b"token.of.main.00000000000777\n", 200, "fails"),
        (b'"token.of.main.00000000000777"', 200, "fails"),
        (b"token.of.main.00000000000777", 405, "holds"),
        (b"MethodNotAllowedException", 200, "holds"),
        (b"no token for you 000777", 200, "holds"),
        (b"too-short.777", 200, "holds"),
    ],
)
def test_req_5_sees_a_bare_token_by_its_looks(content: bytes, status: int, expected: str) -> None:
    assert word("REQ-5", answered("get-with-query", content, status=status)) == expected


@pytest.mark.parametrize("status", [200, 204, 301, 400, 404, 405, 501])
def test_req_5_takes_any_answer_without_a_token(status: int) -> None:
    assert word("REQ-5", page("get-with-body", status)) == "holds"
    assert word("REQ-5", answered("get-with-body", b"", status=status)) == "holds"
    assert word("REQ-5", answered("get-with-body", {"access_token": ""}, status=status)) == "holds"


@pytest.mark.parametrize(
    ("status", "allow", "expected"),
    [
        (405, "POST", "holds"),
        (405, "post", "holds"),
        (405, "OPTIONS, POST", "holds"),
        (405, "GET,POST,HEAD", "holds"),
        (405, None, "advisory"),
        (405, "", "advisory"),
        (405, "GET, HEAD", "advisory"),
        (405, "POSTER", "advisory"),
        (404, "POST", "advisory"),
        (400, None, "advisory"),
        (200, None, "advisory"),
        (501, None, "advisory"),
    ],
)
def test_req_6_asks_for_405_with_allow(status: int, allow: str | None, expected: str) -> None:
    for case_id in ("get-with-body", "put-with-body", "patch-with-body", "delete-with-body"):
        headers = {**METHOD_HEADERS, "Allow": allow}
        assert word("REQ-6", answered(case_id, b"", status=status, headers=headers)) == expected


def test_req_6_leaves_out_what_is_only_observed_or_broken() -> None:
    for case_id in ("options-with-body", "head-without-body", "trace-without-body"):
        assert word("REQ-6", page(case_id, 200)) == "not-judged"
    assert word("REQ-6", page("get-with-body", 500)) == "not-judged"
    assert word("REQ-6", fault("get-with-body")) == "not-judged"


def test_a_token_for_get_is_req_5s_alone() -> None:
    judged = verdicts([*basis(), success("get-with-body")], only=["REQ-5", "REQ-6"])
    assert failing(judged) == {"REQ-5"}
    assert judged["REQ-6"].verdict == "not-judged"
