"""Answers that something in front wrote anew, by its own idea of what is a number.  Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..recording.response import read
from ..transport.json_reader import member
from ..transport.messages import Exchange


def are_types_lost(shown: Sequence[Exchange]) -> bool:
    """Tell whether each answer has a code that is a number and a session that is null.

    An application whose codes are numbers has an empty session all the same: both at once is what a
    conversion with automatic types makes of "00" and "".
    """
    headers = [member(read(one).text.value, "/header")[1] for one in shown]
    return bool(headers) and all(
        isinstance(one, dict)
        and type(one.get("result_code")) is int
        and one.get("session_id", "") is None
        for one in headers
    )
