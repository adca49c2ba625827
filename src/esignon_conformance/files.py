"""Files written in one step: a reader never sees half of one, nor the rest of an older one."""

from __future__ import annotations

import contextlib
import errno
import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol, TextIO


@contextlib.contextmanager
def written_in_one_step(path: Path) -> Iterator[TextIO]:
    """Give a file to write UTF-8 into; it takes its place when all of it was written, and else goes.

    Half of a surrogate pair, which an answer's JSON may hold and UTF-8 may not, is written as its
    escape.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(path.name + ".part")
    try:
        with scratch.open("w", encoding="utf-8", errors="backslashreplace", newline="\n") as file:
            yield file
        scratch.replace(path)
    except BaseException:
        scratch.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    """Write a text file."""
    with written_in_one_step(path) as file:
        file.write(text)


def write_json(path: Path, value: object) -> None:
    """Write a JSON file, piece by piece: a statement may have many megabytes."""
    with written_in_one_step(path) as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
        file.write("\n")


_NAME = ".room"


# A statement of a run with draws has some 300 kB.
_BYTES = 500_000


def keep_room(directory: Path) -> None:
    """Take room in a folder, and make that where it is not there.  Raises `OSError`."""
    directory.mkdir(parents=True, exist_ok=True)
    # Not sparse: a file of nothing but a length takes no room.
    (directory / _NAME).write_bytes(b"\0" * _BYTES)


def give_room_back(directory: Path) -> None:
    """Give back the room that was taken."""
    room = directory / _NAME
    if room.is_file():
        room.unlink()


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
