"""HTTP Archives of logins to servers in the box, made without a socket, and the verdicts on them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from esignon_conformance import resources
from esignon_conformance.contract.waiver import Waiver
from esignon_conformance.recording.traffic import Traffic
from esignon_conformance.runner.run import Run
from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.target.target import Account, Target, made_up_account
from esignon_conformance.tools.reference.application import Application, application
from esignon_conformance.tools.reference.faults import FAULTS
from esignon_conformance.tools.reference.faults.wire_server import WireServer
from esignon_conformance.tools.reference.in_process import ask
from esignon_conformance.tools.reference.world import load_world
from esignon_conformance.tools.traffic.login_request import KnownAccounts
from esignon_conformance.tools.traffic.operation_path import OperationPath
from esignon_conformance.tools.traffic.run import TrafficJudge, traffic_run
from esignon_conformance.verdicts.model import Finding, Verdict
from selftest.support.exchanges import contract
from selftest.support.recorders import Sent

Row = dict[str, Any]
CHROME = "WebInspector"
_PATIENCE = 5.0


def server(fault: str | None = None) -> Application:
    """Return the server in the box, or one with a fault."""
    world = load_world(resources.contracts() / "accounts.yaml")
    built = FAULTS[fault].build(world) if fault else application(world)
    assert not isinstance(built, WireServer)
    return built


def rows_of(
    served: Application, sent: Iterable[Sent], host: str = "https://login.test"
) -> list[Row]:
    """Return the entries of an archive: what a server answers to each request."""
    began = datetime.now(UTC)
    rows = []
    for number, one in enumerate(sent):
        headers = ((b"content-type", one.content_type.encode()),)
        asked = ask(served, one.path, one.body.encode(), headers=headers)
        answer = asyncio.run(asyncio.wait_for(asked, _PATIENCE))
        rows.append(
            {
                "startedDateTime": (began + timedelta(seconds=number)).isoformat(),
                "time": 12.5,
                "request": {
                    "method": "POST",
                    "url": f"{host}{one.path}",
                    "headers": [
                        {"name": "content-type", "value": one.content_type},
                        {"name": "content-length", "value": str(len(one.body.encode()))},
                    ],
                    "bodySize": len(one.body.encode()),
                    "postData": {"mimeType": one.content_type, "text": one.body},
                },
                "response": {
                    "status": answer.status,
                    "statusText": "",
                    "headers": [
                        {"name": name.decode(), "value": value.decode()}
                        for name, value in answer.headers
                    ],
                    "content": {
                        "size": len(answer.body),
                        "text": answer.body.decode(errors="replace"),
                    },
                    "bodySize": len(answer.body),
                },
            }
        )
    return rows


def archive(file: Path, rows: Sequence[Row], creator: str = CHROME) -> Path:
    """Write an HTTP Archive."""
    log = {"version": "1.2", "creator": {"name": creator, "version": "1"}, "entries": list(rows)}
    file.write_text(json.dumps({"log": log}), encoding="utf-8")
    return file


def judged(
    *files: Path,
    accounts: Mapping[str, Account] | None = None,
    are_all: bool = False,
    base_path: str = "",
    waivers: tuple[Waiver, ...] = (),
    report: Path | None = None,
    processes: int = 0,
    batch_size: int = 500,
) -> Run:
    """Return the run of `judge`, by the accounts of the server in the box unless others are given."""
    known = box_accounts() if accounts is None else dict(accounts)
    target = Target(
        base_url="http://traffic.invalid",
        kind="traffic",
        accounts={**known, "made-up": made_up_account("", 1)},
        unknown_company="nocompany1",
    )
    judge = TrafficJudge(
        contract(),
        target,
        OperationPath(contract().operation, base_path),
        KnownAccounts(known, are_all),
        Traffic(tuple(one.name for one in files)),
        processes=processes,
        batch_size=batch_size,
    )
    run = traffic_run(judge, files, report or files[0].parent / "report", 1, waivers=waivers)
    # Every text about a finding begins with the title of its case.
    shown = {run.exchanges[one].case for finding in findings_of(run) for one in finding.exchanges}
    assert {
        case for one in findings_of(run) for case in one.cases
    } | shown <= run.contract.cases.keys()
    return run


def findings_of(run: Run) -> list[Finding]:
    """Return the findings of all clauses."""
    return [finding for one in run.verdicts for finding in one.findings]


def failing(run: Run) -> set[str]:
    """Return the clauses that fail."""
    return {one.clause for one in run.verdicts if one.verdict == "fails"}


def verdict(run: Run, clause: str) -> Verdict:
    """Return the verdict of a clause."""
    return run.by_clause[clause]


def with_response(rows: list[Row], number: int, **response: object) -> list[Row]:
    """Return the entries, of which one has these members in its response."""
    changed = json.loads(json.dumps(rows))
    changed[number]["response"] |= response
    return list(changed)
