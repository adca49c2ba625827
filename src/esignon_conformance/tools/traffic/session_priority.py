"""How much claim the judge of a load run has to a processor: the least while logins are sent.

sched(7), *The autogroup feature*: on Linux the nice value of a process counts among those of its session
alone, and sessions share processors evenly, however nice the only process of one is.  What a session is
given, unlike what a process is, may be taken back by whoever gave it.

sched(7), *SCHED_IDLE*: a processor on which nothing but such a process runs counts as idle when another
one wakes.  Without it one process that sends and a server on this machine, which wake each other in turn,
stay on one processor and leave a whole one to the judge: half of the requests a second, in about every
second run.
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

# A session begins with 0. What was let go on has another value, so that it is not held back later.
_BEGUN, _LEAST, _LET_GO_ON = 0, 19, 1


def go_last() -> None:
    """Leave processors to others: to what sends, and to the server where it is on this machine.

    Nothing is done by a process that shares the session of whoever started it, nor by one that starts so
    slowly that all was sent before.
    """
    if os.getsid(0) == os.getpid() and _value() == _BEGUN:
        _set(os.getpid(), _LEAST)
        _run_where_idle(os.getpid(), is_wanted=True)


def go_on(pid: int | None = None) -> None:
    """Give a process that began a session, or this one, its usual claim, but for a trifle."""
    if pid is not None or os.getsid(0) == os.getpid():
        _set(pid or os.getpid(), _LET_GO_ON)
        _run_where_idle(pid or os.getpid(), is_wanted=False)


# Other systems have no such file; nor have sessions a value of their own where they are not grouped.
def _value() -> int | None:
    with contextlib.suppress(OSError, ValueError):
        text = Path("/proc/self/autogroup").read_text("ascii")
        return int(text.rpartition(" ")[2])
    return None


def _set(pid: int, nice: int) -> None:
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(nice), encoding="ascii")


def _run_where_idle(pid: int, *, is_wanted: bool) -> None:
    # Who may not raise a nice value may not take this back either.  It counts for little by then: a session
    # has its claim as a whole, and the judge is the only one of its own.
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            policy = os.SCHED_IDLE if is_wanted else os.SCHED_OTHER
            os.sched_setscheduler(pid, policy, os.sched_param(0))
