"""A file of lines, read one line at a time: one of any size takes no more memory than its longest line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

# A run has some hundred kilobytes; what is longer was written by nobody who is known here.
LONGEST_LINE = 8 * 1024 * 1024


def lines_of(path: Path) -> Iterator[str]:
    """Yield the lines of a file without their ends; blank and overlong ones are left out.

    Bytes that are not UTF-8 are replaced.  Raises `OSError`.
    """
    with path.open("rb") as file:
        is_rest = False
        while line := file.readline(LONGEST_LINE):
            is_whole = line.endswith(b"\n") or len(line) < LONGEST_LINE
            if is_whole and not is_rest and line.strip():
                yield line.decode("utf-8", errors="replace").rstrip("\r\n")
            is_rest = not is_whole
