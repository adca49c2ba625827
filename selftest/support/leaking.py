"""Answers that hold what a test says."""

from __future__ import annotations

from typing import Any

from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import refusal
from selftest.support.judged import verdict


def says(text: str, case_id: str = "unknown-email", **varied: Any) -> Exchange:
    """Return a refusal that says a text in `result_msg`."""
    return refusal(case_id, {"/header/result_msg": text}, **varied)


def word(clause_id: str, exchange: Exchange) -> str:
    """Return the verdict of a clause on one exchange beside conforming ones."""
    return verdict(clause_id, exchange).verdict
