"""Tells where no right login reached what the page describes, as by a base URL that is wrong.  Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..recording.answer_origin import is_from_application
from ..runner.run import Run
from ..transport.messages import Exchange

# RFC 9110 §15.5.5 and §15.5.6: nothing is at this path, or nothing that takes a POST.
_NOT_THERE = ({404}, {405})


def status_without_route(run: Run, shown: Sequence[Exchange]) -> int | None:
    """Return the status of every right login where a router answered it, and one is among those shown.

    None where another status came, too: then something at this path tells requests apart.
    """
    logins = {
        one.id: one
        for one in run.recording.exchanges
        if run.contract.cases[one.case].is_plain_right_login or one.role == "login"
    }
    statuses = {one.answer.status if one.answer is not None else 0 for one in logins.values()}
    if statuses not in _NOT_THERE or not any(one.id in logins for one in shown):
        return None
    return None if any(map(is_from_application, logins.values())) else statuses.pop()
