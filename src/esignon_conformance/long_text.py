"""What is kept and shown of what is long: its beginning, its end, and a digest of it all."""

from __future__ import annotations

import hashlib
from typing import AnyStr

# What is longer is written as its two ends.
LONGEST = 64 * 1024
_END = 16 * 1024


def ends_of(text: AnyStr) -> tuple[AnyStr, ...]:
    """Return a text or bytes, or of a long one its beginning and its end."""
    return (text,) if len(text) <= LONGEST else (text[:_END], text[-_END:])


def excerpt(data: bytes) -> bytes:
    """Return bytes, or of long ones the two ends, and between them how many are left out and of which."""
    if len(data) <= LONGEST:
        return data
    first, last = ends_of(data)
    digest = hashlib.sha256(data).hexdigest()
    left_out = f"\n[… {len(data) - 2 * _END} of {len(data)} bytes, SHA-256 {digest} …]\n"
    return first + left_out.encode() + last
