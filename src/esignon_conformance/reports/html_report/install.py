"""Installs Allure and what it needs, exactly as the packaged lock says, once for each lock."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from importlib import resources
from pathlib import Path

from ... import resources as places
from ...i18n.message import Message, say
from ...i18n.outside import reason_of
from .child_program import run_program
from .errors import ReportError
from .node import Node

_MANIFESTS = ("package.json", "package-lock.json")
_ENTRY = Path("node_modules", "allure", "cli.js")
_PATIENCE = 300
# How Node and the programs that run on it begin the line that tells what is wrong.
_NAMED_ERROR = re.compile(r"(?:Uncaught )?\w*(?:Error|Exception)(?: \[[^\]]+\])?: ")


def install(node: Node, cache: Path | None = None) -> Path:
    """Return Allure's entry script, and install it into the cache folder first if it is not there.

    Either the whole installation lies at its place or none of it: it is made under another name and
    renamed, so that an interrupted or a second installer does no harm.
    """
    target = (cache or cache_folder()) / _lock_hash()
    entry = target / _ENTRY
    if not entry.is_file():
        _install_into(target, node)
    return entry


def cache_folder() -> Path:
    """Return the folder for installations: the user's cache, once for all virtual environments.

    In a clone it lies in the virtual environment, so that `make clean` leaves nothing behind.
    """
    prefix = Path(sys.prefix)
    if not places.is_installed() and sys.prefix != sys.base_prefix and os.access(prefix, os.W_OK):
        return prefix / "share" / "esignon-conformance" / "node"
    return _user_cache() / "esignon-conformance" / "node"


def _user_cache() -> Path:
    """Return the user's cache; a folder for things of a day where the user has no home to write into."""
    given = os.environ.get("XDG_CACHE_HOME")
    try:
        home = Path.home()
    except RuntimeError:
        home = None
    for folder in (Path(given) if given else None, home and home / ".cache"):
        if folder is not None and _is_writable(folder):
            return folder
    user = getattr(os, "getuid", lambda: 0)()
    return Path(tempfile.gettempdir()) / f"esignon-conformance-{user}"


def _is_writable(folder: Path) -> bool:
    """Tell whether a folder can be written into, or made."""
    there = next((one for one in (folder, *folder.parents) if one.exists()), folder)
    return os.access(there, os.W_OK | os.X_OK)


def _lock_hash() -> str:
    digest = hashlib.sha256()
    for name in _MANIFESTS:
        digest.update(_packaged(name))
    return digest.hexdigest()[:16]


def _packaged(name: str) -> bytes:
    return resources.files(__package__).joinpath(name).read_bytes()


def _install_into(target: Path, node: Node) -> None:
    """Install into a folder beside the target, and move it there when it is complete."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".installing-", dir=target.parent) as made:
            folder = Path(made, "node")
            folder.mkdir()
            for name in _MANIFESTS:
                folder.joinpath(name).write_bytes(_packaged(name))
            _npm_ci(folder, node)
            _move(folder, target)
    except OSError as error:
        raise ReportError(
            say("report-not-installed", folder=target, reason=reason_of(error))
        ) from error


def _npm_ci(folder: Path, node: Node) -> None:
    command = [
        *node.npm,
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--prefer-offline",
        "--loglevel=error",
        "--fetch-retries=2",
        "--fetch-retry-mintimeout=1000",
        "--fetch-retry-maxtimeout=5000",
    ]
    try:
        done = run_program(command, folder, _PATIENCE)
    except subprocess.TimeoutExpired as error:
        raise ReportError(_failure(say("report-npm-slow", seconds=_PATIENCE))) from error
    if done.returncode or not folder.joinpath(_ENTRY).is_file():
        raise ReportError(
            _failure(complaint(done.stderr, 1) or say("ended-with", status=done.returncode))
        )


def complaint(output: str, lines: int = 3) -> str:
    """Return the lines of a program's complaint that say something, joined to one.

    They begin with the first that names an error, if one does: a trace may come before it.
    """
    spoken = [line.removeprefix("npm error").strip() for line in output.splitlines()]
    dull = ("A complete log", "at ", "code ", "errno ", "syscall ", "npm warn")
    told = [line for line in spoken if line and not line.startswith(dull)]
    named = next((at for at, line in enumerate(told) if _NAMED_ERROR.match(line)), 0)
    return "; ".join(told[named : named + lines])


def _failure(reason: str | Message) -> Message:
    return say("report-npm", reason=reason)


def _move(folder: Path, target: Path) -> None:
    """Put the complete installation into place, unless another process was faster."""
    try:
        folder.rename(target)
    except OSError:
        if target.joinpath(_ENTRY).is_file():
            return
        shutil.rmtree(target, ignore_errors=True)
        folder.rename(target)
