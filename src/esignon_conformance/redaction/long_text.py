"""What is kept and shown of what is long: its beginning, its end, and a digest of it all."""

from __future__ import annotations

import hashlib
from typing import AnyStr

# What is longer is kept and written as its two ends.
LONGEST = 32 * 1024
_END = 8 * 1024


def ends_of(text: AnyStr) -> tuple[AnyStr, ...]:
    """Return a text or bytes, or of a long one its beginning and its end."""
    return (text,) if len(text) <= LONGEST else (text[:_END], text[-_END:])


def _whole_characters(data: bytes) -> tuple[bytes, bytes]:
    """Return the two ends of long bytes; no character of UTF-8 is cut in two."""
    first, last = _END, len(data) - _END
    while first > _END - 4 and data[first] & 0xC0 == 0x80:
        first -= 1
    while last < len(data) - _END + 4 and data[last] & 0xC0 == 0x80:
        last += 1
    return data[:first], data[last:]


def excerpt(data: bytes) -> bytes:
    """Return bytes, or of long ones the two ends, and between them how many are left out and of which."""
    if len(data) <= LONGEST:
        return data
    first, last = _whole_characters(data)
    digest = hashlib.sha256(data).hexdigest()
    left_out = f"\n[… {len(data) - 2 * _END} of {len(data)} bytes, SHA-256 {digest} …]\n"
    return first + left_out.encode() + last
