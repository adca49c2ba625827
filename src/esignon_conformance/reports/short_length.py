"""Answers whose Content-Length may count characters, and not bytes.  Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..recording.response import read
from ..transport.messages import Exchange

# One may end early by another fault.
_FEWEST = 2


def may_count_characters(shown: Sequence[Exchange]) -> bool:
    """Tell whether each answer ends within its JSON, where its length says, behind letters beyond ASCII.

    Dancer and Catalyst measure a text that was not made UTF-8 so, and write its bytes all the same.
    """
    return len(shown) >= _FEWEST and all(map(_ends_early, shown))


def _ends_early(exchange: Exchange) -> bool:
    answer = exchange.answer
    if answer is None or answer.missing or answer.framing:
        return False
    content = read(exchange).content.strip()
    is_within = content[:1] == b"{" and content[-1:] != b"}" and not content.isascii()
    return is_within and answer.header("Content-Length") == str(answer.came)
