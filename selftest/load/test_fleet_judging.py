"""Of many processes that send: what each reports, and what is judged of all of them together."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from esignon_conformance.i18n.catalogue import render
from esignon_conformance.load.fleet_marks import FleetMarks
from esignon_conformance.load.locust_options import of_master
from esignon_conformance.load.plan import LoadOptions
from esignon_conformance.tools.traffic.load_frames import packed
from esignon_conformance.tools.traffic.verdicts import verdicts_of
from selftest.support.fleet_judged import (
    ACCOUNTS,
    BUDGET,
    TOKEN,
    answer_to,
    findings_of,
    judged_fleet,
    process_of_fleet,
    sent_login,
    sent_malformed,
)


def test_what_a_process_reports_holds_no_secret() -> None:
    process = process_of_fleet(1)
    other = ACCOUNTS["other"]
    process.add(sent_login("main", "00", answer_body=answer_to(other, "00")))
    process.add(sent_login("second", "00", 1.0, answer_headers=[("Set-Cookie", f"sid={TOKEN}")]))
    process.add(sent_login("main", "99", 2.0))
    frame = packed(process.report(is_last=True)) + packed(process.marks())
    for name in ("main", "second", "other"):
        assert ACCOUNTS[name].email.get_secret_value().encode() not in frame
        assert ACCOUNTS[name].password.get_secret_value().encode() not in frame
    assert TOKEN.encode() not in frame
    assert b"SUC-5" in frame
    assert b"<main password>" in frame


def test_counts_and_figures_of_all_processes_add_up() -> None:
    processes = [process_of_fleet(1), process_of_fleet(2)]
    for number, process in enumerate(processes):
        for at in range(3 + number):
            process.add(sent_login("main", "00", float(at)))
    judge = judged_fleet(*processes)
    assert judge.tallies["SUC-1"].judged == judge.tallies["REQ-1"].judged == 7
    assert judge.traffic.requests == 7
    assert judge.traffic.load is not None
    assert judge.traffic.load.by["right", "00"].count == 7
    assert judge.traffic.codes == {"00": 7}


def test_the_budget_is_that_of_all_processes_together() -> None:
    processes = [process_of_fleet(1), process_of_fleet(2)]
    for process in processes:
        assert process.judge.load is not None
        process.judge.load.budget = BUDGET
        for at in range(60):
            process.add(sent_login("main", "00", float(at)))
    judge = judged_fleet(*processes)
    (evidence,) = judge.tallies["LOAD-1"].evidence.values()
    assert evidence.count == 120
    assert len(evidence.kept) == 10


def test_one_token_for_two_accounts_shows_across_processes() -> None:
    processes = [process_of_fleet(1), process_of_fleet(2)]
    processes[0].add(sent_login("main", "00"))
    processes[1].add(sent_login("other", "00"))
    judge = judged_fleet(*processes)
    (evidence,) = judge.tallies["SUC-10"].evidence.values()
    assert evidence.count == 1
    assert ("accounts", "main, other") in evidence.deviation.got.words
    (exchange,) = evidence.kept
    assert exchange.request_id == "process 2#1"


def test_a_token_of_its_own_for_each_account_is_judged_across_processes() -> None:
    processes = [process_of_fleet(1), process_of_fleet(2)]
    processes[0].add(sent_login("main", "00"))
    answer = answer_to(ACCOUNTS["other"], "00", TOKEN[::-1])
    processes[1].add(sent_login("other", "00", answer_body=answer))
    judge = judged_fleet(*processes)
    assert (judge.tallies["SUC-10"].judged, findings_of(judge, "SUC-10")) == (2, 0)


def test_the_tokens_of_one_account_alone_are_no_proof() -> None:
    processes = [process_of_fleet(1), process_of_fleet(2)]
    for process in processes:
        process.add(sent_login("main", "00"))
    assert judged_fleet(*processes).tallies["SUC-10"].judged == 0


@pytest.mark.parametrize(
    ("refused_at", "clause"),
    [(5.0, "SUC-8"), (-5.0, None), (15.0, None), (9.5, None)],
)
def test_a_refusal_counts_between_two_times_that_another_process_was_let_in(
    refused_at: float, clause: str | None
) -> None:
    # Two machines do not agree on the time by less than a second: 9.5 is no proof.
    processes = [process_of_fleet(1), process_of_fleet(2)]
    processes[0].add(sent_login("main", "00", 0.0))
    processes[0].add(sent_login("main", "00", 10.0))
    processes[1].add(sent_login("main", "99", refused_at))
    judge = judged_fleet(*processes)
    failing = {name for name in ("REQ-1", "SUC-8") if findings_of(judge, name)}
    assert failing == ({clause} if clause else set())


def test_an_account_that_no_process_is_let_in_with_fails_req_1() -> None:
    processes = [process_of_fleet(1), process_of_fleet(2)]
    for process in processes:
        process.add(sent_login("main", "99"))
        process.add(sent_login("second", "00"))
    judge = judged_fleet(*processes)
    assert (findings_of(judge, "REQ-1"), findings_of(judge, "SUC-8")) == (2, 0)


@pytest.mark.parametrize(("code", "found"), [("00", 1), ("12", 0)])
def test_one_answer_for_all_is_found_where_no_process_got_enough_of_it(
    code: str, found: int
) -> None:
    # Three later answers of each, one of them to a body that no parser reads.
    processes = [process_of_fleet(number) for number in range(1, 4)]
    answer = answer_to(ACCOUNTS["main"], "00")
    for process in processes:
        for at in range(3):
            process.add(sent_login("main", "00", float(at), answer_body=answer))
        other = answer if code == "00" else answer_to(ACCOUNTS["main"], code)
        process.add(sent_malformed(4.0, other))
    alone = judged_fleet(processes.pop())
    assert (findings_of(alone, "REQ-9"), alone.tallies["REQ-9"].judged) == (0, 0)
    judge = judged_fleet(*processes)
    assert (findings_of(judge, "REQ-9"), judge.tallies["REQ-9"].judged) == (found, 1)
    for one in judge.tallies["REQ-9"].evidence.values():
        assert one.kept[0].request_id.startswith("process 2#")


def test_a_cached_answer_that_goes_to_the_login_of_another_process_is_seen_for_a_second() -> None:
    processes = [process_of_fleet(1), process_of_fleet(2)]
    for number in range(6):
        # Each login of one process makes the answer; those of the other get it until the next.
        cached = answer_to(ACCOUNTS["main"], "00", f"{TOKEN}{number}")
        processes[0].add(sent_login("main", "00", float(number), answer_body=cached))
        for at in range(5):
            processes[1].add(sent_malformed(number + at / 10, cached))
    assert findings_of(judged_fleet(*processes), "REQ-9") == 6


@pytest.mark.parametrize("where", ["session_id", "Set-Cookie", "X-Session", "Authorization"])
@pytest.mark.parametrize("first", [0, 1])
def test_a_token_of_one_process_in_a_refusal_of_another_is_found(where: str, first: int) -> None:
    processes = [process_of_fleet(1), process_of_fleet(2)]
    value = json.loads(answer_to(ACCOUNTS["main"], "12"))
    headers = [("Content-Type", "application/json")]
    match where:
        case "session_id":
            value["header"]["session_id"] = TOKEN
        case "Set-Cookie":
            headers.append((where, f"sid={TOKEN}; Path=/"))
        case _:
            headers.append((where, f"Bearer {TOKEN}"))
    refusal = sent_malformed(1.0, json.dumps(value, ensure_ascii=False).encode())
    processes[first].add(sent_login("main", "00"))
    processes[1 - first].add(refusal._replace(answer_headers=headers))
    judge = judged_fleet(*processes)
    (evidence,) = judge.tallies["REJ-10"].evidence.values()
    assert (evidence.count, judge.tallies["REJ-10"].judged) == (1, 1)
    assert evidence.kept[0].request_id == f"process {2 - first}#1"
    assert any(where in text for _, text in evidence.deviation.got.words)
    assert TOKEN not in str(evidence)


def test_what_many_refusals_say_alike_is_sent_once_and_is_no_token() -> None:
    process = process_of_fleet(1)
    for at in range(50):
        process.add(sent_malformed(float(at), answer_to(ACCOUNTS["main"], "12")))
    texts = process.marks()["texts"]
    assert len(texts) == len(set(texts)) < 10
    assert findings_of(judged_fleet(process), "REJ-10") == 0


@pytest.mark.parametrize(("token", "word"), [(TOKEN, "same"), (TOKEN[::-1], "differs")])
def test_what_a_repeated_login_gets_is_observed_across_processes(token: str, word: str) -> None:
    processes = [process_of_fleet(1), process_of_fleet(2)]
    for process, its_token in zip(processes, (TOKEN, token), strict=True):
        for at in range(2):
            answer = answer_to(ACCOUNTS["main"], "00", its_token)
            process.add(sent_login("main", "00", float(at), answer_body=answer))
    observed = judged_fleet(*processes).counted().observed["SUC-15"]
    assert (observed["access_token"], observed["expire_date"]) == (word, "same")


def _without_device(name: str) -> bytes:
    value = json.loads(answer_to(ACCOUNTS[name], "00"))
    del value["body"]["device_id"]
    return json.dumps(value, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("second", "failing"), [("with", set()), ("without", {"SUC-8"}), ("neither", {"SUC-3"})]
)
def test_a_member_that_one_process_gets_and_the_other_does_not_comes_and_goes(
    second: str, failing: set[str]
) -> None:
    processes = [process_of_fleet(1), process_of_fleet(2)]
    lacking = {"with": (), "without": (1,), "neither": (0, 1)}[second]
    for number, process in enumerate(processes):
        answer = _without_device("main") if number in lacking else answer_to(ACCOUNTS["main"], "00")
        process.add(sent_login("main", "00", answer_body=answer))
    judge = judged_fleet(*processes)
    assert {name for name in ("SUC-3", "SUC-8") if findings_of(judge, name)} == failing


def test_what_deviates_and_nobody_can_show_any_more_is_no_tick() -> None:
    processes = [process_of_fleet(1), process_of_fleet(2)]
    judge = judged_fleet(*processes)
    for name in ("SUC-10", "REQ-9"):
        counted = {"clauses": [[name, 9, 2, 0]], "accounts": [1, 2], "unsteady": []}
        judge.fleet.take({"say": "across", **counted})
        judge.fleet.finish()
        (verdict,) = [
            one
            for one in verdicts_of(replace(judge.counted(), nothing=None), ())
            if one.clause == name
        ]
        assert verdict.verdict == "could-not-judge"
        assert verdict.reason is not None
        assert "2" in render(verdict.reason, "en")


def test_of_many_clashes_ten_are_asked_for_and_all_are_counted() -> None:
    marks = FleetMarks()
    nothing: dict[str, Any] = {"refusals": [], "bodies": [], "texts": []}
    names = {7: "main", 8: "other"}
    assert marks.take(0, {**nothing, "tokens": [(1, 7)], "names": names}) == []
    asked = marks.take(1, {**nothing, "tokens": [(1, 8)] * 30, "names": names})
    assert len(asked) == 10
    assert ["SUC-10", 31, 30, 20] in marks.counted()["clauses"]
    # What was asked for too late is asked for again of others.
    marks.missed(1, {"SUC-10": 10})
    again = marks.take(1, {**nothing, "tokens": [(1, 8)] * 3, "names": names})
    assert [one.clause for one in again] == ["SUC-10"] * 3


def test_the_last_logins_are_kept_within_bounds() -> None:
    facts = process_of_fleet(1).facts
    account = ACCOUNTS["main"]
    for number in range(6000):
        answer = answer_to(account, "00", f"{TOKEN}{number}")
        facts.add(sent_login("main", "00", answer_body=answer))
    assert facts.shown(facts.number(f"{TOKEN}5999")) is not None
    assert facts.shown(facts.number(f"{TOKEN}1")) is None
    kept = [one for one in range(6000) if facts.shown(facts.number(f"{TOKEN}{one}"))]
    assert len(kept) == 5000


def test_a_worker_takes_what_the_master_says_but_not_which_hosts_are_allowed() -> None:
    masters = {"target": "staging", "rate": 5.0, "allow_host": ["a.example"], "unknown": 1}
    own = LoadOptions(load_accounts="mine.csv")
    found = of_master(own, {**masters, "load_accounts": "theirs.csv"})
    assert found == LoadOptions(target="staging", rate=5.0, load_accounts="mine.csv")
