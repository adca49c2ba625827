"""`make judging`: how fast a large file of recorded traffic is judged, and in how much memory.

The file is written first, as Chrome DevTools would export it.  The command is started as its users start
it.  Memory is that of all its processes together, each page that they share counted once (PSS).
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from esignon_conformance import resources
from selftest.support.command import COMMAND, environment
from selftest.support.large_archive import Written, write_archive

MOST_MEGABYTES = 300
SIZES = (50_000_000, 1_000_000_000)
PLACE = resources.data_root() / "docs" / "judging.md"
_EVERY = 0.1
# Reading it stops what is measured for a moment.
_MEMORY_EVERY = 10
HEAD = f"""# How fast recorded traffic is judged

`make judging` writes archives as Chrome DevTools would export them, judges each, and writes this file.
Three of four entries are logins, each with an email, a password and a token of its own; an exchange is a
login. Processor seconds and memory are those of all processes of the command, the pages that they share
counted once (PSS). Where a file takes more than {MOST_MEGABYTES} MB, the command ends with 1.

| file | entries | logins | seconds | processor seconds | logins a second | a processor second | MB |
|---|---|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Cost:
    """What it took to judge a file."""

    status: int
    seconds: float
    processor_seconds: float
    megabytes: float


def row_of(written: Written, cost: Cost) -> str:
    """Return what was measured as a row of a table."""
    cells = (
        f"{written.size / 1e6:,.0f} MB",
        f"{written.entries:,}",
        f"{written.logins:,}",
        f"{cost.seconds:.0f}",
        f"{cost.processor_seconds:.0f}",
        f"{written.logins / cost.seconds:,.0f}",
        f"{written.logins / cost.processor_seconds:,.0f}",
        f"{cost.megabytes:.0f}",
    )
    return f"| {' | '.join(cells)} |"


def judged(file: Path, folder: Path) -> Cost:
    """Judge a file with the command, in processes of its own."""
    arguments = ("judge", str(file), "--accounts", "box", "--report-dir", str(folder))
    began, most = time.monotonic(), 0
    with Path(os.devnull).open("r+b") as nothing:
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *arguments],
            env=environment({}),
            stdout=nothing,
            stderr=nothing,
        )
        for turn in itertools.count():
            ended, status, used = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            if turn % _MEMORY_EVERY == 0:
                most = max(most, sum(_shared_out(one) for one in _family(process.pid)))
            time.sleep(_EVERY)
    process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - began
    # Those of its own children are in there, once they have been waited for.
    return Cost(process.returncode, seconds, used.ru_utime + used.ru_stime, most / 1024)


def _family(number: int) -> Iterator[int]:
    """Yield a process and all that it has started."""
    yield number
    with contextlib.suppress(OSError):
        text = Path(f"/proc/{number}/task/{number}/children").read_text("ascii")
        for child in text.split():
            yield from _family(int(child))


def _shared_out(number: int) -> int:
    """Return the kilobytes of a process, its share of what several use."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{number}/smaps_rollup").read_text("ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1])
    return 0


def main(arguments: Sequence[str]) -> int:
    """Measure all sizes, or the one that is named; return 0 if memory keeps its bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=float, help="bytes of one file, which is measured alone")
    parser.add_argument("--file", type=Path, help="where the file is, or is to be, and stays")
    options = parser.parse_args(arguments)
    rows, most = [], 0.0
    for size in (int(options.size),) if options.size else SIZES:
        with tempfile.TemporaryDirectory() as name:
            file = options.file or Path(name) / "login.har"
            written = write_archive(file, size)
            cost = judged(file, Path(name) / "reports")
            statement = json.loads((Path(name) / "reports" / "statement.json").read_text("utf-8"))
        traffic = statement["traffic"]
        assert traffic["entries"] - traffic["others"] == written.logins
        rows.append(row_of(written, cost))
        most = max(most, cost.megabytes)
        print(rows[-1], f"exit status {cost.status}", file=sys.stderr, flush=True)
    if not options.size:
        PLACE.write_text(HEAD + "\n".join([*rows, ""]), encoding="utf-8")
    return int(most > MOST_MEGABYTES)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
