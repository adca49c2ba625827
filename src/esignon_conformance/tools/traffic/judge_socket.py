"""The folder of the socket on which a judge is reached: the judge removes it, whoever else is killed."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

PREFIX = "esignon-load-"
_READY = ".ready"


def is_ready(path: str) -> bool:
    """Tell whether the judge behind the socket of a path has read its settings and takes exchanges."""
    return Path(path + _READY).exists()


def say_ready(listening: socket.socket) -> None:
    """Tell whoever started this judge that nothing in its settings keeps it from judging."""
    path = listening.getsockname()
    if isinstance(path, str) and Path(path).parent.name.startswith(PREFIX):
        with contextlib.suppress(OSError):
            Path(path + _READY).touch()


def remove_folder(listening: socket.socket) -> None:
    """Remove the file of a socket and its folder, where it was made for this."""
    path = listening.getsockname()
    if not isinstance(path, str) or not Path(path).parent.name.startswith(PREFIX):
        return
    with contextlib.suppress(OSError):
        Path(path).unlink(missing_ok=True)
        Path(path + _READY).unlink(missing_ok=True)
        Path(path).parent.rmdir()
