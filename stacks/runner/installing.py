"""What the stacks need from Debian, PyPI and npm, by name and as the locks say.

Nothing is installed by itself but into `.venv`; Debian's packages only where `--install` asks for them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from esignon_conformance.reports.html_report.node import Node, find_node

from .model import HERE, Needs, Stack

_PACKAGES = HERE / "packages"
_PYTHON_FILES = ("requirements.lock",)
_NODE_FILES = ("package.json", "package-lock.json")


class CannotInstallError(Exception):
    """A stack cannot be judged here, and why."""


def missing_debian(stacks: Iterable[Stack]) -> list[str]:
    """Return the packages of Debian that these stacks need and this machine lacks."""
    names = sorted({name for stack in stacks for name in stack.needs.debian})
    return [name for name in names if not _is_installed(name)]


def _is_installed(name: str) -> bool:
    if shutil.which("dpkg-query") is None:
        return False
    command = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", name]
    asked = subprocess.run(command, capture_output=True, text=True, check=False)
    return asked.stdout.strip() == "installed"


def install_debian(names: list[str]) -> None:
    """Install packages of Debian by name, without starting a service.

    Raises `CannotInstallError` where that is not possible.
    """
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise CannotInstallError("Debian's packages are installed by root on Debian only")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    # What this says is asked by the scripts of a package before they start its service.
    policy = Path("/usr/sbin/policy-rc.d")
    ours = not policy.exists()
    if ours:
        policy.write_text("#!/bin/sh\nexit 101\n", encoding="ascii")
        policy.chmod(0o755)
    try:
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *names],
        ):
            _run(command, environment)
    finally:
        if ours:
            policy.unlink()


def python_with_packages(needs: Needs) -> Path:
    """Return the Python that knows the stacks' packages; they are installed once for each lock."""
    if not needs.python:
        return Path(sys.executable)
    folder = _folder("python", _PYTHON_FILES)
    python = folder / "bin" / "python"
    if not (folder / "ready").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        _run([sys.executable, "-m", "venv", str(folder)])
        lock = _PACKAGES / "python" / "requirements.lock"
        install = ["install", "--quiet", "--disable-pip-version-check", "--require-hashes"]
        _run([str(python), "-m", "pip", *install, "--requirement", str(lock)])
        (folder / "ready").touch()
    return python


def node_with_packages(needs: Needs) -> tuple[Path, Path]:
    """Return Node and the folder of the stacks' packages, installed once for each lock."""
    if not needs.node:
        return Path("node"), HERE
    node: Node = find_node()
    folder = _folder("node", _NODE_FILES)
    if not (folder / "ready").is_file():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        for name in _NODE_FILES:
            shutil.copy(_PACKAGES / "node" / name, folder / name)
        quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
        _run([*node.npm, "ci", *quiet], folder=folder)
        (folder / "ready").touch()
    return node.executable, folder / "node_modules"


def _folder(registry: str, names: tuple[str, ...]) -> Path:
    """Return the folder of an installation, in the virtual environment, so that `make clean` removes it."""
    digest = hashlib.sha256()
    for name in names:
        digest.update((_PACKAGES / registry / name).read_bytes())
    return Path(sys.prefix) / "share" / "stacks" / f"{registry}-{digest.hexdigest()[:16]}"


def _run(
    command: list[str], environment: dict[str, str] | None = None, folder: Path | None = None
) -> None:
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        done = subprocess.run(
            command,
            env=environment,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            check=False,
        )
        said.seek(0)
        last = [line.strip() for line in said.read().splitlines() if line.strip()][-3:]
    if done.returncode:
        raise CannotInstallError(f"{' '.join(command[:3])} ended with {done.returncode}: {last}")
