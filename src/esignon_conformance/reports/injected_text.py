"""One piece of a page before or after the JSON of each answer, as a proxy puts it into pages.  Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from ..recording.response import read
from ..transport.messages import Exchange

# What is added to pages: not warnings of PHP, which are the application's own.
_OF_A_PAGE = re.compile(r"\s*<(?:script|noscript|!--|link|img|iframe|style|meta)\b", re.IGNORECASE)
_FEWEST = 2


def text_around(shown: Sequence[Exchange]) -> str | None:
    """Return what stands around the JSON of each answer, where that is one piece of a page."""
    pieces = {_around(one) for one in shown}
    piece = pieces.pop() if len(pieces) == 1 and len(shown) >= _FEWEST else ""
    return piece if _OF_A_PAGE.match(piece) else None


def _around(exchange: Exchange) -> str:
    text = read(exchange).content.decode("utf-8", "replace")
    begin = text.find("{")
    try:
        _, end = json.JSONDecoder().raw_decode(text, max(0, begin))
    except (ValueError, RecursionError):
        return ""
    return " ".join(f"{text[:begin]} {text[end:]}".split())
