"""A process that starts warm is one like any other: what the tests build on."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from selftest.support.command import begun, python

_TELLS = """
import os, sys
print(os.getpid(), os.getcwd(), sys.argv[1:], os.environ.get("ESIGNON_LANG"), sys.stdin.read())
print("to standard error \\N{SNOWMAN}", file=sys.stderr)
sys.exit(7)
"""


def test_it_has_its_own_number_folder_arguments_variables_and_streams(tmp_path: Path) -> None:
    ran = [
        python(_TELLS, "a", folder=tmp_path, settings={"ESIGNON_LANG": "ko", **more})
        # The second reads a variable that only a new interpreter does: it is no copy.
        for more in ({}, {"PYTHONUTF8": "1"})
    ]
    told = [one.stdout.split(" ", 1) for one in ran]
    assert told[0][1] == told[1][1] == f"{tmp_path} ['a'] ko \n"
    assert len({told[0][0], told[1][0], str(os.getpid())}) == 3
    assert {one.stderr for one in ran} == {"to standard error \N{SNOWMAN}\n"}
    assert {one.returncode for one in ran} == {7}


def test_it_knows_nothing_of_the_tests_nor_of_another_one(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text("", encoding="utf-8")
    code = "import sys; import planted; print('hypothesis' in sys.modules, planted.__file__)"
    ran = python(code, settings={"PYTHONPATH": str(tmp_path)})
    assert ran.stdout == f"False {tmp_path / 'planted.py'}\n"
    assert "No module named 'planted'" in python("import planted").stderr


def test_it_takes_signals_and_has_the_status_of_what_ended_it() -> None:
    with begun("import time; time.sleep(60)") as run:
        run.process.send_signal(signal.SIGTERM)
        assert run.process.wait(10) == -signal.SIGTERM


def test_an_exception_that_nobody_takes_ends_it_with_1() -> None:
    ran = python("raise ValueError('planted')")
    assert ran.returncode == 1
    assert ran.stderr.endswith("ValueError: planted\n")


def test_it_ends_as_python_does_with_its_threads_joined_and_its_callbacks_called() -> None:
    code = """
import atexit, sys, threading, time
atexit.register(print, "called back")
threading.Thread(target=lambda: (time.sleep(0.1), print("a thread"))).start()
sys.exit({})
"""
    for said, status in (("", 0), ("258", 2), ("'said'", 1)):
        ran = python(code.format(said))
        assert (ran.stdout, ran.returncode) == ("a thread\ncalled back\n", status)
        assert ran.stderr == ("said\n" if status == 1 else "")
