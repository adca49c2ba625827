"""Since when a clause deviates: `verdicts.jsonl` keeps what each whole run came to, a line a run."""

from __future__ import annotations

import contextlib
import json
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..files import write_text
from .growing_files import lines_of

NAME = "verdicts.jsonl"
LIMIT = 60


@dataclass(frozen=True)
class FormerRun:
    """What an earlier run of the same target came to: the day, and the verdict of each clause."""

    day: str
    verdicts: Mapping[str, str]


@dataclass(frozen=True)
class Since:
    """Since when a verdict stands: the first day, and how many runs in a row, the present one included.

    `is_known` is False where no earlier run is known.
    """

    day: str
    runs: int
    is_known: bool


def former_runs(directory: Path, target: str) -> list[FormerRun]:
    """Return the earlier whole runs against a target, oldest first.  What cannot be read is left out."""
    found: deque[FormerRun] = deque(maxlen=LIMIT)
    for line in _lines(directory):
        row = _row(line)
        if row is not None and row["target"] == target:
            found.append(FormerRun(row["started"][:10], row["verdicts"]))
    return list(found)


def since(former: Sequence[FormerRun], clause_id: str, verdict: str, today: str) -> Since:
    """Return since when a clause has had its verdict without a break."""
    day, runs = today, 1
    for one in reversed(former):
        if one.verdicts.get(clause_id) != verdict:
            break
        day, runs = one.day, runs + 1
    return Since(day, runs, is_known=bool(former))


def remember(directory: Path, statement: Mapping[str, Any]) -> None:
    """Add a whole run to the history in its report directory.  A part of a run says nothing of the rest."""
    if not statement["complete"]:
        return
    row = {
        "started": statement["started"],
        "target": target_name(statement["target"]),
        "verdicts": {one["id"]: one["verdict"] for one in statement["clauses"]},
    }
    lines = deque(_lines(directory), maxlen=LIMIT)
    lines.append(json.dumps(row, separators=(",", ":")))
    write_text(directory / NAME, "".join(f"{line}\n" for line in lines))


def target_name(target: Mapping[str, Any]) -> str:
    """Return what tells targets of statements apart: the box has another port in every run."""
    return "box" if target["kind"] == "box" else str(target["base_url"])


def _lines(directory: Path) -> Iterator[str]:
    with contextlib.suppress(OSError):
        yield from lines_of(directory / NAME)


def _row(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    wanted = {"started": str, "target": str, "verdicts": dict}
    if not isinstance(row, dict):
        return None
    return row if all(isinstance(row.get(key), kind) for key, kind in wanted.items()) else None
