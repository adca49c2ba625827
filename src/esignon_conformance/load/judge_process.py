"""Another process that judges: started here, and given what it judges over a socket of this machine."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from ..tools.traffic.judge_socket import PREFIX, is_ready
from ..tools.traffic.load_frames import packed
from ..tools.traffic.session_priority import go_on

# Options that `judge` is given as they are.
_PASSED = (
    *("target", "targets_file", "accounts", "load_accounts", "waivers", "seed"),
    *("report_dir", "lang"),
)
_NICE = 19
# Seconds between two looks whether it is ready.
_A_MOMENT = 0.05
_REPEATED = ("label", "fail_on")


@dataclass
class JudgeProcess:
    """A process that judges what comes over `path`; it ends once every connection is closed."""

    path: str
    process: subprocess.Popen[bytes]
    # The first connection to it.
    own: socket.socket
    _folder: tempfile.TemporaryDirectory[str]

    @classmethod
    def start(cls, command_of: Callable[[int], Sequence[str]]) -> Self:
        """Start a command that is given the number of the socket on which connections are awaited."""
        folder = tempfile.TemporaryDirectory(prefix=PREFIX)
        path = str(Path(folder.name) / "judge")
        own = socket.socket(socket.AF_UNIX)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(path)
            listening.listen(128)
            own.connect(path)
            # A Ctrl-C at the terminal ends what sends; the judge has its say afterwards.
            process = subprocess.Popen(
                command_of(listening.fileno()),
                pass_fds=(listening.fileno(),),
                start_new_session=True,
            )
        # Where there is not enough of it the time of a processor is for what is measured.
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, process.pid, _NICE)
        return cls(path, process, own, folder)

    def is_ready(self) -> bool:
        """Wait until it takes exchanges; tell whether it does, or has ended at its settings."""
        while not is_ready(self.path):
            if self.process.poll() is not None:
                return False
            time.sleep(_A_MOMENT)
        return True

    def connect(self) -> socket.socket:
        """Return a connection of its own, as each process that sends has one."""
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(self.path)
        return connection

    def say(self, value: dict[str, Any]) -> None:
        """Tell something of the run."""
        # Where the judge has ended already it has its own message and status.
        with contextlib.suppress(OSError):
            self.own.sendall(packed(value))

    def hurry(self) -> None:
        """Let it catch up: nothing is being sent that it could slow down."""
        go_on(self.process.pid)

    def wait(self) -> int:
        """Let it end, and return its exit status."""
        self.hurry()
        self.own.close()
        status = self.process.wait()
        self._folder.cleanup()
        return status


def judge_command(options: Mapping[str, Any], base_url: str, number: int) -> list[str]:
    """Return the command that judges and writes the statement."""
    command = [sys.executable, "-m", "esignon_conformance.app.cli.main", "judge"]
    command.append(f"/dev/fd/{number}")
    for name in _PASSED:
        value = options.get(name)
        if value is not None:
            command.append(f"--{name.replace('_', '-')}={value}")
    for name in _REPEATED:
        command += [f"--{name.replace('_', '-')}={value}" for value in options.get(name, ())]
    if path := urlsplit(base_url).path.rstrip("/"):
        command.append(f"--base-path={path}")
    if options.get("report_html"):
        command.append("--html")
    return command
