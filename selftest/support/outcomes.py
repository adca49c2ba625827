"""Cases that came to a result, and the verdict on them."""

from __future__ import annotations

from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import page, refusal, success
from selftest.support.judged import verdict

TURNED_AWAY = "415"
ALL = ("00", "10", "12", "95", "99", TURNED_AWAY)
REFUSED = ("10", "12", "95", "99")


def come_to(case_id: str, result: str) -> Exchange:
    """Return a case that came to a result: a code, or the page of an HTTP layer."""
    if result == TURNED_AWAY:
        return page(case_id, 415)
    return success(case_id) if result == "00" else refusal(case_id, code=result)


def word(clause_id: str, *exchanges: Exchange) -> str:
    """Return the verdict of a clause on exchanges beside conforming ones."""
    return verdict(clause_id, *exchanges).verdict
