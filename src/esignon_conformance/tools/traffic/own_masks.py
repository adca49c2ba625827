"""What the masks of this suite's own recordings change of an answer, and how it is read all the same."""

from __future__ import annotations

import json
import re

# A secret that was a number: its mask stands without quotation marks, which no JSON has.
_BARE = re.compile(rb"(?<=[\[:,\s])<token (\d{1,9})>(?=[\]},\s])")
# So long that it is taken for the secret that it stands for, and masked in what is written.
_FIRST = 900_000_000_000


def with_numbers(body: bytes | None) -> bytes | None:
    """Return the body of an answer with a number in the place of each mask of one.

    Which number it was nobody knows any more; that it was one tells of ENV-7 and SUC-1.
    """
    if not body or body[:1] not in (b"{", b"[") or not _BARE.search(body):
        return body
    made = _BARE.sub(lambda found: b"%d" % (_FIRST + int(found[1])), body)
    try:
        json.loads(made)
    except (ValueError, RecursionError):
        return body
    return made
