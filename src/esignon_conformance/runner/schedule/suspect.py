"""Which case is suspected of having brought on what turns everybody away.  Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ...contract.model import Contract
from ...recording.answer_origin import is_gateways_error, kind_of_answer
from ...recording.response import FIREWALL
from ...transport.messages import Exchange

# Whoever answers so has looked at credentials, and not at what a case sent.
_ASKS_FOR_CREDENTIALS = frozenset({401, 407})
_CLIENT_ERROR = 400


def suspected_case(
    contract: Contract, exchanges: Sequence[Exchange], let_in: int | None, first: Exchange
) -> str:
    """Return the case after which the application was heard of no more, empty where none is one.

    `first` is the first exchange of those that were turned away; `let_in` is how many exchanges had been
    recorded when a right login was let in last, None where none was.
    """
    if let_in is None:
        return ""
    at = exchanges.index(first)
    if first.role != "case" and at and exchanges[at - 1].role == "case":
        # What a case brought on may show from the next request on.
        at -= 1
    case_id = exchanges[at].case
    status = first.answer.status if first.answer is not None else 0
    if exchanges[at].role != "case" or status in _ASKS_FOR_CREDENTIALS:
        return ""
    lately = exchanges[let_in:at]
    is_hostile = contract.cases[case_id].tagged("hostile")
    # "A hostile case is suspected only if a right login succeeded just before it": nothing that came
    # between was turned away so.
    kind = kind_of_answer(first)
    near = not lately or (is_hostile and all(kind_of_answer(one) != kind for one in lately))
    harms = is_gateways_error(first) or (
        is_hostile and (status in FIREWALL or status < _CLIENT_ERROR)
    )
    return case_id if near and harms else ""
