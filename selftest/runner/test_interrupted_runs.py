"""Runs that are interrupted, killed, or out of room: real processes, real signals."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from esignon_conformance.files import Journal
from esignon_conformance.i18n.language import Language
from esignon_conformance.reports.html_report.results import read_results
from esignon_conformance.reports.title import read_statement, report_title
from esignon_conformance.tools.reference import process as box
from selftest.support.command import COMMAND, Begun, begun, command, python, statement

_PATIENCE = 60.0
# Whoever runs the tests in the background, or with nohup, lets these be ignored.
_HEARING = (
    "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
    "signal.signal(signal.SIGHUP, signal.SIG_DFL)\n"
)
# More than the room that is kept for the statement, and less than a recording takes.
_MOST_BYTES = 600_000


def until(condition: Callable[[], bool]) -> None:
    """Wait until something is so."""
    ends = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < ends, "it never came to it"
        time.sleep(0.01)


def recorded(directory: Path) -> list[dict[str, object]]:
    """Return the rows of the recording, each of which has to be whole."""
    text = (directory / "exchanges.jsonl").read_text("utf-8")
    assert text == "" or text.endswith("\n")
    return [json.loads(line) for line in text.split("\n")[:-1]]


@contextlib.contextmanager
def going(directory: Path, *arguments: str) -> Iterator[Begun]:
    """Start a run, and yield it when it has sent a good part of its requests."""
    chosen = ("run", "--depth", "quick", "--lang", "en", "--report-dir", str(directory))
    recording = directory / "exchanges.jsonl"
    with begun(_HEARING + COMMAND, *chosen, *arguments) as run:
        until(lambda: recording.is_file() and recording.read_bytes().count(b"\n") >= 200)
        yield run


def statuses(directory: Path) -> list[str]:
    """Return the status of each Allure result."""
    paths = (directory / "allure-results").glob("*-result.json")
    return [json.loads(path.read_text("utf-8"))["status"] for path in paths]


@pytest.mark.parametrize(
    "order",
    [
        signal.SIGINT,
        pytest.param(signal.SIGTERM, marks=pytest.mark.slow),
        pytest.param(signal.SIGHUP, marks=pytest.mark.slow),
    ],
)
def test_an_order_to_end_ends_the_run_in_order(tmp_path: Path, order: signal.Signals) -> None:
    with going(tmp_path) as run:
        run.process.send_signal(order)
        printed = run.printed()
    assert run.process.returncode == 2, printed
    assert "INTERRUPTED" in printed
    assert "Traceback" not in printed
    found = statement(tmp_path)
    assert (found["exit_status"], found["complete"]) == (2, False)
    verdicts = {one["verdict"] for one in found["clauses"]}
    assert {"holds", "could-not-judge"} <= verdicts
    # What was sent is told; what was not says why.
    assert 200 <= len(recorded(tmp_path)) < 900
    assert len(statuses(tmp_path)) == len(found["clauses"])
    assert {"passed", "broken"} <= set(statuses(tmp_path)) <= {"passed", "skipped", "broken"}
    assert "interrupted" in report_title(read_statement(tmp_path), "en")


def test_an_order_that_comes_while_nothing_was_sent_yet_is_an_interruption(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}"
        arguments = ("run", "--base-url", url, "--accounts", "box", "--report-dir", str(tmp_path))
        with (
            begun(COMMAND, *arguments, "--depth", "smoke", "--lang", "en") as run,
            silent.accept()[0],
        ):
            run.process.send_signal(signal.SIGTERM)
            printed = run.printed()
    assert run.process.returncode == 2, printed
    assert statement(tmp_path)["complete"] is False


# Each goes on in spite of the first order: it writes, or holds the interpreter.
_BUSY = {
    "writing": "signals.finish_writing()\nwhile True: time.sleep(0.1)",
    "deaf": "signals.finish_writing()\nimport re\nre.match(r'(?:a+)+b', 'a' * 60)",
}


@pytest.mark.parametrize("busy", ["writing", pytest.param("deaf", marks=pytest.mark.slow)])
def test_a_second_order_ends_the_process_within_five_seconds_whatever_it_does(busy: str) -> None:
    begin = "import time\nfrom esignon_conformance.runner import signals\nsignals.end_in_order()\n"
    process = subprocess.Popen(
        [sys.executable, "-c", f"{begin}print('ready', flush=True)\n{_BUSY[busy]}"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        time.sleep(0.7)
        assert process.poll() is None, "one order alone ends nothing in its midst"
        process.send_signal(signal.SIGTERM)
        status = process.wait(timeout=5)
    finally:
        process.kill()
        process.communicate()
    assert status == (-signal.SIGALRM if busy == "deaf" else 2)


def test_a_killed_run_says_so_and_the_next_one_leaves_nothing_of_it(tmp_path: Path) -> None:
    with going(tmp_path) as run:
        run.process.kill()
        run.process.wait(_PATIENCE)
    found = statement(tmp_path)
    assert (found["exit_status"], found["complete"]) == (None, False)
    assert {one["verdict"] for one in found["clauses"]} == {"could-not-judge"}
    assert len(recorded(tmp_path)) >= 200
    assert statuses(tmp_path) == ["broken"]
    assert read_results(tmp_path / "allure-results").starts
    titles: dict[Language, str] = {"en": "THE RUN DID NOT END", "ko": "끝나지 않은 실행"}
    for language, title in titles.items():
        assert title in report_title(read_statement(tmp_path), language)
    built = command("report", "--report-dir", str(tmp_path), "--lang", "en")
    assert built.returncode == 0, built.stderr
    assert "THE RUN DID NOT END" in (tmp_path / "report.html").read_text("utf-8")
    ran = command("run", "--depth", "quick", "-k", "SUC-1", "--report-dir", str(tmp_path))
    assert ran.returncode == 0, ran.stdout
    assert statement(tmp_path)["exit_status"] == 0
    assert set(statuses(tmp_path)) == {"passed"}
    assert not list(tmp_path.glob(".room"))


def test_the_server_in_the_box_ends_with_a_run_that_is_killed() -> None:
    code = (
        "import time; from esignon_conformance.tools.reference import process as box\n"
        "print(box.start().base_url, flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None
    port = urlsplit(owner.stdout.readline().strip()).port

    def listens() -> bool:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port or 0), 1):
            return True
        return False

    assert listens()
    owner.kill()
    owner.communicate()
    until(lambda: not listens())


def test_a_terminals_ctrl_c_is_not_for_the_server_in_the_box() -> None:
    server = box.start()
    try:
        assert os.getsid(server.process.pid) != os.getsid(0)
    finally:
        server.stop()


@pytest.mark.slow
def test_a_target_that_goes_away_half_way_could_not_be_judged(tmp_path: Path) -> None:
    server = box.start()
    with going(tmp_path, "--base-url", server.base_url, "--accounts", "box") as run:
        # Between two requests: one that is cut off by it would be a finding of ENV-10.
        run.process.send_signal(signal.SIGSTOP)
        time.sleep(0.5)
        server.stop()
        run.process.send_signal(signal.SIGCONT)
        printed = run.printed()
    assert run.process.returncode == 6, printed
    found = statement(tmp_path)
    assert (found["exit_status"], found["complete"]) == (6, False)
    assert "fails" not in {one["verdict"] for one in found["clauses"]}
    assert len(statuses(tmp_path)) == len(found["clauses"])


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Yield a folder on a disk of its own that is too small for a run."""
    place = tmp_path / "small"
    place.mkdir()
    mount = shutil.which("mount")
    made = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=1100k", "none", str(place)], check=False
    )
    if not made or made.returncode:
        pytest.skip(
            "this user cannot mount a disk; test_a_recording_without_room looks at the same"
        )
    try:
        yield place
    finally:
        subprocess.run([shutil.which("umount") or "umount", str(place)], check=True)


def _assert_told(ran: subprocess.CompletedProcess[str], directory: Path) -> None:
    assert ran.returncode == 3, ran.stdout
    assert "NOT ALL WRITTEN: " in ran.stdout
    assert "Make room in " in ran.stdout
    # What is said to be written is there.
    [written] = (one for one in ran.stdout.splitlines() if one.startswith("Written: "))
    named = [Path(one).name for one in written.removeprefix("Written: ").split(", ")]
    assert "statement.json" in named
    assert [one for one in named if not (directory / one).exists()] == []
    assert "Traceback" not in ran.stdout + ran.stderr
    found = statement(directory)
    assert (found["exit_status"], found["complete"]) == (3, False)
    # The run went on to its end, and its verdicts stand.
    assert len(recorded(directory)) < int(str(found["requests"]))
    verdicts = {one["id"]: one["verdict"] for one in found["clauses"]}
    assert verdicts["REJ-1"] == verdicts["SEC-3"] == "holds"


@pytest.mark.slow
def test_a_full_disk_ends_the_run_in_order(small_disk: Path) -> None:
    chosen = ("--depth", "quick", "--html", "--lang", "en", "--report-dir", str(small_disk))
    ran = command("run", *chosen)
    _assert_told(ran, small_disk)
    # Nobody is told to begin with a run: it is this one that had no room for its results.
    assert ran.stderr.startswith("No report was built: ")
    assert "no Allure results" not in ran.stderr
    assert '<error type="exit-status-3" message="NOT ALL WRITTEN: ' in (
        small_disk / "junit.xml"
    ).read_text("utf-8")


@pytest.mark.slow
def test_a_recording_without_room_ends_the_run_in_order(tmp_path: Path) -> None:
    code = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({_MOST_BYTES},) * 2)\n"
    ran = python(
        *(code + COMMAND, "run", "--depth", "quick", "--lang", "en"),
        *("--report-dir", str(tmp_path)),
    )
    _assert_told(ran, tmp_path)


def test_a_journal_takes_back_the_line_that_had_no_room(tmp_path: Path) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, before[1]))
    try:
        journal = Journal(tmp_path / "j")
        for _ in range(4):
            journal.write("x" * 39 + "\n")
        journal.close()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert journal.problem is not None
    assert (tmp_path / "j").read_text("utf-8") == ("x" * 39 + "\n") * 2


def test_a_folder_that_cannot_be_written_ends_with_4_before_anything_is_sent(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    ran = command("run", "--lang", "en", "--report-dir", str(tmp_path / "file"))
    assert ran.returncode == 4
    assert "cannot be written: " in ran.stdout + ran.stderr
    assert "--report-dir" in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr
