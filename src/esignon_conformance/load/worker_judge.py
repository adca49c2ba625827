"""The judge of one worker of a fleet: a process that reads its logins and reports what they show.

    python -m esignon_conformance.load.worker_judge NUMBER

NUMBER is that of an inherited socket on which the worker connects.
"""

from __future__ import annotations

import contextlib
import json
import socket
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..recording.traffic import Traffic
from ..runner.requests.contract_check import load
from ..target.target import made_up_account
from ..tools.traffic.fleet_facts import FleetFacts
from ..tools.traffic.fleet_report import FleetReports
from ..tools.traffic.judge_socket import remove_folder
from ..tools.traffic.load_frames import Frames, Sent, packed
from ..tools.traffic.login_request import KnownAccounts
from ..tools.traffic.operation_path import OperationPath
from ..tools.traffic.run import TrafficJudge
from ..tools.traffic.session_priority import go_last
from .plan import LoadOptions, plan_of, read_accounts

# Seconds between two reports: what a worker that is killed has sent since the last one is lost.
_EVERY = 1.0
_READ = 1 << 18


def command(number: int) -> list[str]:
    """Return the command that judges for a worker."""
    return [sys.executable, "-m", "esignon_conformance.load.worker_judge", str(number)]


def reports_of(options: LoadOptions, key: bytes, number: int) -> FleetReports:
    """Return what judges the logins of a worker.  Raises `ConfigurationError`."""
    target = plan_of(options).target
    contract = load().under_load()
    contract = replace(contract, codes=replace(contract.codes, read_as=target.accept_codes))
    more = read_accounts(Path(options.load_accounts)) if options.load_accounts else {}
    accounts = {name: one for name, one in target.accounts.items() if name != "made-up"} | more
    judged = replace(
        target, kind="traffic", accounts={**accounts, "made-up": made_up_account("", options.seed)}
    )
    path = OperationPath(contract.operation, target.parts.path.rstrip("/"))
    judge = TrafficJudge(contract, judged, path, KnownAccounts(accounts), Traffic(()))
    judge.begin_load()
    names = {(one.company, one.email.get_secret_value()): name for name, one in accounts.items()}
    return FleetReports(judge, FleetFacts(contract, key, names), number)


@dataclass
class _Channel:
    """The connection to the worker: frames of logins come in, frames of reports go out."""

    connection: socket.socket
    reports: FleetReports | None = None
    is_done: bool = False
    _shown: list[int] = field(default_factory=list)
    # What the master asked for too late, by clause.
    _missed: Counter[str] = field(default_factory=Counter)
    _last: float = 0.0

    def take(self, value: Any) -> None:
        """Take a frame: logins, the beginning, the end, or what the master wants to see."""
        reports = self.reports
        if reports is None and not (isinstance(value, dict) and value.get("say") == "begin"):
            return
        if reports is not None and isinstance(value, list):
            for row in value:
                reports.add(Sent(*row))
                self.report_in_time()
            return
        match value.get("say"):
            case "begin":
                given = json.loads(value["options"])
                options = LoadOptions(**{**given, "allow_host": tuple(given["allow_host"])})
                self.reports = reports_of(options, value["key"], value["number"])
            case "show" if self.reports is not None:
                self._show(self.reports, value["wanted"])
            case "done":
                self.is_done = True
                self.report()
            case "here":
                pass
            case _ if self.reports is not None:
                self.reports.sayings.append(value)

    def _show(self, reports: FleetReports, wanted: list[tuple[str, int, str]]) -> None:
        found = ((row[0], reports.show(*row)) for row in wanted)
        self._missed.update(clause_id for clause_id, is_shown in found if not is_shown)
        self._shown.append(len(wanted))

    def report_in_time(self) -> None:
        """Report once the time for it has come."""
        if time.monotonic() - self._last >= _EVERY or self._shown:
            self.report()

    def report(self) -> None:
        """Report what is new."""
        if self.reports is None:
            return
        found = self.reports.report(is_last=self.is_done)
        frame = {
            "report": packed(found),
            "marks": self.reports.marks(),
            "shown": sum(self._shown),
            "missed": dict(self._missed),
            "is_last": self.is_done,
            "at": time.time(),
        }
        self.connection.sendall(packed(frame))
        self._shown, self._missed, self._last = [], Counter(), time.monotonic()


def main(number: int) -> int:
    """Judge until the worker has closed the connection."""
    with socket.socket(fileno=number) as listening:
        connection, _ = listening.accept()
        # There is no other one.
        remove_folder(listening)
    # Read while nobody waits for it.
    load()
    frames = Frames()
    with connection, contextlib.suppress(ConnectionError):
        connection.settimeout(_EVERY / 4)
        go_last()
        channel = _Channel(connection)
        while True:
            try:
                data = connection.recv(_READ)
            except TimeoutError:
                channel.report_in_time()
                continue
            if not data:
                break
            for value in frames.add(data):
                channel.take(value)
            channel.report_in_time()
    return 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
