"""How a load run's workers hand on what they sent and got: frames over a socket of this machine.

A frame is its length in four bytes and one value in MessagePack, which knows bytes and no code.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

_LENGTH = struct.Struct(">I")
# The level of zlib: a tenth of the size in 4 microseconds an exchange.
_FAST = 1


class Sent(NamedTuple):
    """A request and its answer; `fault` is a kind of `Fault`, empty where there was an answer.

    `tries` says how often it was sent until this came, and `gone` which answers of a gateway it got before.
    """

    situation: str
    case: str
    began: float
    seconds: float
    url: str
    headers: list[tuple[str, str]]
    body: bytes
    status: int
    reason: str
    version: str
    answer_headers: Sequence[tuple[str, str]]
    answer_body: bytes
    fault: str
    tries: int = 1
    gone: tuple[int, ...] = ()


def packed(value: Any) -> bytes:
    """Return a value as a frame."""
    import msgpack  # noqa: PLC0415 - it comes with the extra `load`

    data: bytes = msgpack.packb(value, unicode_errors="surrogateescape")
    return _LENGTH.pack(len(data)) + data


def squeezed(value: Any) -> bytes:
    """Return a value as a frame that is compressed: answers are much alike."""
    import msgpack  # noqa: PLC0415 - as above

    data: bytes = msgpack.packb(value, unicode_errors="surrogateescape")
    return packed(zlib.compress(data, _FAST))


class Frames:
    """Takes bytes as they come, and gives back the frames that are whole; bytes in one are compressed."""

    def __init__(self) -> None:
        self._rest = bytearray()

    def add(self, data: bytes) -> Iterator[Any]:
        """Yield the values of the frames that these bytes complete."""
        self._rest += data
        while len(self._rest) >= _LENGTH.size:
            end = _LENGTH.size + _LENGTH.unpack_from(self._rest)[0]
            if len(self._rest) < end:
                return
            frame = bytes(self._rest[_LENGTH.size : end])
            del self._rest[:end]
            value = _unpacked(frame)
            yield _unpacked(zlib.decompress(value)) if isinstance(value, bytes) else value


def _unpacked(data: bytes) -> Any:
    import msgpack  # noqa: PLC0415 - as above

    return msgpack.unpackb(data, unicode_errors="surrogateescape", strict_map_key=False)
