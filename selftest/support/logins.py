"""Right logins that deviate as a test says, and the clauses that fail of them."""

from __future__ import annotations

from typing import Any

from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import success
from selftest.support.judged import failing, verdicts

LOGINS = ["REQ-1", *(f"SUC-{number}" for number in (*range(1, 8), *range(10, 15))), "SUC-8"]


def failed(*exchanges: Exchange) -> set[str]:
    """Return the clauses about right logins that fail or are advisories on these exchanges."""
    return failing(verdicts(exchanges, only=LOGINS))


def every_login(changes: dict[str, Any], **varied: Any) -> list[Exchange]:
    """Return two right logins that deviate alike."""
    return [success(changes=changes, **varied) for _ in range(2)]
