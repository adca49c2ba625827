"""Which cases are sent only where another one, sent before them, came to what they name.  Pure."""

from __future__ import annotations

from collections.abc import Iterable

from ...contract.model import Case, Contract
from ...recording.access import outcome_to_client
from ...transport.messages import Exchange


def case_before(case: Case) -> str | None:
    """Return the case whose outcome decides whether this one is sent."""
    return str(case.where["case"]) if case.where else None


def is_to_be_sent(case: Case, exchanges: Iterable[Exchange], contract: Contract) -> bool:
    """Tell whether a case is to be sent after some exchanges.

    A form in which no right login gets in lets in nobody with another password, either: what only such
    a form could show is no request worth sending.
    """
    before = case_before(case)
    if before is None:
        return True
    tags = contract.cases[before].tags
    codes = contract.codes
    came_to = {outcome_to_client(one, tags, codes) for one in exchanges if one.case == before}
    return bool(came_to) and came_to <= set(case.where["came_to"])
