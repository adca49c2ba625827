"""One run at a time writes into a report folder: the second says who holds it."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from ..i18n.errors import ConfigurationError
from ..i18n.message import say
from ..resources import shown_path

try:
    import fcntl
except ImportError:  # Windows has no locks of this kind.
    fcntl = None  # type: ignore[assignment]  # the way to say so

_HOLDER = ".holder"


class FolderLock:
    """Holds a report folder for this process until it is given back, or the process ends, however.

    The lock is the operating system's, on the folder itself: what a run leaves that was killed is no
    lock, whatever lies there.
    """

    def __init__(self, folder: Path, about: str) -> None:
        """Take a folder that is there.  Raises `ConfigurationError` where another run holds it."""
        self._folder = folder
        self._number = -1
        self._note = folder / _HOLDER
        if fcntl is None:
            return
        try:
            self._number = os.open(folder, os.O_RDONLY)
            fcntl.flock(self._number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._close()
            where, who = shown_path(folder), self._holder()
            raise ConfigurationError(say("directory-held", directory=where, who=who)) from None
        except OSError:
            # Some file systems of a network know no locks; the run does without.
            self._close()
            return
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        self._write(f"pid {os.getpid()}, {now}, {about}")

    def release(self) -> None:
        """Give the folder back."""
        if self._number >= 0:
            self._note.unlink(missing_ok=True)
            self._close()

    def _close(self) -> None:
        if self._number >= 0:
            os.close(self._number)
            self._number = -1

    def _write(self, text: str) -> None:
        try:
            self._note.write_text(f"{text}\n", encoding="utf-8")
        except OSError:
            # It only says who holds the folder.
            return

    def _holder(self) -> str:
        try:
            return self._note.read_text(encoding="utf-8").strip() or "-"
        except (OSError, UnicodeError):
            return "-"
