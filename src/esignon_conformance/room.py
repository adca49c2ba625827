"""Room on the disk that is kept for the statement: where a run fills the disk it is still written."""

from __future__ import annotations

from pathlib import Path

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
