"""Recorded traffic in which a login, or a bad request, is answered now so and now otherwise."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from esignon_conformance.i18n.message import say
from selftest.support.archives import (
    Row,
    archive,
    failing,
    judged,
    rows_of,
    server,
    verdict,
    with_response,
)
from selftest.support.recorders import Sent
from selftest.support.sent_logins import (
    COMPANY,
    CUT,
    RIGHT,
    SECOND,
    WRONG,
)

CUT_OTHERWISE = Sent(COMPANY, RIGHT.body[:70])


def test_a_refusal_after_a_wrong_password_may_be_a_lock(tmp_path: Path) -> None:
    right, wrong = rows_of(server(), [RIGHT, WRONG])
    refused = {**right, "response": wrong["response"]}
    run = judged(archive(tmp_path / "a.har", [right, wrong, refused, refused, right]))
    assert not failing(run)
    assert run.traffic is not None
    assert run.traffic.set_aside["locked"] == 2


def test_a_right_login_that_is_refused_between_two_others_is_unsteady(tmp_path: Path) -> None:
    right, wrong = rows_of(server(), [RIGHT, WRONG])
    refused = {**right, "response": wrong["response"]}
    assert failing(judged(archive(tmp_path / "a.har", [right, refused, right]))) == {"SUC-8"}


@pytest.mark.parametrize(
    ("logins", "wrong", "expected"),
    [
        # Every second right login gets "10", as a single wrong password does.
        ("+-+-+-+", 1, "not-judged"),
        ("+-+-+-+", 9, "holds"),
        # One in nine does: that a wrong password was refused for itself is more likely than not.
        ("++++-++++++", 1, "holds"),
        ("+++++++", 1, "holds"),
    ],
)
def test_a_refusal_by_a_code_that_right_logins_get_at_times_is_no_tick(
    logins: str, wrong: int, expected: str, tmp_path: Path
) -> None:
    right, other = rows_of(server(), [RIGHT, WRONG])
    refused = {**right, "response": other["response"]}
    rows = [right if one == "+" else refused for one in logins]
    run = judged(archive(tmp_path / "a.har", [*rows, *[other] * wrong]))
    assert failing(run) == ({"SUC-8"} if "-" in logins else set())
    found = verdict(run, "REJ-1")
    assert (found.verdict, found.exchanges) == (expected, wrong if expected == "holds" else 0)
    if expected == "not-judged":
        assert found.reason == say("builds-on-failed", clause="SUC-8")


def test_a_right_login_that_is_refused_at_the_end_may_have_a_new_password(tmp_path: Path) -> None:
    right, wrong = rows_of(server(), [RIGHT, WRONG])
    refused = {**right, "response": wrong["response"]}
    assert not failing(judged(archive(tmp_path / "a.har", [right, refused])))


def test_right_logins_of_which_none_succeeds_fail_req_1_and_what_builds_on_it(
    tmp_path: Path,
) -> None:
    right, wrong = rows_of(server(), [RIGHT, WRONG])
    refused = {**right, "response": wrong["response"]}
    run = judged(archive(tmp_path / "a.har", [refused, refused]))
    assert failing(run) == {"REQ-1"}
    assert verdict(run, "SUC-1").verdict == "not-judged"


def test_the_same_bad_request_with_two_codes_fails_rej_11(tmp_path: Path) -> None:
    first, _, other = rows_of(server(), [CUT, RIGHT, Sent(COMPANY, '{"header": {}}')])
    other_code = json.loads(json.dumps(first))
    text = first["response"]["content"]["text"].replace('"12"', '"99"')
    other_code["response"]["content"] = {"size": len(text.encode()), "text": text}
    run = judged(archive(tmp_path / "a.har", [first, other_code, other]))
    assert "REJ-11" in failing(run)


def _with_code(row: Row, code: str) -> Row:
    """Return an entry with another code in its answer."""
    changed: Row = json.loads(json.dumps(row))
    said = json.loads(row["response"]["content"]["text"])
    said["header"]["result_code"] = code
    text = json.dumps(said, ensure_ascii=False)
    changed["response"]["content"] = {"size": len(text.encode()), "text": text}
    changed["response"]["headers"] = [{"name": "content-type", "value": "application/json"}]
    return changed


def _limited(row: Row) -> Row:
    """Return an entry that was refused by a limiter of the application."""
    refused = rows_of(server(), [CUT])[0]["response"]
    return _with_code({**row, "response": refused}, "95")


def test_a_limiter_in_the_envelope_is_one_failure_and_leaves_nothing_to_hold(
    tmp_path: Path,
) -> None:
    right, cut = rows_of(server(), [RIGHT, CUT])
    rows = [right, cut, _limited(right), _limited(cut), right, cut]
    run = judged(archive(tmp_path / "a.har", rows))
    assert failing(run) == {"SUC-8"}
    for clause in ("REJ-11", "REJ-7"):
        assert verdict(run, clause).reason == say("builds-on-failed", clause="SUC-8")


def test_a_code_that_right_logins_get_too_does_not_hide_other_codes_in_turn(tmp_path: Path) -> None:
    right, cut = rows_of(server(), [RIGHT, CUT])
    rows = [right, cut, _limited(right), _limited(cut), right, _with_code(cut, "99")]
    assert failing(judged(archive(tmp_path / "a.har", rows))) == {"SUC-8", "REJ-11"}


def test_a_bad_request_that_gets_the_code_of_a_limiter_is_blamed_where_most_of_its_kind_do(
    tmp_path: Path,
) -> None:
    right, cut, other = rows_of(server(), [RIGHT, CUT, CUT_OTHERWISE])
    rows = [right, cut, _limited(right), _limited(other), right]
    run = judged(archive(tmp_path / "a.har", rows))
    assert failing(run) == {"SUC-8"}
    assert verdict(run, "REJ-7").verdict == "not-judged"
    third = rows_of(server(), [Sent(COMPANY, "{{")])[0]
    for kind in ([_limited(cut), _limited(other)], [cut, _limited(other), _limited(third)]):
        rows = [right, *kind, _limited(right), right]
        assert failing(judged(archive(tmp_path / "a.har", rows))) == {"SUC-8", "REJ-7"}


def test_an_account_that_is_never_let_in_is_blamed_beside_a_limiter_with_its_code(
    tmp_path: Path,
) -> None:
    right, second = rows_of(server(), [RIGHT, SECOND])
    rows = [right, _limited(second), _limited(right), _limited(second), right]
    assert failing(judged(archive(tmp_path / "a.har", rows))) == {"SUC-8", "REQ-1"}


@pytest.mark.parametrize(("batch_size", "processes"), [(500, 0), (3, 0), (3, 2)])
@pytest.mark.parametrize("codes", [("12", "10"), ("10", "12"), ("12", "10", "12", "10")])
def test_a_request_with_codes_in_turn_is_one_failure_however_far_apart(
    tmp_path: Path, codes: tuple[str, ...], batch_size: int, processes: int
) -> None:
    right, cut, other = rows_of(server(), [RIGHT, CUT, Sent(COMPANY, "{{")])
    rows = [row for code in codes for row in (_with_code(cut, code), *[right] * 4)]
    file = archive(tmp_path / "a.har", rows)
    run = judged(file, batch_size=batch_size, processes=processes)
    assert failing(run) == {"REJ-11"}
    # That the right code came at other times is no tick.
    told = say("builds-on-failed", clause="REJ-11")
    assert (verdict(run, "REJ-7").verdict, verdict(run, "REJ-7").reason) == ("not-judged", told)
    # Another request that gets the wrong code each time is REJ-7's all the same.
    archive(file, [*rows, *[_with_code(other, "10"), right] * 3])
    run = judged(file, batch_size=batch_size, processes=processes)
    assert failing(run) == {"REJ-7", "REJ-11"}
    (found,) = verdict(run, "REJ-7").findings
    assert (len(found.exchanges), found.more) == (3, 0)


@pytest.mark.parametrize("codes", [("10", "95"), ("10", "10")])
@pytest.mark.parametrize("batch_size", [500, 3])
def test_wrong_codes_that_rej_11_tells_nothing_of_fail_their_clause(
    tmp_path: Path, codes: tuple[str, ...], batch_size: int
) -> None:
    right, cut = rows_of(server(), [RIGHT, CUT])
    rows = [row for code in codes for row in (_with_code(cut, code), *[right] * 4)]
    run = judged(archive(tmp_path / "a.har", rows), batch_size=batch_size)
    assert failing(run) == {"REJ-7"}


def test_a_wrong_password_that_gets_two_codes_fails_rej_1_alone(tmp_path: Path) -> None:
    right, wrong = rows_of(server(), [RIGHT, WRONG])
    rows = [right, wrong, right, _with_code(wrong, "12"), right]
    assert failing(judged(archive(tmp_path / "a.har", rows))) == {"REJ-1"}


def test_a_right_login_that_is_refused_with_two_codes_is_no_bad_request(tmp_path: Path) -> None:
    right, cut = rows_of(server(), [RIGHT, CUT])
    refused = {**right, "response": cut["response"]}
    rows = [refused, _with_code(refused, "99"), refused]
    assert failing(judged(archive(tmp_path / "a.har", rows))) == {"REQ-1"}


def test_an_account_that_is_blocked_meanwhile_is_no_unsteady_server(tmp_path: Path) -> None:
    rows = rows_of(server(), [WRONG])
    text = rows[0]["response"]["content"]["text"].replace('"10"', '"95"')
    blocked = with_response(rows, 0, content={"size": len(text.encode()), "text": text})
    run = judged(archive(tmp_path / "a.har", [*rows, *blocked]), accounts={})
    assert not failing(run)


def test_requests_whose_bodies_were_not_kept_are_not_the_same_one(tmp_path: Path) -> None:
    # mitmproxy may lose a body that is no UTF-8; two of one length look alike then.
    unread, refused = rows_of(server(), [CUT, Sent(COMPANY, RIGHT.body)])
    wrong = rows_of(server(), [WRONG])[0]
    rows = [without_body(one) for one in (unread, {**refused, "response": wrong["response"]})]
    assert not failing(judged(archive(tmp_path / "a.har", rows)))


def without_body(row: Row) -> Row:
    """Return an entry whose request has a body that the file does not hold."""
    request = {name: value for name, value in row["request"].items() if name != "postData"}
    headers = [one for one in request["headers"] if one["name"].lower() != "content-length"]
    length = {"name": "Content-Length", "value": "99"}
    return {**row, "request": {**request, "headers": [*headers, length], "bodySize": 99}}
