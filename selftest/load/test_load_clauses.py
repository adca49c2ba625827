"""What a load run alone judges: the budget, latency that grows, Retry-After, a cache; and its reasons."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from esignon_conformance.app.pytest_plugin.contract_and_target import chosen_waivers
from esignon_conformance.i18n.catalogue import render, word
from esignon_conformance.load.strain import watch
from esignon_conformance.recording.load import LoadFigures
from esignon_conformance.recording.load_budget import LEAST_ANSWERS
from esignon_conformance.recording.load_growth import growth_of
from esignon_conformance.reports.advice import advice_of
from esignon_conformance.tools.traffic.load_frames import Sent
from esignon_conformance.tools.traffic.load_reasons import NEVER_SENT
from esignon_conformance.tools.traffic.proof import OF_LOAD
from selftest.support.archives import failing, verdict
from selftest.support.exchanges import TARGET, contract
from selftest.support.load_runs import BEGAN, box, judged_load, logins, sent


@cache
def _right_rows() -> tuple[Sent, ...]:
    served = box()
    drawn = [one for one in logins(260) if one.situation == "right"]
    return tuple(sent(one, 0.0, 0.01, served) for one in drawn)


def rows(count: int, seconds: Callable[[int], float]) -> list[Sent]:
    """Return so many right logins, one after the other, each of which took so many seconds."""
    found, at = [], 0.0
    for number, row in enumerate(_right_rows()[:count]):
        found.append(row._replace(began=BEGAN + at, seconds=seconds(number)))
        at += seconds(number)
    return found


def strain(at: float, cpu: float = 0.1, late_ms: float = 1.0) -> dict[str, object]:
    """Return what a worker tells of itself."""
    return {"say": "strain", "at": BEGAN + at, "cpu": cpu, "late_ms": late_ms}


# ---- LOAD-1: the budget ----------------------------------------------------------------------------


def test_a_budget_that_is_kept_holds_and_one_that_is_not_is_an_advisory(tmp_path: Path) -> None:
    slow_ones = rows(LEAST_ANSWERS, lambda number: 0.5 if number % 10 == 0 else 0.01)
    run = judged_load(tmp_path, slow_ones, budget={"right": 100.0})
    found = verdict(run, "LOAD-1")
    assert (found.verdict, found.exchanges, found.level) == ("advisory", LEAST_ANSWERS, "should")
    (finding,) = found.findings
    assert finding.count == 10
    told = render(finding.got, "en")
    assert told == (
        "right login: 95% of 100 answers within 500 ms, the budget is 100 ms; 10 took longer"
    )


def test_a_budget_that_is_kept_holds(tmp_path: Path) -> None:
    slow_ones = rows(LEAST_ANSWERS, lambda number: 0.5 if number < 5 else 0.01)
    assert verdict(judged_load(tmp_path, slow_ones, budget={"right": 100.0}), "LOAD-1").verdict == (
        "holds"
    )


@pytest.mark.parametrize(
    ("count", "cpu", "late_ms", "reason"),
    [
        (LEAST_ANSWERS - 1, 0.1, 1.0, "load-budget-few"),
        (LEAST_ANSWERS, 0.95, 1.0, "load-budget-busy"),
        (LEAST_ANSWERS, 0.1, 40.0, "load-budget-busy"),
        (LEAST_ANSWERS, 0.1, 60.0, "load-budget-busy"),
    ],
)
def test_too_few_answers_or_a_busy_sender_blame_nobody(
    tmp_path: Path, count: int, cpu: float, late_ms: float, reason: str
) -> None:
    told = [strain(at + 0.5, cpu, late_ms) for at in range(60)]
    slow = rows(count, lambda _number: 0.2)
    found = verdict(judged_load(tmp_path, slow, budget={"right": 100.0}, told=told), "LOAD-1")
    assert (found.verdict, found.reason and found.reason.key) == ("not-judged", reason)


def test_what_is_late_beyond_the_busy_seconds_is_the_servers(tmp_path: Path) -> None:
    slow = rows(LEAST_ANSWERS, lambda _number: 0.2)
    run = judged_load(tmp_path, slow, budget={"right": 100.0}, told=[strain(3.0, 0.99)])
    assert verdict(run, "LOAD-1").verdict == "advisory"


def test_a_server_error_that_came_at_once_is_no_answer_in_time(tmp_path: Path) -> None:
    quick = rows(LEAST_ANSWERS, lambda _number: 0.01)
    quick[0] = quick[0]._replace(status=500)
    run = judged_load(tmp_path, quick, budget={"right": 100.0})
    assert verdict(run, "LOAD-1").reason is not None


def test_without_a_budget_nothing_is_judged_by_one(tmp_path: Path) -> None:
    found = verdict(judged_load(tmp_path, rows(3, lambda _number: 0.01)), "LOAD-1")
    assert found.reason is not None
    assert found.reason.key == "load-no-budget"


def test_a_missed_budget_may_be_waived_and_other_runs_read_the_file_all_the_same(
    tmp_path: Path,
) -> None:
    file = tmp_path / "waivers.yaml"
    entry = {
        "reason": "known",
        "owner": "team",
        "ticket": "https://t.invalid/1",
        "until": "2999-01-01",
    }
    text = json.dumps({"waivers": [{"clause": name, **entry} for name in ("LOAD-1", "REJ-15")]})
    file.write_text(text, encoding="utf-8")
    config: Any = SimpleNamespace(option=SimpleNamespace(waivers=str(file)))
    of_load = chosen_waivers(config, TARGET, contract().under_load())
    assert [one.clause for one in of_load] == ["LOAD-1", "REJ-15"]
    assert [one.clause for one in chosen_waivers(config, TARGET, contract())] == ["REJ-15"]
    slow = rows(LEAST_ANSWERS, lambda _number: 0.5)
    run = judged_load(tmp_path, slow, budget={"right": 100.0}, waivers=of_load)
    assert verdict(run, "LOAD-1").verdict == "waived"


# ---- LOAD-2: latency that grows --------------------------------------------------------------------


def figures(
    latency_ms: Callable[[float], float], *, users: Callable[[float], int] = lambda _at: 10
) -> LoadFigures:
    """Return the figures of twenty seconds in which each user sends as soon as it has its answer."""
    found = LoadFigures()
    for user in range(users(20.0)):
        at = user * 0.01
        while at < 20:
            if users(at) <= user:
                at += 0.5
                continue
            took = latency_ms(at)
            at += took / 1000
            found.add("right", "00", BEGAN + at, took, failed=False)
    return found


def test_latency_that_grows_under_the_same_load_is_told() -> None:
    growth = growth_of(figures(lambda at: 50 + at * 50))
    assert growth.why_not is None
    assert len(growth.medians) == 5


@pytest.mark.parametrize(
    ("latency", "why_not"),
    [
        pytest.param(lambda _at: 900.0, "level", id="merely slow"),
        pytest.param(lambda at: 50.0 if at < 8 else 800.0, "level", id="slow from one moment on"),
        pytest.param(lambda at: min(50 + at * 60, 500.0), "level", id="levels off"),
        pytest.param(lambda at: 20 + at * 4, "level", id="grows, and is short"),
        pytest.param(lambda at: 900 - at * 40, "level", id="warms up"),
    ],
)
def test_a_server_that_is_merely_slow_is_not_blamed(
    latency: Callable[[float], float], why_not: str
) -> None:
    assert growth_of(figures(latency)).why_not == why_not


def test_latency_that_grows_with_the_number_of_users_is_not_blamed() -> None:
    def users(at: float) -> int:
        return max(1, int(at * 3))

    crowd = growth_of(figures(lambda at: 0.3 * users(at) ** 2, users=users))
    assert crowd.why_not == "more"
    assert crowd.medians[-1] > 3 * crowd.medians[0]


def test_a_run_that_is_short_or_has_few_logins_says_nothing() -> None:
    short = LoadFigures()
    for at in range(9):
        short.add("right", "00", BEGAN + at, 10.0 * 3**at, failed=False)
    assert growth_of(short).why_not == "short"
    few = LoadFigures()
    for at in range(20):
        few.add("right", "00", BEGAN + at, 1000.0, failed=False)
    assert growth_of(few).why_not == "few"


def test_a_sender_that_is_busy_itself_blames_nobody_for_latency_that_grows() -> None:
    grown = figures(lambda at: 50 + at * 50)
    for second in range(10):
        grown.strains.add(BEGAN + 10 + second, 0.97, 3.0)
    assert growth_of(grown).why_not == "busy"


def test_a_worker_tells_how_much_of_a_cpu_it_used_and_how_late_it_was() -> None:
    told, now = list[dict[str, object]](), [0.0]

    def sleep(seconds: float) -> None:
        now[0] += seconds + 0.02

    watch(told.append, sleep, clock=lambda: now[0], used=lambda: now[0] / 2, rounds=1)
    (one,) = told
    assert one["cpu"] == pytest.approx(0.5)
    assert one["late_ms"] == pytest.approx(20)


# ---- LOAD-3, REQ-9, and why the others are not judged ----------------------------------------------


@pytest.mark.parametrize(("headers", "word"), [([], "advisory"), ([("retry-after", "1")], "holds")])
def test_a_429_has_to_say_how_long_to_wait(
    tmp_path: Path, headers: list[tuple[str, str]], word: str
) -> None:
    quick = rows(3, lambda _number: 0.01)
    limited = quick[1]._replace(status=429, answer_headers=headers, answer_body=b"Slow down")
    run = judged_load(tmp_path, [quick[0], limited, quick[2]])
    assert verdict(run, "LOAD-3").verdict == word
    assert not failing(run)


def _mixed(count: int = 120) -> Iterator[Sent]:
    served = box()
    for number, one in enumerate(logins(count)):
        yield sent(one, number * 0.01, 0.01, served)


def test_a_redirect_that_right_logins_met_too_is_told_as_what_may_stand_between(
    tmp_path: Path,
) -> None:
    all_rows = list(_mixed(200))
    for number in range(5, 200, 5):
        moved = [("location", "https://sso.test/")]
        all_rows[number] = all_rows[number]._replace(
            status=302, answer_headers=moved, answer_body=b""
        )
    run = judged_load(tmp_path, all_rows)
    assert failing(run) == {"ENV-1"}
    found = advice_of(run, verdict(run, "ENV-1"))
    assert found is not None
    assert word("between-at-times", "en") in found.action["en"]


def test_the_beginning_of_a_made_up_password_masks_no_words(tmp_path: Path) -> None:
    # In base85 "Zq7" is "act": a body that ends there let no report say it.
    cut = next(one for one in _mixed() if one.situation == "malformed")
    body = b'{"header": {}, "body": {"memb_email": "a@b.test", "memb_pwd": "Zq7'
    run = judged_load(tmp_path, [*_mixed(20), cut._replace(body=body)])
    assert run.scrubber.scrub("to act on it") == "to act on it"


def test_a_server_that_repeats_a_token_is_no_cache(tmp_path: Path) -> None:
    all_rows = list(_mixed())
    by_account: dict[bytes, bytes] = {}
    for number, one in enumerate(all_rows):
        if one.situation == "right":
            body = by_account.setdefault(one.body, one.answer_body)
            all_rows[number] = one._replace(answer_body=body)
    assert not failing(judged_load(tmp_path, all_rows))


def test_what_is_not_judged_says_why_in_the_words_of_a_load_run(tmp_path: Path) -> None:
    run = judged_load(tmp_path, _mixed())
    reasons = {one.clause: one.reason.key for one in run.verdicts if one.reason is not None}
    assert not [key for key in reasons.values() if key.startswith("traffic-")]
    never = {clause for clause, key in reasons.items() if key == "load-never-sends"}
    assert never == NEVER_SENT
    assert reasons["SUC-9"] == "load-own-answer"
    for name, title in run.contract.cases.items():
        assert "ecorded" not in title.title["en"], name


def test_a_request_that_had_no_answer_keeps_its_name(tmp_path: Path) -> None:
    (unknown, *_) = (one for one in logins(50) if one.situation == "unknown-email")
    hung = sent(unknown, 0.0, 2.0, None, fault="timed-out")
    run = judged_load(tmp_path, [*_mixed(30), hung])
    assert failing(run) == {"ENV-10"}
    assert verdict(run, "ENV-10").cases == ("traffic-unknown-email",)


def test_the_clauses_of_a_load_run_are_known_to_no_other() -> None:
    assert set(contract().load_clauses) == OF_LOAD
    assert not OF_LOAD & set(contract().clauses)
    assert all(one.level == "should" for one in contract().load_clauses.values())
