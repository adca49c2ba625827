"""Locust alone with the locustfile of the wheel: a master and workers as processes on this machine."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.load import locust_options
from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.tools.reference import process
from selftest.support.crossed_server import Crossed, crossed_server

LOCUSTFILE = Path(locust_options.__file__).with_name("locustfile.py")
pytestmark = pytest.mark.slow


def _free_port() -> str:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return str(one.getsockname()[1])


def _locust(log: Path, *arguments: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "locust", "-f", str(LOCUSTFILE), "--lang", "en", *arguments]
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            cwd=log.parent,
            stdout=output,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )


@contextlib.contextmanager
def _server(*options: str) -> Iterator[str]:
    command = [*(sys.executable, "-m", "esignon_conformance.app.cli.main", "serve", "--port", "0")]
    started = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True)
    box = process.Box(started)
    try:
        yield box.base_url
    finally:
        box.stop()


@dataclass
class Fleet:
    """A master and workers, each a process; what they write goes into a folder."""

    folder: Path
    master: subprocess.Popen[bytes]
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list)

    @property
    def told(self) -> str:
        """Return what the master has written so far."""
        return (self.folder / "master.log").read_text(encoding="utf-8")

    @property
    def statement(self) -> dict[str, Any]:
        """Return the statement."""
        found: dict[str, Any] = json.loads((self.folder / "r" / "statement.json").read_bytes())
        return found

    @property
    def failing(self) -> set[str]:
        """Return the ids of the clauses that fail."""
        return {one["id"] for one in self.statement["clauses"] if one["verdict"] == "fails"}

    def wait_until_it_sends(self, seconds: float) -> None:
        """Wait until users have been sent to the workers, and some seconds more."""
        until = time.monotonic() + 60
        while "Sending spawn jobs" not in self.told and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(seconds)

    def statuses(self) -> list[int]:
        """Wait for all of them; return their exit statuses, the master's first."""
        return [one.wait(60) for one in (self.master, *self.workers)]


def _arguments(base_url: str, users: int, seconds: int) -> list[str]:
    sizes = ("--users", str(users), "--spawn-rate", str(users), "--run-time", str(seconds))
    return [
        *("--headless", "--only-summary", "--host", base_url, "--accounts", "box"),
        *(*sizes, "--report-dir", "r"),
    ]


@contextlib.contextmanager
def _fleet(
    folder: Path,
    base_url: str,
    *,
    users: int = 6,
    seconds: int = 2,
    more: tuple[str, ...] = (),
    of_workers: tuple[tuple[str, ...], ...] = ((), ()),
) -> Iterator[Fleet]:
    port = _free_port()
    bound = ("--master-bind-host", "127.0.0.1", "--master-bind-port", port)
    arguments = [*_arguments(base_url, users, seconds), *bound, *more]
    expected = ("--expect-workers", str(len(of_workers)))
    fleet = Fleet(folder, _locust(folder / "master.log", "--master", *expected, *arguments))
    to_master = ("--worker", "--master-host", "127.0.0.1", "--master-port", port)
    for number, options in enumerate(of_workers):
        log = folder / f"worker-{number}.log"
        fleet.workers.append(_locust(log, *to_master, *options))
    try:
        yield fleet
    finally:
        for one in (fleet.master, *fleet.workers):
            one.kill()
            one.wait()


def test_a_master_and_two_workers_write_one_statement_without_a_secret(tmp_path: Path) -> None:
    limit = ("--rate", "60", "--max-requests", "151")
    with _server() as base_url, _fleet(tmp_path, base_url, seconds=4, more=limit) as fleet:
        statuses = fleet.statuses()
    assert statuses == [0, 0, 0], fleet.told
    figures = fleet.statement["traffic"]["load"]
    assert (figures["users"], figures["workers"], figures["lost_workers"]) == (6, 2, 0)
    assert {(one["situation"], one["code"]) for one in figures["latency_ms"]} == {
        ("right", "00"),
        ("unknown-email", "10"),
        ("malformed", "12"),
        ("missing", "12"),
    }
    # The fleet's rate and requests, divided: the odd one is sent by one of them alone.
    assert figures["requests"] == 151
    assert figures["requests_per_second"] <= 66
    written = [one.read_text() for one in (*tmp_path.glob("*.log"), *tmp_path.glob("r/*.*"))]
    for account in box_accounts().values():
        for secret in (account.password, account.email):
            assert not any(secret.get_secret_value() in text for text in written)


def _accounts_file(folder: Path, name: str) -> tuple[str, str]:
    account = box_accounts()[name]
    secrets = (account.email.get_secret_value(), account.password.get_secret_value())
    file = folder / f"{name}.csv"
    row = ",".join((account.company, *secrets))
    file.write_text(f"company_id,memb_email,memb_pwd\n{row}\n", encoding="utf-8")
    return ("--load-accounts", file.name)


def test_one_token_for_the_accounts_of_two_workers_is_found_by_none_of_them_alone(
    tmp_path: Path,
) -> None:
    each = (_accounts_file(tmp_path, "main"), _accounts_file(tmp_path, "other"))
    with (
        _server("--fault", "one-token-in-a-crowd") as base_url,
        _fleet(tmp_path, base_url, users=24, of_workers=each) as fleet,
    ):
        assert fleet.statuses() == [1, 0, 0], fleet.told
    (clause,) = [one for one in fleet.statement["clauses"] if one["id"] == "SUC-10"]
    assert fleet.failing == {"SUC-10"}
    assert clause["findings"][0]["exchanges"]


@pytest.mark.parametrize(
    ("clause", "change"),
    [("REQ-9", Crossed.kept_body), ("REJ-10", Crossed.refusal_with_token)],
)
def test_what_crosses_from_one_worker_to_the_other_is_found_by_none_of_them_alone(
    clause: str, change: Callable[[Crossed, bytes], bytes], tmp_path: Path
) -> None:
    each = (_accounts_file(tmp_path, "main"), _accounts_file(tmp_path, "second"))
    with (
        crossed_server(change) as base_url,
        _fleet(tmp_path, base_url, users=8, of_workers=each) as fleet,
    ):
        assert fleet.statuses() == [1, 0, 0], fleet.told
    (found,) = [one for one in fleet.statement["clauses"] if one["id"] == clause]
    assert fleet.failing == {clause}
    assert found["findings"][0]["exchanges"]


FAULTS = {"pool-runs-dry": "ENV-10", "codes-flip-in-a-crowd": "SUC-8"}


@pytest.mark.parametrize("name", FAULTS)
def test_what_a_fleet_alone_shows_is_found(name: str, tmp_path: Path) -> None:
    port = _free_port()
    ports = ("--master-bind-host", "127.0.0.1", "--master-bind-port", port, "--master-port", port)
    with _server("--fault", name) as base_url:
        arguments = [*_arguments(base_url, 24, 2), "--processes", "2", *ports]
        fleet = Fleet(tmp_path, _locust(tmp_path / "master.log", *arguments))
        assert fleet.statuses() == [1], fleet.told
    assert FAULTS[name] in fleet.failing
    table = fleet.told.partition("Error report")[2]
    assert ("ENV-10" in table) == (name == "pool-runs-dry")


def test_who_is_killed_or_interrupted_loses_nothing_of_the_others(tmp_path: Path) -> None:
    workers: tuple[tuple[str, ...], ...] = ((), (), ())
    with (
        _server() as base_url,
        _fleet(tmp_path, base_url, seconds=60, of_workers=workers) as fleet,
    ):
        fleet.wait_until_it_sends(2.5)
        killed, interrupted, _ = fleet.workers
        killed.kill()
        interrupted.send_signal(signal.SIGINT)
        assert interrupted.wait(20) == 2
        time.sleep(1.5)
        fleet.master.send_signal(signal.SIGINT)
        assert fleet.statuses() == [2, -signal.SIGKILL, 2, 0], fleet.told
    figures = fleet.statement["traffic"]["load"]
    assert (figures["workers"], figures["lost_workers"]) == (3, 1)
    assert figures["interrupted"]
    assert "1 of 3 processes that sent went away" in fleet.told
    # What the one that was left sent after that is there.
    answered = [one["second"] for one in figures["timeline"] if one["requests"]]
    assert answered[-1] - answered[0] >= 3
    for log in tmp_path.glob("*.log"):
        assert "Traceback" not in log.read_text()


def test_ctrl_c_at_the_terminal_ends_all_processes_in_order(tmp_path: Path) -> None:
    port = _free_port()
    ports = ("--master-bind-host", "127.0.0.1", "--master-bind-port", port, "--master-port", port)
    with _server() as base_url:
        arguments = [*_arguments(base_url, 4, 60), "--processes", "2", *ports]
        fleet = Fleet(tmp_path, _locust(tmp_path / "master.log", *arguments))
        fleet.wait_until_it_sends(1.5)
        # As a terminal does: to each process of the group.
        os.killpg(fleet.master.pid, signal.SIGINT)
        assert fleet.statuses() == [2], fleet.told
    figures = fleet.statement["traffic"]["load"]
    assert (figures["workers"], figures["lost_workers"]) == (2, 0)
    assert figures["interrupted"]
    assert figures["requests"] > 0
    assert "Traceback" not in fleet.told


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("--waivers", "none.yaml"), "none.yaml: cannot be read"),
        (("--fail-on", "LOAD-9"), "or a clause. Near: LOAD-"),
        (("--label", "build"), "--label build: it has the form NAME=VALUE"),
    ],
)
def test_a_master_whose_run_cannot_be_judged_waits_for_no_worker(
    given: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    arguments = _arguments("http://127.0.0.1:9", 2, 3)
    bound = ("--master", "--expect-workers", "1", "--master-bind-port", _free_port())
    ended = _locust(tmp_path / "master.log", *arguments, *bound, *given).wait(30)
    told = (tmp_path / "master.log").read_text()
    assert (ended, told.count(says)) == (4, 1), told
    assert "Waiting for workers" not in told
    assert "Traceback" not in told


def test_settings_that_are_no_good_end_with_4_and_one_message(tmp_path: Path) -> None:
    arguments = _arguments("http://docs.example", 2, 3)
    ended = _locust(tmp_path / "master.log", *arguments, "--processes", "2").wait(30)
    told = (tmp_path / "master.log").read_text()
    assert ended == 4
    assert told.count("docs.example is none") == 1
    assert "Traceback" not in told
