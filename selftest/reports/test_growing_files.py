"""Files that grow for years are read line by line, and no line is too long."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest

from esignon_conformance.reports import growing_files
from esignon_conformance.reports import history as verdict_history
from esignon_conformance.reports.growing_files import lines_of
from esignon_conformance.reports.html_report import history


def test_lines_are_read_without_their_ends_and_blank_ones_are_left_out(tmp_path: Path) -> None:
    path = tmp_path / "lines"
    path.write_bytes("a\n\n \r\n가\xa0\r\nlast".encode() + b"\xff")
    assert list(lines_of(path)) == ["a", "가\xa0", "last\ufffd"]


@pytest.mark.parametrize("size", [10, 11, 20, 25, 40])
def test_an_overlong_line_is_left_out_as_a_whole(
    size: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growing_files, "LONGEST_LINE", 10)
    path = tmp_path / "lines"
    path.write_text(f"first\n{'x' * size}\nsecond\n{'y' * size}")
    assert list(lines_of(path)) == ["first", "second"]


def test_a_history_of_any_size_is_read_in_little_memory(tmp_path: Path) -> None:
    row = {"started": "2026-11-27T10:00:00", "target": "box", "verdicts": {"REQ-1": "holds"}}
    run = {"testResults": {"one": {"start": 1, "status": "x" * 4000}}}
    verdicts, runs = tmp_path / verdict_history.NAME, tmp_path / "history.jsonl"
    verdicts.write_text(f"{json.dumps(row)}\n" * 20_000)
    runs.write_text(f"{json.dumps(run)}\n" * 1000 + "[" * 200_000 + "\n")
    tracemalloc.start()
    assert len(verdict_history.former_runs(tmp_path, "box")) == verdict_history.LIMIT
    assert len(history.former_runs(runs, frozenset())) == history.LIMIT
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert verdicts.stat().st_size + runs.stat().st_size > 5_000_000
    assert peak < 2_000_000
