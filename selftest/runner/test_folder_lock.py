"""Two runs never write into one folder: the second says who holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.runner.folder_lock import FolderLock
from selftest.support.command import command


def test_a_folder_that_is_held_is_left_alone_and_says_by_whom(tmp_path: Path) -> None:
    held = FolderLock(tmp_path, "staging")
    (tmp_path / ".room").write_bytes(b"\0")
    (tmp_path / "statement.json").write_text("{}")
    ran = command("run", "--depth", "quick", "--report-dir", str(tmp_path), folder=tmp_path)
    assert ran.returncode == 4
    assert "held by another run (pid " in ran.stdout + ran.stderr
    assert "staging" in ran.stdout + ran.stderr
    assert {one.name for one in tmp_path.iterdir()} >= {".room", ".holder", "statement.json"}
    assert (tmp_path / "statement.json").read_text() == "{}"
    held.release()
    assert not (tmp_path / ".holder").exists()
    FolderLock(tmp_path, "again").release()


def test_what_a_killed_run_leaves_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / ".holder").write_text("pid 1")
    lock = FolderLock(tmp_path, "-")
    with pytest.raises(ConfigurationError):
        FolderLock(tmp_path, "-")
    lock.release()
