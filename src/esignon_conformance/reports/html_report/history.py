"""The runs before: one line of JSON a run, in Allure's own form, kept small."""

from __future__ import annotations

import contextlib
import json
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from ..growing_files import lines_of

LIMIT = 14
# What the report shows of an earlier result.  The rest is most of the bytes, and the whole history
# is part of the page.
_KEPT = frozenset({"id", "status", "start", "stop", "duration"})


def former_runs(history: Path, own: frozenset[int]) -> list[str]:
    """Return the lines of the runs before the one whose tests started at these times, latest last.

    A report that is built twice from the same results is one run: its own line is left out.  So is
    a line that cannot be read, since a damaged history is no reason to show no report.
    """
    last: deque[str] = deque(maxlen=LIMIT)
    with contextlib.suppress(FileNotFoundError):
        for line in lines_of(history):
            run = _run(line)
            if run is not None and own.isdisjoint(_starts(run)):
                last.append(line)
    return list(last)


def slim(lines: Iterable[str]) -> str:
    """Return the history with no more runs, and no more of each result, than the report shows."""
    written = [line for line in lines if line.strip()]
    return "".join(f"{_slim(line)}\n" for line in written[-LIMIT:])


def _slim(line: str) -> str:
    run = json.loads(line)
    # The graph of what changed looks a result up in the runs before it by this id, which is its key, too:
    # without it nothing ever changed, and the graph says that there is no history.
    run["testResults"] = {
        key: {name: value for name, value in result.items() if name in _KEPT} | {"historyId": key}
        for key, result in run["testResults"].items()
    }
    return json.dumps(run, ensure_ascii=False, separators=(",", ":"))


def _run(line: str) -> dict[str, Any] | None:
    """Return the run that a line tells of, or None where it tells of none."""
    try:
        run: object = json.loads(line)
    except (ValueError, RecursionError):
        return None
    results = run.get("testResults") if isinstance(run, dict) else None
    if not isinstance(run, dict) or not isinstance(results, dict):
        return None
    return run if all(isinstance(result, dict) for result in results.values()) else None


def _starts(run: dict[str, Any]) -> Iterator[int]:
    starts = (result.get("start") for result in run["testResults"].values())
    return (start for start in starts if isinstance(start, int))
