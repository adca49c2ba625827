"""Which exchanges of a clause came to nothing that it judges, and when the rest is no verdict.  Pure."""

from __future__ import annotations

from collections.abc import Iterable

from ...checks import CHECKS
from ...checks.view import View
from ...contract.model import Clause
from ...i18n.message import Message, say
from ...transport.messages import Exchange
from .tally import ClauseTally

_RIGHT, _ANY_OTHER = "right", "other"


def note_lost(view: View, clause: Clause, tally: ClauseTally, judged: Iterable[Exchange]) -> None:
    """Note the exchanges that a clause looks at and could not be judged by."""
    check, seen = CHECKS[clause.check], frozenset(judged)
    looked_at: Iterable[Exchange] = ()
    if check.exchange is not None:
        # ENV: "applies to each answer to a POST on the path, refusals included".
        looked_at = view.answers
    elif check.needs_outcome:
        cases = view.contract.cases_of(clause.id)
        looked_at = (one for case in cases for one in view.of_case(case.id))
    for exchange in looked_at:
        kind = exchange.situation
        if check.exchange is not None:
            kind = _RIGHT if kind == _RIGHT else _ANY_OTHER
        if exchange in seen:
            tally.heard.add(kind)
        else:
            tally.lost[kind] += 1


def why_too_little(clause: Clause, tally: ClauseTally) -> Message | None:
    """Return why a clause cannot be said to hold by the exchanges that came to something, None if it can.

    As in a run: where a whole kind of them did not, where one did not of which it says "every", and where
    most of what it asks did not.
    """
    # "Where an essential case or a whole kind of them was left out, it is not judged."
    if tally.is_of_every:
        return say("one-without-outcome")
    # "One answer in HTML must not blank the whole run": of the envelope some may be unreadable.
    is_most = CHECKS[clause.check].exchange is None and tally.lost.total() > tally.judged
    return _reason(tally) if is_most or not tally.heard.issuperset(tally.lost) else None


def why_nothing(tally: ClauseTally) -> Message | None:
    """Return why a clause was judged by nothing, None where the file holds no such request at all."""
    return _reason(tally) if tally.lost else None


def _reason(tally: ClauseTally) -> Message:
    lost = tally.lost.total()
    return say("traffic-without-outcome", count=lost, all=lost + tally.judged)


def is_too_little(reason: Message | None) -> bool:
    """Tell whether a clause was not judged since too little of what it asks came to something."""
    return reason is not None and reason.key == "traffic-without-outcome"
