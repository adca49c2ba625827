"""Brings the lock of the Node packages up to date: `make lock`, for who maintains this suite."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

from .child_environment import child_environment
from .node import find_node

_HERE = Path(__file__).parent


def relock() -> None:
    """Write package-lock.json anew for what package.json asks for, without any address in it."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        manifest = (_HERE / "package.json").read_bytes()
        (folder / "package.json").write_bytes(manifest)
        command = [
            *find_node().npm,
            "install",
            "--package-lock-only",
            "--ignore-scripts",
            "--omit-lockfile-registry-resolved",
            "--no-audit",
            "--no-fund",
        ]
        subprocess.run(command, cwd=folder, env=child_environment(), check=True)
        lock = json.loads((folder / "package-lock.json").read_bytes())
    for package in lock["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    text = json.dumps(lock, indent=2, ensure_ascii=False)
    (_HERE / "package-lock.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    relock()
