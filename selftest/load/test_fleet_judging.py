"""Of many processes that send: what each reports, and what is judged of all of them together."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from esignon_conformance.i18n.catalogue import render
from esignon_conformance.load.fleet_marks import FleetMarks
from esignon_conformance.load.locust_options import of_master
from esignon_conformance.load.plan import LoadOptions, plan_of
from esignon_conformance.load.worker_judge import reports_of
from esignon_conformance.recording.load import LoadFigures
from esignon_conformance.recording.traffic import Traffic
from esignon_conformance.target.target import Account, made_up_account
from esignon_conformance.tools.traffic.fleet_report import FleetReports
from esignon_conformance.tools.traffic.load_frames import Sent, packed
from esignon_conformance.tools.traffic.login_request import KnownAccounts
from esignon_conformance.tools.traffic.operation_path import OperationPath
from esignon_conformance.tools.traffic.run import TrafficJudge
from esignon_conformance.tools.traffic.steady_members import tell_once
from esignon_conformance.tools.traffic.verdicts import verdicts_of

OPTIONS = LoadOptions(base_url="http://127.0.0.1:9", accounts="box")
ACCOUNTS = plan_of(OPTIONS).target.accounts
KEY = b"of this fleet"
BUDGET = {"right": 1.0}
TOKEN = "9f8WQ+eG3kq0Zr7uTn5cVx2bLm4sPd6hJy1oAi"


def _process(number: int) -> FleetReports:
    return reports_of(OPTIONS, KEY, number)


def _body(account: Account) -> bytes:
    email, password = (one.get_secret_value() for one in (account.email, account.password))
    body = {"memb_email": email, "memb_pwd": password}
    return json.dumps({"header": {"request_code": "1001Q"}, "body": body}).encode()


def _answer(account: Account, code: str, token: str = TOKEN) -> bytes:
    text = {"00": "성공적으로 로그인되었습니다."}.get(code, "Unexpected exception ( 잘못된 포맷 )")
    header = {"response_code": "1001A", "result_code": code, "result_msg": text, "session_id": ""}
    body = {
        "access_token": token,
        "comp_id": account.company,
        "device_id": "d",
        "expire_date": "2099-01-01",
        "memb_email": account.email.get_secret_value(),
    }
    value = {"header": header, "body": body if code == "00" else None}
    return json.dumps(value, ensure_ascii=False).encode()


def _sent(name: str, code: str, at: float = 0.0, **changes: Any) -> Sent:
    account = ACCOUNTS[name]
    sent = Sent(
        situation="right",
        case="",
        began=1000.0 + at,
        seconds=0.01,
        url=f"http://127.0.0.1:9/api/{account.company}/login",
        headers=[("Content-Type", "application/json")],
        body=_body(account),
        status=200,
        reason="",
        version="HTTP/1.1",
        answer_headers=[("Content-Type", "application/json"), ("Cache-Control", "no-store")],
        answer_body=_answer(account, code),
        fault="",
    )
    return sent._replace(**changes)


def _malformed(at: float, answer: bytes) -> Sent:
    body = _body(made_up_account(ACCOUNTS["main"].company, int(at)))[:-3]
    return _sent("main", "12", at, situation="malformed", body=body, answer_body=answer)


def _judged(*processes: FleetReports, between: Callable[[], object] = lambda: None) -> TrafficJudge:
    """Return the master's judge of what processes sent, as it comes to it."""
    contract, target = processes[0].judge.contract, plan_of(OPTIONS).target
    path = OperationPath(contract.operation)
    traffic = Traffic((), load=LoadFigures())
    judge = TrafficJudge(
        contract, replace(target, kind="traffic"), path, KnownAccounts({}), traffic
    )
    judge.begin_load()
    assert judge.load is not None
    judge.load.budget = BUDGET
    marks = FleetMarks()
    # The first report of each before the last of any: one shows what another's logins ask for.
    for number in range(3):
        if number == 1:
            between()
        for process in processes:
            frame = packed(process.report(is_last=number == 2))
            for one in marks.take(process.number, process.marks()):
                (shows,) = [other for other in processes if other.number == one.process]
                shows.show(one.clause, one.number, one.others)
            judge.fleet.take(
                {"say": "report", "process": process.number, "offset": 0.0, "packed": frame}
            )
    judge.fleet.take(marks.counted())
    judge.fleet.finish()
    tell_once(judge.contract, judge.tallies)
    judge.load.finish(judge.traffic.load or LoadFigures())
    return judge


def _found(judge: TrafficJudge, clause_id: str) -> int:
    return sum(one.count for one in judge.tallies[clause_id].evidence.values())


def test_what_a_process_reports_holds_no_secret() -> None:
    process = _process(1)
    other = ACCOUNTS["other"]
    process.add(_sent("main", "00", answer_body=_answer(other, "00")))
    process.add(_sent("second", "00", 1.0, answer_headers=[("Set-Cookie", f"sid={TOKEN}")]))
    process.add(_sent("main", "99", 2.0))
    frame = packed(process.report(is_last=True)) + packed(process.marks())
    for name in ("main", "second", "other"):
        assert ACCOUNTS[name].email.get_secret_value().encode() not in frame
        assert ACCOUNTS[name].password.get_secret_value().encode() not in frame
    assert TOKEN.encode() not in frame
    assert b"SUC-5" in frame
    assert b"<main password>" in frame


def test_counts_and_figures_of_all_processes_add_up() -> None:
    processes = [_process(1), _process(2)]
    for number, process in enumerate(processes):
        for at in range(3 + number):
            process.add(_sent("main", "00", float(at)))
    judge = _judged(*processes)
    assert judge.tallies["SUC-1"].judged == judge.tallies["REQ-1"].judged == 7
    assert judge.traffic.requests == 7
    assert judge.traffic.load is not None
    assert judge.traffic.load.by["right", "00"].count == 7
    assert judge.traffic.codes == {"00": 7}


def test_the_budget_is_that_of_all_processes_together() -> None:
    processes = [_process(1), _process(2)]
    for process in processes:
        assert process.judge.load is not None
        process.judge.load.budget = BUDGET
        for at in range(60):
            process.add(_sent("main", "00", float(at)))
    judge = _judged(*processes)
    (evidence,) = judge.tallies["LOAD-1"].evidence.values()
    assert evidence.count == 120
    assert len(evidence.kept) == 10


def test_one_token_for_two_accounts_shows_across_processes() -> None:
    processes = [_process(1), _process(2)]
    processes[0].add(_sent("main", "00"))
    processes[1].add(_sent("other", "00"))
    judge = _judged(*processes)
    (evidence,) = judge.tallies["SUC-10"].evidence.values()
    assert evidence.count == 1
    assert ("accounts", "main, other") in evidence.deviation.got.words
    (exchange,) = evidence.kept
    assert exchange.request_id == "process 2#1"


def test_a_token_of_its_own_for_each_account_is_judged_across_processes() -> None:
    processes = [_process(1), _process(2)]
    processes[0].add(_sent("main", "00"))
    answer = _answer(ACCOUNTS["other"], "00", TOKEN[::-1])
    processes[1].add(_sent("other", "00", answer_body=answer))
    judge = _judged(*processes)
    assert (judge.tallies["SUC-10"].judged, _found(judge, "SUC-10")) == (2, 0)


def test_the_tokens_of_one_account_alone_are_no_proof() -> None:
    processes = [_process(1), _process(2)]
    for process in processes:
        process.add(_sent("main", "00"))
    assert _judged(*processes).tallies["SUC-10"].judged == 0


@pytest.mark.parametrize(
    ("refused_at", "clause"),
    [(5.0, "SUC-8"), (-5.0, None), (15.0, None), (9.5, None)],
)
def test_a_refusal_counts_between_two_times_that_another_process_was_let_in(
    refused_at: float, clause: str | None
) -> None:
    # Two machines do not agree on the time by less than a second: 9.5 is no proof.
    processes = [_process(1), _process(2)]
    processes[0].add(_sent("main", "00", 0.0))
    processes[0].add(_sent("main", "00", 10.0))
    processes[1].add(_sent("main", "99", refused_at))
    judge = _judged(*processes)
    failing = {name for name in ("REQ-1", "SUC-8") if _found(judge, name)}
    assert failing == ({clause} if clause else set())


def test_an_account_that_no_process_is_let_in_with_fails_req_1() -> None:
    processes = [_process(1), _process(2)]
    for process in processes:
        process.add(_sent("main", "99"))
        process.add(_sent("second", "00"))
    judge = _judged(*processes)
    assert (_found(judge, "REQ-1"), _found(judge, "SUC-8")) == (2, 0)


@pytest.mark.parametrize(("code", "found"), [("12", 1), ("99", 0)])
def test_the_same_bad_request_gets_the_same_code_in_every_process(code: str, found: int) -> None:
    processes = [_process(1), _process(2)]
    for process, its_code in zip(processes, ("99", code), strict=True):
        process.add(_malformed(1.0, _answer(ACCOUNTS["main"], its_code)))
    judge = _judged(*processes)
    assert (judge.tallies["REJ-11"].judged, _found(judge, "REJ-11")) == (1, found)


@pytest.mark.parametrize("numbers", [(1, 2), (2, 1), (1, 1)])
def test_a_request_with_codes_in_turn_is_one_failure_of_the_fleet(numbers: tuple[int, int]) -> None:
    # REJ-11 tells it; that "10" is no code for such a body (REJ-7) is told of the other request alone.
    processes = {number: _process(number) for number in sorted(set(numbers))}
    for number, code in zip(numbers, ("12", "10"), strict=True):
        one = processes[number]
        one.add(_malformed(1.0, _answer(ACCOUNTS["main"], code)))
    judge = _judged(*processes.values())
    told = {name for name, tally in judge.tallies.items() if tally.evidence}
    assert told & {"REJ-7", "REJ-11", "REJ-15"} == {"REJ-11"}


def test_what_a_process_reports_before_another_code_comes_is_told_once() -> None:
    early, late = _process(1), _process(2)
    malformed = [_malformed(at, _answer(ACCOUNTS["main"], "10")) for at in (1.0, 2.0, 3.0)]
    early.add(malformed[0])
    early.add(malformed[1])
    judge = _judged(
        early,
        late,
        between=lambda: late.add(
            malformed[0]._replace(answer_body=_answer(ACCOUNTS["main"], "12"))
        ),
    )
    assert _found(judge, "REJ-11") == 1
    assert (judge.tallies["REJ-7"].judged, _found(judge, "REJ-7")) == (2, 1)


def test_a_right_login_is_no_bad_request_however_it_is_refused() -> None:
    process = _process(1)
    for at, code in enumerate(("00", "10", "99", "00")):
        process.add(_sent("main", code, at))
    judge = _judged(process)
    # REQ-1 and SUC-8 tell of it.
    assert (judge.tallies["REJ-11"].judged, _found(judge, "REJ-11")) == (0, 0)
    assert _found(judge, "SUC-8")


def test_what_the_world_may_have_changed_is_no_other_code() -> None:
    marks = FleetMarks()
    nothing: dict[str, Any] = {"tokens": [], "bodies": [], "texts": [], "names": {}}
    assert marks.take(0, {**nothing, "refusals": [(1, "10")]}) == []
    assert marks.take(1, {**nothing, "refusals": [(1, "95")]}) == []
    assert [one.clause for one in marks.take(1, {**nothing, "refusals": [(1, "99")]})] == ["REJ-11"]


@pytest.mark.parametrize(("code", "found"), [("00", 1), ("12", 0)])
def test_one_answer_for_all_is_found_where_no_process_got_enough_of_it(
    code: str, found: int
) -> None:
    # Three later answers of each, one of them to a body that no parser reads.
    processes = [_process(number) for number in range(1, 4)]
    answer = _answer(ACCOUNTS["main"], "00")
    for process in processes:
        for at in range(3):
            process.add(_sent("main", "00", float(at), answer_body=answer))
        other = answer if code == "00" else _answer(ACCOUNTS["main"], code)
        process.add(_malformed(4.0, other))
    alone = _judged(processes.pop())
    assert (_found(alone, "REQ-9"), alone.tallies["REQ-9"].judged) == (0, 0)
    judge = _judged(*processes)
    assert (_found(judge, "REQ-9"), judge.tallies["REQ-9"].judged) == (found, 1)
    for one in judge.tallies["REQ-9"].evidence.values():
        assert one.kept[0].request_id.startswith("process 2#")


def test_a_cached_answer_that_goes_to_the_login_of_another_process_is_seen_for_a_second() -> None:
    processes = [_process(1), _process(2)]
    for number in range(6):
        # Each login of one process makes the answer; those of the other get it until the next.
        cached = _answer(ACCOUNTS["main"], "00", f"{TOKEN}{number}")
        processes[0].add(_sent("main", "00", float(number), answer_body=cached))
        for at in range(5):
            processes[1].add(_malformed(number + at / 10, cached))
    assert _found(_judged(*processes), "REQ-9") == 6


@pytest.mark.parametrize("where", ["session_id", "Set-Cookie", "Authorization"])
@pytest.mark.parametrize("first", [0, 1])
def test_a_token_of_one_process_in_a_refusal_of_another_is_found(where: str, first: int) -> None:
    processes = [_process(1), _process(2)]
    value = json.loads(_answer(ACCOUNTS["main"], "12"))
    headers = [("Content-Type", "application/json")]
    match where:
        case "session_id":
            value["header"]["session_id"] = TOKEN
        case "Set-Cookie":
            headers.append((where, f"sid={TOKEN}; Path=/"))
        case _:
            headers.append((where, f"Bearer {TOKEN}"))
    refusal = _malformed(1.0, json.dumps(value, ensure_ascii=False).encode())
    processes[first].add(_sent("main", "00"))
    processes[1 - first].add(refusal._replace(answer_headers=headers))
    judge = _judged(*processes)
    (evidence,) = judge.tallies["REJ-10"].evidence.values()
    assert (evidence.count, judge.tallies["REJ-10"].judged) == (1, 1)
    assert evidence.kept[0].request_id == f"process {2 - first}#1"
    assert any(where in text for _, text in evidence.deviation.got.words)
    assert TOKEN not in str(evidence)


def test_what_many_refusals_say_alike_is_sent_once_and_is_no_token() -> None:
    process = _process(1)
    for at in range(50):
        process.add(_malformed(float(at), _answer(ACCOUNTS["main"], "12")))
    texts = process.marks()["texts"]
    assert len(texts) == len(set(texts)) < 10
    assert _found(_judged(process), "REJ-10") == 0


@pytest.mark.parametrize(("token", "word"), [(TOKEN, "same"), (TOKEN[::-1], "differs")])
def test_what_a_repeated_login_gets_is_observed_across_processes(token: str, word: str) -> None:
    processes = [_process(1), _process(2)]
    for process, its_token in zip(processes, (TOKEN, token), strict=True):
        for at in range(2):
            answer = _answer(ACCOUNTS["main"], "00", its_token)
            process.add(_sent("main", "00", float(at), answer_body=answer))
    observed = _judged(*processes).counted().observed["SUC-15"]
    assert (observed["access_token"], observed["expire_date"]) == (word, "same")


@pytest.mark.parametrize(
    ("named", "failing"), [("main", set()), ("other", {"SUC-9"})], ids=["own", "swapped"]
)
def test_answers_swapped_in_one_process_are_told_once_for_the_fleet(
    named: str, failing: set[str]
) -> None:
    processes = [_process(1), _process(2)]
    for number, process in enumerate(processes):
        for at, (name, its) in enumerate((("main", "main"), ("other", "other"), ("main", named))):
            answer = _answer(ACCOUNTS[its], "00", f"{TOKEN}{number}{at}")
            process.add(_sent(name, "00", at / 1000, answer_body=answer))
    judge = _judged(*processes)
    assert {name for name in ("SUC-2", "SUC-5", "SUC-9") if _found(judge, name)} == failing
    # Of the first of each process no other was under way before.
    assert (judge.tallies["SUC-9"].judged, _found(judge, "SUC-9")) == (4, 2 * bool(failing))


def _without_device(name: str) -> bytes:
    value = json.loads(_answer(ACCOUNTS[name], "00"))
    del value["body"]["device_id"]
    return json.dumps(value, ensure_ascii=False).encode()


@pytest.mark.parametrize(
    ("second", "failing"), [("with", set()), ("without", {"SUC-8"}), ("neither", {"SUC-3"})]
)
def test_a_member_that_one_process_gets_and_the_other_does_not_comes_and_goes(
    second: str, failing: set[str]
) -> None:
    processes = [_process(1), _process(2)]
    lacking = {"with": (), "without": (1,), "neither": (0, 1)}[second]
    for number, process in enumerate(processes):
        answer = _without_device("main") if number in lacking else _answer(ACCOUNTS["main"], "00")
        process.add(_sent("main", "00", answer_body=answer))
    judge = _judged(*processes)
    assert {name for name in ("SUC-3", "SUC-8") if _found(judge, name)} == failing


def test_what_deviates_and_nobody_can_show_any_more_is_no_tick() -> None:
    processes = [_process(1), _process(2)]
    judge = _judged(*processes)
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
    facts = _process(1).facts
    account = ACCOUNTS["main"]
    for number in range(6000):
        answer = _answer(account, "00", f"{TOKEN}{number}")
        facts.add(_sent("main", "00", answer_body=answer))
    assert facts.shown(facts.number(f"{TOKEN}5999")) is not None
    assert facts.shown(facts.number(f"{TOKEN}1")) is None
    kept = [one for one in range(6000) if facts.shown(facts.number(f"{TOKEN}{one}"))]
    assert len(kept) == 5000


def test_a_worker_takes_what_the_master_says_but_not_which_hosts_are_allowed() -> None:
    masters = {"target": "staging", "rate": 5.0, "allow_host": ["a.example"], "unknown": 1}
    own = LoadOptions(load_accounts="mine.csv")
    found = of_master(own, {**masters, "load_accounts": "theirs.csv"})
    assert found == LoadOptions(target="staging", rate=5.0, load_accounts="mine.csv")
