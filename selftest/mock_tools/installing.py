"""Installs the npm package of a mock tool as its lock says, once for each lock, into `.venv`."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from esignon_conformance.reports.html_report.node import Node, find_node
from esignon_conformance.tools.mocks.catalogue import Tool

_LOCKS = Path(__file__).parent / "locks"
_QUIET = ("--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")


class CannotInstallError(Exception):
    """A tool cannot be had here, and why."""


def missing(tool: Tool) -> str | None:
    """Return what the machine lacks for a tool, None where it lacks nothing."""
    return "java" if tool.needs_java and shutil.which("java") is None else None


def node_modules(tool: Tool) -> Path:
    """Return the folder of a tool's packages.

    Either the whole installation lies at its place or none of it: it is made beside it and renamed.
    Raises `CannotInstallError` where npm does not do its part.
    """
    lock = (_LOCKS / f"{tool.name}.json").read_bytes()
    digest = hashlib.sha256(lock).hexdigest()[:16]
    target = Path(sys.prefix) / "share" / "mocks" / f"{tool.name}-{digest}"
    if not target.is_dir():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".installing-", dir=target.parent) as made:
            folder = Path(made, "node")
            folder.mkdir()
            _write_manifest(folder, tool)
            (folder / "package-lock.json").write_bytes(lock)
            _npm(["ci", *_QUIET], folder)
            if not target.is_dir():
                folder.rename(target)
    return target / "node_modules"


def environment(modules: Path) -> Mapping[str, str]:
    """Return the environment of a tool: nothing of ours but where Node, Java and its commands lie."""
    node = find_node().executable.parent
    kept = {
        name: os.environ[name] for name in ("LANG", "LC_ALL", "JAVA_HOME") if name in os.environ
    }
    path = os.pathsep.join((str(node), str(modules / ".bin"), os.environ["PATH"]))
    return kept | {"PATH": path, "NO_COLOR": "1"}


def relock(tool: Tool) -> None:
    """Write the lock of a tool anew, without any address in it."""
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        _write_manifest(folder, tool)
        only_the_lock = ("--package-lock-only", "--omit-lockfile-registry-resolved")
        _npm(["install", *only_the_lock, *_QUIET], folder)
        lock = json.loads((folder / "package-lock.json").read_bytes())
    lock["name"] = lock["packages"][""]["name"] = f"mock-{tool.name}"
    for package in lock["packages"].values():
        for name in ("funding", "resolved"):
            package.pop(name, None)
    text = json.dumps(lock, indent=1, ensure_ascii=False)
    (_LOCKS / f"{tool.name}.json").write_text(f"{text}\n", encoding="utf-8")


def locked_version(tool: Tool) -> str:
    """Return the version of the tool's package that its lock has."""
    lock = json.loads((_LOCKS / f"{tool.name}.json").read_bytes())
    return str(lock["packages"][f"node_modules/{tool.package}"]["version"])


def _write_manifest(folder: Path, tool: Tool) -> None:
    manifest = {"name": f"mock-{tool.name}", "dependencies": {tool.package: tool.version}}
    (folder / "package.json").write_text(json.dumps(manifest), encoding="utf-8")


def _npm(arguments: list[str], folder: Path) -> None:
    node: Node = find_node()
    done = subprocess.run(
        [*node.npm, *arguments],
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        last = done.stderr.strip().splitlines()[-3:]
        raise CannotInstallError(f"npm {arguments[0]} ended with {done.returncode}: {last}")
