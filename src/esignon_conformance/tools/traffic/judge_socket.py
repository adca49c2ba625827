"""The folder of the socket on which a judge is reached: the judge removes it, whoever else is killed."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

PREFIX = "esignon-load-"


def remove_folder(listening: socket.socket) -> None:
    """Remove the file of a socket and its folder, where it was made for this."""
    path = listening.getsockname()
    if not isinstance(path, str) or not Path(path).parent.name.startswith(PREFIX):
        return
    with contextlib.suppress(OSError):
        Path(path).unlink(missing_ok=True)
        Path(path).parent.rmdir()
