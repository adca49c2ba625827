"""What a process and all that it starts take of the machine: seconds of CPU, and memory at its most."""

from __future__ import annotations

import contextlib
import os
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_BETWEEN_LOOKS = 0.05


@dataclass(frozen=True)
class Taken:
    """How a process ended, its seconds of CPU, and the most bytes of memory at once.

    Memory that several processes share counts once (PSS).
    """

    status: int
    seconds: float
    bytes: int


def measured(command: Sequence[str], output: Path) -> Taken:
    """Run a command, and return what it took; Linux alone tells."""
    with output.open("wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT)
        most = 0
        while True:
            most = max(most, sum(map(_memory_of, _tree(process.pid))))
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                process.returncode = os.waitstatus_to_exitcode(status)
                return Taken(process.returncode, usage.ru_utime + usage.ru_stime, most)
            time.sleep(_BETWEEN_LOOKS)


def memory_of(process: int) -> int:
    """Return the bytes of memory of a process and all that it has started."""
    return sum(map(_memory_of, _tree(process)))


def _tree(process: int) -> Iterator[int]:
    yield process
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text("ascii").split():
                yield from _tree(int(child))


def _memory_of(process: int) -> int:
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{process}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return 1024 * int(line.split()[1])
    return 0
