"""Runs a program of Node that the report needs, with its output kept."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from pathlib import Path

from .child_environment import child_environment


def run_program(
    command: Sequence[str], folder: Path, patience: float
) -> subprocess.CompletedProcess[str]:
    """Run a program inside a folder, for so many seconds at most, and return how it ended.

    It sees no secret of the environment.  Raises `subprocess.TimeoutExpired`.
    """
    return subprocess.run(
        command,
        cwd=folder,
        env=child_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        timeout=patience,
        check=False,
    )
