"""Load runs of real processes: what only a crowd shows, and what is left where one is killed."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.tools.reference import process
from selftest.support.raw_server import answer, scripted


def _command(directory: Path, *arguments: str) -> list[str]:
    return [
        *(sys.executable, "-m", "esignon_conformance.app.cli.main", "load", "--lang", "en"),
        *("--report-dir", str(directory), *arguments),
    ]


def _statement(directory: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((directory / "statement.json").read_text(encoding="utf-8"))
    return found


@pytest.mark.slow
def test_two_processes_on_the_box_lose_nothing_and_find_nothing(tmp_path: Path) -> None:
    options = ("--users", "6", "--run-time", "4", "--processes", "2")
    began = time.time()
    done = subprocess.run(_command(tmp_path, *options), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("users 6, ") == 1
    # The date of the report is that of the sending, which lasts longer than the judging of a clause.
    for file in (tmp_path / "allure-results").glob("*-result.json"):
        clause = json.loads(file.read_text("utf-8"))
        assert began - 1 <= clause["start"] / 1000 <= clause["stop"] / 1000 - 4
    statement = _statement(tmp_path)
    assert statement["depth"] == "load"
    # What lacks memb_pwd is refused, and nothing else is left out or of another type.
    found = {one["id"]: one["verdict"] for one in statement["clauses"]}
    assert (found["REJ-7"], found["REJ-8"], found["REJ-16"]) == (
        "holds",
        "not-judged",
        "not-judged",
    )
    figures = statement["traffic"]["load"]
    assert (figures["workers"], figures["lost_workers"], figures["failures"]) == (2, 0, 0)
    assert {(one["situation"], one["code"]) for one in figures["latency_ms"]} == {
        ("right", "00"),
        ("unknown-email", "10"),
        ("malformed", "12"),
        ("missing", "12"),
    }


FAULTS = {
    "pool-runs-dry": "ENV-10",
    "pool-leaks": "ENV-10",
    "pool-hangs": "ENV-10",
    "cached-in-a-crowd": "REQ-9",
    "dropped-in-a-crowd": "ENV-10",
    "codes-flip-in-a-crowd": "SUC-8",
    "answers-swapped-in-a-crowd": "SUC-9",
    "answers-copied-in-a-crowd": "SUC-9",
    "one-token-in-a-crowd": "SUC-10",
}
SHOULDS = {"slower-and-slower": "LOAD-2", "limited-without-wait": "LOAD-3"}
# Whose doing it is nobody knows, since it is gone once the crowd is.
UNTOLD = {"busy-in-a-crowd": "ENV-10"}
# A run of four seconds says nothing of latency that grows.
_SECONDS = {"slower-and-slower": "13"}


@pytest.mark.slow
@pytest.mark.parametrize("name", [*FAULTS, *SHOULDS, *UNTOLD])
def test_what_only_a_crowd_shows_is_found(name: str, tmp_path: Path) -> None:
    command = [*(sys.executable, "-m", "esignon_conformance.app.cli.main", "serve")]
    server = process.Box(
        subprocess.Popen(
            [*command, "--port", "0", "--fault", name], stdout=subprocess.PIPE, text=True
        )
    )
    try:
        options = ("--base-url", server.base_url, "--accounts", "box")
        more = ("--users", "24", "--run-time", _SECONDS.get(name, "4"), "--answer-timeout", "2")
        done = subprocess.run(_command(tmp_path, *options, *more), check=False, capture_output=True)
    finally:
        server.stop()
    words = {one["id"]: one["verdict"] for one in _statement(tmp_path)["clauses"]}
    clause = (FAULTS | SHOULDS | UNTOLD)[name]
    expected = (1, "fails") if name in FAULTS else (0, "advisory")
    if name in UNTOLD:
        expected = (6, "could-not-judge")
    assert (done.returncode, words[clause]) == expected
    assert name not in FAULTS or [one for one, word in words.items() if word == "fails"] == [clause]
    assert not {one for one in SHOULDS.values() if words[one] == "advisory"} - {clause}


def _senders(command: int) -> list[int]:
    """Return the processes that Locust forked, below a running command."""
    parents = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(entry.parent.name)] = int(entry.read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue
    children = [one for one, parent in parents.items() if parent == command]
    return [one for one, parent in parents.items() if parent in children]


@pytest.mark.slow
def test_a_worker_that_is_killed_is_told_and_ctrl_c_ends_with_a_statement(tmp_path: Path) -> None:
    options = ("--users", "4", "--run-time", "60", "--processes", "2")
    # Tests that were started in the background ignore Ctrl-C, and so would what they start.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    running = subprocess.Popen(_command(tmp_path, *options), stdout=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, before)
    until = time.monotonic() + 60
    while len(_senders(running.pid)) < 2 and time.monotonic() < until:
        time.sleep(0.2)
    time.sleep(6)
    os.kill(_senders(running.pid)[0], signal.SIGKILL)
    time.sleep(2)
    running.send_signal(signal.SIGINT)
    told, _ = running.communicate(timeout=90)
    figures = _statement(tmp_path)["traffic"]["load"]
    assert running.returncode == 2
    assert (figures["lost_workers"], figures["interrupted"]) == (1, True)
    assert figures["requests"] > 0
    assert "1 of 2 processes" in told


@pytest.mark.slow
def test_an_error_page_that_is_no_utf_8_is_judged_as_any_other(tmp_path: Path) -> None:
    page = "<html>서비스를 이용할 수 없습니다</html>".encode("euc-kr")
    field = "Content-Type: text/html; charset=euc-kr"
    with scripted(answer(page, "500 Internal Server Error", field)) as server:
        options = ("--users", "2", "--run-time", "2", "--accounts", "box")
        command = _command(tmp_path, *options, "--base-url", server.base_url)
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    # Not one of them got to the judge while the user ended by an error of its own.
    assert "Traceback" not in done.stdout + done.stderr
    assert done.returncode == 1
    figures = _statement(tmp_path)["traffic"]["load"]
    assert figures["requests"] == figures["failures"] > 0
    assert abs(figures["requests"] - len(server.received)) <= 2


@pytest.mark.slow
def test_the_folder_of_the_socket_goes_with_the_judge_even_where_the_command_is_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path / "t"))
    (tmp_path / "t").mkdir()
    options = ("--users", "2", "--run-time", "2", "--base-url", "http://127.0.0.1:9")
    command = _command(tmp_path / "r", *options, "--accounts", "box")
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not [*tmp_path.glob("t/esignon-load-*")] and time.monotonic() < until:
        time.sleep(0.05)
    assert [*tmp_path.glob("t/esignon-load-*")]
    running.kill()
    running.wait()
    # The judge ends with those that send, which end by themselves.
    while [*tmp_path.glob("t/esignon-load-*")] and time.monotonic() < until:
        time.sleep(0.2)
    assert not [*tmp_path.glob("t/esignon-load-*")]
