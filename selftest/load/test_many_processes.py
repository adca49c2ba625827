"""One judge of several processes: what one hands on comes before or after what belongs to it of another."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.tools.traffic.load_frames import Sent
from selftest.support.archives import failing, verdict
from selftest.support.load_runs import BEGAN, box, judged_load, logins, sent

# More than a batch, so that others are judged before.
_BATCH = 500


def _answered(count: int, situation: str = "right") -> list[Sent]:
    served = box()
    drawn = [one for one in logins(count * 15) if one.situation == situation][:count]
    return [sent(one, at / 100, 0.005, served) for at, one in enumerate(drawn)]


def _changed(row: Sent, change: Callable[[dict[str, Any]], object]) -> Sent:
    value = json.loads(row.answer_body)
    change(value)
    return row._replace(answer_body=json.dumps(value, ensure_ascii=False).encode())


def _token(row: Sent) -> str:
    return str(json.loads(row.answer_body)["body"]["access_token"])


@pytest.mark.parametrize("place", ["member", pytest.param("header", marks=pytest.mark.slow)])
def test_a_refusal_shows_a_token_whose_login_comes_batches_later(
    place: str, tmp_path: Path
) -> None:
    rights = _answered(3 * _BATCH)
    (refusal,) = _answered(1, "malformed")
    token = _token(rights[-1])
    if place == "member":
        refusal = _changed(refusal, lambda value: value["header"].update(session_id=token))
    else:
        cookie = ("Set-Cookie", f"sid={token}; Path=/")
        refusal = refusal._replace(answer_headers=[*refusal.answer_headers, cookie])
    # A token of its length is known before.
    run = judged_load(tmp_path, [rights[0], refusal, *rights[1:]])
    assert "REJ-10" in failing(run)
    assert verdict(run, "REJ-10").findings[0].count == 1


@pytest.mark.parametrize(
    ("lacks", "expected"),
    [
        (lambda at: at % 2, {"SUC-8"}),
        pytest.param(lambda at: at >= _BATCH, {"SUC-8"}, marks=pytest.mark.slow),
        pytest.param(lambda _at: True, {"SUC-3"}, marks=pytest.mark.slow),
    ],
)
def test_a_member_that_comes_and_goes_is_one_failure_in_whichever_batch(
    lacks: Callable[[int], bool], expected: set[str], tmp_path: Path
) -> None:
    rows = [
        _changed(one, lambda value: value["body"].pop("device_id")) if lacks(at) else one
        for at, one in enumerate(_answered(2 * _BATCH))
    ]
    run = judged_load(tmp_path, rows)
    assert failing(run) == expected
    (finding,) = verdict(run, *expected).findings
    assert finding.count == sum(1 for at in range(len(rows)) if lacks(at))
    assert finding.exchanges


@pytest.mark.parametrize(("sent_at", "expected"), [(1.5, {"SUC-8"}), (9.0, set())])
def test_a_refusal_is_between_two_successes_by_when_it_was_sent(
    sent_at: float, expected: set[str], tmp_path: Path
) -> None:
    # An account that is closed at 5 s: one process hands on its refusal before another its last success.
    first, last, refused = _answered(3)
    refused = _changed(refused, lambda value: value.update(body=None))
    refused = _changed(refused, lambda value: value["header"].update(result_code="99"))
    rows = [
        row._replace(began=row.began - row.began % 1 + at, body=first.body, url=first.url)
        for row, at in ((first, 0.0), (refused, sent_at), (last, 4.0))
    ]
    rows[2] = rows[2]._replace(answer_body=first.answer_body)
    assert failing(judged_load(tmp_path, rows)) == expected


def _naming(row: Sent, says: dict[str, str]) -> Sent:
    return _changed(row, lambda value: value["body"].update(says))


def _logins_of_two(foreign: Callable[[int, bool], bool], seconds: float) -> list[Sent]:
    """Return right logins of several accounts, some with an answer that names another one."""
    answered = _answered(120)
    bodies = list(dict.fromkeys(one.body for one in answered))
    named = {one.body: json.loads(one.answer_body)["body"] for one in answered}
    rows = []
    for at, one in enumerate(answered):
        number = bodies.index(one.body)
        said = named[bodies[number - 1] if foreign(at, number == 0) else one.body]
        says = {name: said[name] for name in ("memb_email", "comp_id")}
        rows.append(_naming(one, says)._replace(began=BEGAN + at / 100, seconds=seconds))
    return rows


@pytest.mark.parametrize(
    ("foreign", "seconds", "expected"),
    [
        (lambda at, _first: at % 5 == 0, 0.05, ("fails", "holds")),
        (lambda at, _first: False, 0.05, ("holds", "holds")),
        # No two logins were under way at once.
        (lambda at, _first: at % 5 == 0, 0.001, ("not-judged", "fails")),
        (lambda at, _first: False, 0.001, ("not-judged", "holds")),
        # One account never gets its own answer: that has nothing to do with others.
        (lambda _at, first: first, 0.05, ("not-judged", "fails")),
    ],
)
def test_answers_that_logins_at_once_got_of_one_another_are_one_failure(
    foreign: Callable[[int, bool], bool], seconds: float, expected: tuple[str, str], tmp_path: Path
) -> None:
    run = judged_load(tmp_path, _logins_of_two(foreign, seconds))
    assert (verdict(run, "SUC-9").verdict, verdict(run, "SUC-5").verdict) == expected
    fails = dict(zip(("SUC-9", "SUC-5"), expected, strict=True))
    assert failing(run) - {"SUC-2"} == {name for name, word in fails.items() if word == "fails"}
    assert verdict(run, "SUC-2").verdict != "fails" or fails["SUC-5"] == "fails"


@pytest.mark.parametrize("is_copy_first", [False, True])
def test_an_answer_that_another_account_gets_as_well_is_one_failure(
    *, is_copy_first: bool, tmp_path: Path
) -> None:
    rows = _logins_of_two(lambda _at, _first: False, 0.05)
    for at in range(0, len(rows) - 1, 5):
        copy, own = (at, at + 1) if is_copy_first else (at + 1, at)
        rows[copy] = rows[copy]._replace(answer_body=rows[own].answer_body)
    run = judged_load(tmp_path, rows)
    # Of whose token it is tells the account that the answer names.
    assert failing(run) == {"SUC-9"}
    assert verdict(run, "SUC-10").verdict == "holds"
