"""The judge of a load run: the least claim to a processor while logins are sent, a whole one afterwards."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from esignon_conformance.load.judge_process import JudgeProcess

_WAITS = """
import socket, sys
from esignon_conformance.tools.traffic.session_priority import go_last

with socket.socket(fileno=int(sys.argv[1])) as listening:
    connection, _ = listening.accept()
    go_last()
    connection.sendall(b".")
    connection.recv(1)
    go_last()
    connection.sendall(b".")
    connection.recv(1)
"""


def test_a_judge_that_ends_at_its_settings_is_never_ready() -> None:
    judge = JudgeProcess.start(lambda _number: [sys.executable, "-c", "raise SystemExit(4)"])
    assert not judge.is_ready()
    assert judge.wait() == 4


def _claim_of(pid: int) -> str:
    return Path(f"/proc/{pid}/autogroup").read_text("ascii").rpartition(" ")[2].strip()


# A value that counts among the processes of a session alone is none where each has its own.
@pytest.mark.skipif(not Path("/proc/self/autogroup").exists(), reason="not a Linux that groups")
def test_the_session_of_the_judge_goes_last_until_nothing_is_sent_any_more() -> None:
    judge = JudgeProcess.start(lambda number: [sys.executable, "-c", _WAITS, str(number)])
    assert judge.own.recv(1) == b"."
    assert os.getpriority(os.PRIO_PROCESS, judge.process.pid) == 19
    assert _claim_of(judge.process.pid) == "19"
    # What sends, and a server beside it, are given the processor on which only the judge runs.
    assert os.sched_getscheduler(judge.process.pid) == os.SCHED_IDLE
    judge.hurry()
    assert _claim_of(judge.process.pid) == "1"
    # One that only begins to read by then is not held back any more.
    judge.own.sendall(b".")
    assert judge.own.recv(1) == b"."
    assert _claim_of(judge.process.pid) == "1"
    if os.geteuid() == 0:
        assert os.sched_getscheduler(judge.process.pid) == os.SCHED_OTHER
    assert judge.wait() == 0
