"""The server in the box as a process of its own, so that client and server each have a core."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_READY = "listening on "
_PATIENCE = 10.0
# What names another server, or asks for no run at all.
_OPTIONS_OF_OTHERS = (
    "--base-url",
    "--target",
    "--contract",
    "--help",
    "-h",
    "--version",
    "--collect",
)
_VARIABLES_OF_OTHERS = ("ESIGNON_BASE_URL", "ESIGNON_TARGET", "PYTEST_BASE_URL")


@dataclass(eq=False)
class Box:
    """A running server in the box.  `start` returns at once; `base_url` waits until it listens."""

    process: subprocess.Popen[str]
    _base_url: str = ""

    @property
    def base_url(self) -> str:
        """Return the base URL.  Raises `RuntimeError` when the server ends before it listens."""
        if not self._base_url:
            assert self.process.stdout is not None  # noqa: S101 - start() asked for a pipe
            line = self.process.stdout.readline().strip()
            if not line.startswith(_READY):
                raise RuntimeError(f"the server in the box did not start: {line!r}")
            self._base_url = line.removeprefix(_READY)
        return self._base_url

    def stop(self) -> None:
        """End the server."""
        self.process.terminate()
        try:
            self.process.wait(timeout=_PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        for pipe in (self.process.stdout, self.process.stdin):
            if pipe is not None:
                pipe.close()


def is_expected(arguments: Iterable[str], variables: Iterable[str]) -> bool:
    """Tell whether a run will need the server in the box, as far as its arguments and variables show."""
    names_target = any(one.startswith(_OPTIONS_OF_OTHERS) for one in arguments)
    is_set = any(one.upper().startswith(_VARIABLES_OF_OTHERS) for one in variables)
    return not (names_target or is_set or Path(".env").exists())


def start() -> Box:
    """Start the server in the box on a free loopback port, with the interpreter of this run."""
    command = [
        sys.executable,
        "-m",
        "esignon_conformance.tools.reference",
        "--port",
        "0",
        "--owned",
    ]
    # The pipe to its standard input closes when this process ends, however it ends; a Ctrl-C at the
    # terminal is for this process alone.
    return Box(
        subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stdin=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
    )
