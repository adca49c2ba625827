"""How much claim the judge of a load run has to a processor: the least while logins are sent.

sched(7), *The autogroup feature*: on Linux the nice value of a process counts among those of its session
alone, and sessions share processors evenly, however nice the only process of one is.  What a session is
given, unlike what a process is, may be taken back by whoever gave it.
"""

from __future__ import annotations

import contextlib
import os
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


def go_on(pid: int | None = None) -> None:
    """Give a process that began a session, or this one, its usual claim, but for a trifle."""
    if pid is not None or os.getsid(0) == os.getpid():
        _set(pid or os.getpid(), _LET_GO_ON)


# Other systems have no such file; nor have sessions a value of their own where they are not grouped.
def _value() -> int | None:
    with contextlib.suppress(OSError, ValueError):
        text = Path("/proc/self/autogroup").read_text("ascii")
        return int(text.rpartition(" ")[2])
    return None


def _set(pid: int, nice: int) -> None:
    with contextlib.suppress(OSError):
        Path(f"/proc/{pid}/autogroup").write_text(str(nice), encoding="ascii")
