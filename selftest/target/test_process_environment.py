"""What consoles, disks, users and CI jobs lay upon a run, and what the suite makes of it."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from esignon_conformance import resources
from esignon_conformance.i18n.catalogue import render
from esignon_conformance.reports.artefacts.junit import junit, seconds_by_case
from esignon_conformance.reports.html_report.child_environment import child_environment
from esignon_conformance.reports.html_report.install import cache_folder, complaint
from esignon_conformance.target.process_environment import (
    limits_of_platform,
    without_options_of_other_tests,
    without_unwritable_key_log,
)
from selftest.support.command import COMMAND, command, environment, statement
from selftest.support.exchanges import conforming_run
from selftest.support.written_runs import run_of

PAGE = resources.data_root() / "selftest" / "pages" / "login.ko.md"


# ---- consoles --------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["cp949", pytest.param("ascii", marks=pytest.mark.slow)])
def test_no_command_ends_for_a_character_that_a_console_lacks(
    encoding: str, tmp_path: Path
) -> None:
    script = f"""
import sys
from esignon_conformance.app.cli.main import main
statuses = [
    main(["explain", "REJ-1", "--lang", "ko"]),
    main(["derive", "--check", {str(PAGE)!r}, "--lang", "ko"]),
    main(["derive", {str(PAGE)!r}]),
    main(["diff", "none/✅", "none", "--markdown"]),
]
print("✅", file=sys.stderr)
sys.exit(0 if statuses == [0, 0, 0, 4] else f"statuses {{statuses}}")
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env=environment({"PYTHONIOENCODING": encoding}),
        capture_output=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("ascii", "replace")
    assert done.stderr.rstrip().endswith(rb"\u2705")


@pytest.mark.slow
def test_the_first_lines_of_a_run_are_lines_in_ascii_too(tmp_path: Path) -> None:
    chosen = (
        "run",
        "--depth",
        "quick",
        "-k",
        "SUC-1",
        "--lang",
        "ko",
        "--report-dir",
        str(tmp_path),
    )
    ran = command(*chosen, PYTHONIOENCODING="ascii")
    assert ran.returncode == 0, ran.stderr
    first, second = ran.stdout.splitlines()[:2]
    assert "\\u" in first
    assert second.startswith(r"\uc2dc\ub4dc ")


# ---- variables of other programs -------------------------------------------------------------------


def test_run_takes_no_options_from_the_environment_and_says_so(tmp_path: Path) -> None:
    chosen = (
        "run",
        "--depth",
        "quick",
        "-k",
        "SUC-1",
        "--lang",
        "en",
        "--report-dir",
        str(tmp_path),
    )
    ran = command(*chosen, PYTEST_ADDOPTS="--timeout=60 -k no_such_test", PYTEST_PLUGINS="no_such")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    for name in ("PYTEST_ADDOPTS", "PYTEST_PLUGINS"):
        assert f"{name} is ignored" in ran.stderr
    assert statement(tmp_path)["requests"] > 0


def test_only_what_pytest_takes_options_from_is_taken_out() -> None:
    given = {
        "PYTEST_ADDOPTS": "-k x",
        "PYTEST_PLUGINS": "",
        "PYTEST_BASE_URL": "http://x",
        "A": "b",
    }
    assert without_options_of_other_tests(given) == ["PYTEST_ADDOPTS"]
    assert given == {"PYTEST_PLUGINS": "", "PYTEST_BASE_URL": "http://x", "A": "b"}


def test_a_key_log_that_cannot_be_written_is_told_and_left(tmp_path: Path) -> None:
    fine = {"SSLKEYLOGFILE": str(tmp_path / "keys.log")}
    (tmp_path / "keys.log").write_text("kept\n")
    assert without_unwritable_key_log(fine) is None
    assert (tmp_path / "keys.log").read_text() == "kept\n"
    assert fine
    assert without_unwritable_key_log({}) is None
    for path in (tmp_path, tmp_path / "none" / "keys.log"):
        wrong = {"SSLKEYLOGFILE": str(path), "PATH": "/bin"}
        told = without_unwritable_key_log(wrong)
        assert told is not None
        assert str(path) in render(told, "en")
        assert wrong == {"PATH": "/bin"}


@pytest.mark.slow
def test_an_https_target_is_planned_without_the_key_log(tmp_path: Path) -> None:
    url = ("--base-url", "https://127.0.0.1:9", "--accounts", "box", "--plan")
    ran = command(
        *("run", *url, "--depth", "quick", "--lang", "en", "--report-dir", str(tmp_path)),
        SSLKEYLOGFILE="/nonexistent/keys.log",
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "SSLKEYLOGFILE names /nonexistent/keys.log, which cannot be written" in ran.stdout


def test_node_is_given_no_options_of_the_job_and_a_home() -> None:
    given = {"NODE_OPTIONS": "--require dd-trace/ci/init", "NODE_DEBUG": "http", "PATH": "/bin"}
    seen = child_environment({**given, "NODE_EXTRA_CA_CERTS": "ca.pem"})
    assert not {"NODE_OPTIONS", "NODE_DEBUG"} & seen.keys()
    assert seen["NODE_EXTRA_CA_CERTS"] == "ca.pem"
    assert seen["HOME"] == tempfile.gettempdir()


def test_of_a_trace_the_line_that_names_the_error_is_told() -> None:
    trace = (
        "node:internal/modules/cjs/loader:1520\n  throw err;\n  ^\n\n"
        "Error: Cannot find module 'dd-trace/ci/init'\nRequire stack:\n- internal/preload\n"
        "    at Module._resolve (node:internal)\n"
    )
    assert complaint(trace).startswith("Error: Cannot find module 'dd-trace/ci/init'; Require")
    assert complaint("TypeError [ERR_X]: bad\nmore\nand\nso on").startswith(
        "TypeError [ERR_X]: bad"
    )
    assert complaint("no Error here\nnot here") == "no Error here; not here"


@pytest.mark.slow
def test_plain_pytest_runs_twice_and_beside_plugins_that_warn(tmp_path: Path) -> None:
    tmp_path.joinpath("noisy.py").write_text(
        "import warnings, pytest\n"
        "def pytest_configure(config):\n"
        "    warnings.warn(pytest.PytestDeprecationWarning('as pytest-asyncio does'))\n"
    )
    # In the clone, since pytest looks for its settings above what it takes for a path of tests.
    reports = resources.reports() / "plain pytest"
    reports.mkdir(parents=True)
    try:
        for _ in range(2):
            done = subprocess.run(
                [
                    *(sys.executable, "-m", "pytest", "-q", "-k", "SUC-1", "-p", "noisy"),
                    *("--depth", "quick", "--report-dir", str(reports)),
                ],
                cwd=resources.data_root(),
                env=environment({"PYTHONPATH": str(tmp_path)}),
                capture_output=True,
                text=True,
                timeout=120,
                check=False,
            )
            assert done.returncode == 0, done.stdout + done.stderr
            assert statement(reports)["requests"] > 0
    finally:
        shutil.rmtree(reports)


# ---- folders, disks, users -------------------------------------------------------------------------


def test_without_a_home_the_cache_lies_where_things_of_a_day_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    of_module = "esignon_conformance.reports.html_report.install"
    monkeypatch.setattr(f"{of_module}.places.is_installed", lambda: True)

    def nameless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder().is_relative_to(tmp_path)
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(f"{of_module}.Path.home", nameless)
    assert cache_folder().is_relative_to(tempfile.gettempdir())
    monkeypatch.setattr(f"{of_module}.Path.home", lambda: tmp_path / "home")
    assert cache_folder().is_relative_to(tmp_path / "home" / ".cache")
    monkeypatch.setattr(f"{of_module}.os.access", lambda *_given: False)
    assert cache_folder().is_relative_to(tempfile.gettempdir())


@pytest.mark.slow
def test_a_user_without_a_name_and_a_home_needs_a_folder_to_write_into_alone(
    tmp_path: Path,
) -> None:
    # As a container platform gives a user id that stands in no list, and no HOME.
    nameless = (
        "import pwd\ndef unknown(_id): raise KeyError('uid not found')\npwd.getpwuid = unknown"
    )
    settings = environment({})
    for name in ("HOME", "USER", "LOGNAME", "XDG_CACHE_HOME"):
        settings.pop(name, None)
    tmp_path.joinpath("a file").touch()
    # Root may write into any folder: below a file nobody may.
    for directory, status in ((tmp_path / "out", 0), (tmp_path / "a file" / "out", 4)):
        chosen = ("--depth", "quick", "-k", "SUC-1", "--lang", "en", "--report-dir", str(directory))
        ran = subprocess.run(
            [sys.executable, "-c", f"{nameless}\n{COMMAND}", "run", *chosen],
            cwd=tmp_path,
            env=settings,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ran.returncode == status, ran.stdout + ran.stderr
        assert "Traceback" not in ran.stderr
    assert "cannot be written" in ran.stdout + ran.stderr


@pytest.mark.slow
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_disk_that_fills_up_ends_with_3_and_says_why(tmp_path: Path) -> None:
    # The journal of exchanges is what grows: it lies on a full disk from its first line on.
    tmp_path.joinpath("exchanges.jsonl").symlink_to("/dev/full")
    chosen = (
        "run",
        "--depth",
        "quick",
        "-k",
        "SUC-1",
        "--lang",
        "en",
        "--report-dir",
        str(tmp_path),
    )
    ran = command(*chosen)
    assert ran.returncode == 3, ran.stdout + ran.stderr
    assert os.strerror(errno.ENOSPC) in ran.stdout
    assert statement(tmp_path)["complete"] is False


def test_what_does_not_work_on_windows_is_said_in_one_line() -> None:
    (told,) = (render(one, "en") for one in limits_of_platform("win32"))
    assert "Windows" in told
    assert "\n" not in told
    assert list(limits_of_platform("linux")) == list(limits_of_platform("darwin")) == []


# ---- JUnit -----------------------------------------------------------------------------------------


def test_every_clause_and_group_has_the_seconds_of_its_exchanges(tmp_path: Path) -> None:
    run = run_of(tmp_path, conforming_run())
    suites = ET.fromstring(junit(run, 0, "en").partition("\n")[2])  # noqa: S314 - of our own making
    seconds = seconds_by_case(run.recording)
    assert sum(seconds.values()) > 0
    for suite in suites:
        own = [float(case.attrib["time"]) for case in suite.iter("testcase")]
        whole = float(suite.attrib["time"])
        assert min(own, default=0.0) >= 0
        assert max(own, default=0.0) <= whole + 0.001
        assert whole <= sum(seconds.values()) + 0.001
    by_name = {case.attrib["name"]: case for case in suites.iter("testcase")}
    clause = run.by_clause["REJ-1"]
    expected = sum(seconds[case] for case in clause.cases)
    assert float(by_name["REJ-1"].attrib["time"]) == pytest.approx(expected, abs=0.001)
