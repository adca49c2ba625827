"""ENV-2 to ENV-9: media type, shape and members of the envelope."""

from __future__ import annotations

from typing import Any

import pytest

from esignon_conformance.transport.messages import Exchange
from selftest.support.envelope import ENVELOPE, failed
from selftest.support.exchanges import ABSENT, answered, header_of, page, refusal, success
from selftest.support.judged import basis, failing, got, verdicts

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


def test_env_3_tells_of_a_document_of_its_own_that_is_named_as_one() -> None:
    problem = {"type": "about:blank", "title": "Bad Request", "status": 400}
    named = answered(
        "wrong-password", problem, headers={"Content-Type": "application/problem+json"}
    )
    assert failed(named) == {"ENV-3"}
    unnamed = answered("wrong-password", problem, headers={"Content-Type": "text/plain"})
    assert failed(unnamed) == {"ENV-2", "ENV-3"}


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


@pytest.mark.parametrize("body", [[], "", 0, False])
def test_a_refusal_whose_body_alone_is_of_another_type_is_judged_by_its_code(body: Any) -> None:
    # PHP writes an empty array as [].  "The outcome of an exchange needs ENV-3's header".
    changes = {"/body": body}
    judged = verdicts([*basis(), refusal("unknown-email-letter-after", changes)])
    assert (judged["ENV-3"].verdict, judged["REJ-2"].verdict) == ("fails", "holds")
    judged = verdicts([*basis(), refusal("unknown-email-letter-after", changes, code="12")])
    assert (judged["ENV-3"].verdict, judged["REJ-2"].verdict) == ("fails", "fails")


def test_a_success_whose_body_is_an_array_is_no_second_failure() -> None:
    judged = verdicts([success(changes={"/body": []})], only=["ENV-3", "REQ-1", "SUC-12"])
    assert [judged[one].verdict for one in ("ENV-3", "REQ-1", "SUC-12")] == [
        "fails",
        "not-judged",
        "not-judged",
    ]


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
        # A number is told as one: where it is a secret, its mask does not show it.
        wanted = "absent" if value is ABSENT else "value-number" if type(value) is int else "value"
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
