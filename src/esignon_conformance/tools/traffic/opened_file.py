"""A file of traffic as it is read: one that is compressed with gzip is unpacked on the way."""

from __future__ import annotations

import gzip
import zlib
from codecs import BOM_UTF8
from pathlib import Path
from typing import BinaryIO, cast

_GZIP = b"\x1f\x8b"
# What is raised where what is compressed ends before its end, or is broken.
NOT_UNPACKED = (EOFError, zlib.error, gzip.BadGzipFile)


def opened(path: Path) -> BinaryIO:
    """Open a file for reading, behind a byte order mark, which tools of Windows put first.

    Raises `OSError`; what reads it may meet `NOT_UNPACKED`.
    """
    with path.open("rb") as plain:
        is_compressed = plain.read(len(_GZIP)) == _GZIP
    file = _opened(path, is_compressed=is_compressed)
    try:
        if file.read(len(BOM_UTF8)) != BOM_UTF8:
            file.seek(0)
    except NOT_UNPACKED:
        # Whoever reads on meets it.
        file.seek(0)
    return file


def _opened(path: Path, *, is_compressed: bool) -> BinaryIO:
    return cast("BinaryIO", gzip.open(path)) if is_compressed else path.open("rb")
