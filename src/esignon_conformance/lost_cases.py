"""When too little of a clause was sent to say that it holds."""

from __future__ import annotations

from collections.abc import Sequence

from .checks.view import View
from .contract.model import Case
from .recording import BY_LIMITS, COULD_NOT, Reason


def what_was_lost(view: View, own: Sequence[Case], *, by_case: bool) -> Reason | None:
    """Return why too little of a clause was sent to say that it holds; None where enough was.

    It holds by what was judged although limits left out some of its cases, but not where these are
    all its essential ones, and not where the run was cut short before one that stands in a file.
    Where no case of a clause that is judged `by_case` is marked as essential, its plainest is.
    """
    lost = {case.id: reason for case in own if (reason := _lost(view, case)) is not None}
    plainest = sorted(own, key=lambda case: bool(case.tags))[:1] if by_case else []
    essential = [case for case in own if case.essential] or plainest
    if essential and all(case.id in lost for case in essential):
        return lost[essential[0].id]
    unsent = view.recording.unsent
    return next(
        (
            lost[case.id]
            for case in own
            if not case.is_drawn and case.id in unsent and unsent[case.id].word in COULD_NOT
        ),
        None,
    )


def _lost(view: View, case: Case) -> Reason | None:
    """Return why a case was lost to a limit, the run's own or the target's, or to what ended the run."""
    reason = view.recording.unsent.get(case.id)
    if reason is not None:
        return reason if reason.word in COULD_NOT | BY_LIMITS else None
    sent = list(view.recording.of_case(case.id))
    return Reason("limited") if sent and all(one.gave_up for one in sent) else None
