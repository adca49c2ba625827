"""How the outcome of an answer is told, and by which result codes and texts, as the facts have it."""

from __future__ import annotations

from typing import Literal

from ...contract.facts import Facts, placeholder

# How the outcome of an answer is told: by the codes of the page's table; by any result code, where the
# page has no such table; or by the HTTP status, where its answers have no result code.
Outcomes = Literal["table", "open", "status"]


def success_code(facts: Facts) -> str:
    """Return the result code of the page's example of a success, or that which its table calls one.

    It is empty where neither is there: then the HTTP status tells the outcome.
    """
    if not facts.has_envelope:
        return ""
    code: str = facts.success.value["header"]["result_code"]
    if code and placeholder(code) is None:
        return code
    return next((one.code for one in facts.codes if one.kind == "success"), "")


def outcomes_of(facts: Facts) -> Outcomes:
    """Return how the outcome of an answer is told."""
    if not success_code(facts):
        return "status"
    return "table" if facts.codes else "open"


def texts(facts: Facts) -> dict[str, str]:
    """Return the text of each result code.  That of the success is the one its example shows."""
    code = success_code(facts)
    if not code:
        return {}
    said = facts.success.value["header"].get("result_msg")
    said = said if isinstance(said, str) and placeholder(said) is None else ""
    found = {one.code: one.text for one in facts.codes}
    # A table of the failures alone has no row for the success.
    found = found if code in found else {code: said or "-", **found}
    return found | {code: said or found[code]}
