"""Whether the cases that were left out of a clause are too many to say that it holds.  Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..contract.model import Case, Clause
from ..i18n.message import say
from .left_out import LeftOut


def too_little(
    clause: Clause, own: Sequence[Case], lost: Sequence[LeftOut], *, by_case: bool
) -> LeftOut | None:
    """Return the case for the lack of which a clause cannot be said to hold; None where enough is left.

    So it is where an essential case or a whole kind of them was left out, where the run was cut short
    before one that stands in a file, and where the clause speaks of every answer.  Where no case of a
    clause that is judged `by_case` is marked as essential, it is its plainest that has to be sent.
    """
    # "Where an essential case or a whole kind of them (those of the email, say) was left out, it is
    # not judged."
    decisive = (one for one in lost if one.is_cut_short or one.is_of_every)
    first = min(decisive, key=lambda one: not one.is_cut_short, default=None)
    if first is not None:
        return first
    counted = {one.case.id: one for one in lost if one.counts}
    written = [case for case in own if not case.is_drawn]
    excused = {one.case.id for one in lost if not one.counts}
    meant = [case for case in written if case.id not in excused]
    plainest = sorted(written, key=lambda case: bool(case.tags))[:1] if by_case else []
    unsent = [one for one in plainest if one.id in counted and not counted[one.id].has_answer]
    essential = [case for case in written if case.essential] or unsent
    # What hangs tells more than the requests that timed out before it was left alone.
    hangs = next((one for one in counted.values() if one.reason.key == "reason-hangs"), None)
    for case in essential:
        # SEC-2: "no empty, null, array, object or operator is taken for the right one": ENV-1 and ENV-10
        # tell of an error in the place of a refusal.
        if case.id in counted and not counted[case.id].is_refused_type:
            return hangs or _counted(counted[case.id], counted, meant)
    # An ORM that takes no undefined, say, gives an error for what the clause names first.  Where a limit
    # leaves such a case out, the others speak for it.
    plain = clause.parameters.get("answered", ())
    for one in counted.values():
        if one.case.id in plain and one.has_answer:
            return hangs or _counted(one, counted, meant)
    # REQ-1 to REQ-4: "a case that was set aside and deviates all the same … is never shown as
    # skipped beside a tick": a right login, of some account or form, got no token, whatever came back.
    for one in counted.values():
        if one.is_no_success:
            return _counted(one, counted, meant)
    # Each kind that the clause names, and all its cases.
    for tag in (*clause.parameters.get("kinds", ()), None):
        kind = [case for case in meant if tag is None or case.tagged(tag)]
        if kind and all(case.id in counted for case in kind):
            # What was sent and came to nothing tells more than what was not sent.
            told = next((case for case in kind if counted[case.id].has_answer), kind[0])
            return hangs or _counted(counted[told.id], counted, meant)
    # Where something stands before the application, or a limit of the application does, and answers most
    # of a clause, the few that it let through are no verdict on the clause; nor are they where right
    # logins broke down as these did, so that the rest was not sent.
    answered = [one for one in counted.values() if one.has_answer or one.is_limited]
    held_back = [one for one in counted.values() if one.reason.key == "reason-no-right-login"]
    is_most = len(answered) + len(held_back) > len(meant) / 2
    return _counted(answered[0], counted, meant) if answered and is_most else None


def _counted(one: LeftOut, lost: Mapping[str, LeftOut], meant: Sequence[Case]) -> LeftOut:
    """Return a case that was answered and left out, with how many more were so for the same reason.

    Where the others could have been judged, the reason alone would be said of their answers, too.
    """
    like = [other for other in lost.values() if other.reason == one.reason]
    if not one.has_answer or len(like) == len(meant):
        return one
    words = {"count": len(like), "all": len(meant), "case": one.case.id}
    return replace(one, reason=say("left-out-of", reason=one.reason, **words))
