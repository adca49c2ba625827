"""Envelopes that stand within another object, as a gateway or a framework wraps them.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ..recording.response import read
from ..transport.json_reader import read_json
from ..transport.messages import Exchange


def member_around(shown: Sequence[Exchange]) -> str | None:
    """Return the name of the member in which each answer holds the envelope; None where one does not."""
    names = {_around(one) for one in shown}
    return names.pop() if len(names) == 1 else None


def _around(exchange: Exchange) -> str | None:
    value = read(exchange).text.value
    members = value.items() if isinstance(value, dict) else ()
    return next((name for name, inner in members if _is_envelope(inner)), None)


def _is_envelope(value: Any) -> bool:
    # AWS Lambda behind an integration that is none of a proxy shows {"statusCode": …, "body": "{…}"}.
    inner = (
        read_json(value.encode()).value if isinstance(value, str) and value[:1] == "{" else value
    )
    header = inner.get("header") if isinstance(inner, dict) else None
    return isinstance(header, dict) and "result_code" in header
