"""Reports of the processes of a fleet, and what is made of them together."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from esignon_conformance.load.fleet_marks import FleetMarks
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

OPTIONS = LoadOptions(base_url="http://127.0.0.1:9", accounts="box")
ACCOUNTS = plan_of(OPTIONS).target.accounts
KEY = b"of this fleet"
BUDGET = {"right": 1.0}
TOKEN = "9f8WQ+eG3kq0Zr7uTn5cVx2bLm4sPd6hJy1oAi"


def process_of_fleet(number: int) -> FleetReports:
    """Return what a process of a fleet reports, by its number."""
    return reports_of(OPTIONS, KEY, number)


def body_of(account: Account) -> bytes:
    """Return the body of a login."""
    email, password = (one.get_secret_value() for one in (account.email, account.password))
    body = {"memb_email": email, "memb_pwd": password}
    return json.dumps({"header": {"request_code": "1001Q"}, "body": body}).encode()


def answer_to(account: Account, code: str, token: str = TOKEN) -> bytes:
    """Return the body of an answer to the login of an account."""
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


def sent_login(name: str, code: str, at: float = 0.0, **changes: Any) -> Sent:
    """Return a login that a process sent, with its answer."""
    account = ACCOUNTS[name]
    sent = Sent(
        situation="right",
        case="",
        began=1000.0 + at,
        seconds=0.01,
        url=f"http://127.0.0.1:9/api/{account.company}/login",
        headers=[("Content-Type", "application/json")],
        body=body_of(account),
        status=200,
        reason="",
        version="HTTP/1.1",
        answer_headers=[("Content-Type", "application/json"), ("Cache-Control", "no-store")],
        answer_body=answer_to(account, code),
        fault="",
    )
    return sent._replace(**changes)


def sent_malformed(at: float, answer: bytes) -> Sent:
    """Return a malformed request that a process sent, with its answer."""
    body = body_of(made_up_account(ACCOUNTS["main"].company, int(at)))[:-3]
    return sent_login("main", "12", at, situation="malformed", body=body, answer_body=answer)


def judged_fleet(
    *processes: FleetReports, between: Callable[[], object] = lambda: None
) -> TrafficJudge:
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
    judge.finish()
    return judge


def findings_of(judge: TrafficJudge, clause_id: str) -> int:
    """Return how many exchanges show a deviation of a clause."""
    return sum(one.count for one in judge.tallies[clause_id].evidence.values())
