"""REQ-2: bodies in the chunked transfer coding that are not read as they were sent."""

from __future__ import annotations

from collections.abc import Callable

from .registry import Build, add
from .wire_server import Reply, WireServer

OfChunks = Callable[[list[bytes]], bytes] | None


def _with_sizes(chunks: list[bytes]) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(one), one) for one in (*chunks, b""))


# fmt: off
READ: tuple[tuple[str, str, OfChunks], ...] = (
    ("unread", "Chunks are left unread, so that the application sees an empty body, as with yaws.",
     None),
    ("first-alone", "Of a body in chunks only the first is read.", lambda chunks: chunks[0]),
    ("last-lost", "Of a body in chunks the last is lost.", lambda chunks: b"".join(chunks[:-1])),
    ("with-sizes", "The application sees the sizes of chunks, as behind some CGI.", _with_sizes),
)
# fmt: on


def _served(of_chunks: OfChunks) -> Build:
    return lambda world: WireServer(world, lambda a: Reply((a.whole,)), of_chunks=of_chunks)


for _name, _sentence, _of_chunks in READ:
    add(f"chunks-{_name}", "REQ-2", _sentence, _served(_of_chunks))
