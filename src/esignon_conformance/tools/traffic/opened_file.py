"""A file of traffic as it is read: one that is compressed with gzip is unpacked on the way."""

from __future__ import annotations

import gzip
import zlib
from pathlib import Path
from typing import BinaryIO, cast

_GZIP = b"\x1f\x8b"
# What is raised where what is compressed ends before its end, or is broken.
NOT_UNPACKED = (EOFError, zlib.error, gzip.BadGzipFile)


def opened(path: Path) -> BinaryIO:
    """Open a file for reading.  Raises `OSError`; what reads it may meet `NOT_UNPACKED`."""
    with path.open("rb") as file:
        is_compressed = file.read(len(_GZIP)) == _GZIP
    return cast("BinaryIO", gzip.open(path)) if is_compressed else path.open("rb")
