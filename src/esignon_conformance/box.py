"""The server in the box as a process of its own, so that client and server each have a core."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass

_READY = "listening on "
_PATIENCE = 10.0


@dataclass
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


def start() -> Box:
    """Start the server in the box on a free loopback port, with the interpreter of this run."""
    command = [sys.executable, "-m", "esignon_conformance.reference", "--port", "0", "--owned"]
    # The pipe to its standard input closes when this process ends, however it ends.
    return Box(subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.PIPE, text=True))
