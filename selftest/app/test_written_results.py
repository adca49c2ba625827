"""What a run writes: what becomes of it where something goes wrong."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from esignon_conformance import resources
from esignon_conformance.app.cli.main import main
from selftest.support.command import command, environment, statement
from selftest.support.raw_server import Peer, answer, serving

_BREAKING = """
from esignon_conformance.{module} import {owner}

def fails(*_arguments):
    raise KeyError("planted")

{owner}.{name} = fails
"""


@pytest.mark.parametrize(
    ("module", "owner", "name"),
    [
        ("app.pytest_plugin", "allure_writing", "result_of"),
        ("reports.artefacts", "har", "_query"),
    ],
)
def test_an_error_of_ours_in_what_is_written_is_an_internal_error(
    module: str, owner: str, name: str, tmp_path: Path
) -> None:
    text = _BREAKING.format(module=module, owner=owner, name=name)
    (tmp_path / "breaking.py").write_text(text, encoding="utf-8")
    reports = tmp_path / "reports"
    ran = command(
        *("run", "-k", "SUC-1", "-p", "breaking", "--report-dir", str(reports)),
        PYTHONPATH=str(tmp_path),
    )
    assert ran.returncode == 3, ran.stdout + ran.stderr
    assert "KeyError: 'planted'" in ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr
    found = statement(reports)
    assert (found["exit_status"], found["complete"]) == (3, False)


def test_an_error_of_ours_in_a_test_is_told_with_its_place(tmp_path: Path) -> None:
    text = "import pytest\n\ndef pytest_runtest_call():\n    raise KeyError('planted')\n"
    (tmp_path / "breaking.py").write_text(text, encoding="utf-8")
    ran = command(
        *("run", "-k", "SUC-1", "-p", "breaking", "--report-dir", str(tmp_path / "reports")),
        PYTHONPATH=str(tmp_path),
    )
    assert ran.returncode == 3, ran.stdout + ran.stderr
    assert ran.stdout.count("KeyError: 'planted' (breaking.py:4)") == 1


def test_an_error_of_ours_at_the_last_screen_ends_with_3(tmp_path: Path) -> None:
    text = """
from esignon_conformance.app.pytest_plugin import verdicts

def fails(*_arguments):
    raise KeyError("Zq7!planted")

verdicts._last_screen = fails
"""
    (tmp_path / "breaking.py").write_text(text, encoding="utf-8")
    chosen = ("run", "-k", "SUC-1", "-p", "breaking", "--lang", "en")
    reports = str(tmp_path / "reports")
    ran = command(*chosen, "--report-dir", reports, PYTHONPATH=str(tmp_path))
    # Python's own status for it is 1, which says that a must clause fails.
    assert ran.returncode == 3, ran.stdout + ran.stderr
    assert "INTERNAL ERROR: KeyError (" in ran.stderr
    assert "breaking.py:5" in ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr
    # What an exception says may be a value, and nothing has masked it.
    assert "planted" not in ran.stdout + ran.stderr


def test_an_error_of_ours_in_a_command_is_no_difference(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails(_options: object) -> int:
        raise KeyError("Zq7!planted")

    monkeypatch.setattr("esignon_conformance.app.cli.diff.main", fails)
    assert main(["diff", "a", "b"]) == 3
    said = capsys.readouterr().err
    assert "KeyError (" in said
    assert "planted" not in said


def test_a_run_that_ends_at_its_start_builds_no_report_of_an_earlier_one(tmp_path: Path) -> None:
    text = "import pytest\n\ndef pytest_configure():\n    raise KeyboardInterrupt\n"
    (tmp_path / "breaking.py").write_text(text, encoding="utf-8")
    reports = tmp_path / "reports"
    reports.mkdir()
    earlier = reports / "statement.json"
    earlier.write_text("{}", encoding="utf-8")
    os.utime(earlier, (1, 1))
    ran = command(
        *("run", "-k", "SUC-1", "--html", "-p", "breaking", "--report-dir", str(reports)),
        PYTHONPATH=str(tmp_path),
    )
    assert ran.returncode == 2, ran.stdout + ran.stderr
    assert "Interrupted before there was anything to write." in ran.stderr
    assert "statement.json" not in ran.stderr


_JUDGE = """
import os, signal
from esignon_conformance.runner import run

judge = run.judge

def judging(*given, **named):
    if given[3] is None{once}:
        {deed}
    return judge(*given, **named)

run.judge = judging
"""


def _judged_with(
    folder: Path, deed: str, once: str = ""
) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run a part of the suite whose judge does something first; return what it printed, its reports."""
    (folder / "planted.py").write_text(_JUDGE.format(deed=deed, once=once), encoding="utf-8")
    reports = folder / "reports"
    arguments = ("--depth", "quick", "-k", "SUC", "-p", "planted", "--lang", "en")
    # Returns when the last process that holds the pipe of the output has ended.
    ran = command("run", *arguments, "--report-dir", str(reports), PYTHONPATH=str(folder))
    return ran, reports


@pytest.mark.slow
def test_a_judge_that_fails_at_each_test_leaves_one_archive(tmp_path: Path) -> None:
    ran, reports = _judged_with(tmp_path, "raise KeyError('planted')")
    assert ran.returncode == 3, ran.stdout + ran.stderr
    assert "KeyError: 'planted'" in ran.stdout
    assert statement(reports)["exit_status"] == 3
    archive = json.loads((reports / "exchanges.har").read_text("utf-8"))
    assert len(archive["log"]["entries"]) == statement(reports)["requests"]
    assert not list(reports.glob("*.part"))


def test_an_order_to_end_while_judging_is_an_interruption(tmp_path: Path) -> None:
    # Not SIGINT, which a shell lets what it starts in the background ignore.
    deed = "judging.told = True; os.kill(os.getpid(), signal.SIGTERM)"
    ran, reports = _judged_with(tmp_path, deed, once=" and not hasattr(judging, 'told')")
    assert ran.returncode == 2, ran.stdout + ran.stderr
    assert "INTERRUPTED" in ran.stdout
    assert statement(reports)["exit_status"] == 2
    assert (reports / "exchanges.har").is_file()


@pytest.mark.slow
def test_pytest_alone_works_in_a_clone(tmp_path: Path) -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-k", "SUC-1", f"--report-dir={tmp_path}"],
        cwd=resources.data_root(),
        env=environment({}),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 passed" in ran.stdout
    assert statement(tmp_path)["exit_status"] == 0


def test_the_base_url_is_asked_for_nothing_but_what_the_run_sends(tmp_path: Path) -> None:
    received: list[str] = []

    def serve(peer: Peer) -> None:
        while (request := peer.receive()) is not None:
            received.append(request.method)
            peer.send(answer(b"{}"))

    with serving(serve) as server:
        command(
            *("run", "--verify-base-url", "--base-url", server.base_url, "--accounts", "box"),
            *("--case", "right-login", "--report-dir", str(tmp_path)),
        )
    assert set(received) == {"POST"}
    assert len(received) == statement(tmp_path / "case")["requests"]
