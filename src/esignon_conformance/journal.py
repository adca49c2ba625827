"""A file of JSON lines that grows while a run goes on, and ends with a whole line however it ends."""

from __future__ import annotations

import contextlib
import errno
import os
from pathlib import Path
from typing import Protocol


class Lines(Protocol):
    """What takes lines of text: a journal, or a text in memory."""

    def write(self, text: str, /) -> object:
        """Append a text."""


class Journal:
    """Appends texts to a file, each at once.

    Where one cannot be written (a full disk) it is taken back, `problem` tells why, and nothing more
    is written: the run goes on.
    """

    def __init__(self, path: Path) -> None:
        # Without a buffer, since what lies in one is lost when the process is killed.
        self._file = path.open("wb", buffering=0)
        self._length = 0
        self.problem: OSError | None = None

    def write(self, text: str, /) -> None:
        """Append a text."""
        if self.problem is not None:
            return
        data = text.encode("utf-8")
        try:
            if self._file.write(data) != len(data):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))  # noqa: TRY301 - as a full disk says it
        except OSError as error:
            self.problem = error
            # What was there before was written; where even this fails the last line is a part of one.
            with contextlib.suppress(OSError):
                self._file.truncate(self._length)
        else:
            self._length += len(data)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
