"""The verdicts of clauses that nothing was judged by: not judged, or could not judge, and why.  Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from ..checks import CHECKS
from ..checks.identity import overlapping
from ..checks.success import dates_not_read
from ..checks.view import View
from ..contract.model import Case, Clause
from ..contract.skip_reason import COULD_NOT, Reason
from ..i18n.message import Message, say
from ..i18n.outside import outside
from ..target.target import REAL_ACCOUNTS
from .model import BROKE_DOWN, BUILDS_ON_UNJUDGED, BUILDS_ON_WAIVED, Verdict
from .waivers import left_out


def could_not(clause: Clause, cases: tuple[str, ...], reason: Reason) -> Verdict:
    """Return the verdict of a clause that something of this run stood in the way of."""
    message = reason_message(reason)
    return Verdict(clause.id, clause.level, "could-not-judge", message, cases=cases)


def broke_down(view: View, clause: Clause, error: Exception) -> Verdict:
    """Return the verdict of a clause at which the suite itself met an error.

    Only the kind of the error is told: its text may hold what the target sent.
    """
    cases = tuple(case.id for case in view.contract.cases_of(clause.id))
    message = say(BROKE_DOWN, kind=type(error).__name__)
    return Verdict(clause.id, clause.level, "could-not-judge", message, cases=cases)


def blocked(view: View, clause: Clause, other: str, verdicts: Mapping[str, Verdict]) -> Verdict:
    """Return the verdict of a clause that builds on one which does not stand."""
    cases = tuple(case.id for case in view.contract.cases_of(clause.id))
    verdict = verdicts[other]
    if verdict.verdict == "could-not-judge":
        message = say("builds-on-unjudgeable", clause=other)
        return Verdict(clause.id, clause.level, "could-not-judge", message, cases=cases)
    keys = {"fails": "builds-on-failed", "waived": BUILDS_ON_WAIVED}
    key = keys.get(verdict.verdict, BUILDS_ON_UNJUDGED)
    return Verdict(clause.id, clause.level, "not-judged", say(key, clause=other), cases=cases)


def told_with(clause: Clause, base: Case, cases: tuple[str, ...]) -> Verdict:
    """Return the verdict of a clause of which a case of another clause tells."""
    reason = say("told-as-injection", clause=base.clause, case=base.id)
    return Verdict(clause.id, clause.level, "not-judged", reason, (), cases)


def left_out_by_waiver(
    view: View, clause: Clause, own: Collection[Case], cases: tuple[str, ...]
) -> Verdict | None:
    """Return the verdict of a clause whose cases were not sent for the sake of waivers."""
    waiver = left_out(view.waivers, own, view.recording.unsent)
    if waiver is None:
        return None
    reason = reason_message(Reason("waived", waiver.ticket))
    return Verdict(
        *(clause.id, clause.level, "waived", reason, (), cases), waiver=waiver, blocks=True
    )


def unjudged(view: View, clause: Clause, cases: tuple[str, ...]) -> Verdict:
    """Return the verdict of a clause for which no answer was left, with the most telling reason."""
    own = view.contract.cases_of(clause.id)
    reasons = [view.recording.unsent[case.id] for case in own if case.id in view.recording.unsent]
    general = [reason for reason in view.recording.unsent.values() if reason.word in COULD_NOT]
    if clause.check == "transport-security" and view.target.is_loopback:
        message = say("not-needed-on-loopback")
        return Verdict(clause.id, clause.level, "not-judged", message, cases=cases)
    if not reasons and general:
        return could_not(clause, cases, general[0])
    if clause.check == "distinct-tokens" and not _of_two_accounts(view):
        message = reason_message(Reason("no-account", "second"))
    elif clause.check == "success-date" and any(dates_not_read(view, clause)):
        message = say("dates-of-unknown-form")
    elif clause.check == "own-answer" and _nothing_overlapped(view):
        message = say("nothing-overlapped")
    elif any(view.of_case(case.id) for case in own) and "hangs" not in {
        reason.word for reason in reasons
    }:
        message = say("nothing-left")
    elif reasons:
        message = reason_message(_most_telling(reasons))
    elif any(not list(view.recording.of_case(case.id)) for case in own):
        message = say("reason-not-selected")
    else:
        # It has no cases of its own: what shows it may not have been sent at all.
        is_shown_by_some = not own and CHECKS[clause.check].recording is not None
        message = say("nothing-shows" if is_shown_by_some and _is_part(view) else "nothing-left")
    return Verdict(clause.id, clause.level, "not-judged", message, cases=cases)


def _is_part(view: View) -> bool:
    """Tell whether cases were left out that nothing kept from being sent: they were not chosen."""
    unsent = view.recording.unsent
    cases = (one for one in view.contract.cases.values() if not one.is_drawn)
    return any(one.id not in unsent and not any(view.of_case(one.id)) for one in cases)


def _of_two_accounts(view: View) -> bool:
    return not {"second", "other"}.isdisjoint(view.target.accounts)


def _nothing_overlapped(view: View) -> bool:
    return any(one.role == "burst" for one in view.exchanges) and not any(overlapping(view))


def _most_telling(reasons: Iterable[Reason]) -> Reason:
    order = ("first-login-refused", "hangs", "no-right-login", "no-overlap", "no-account")
    ranked = sorted(
        reasons, key=lambda one: order.index(one.word) if one.word in order else len(order)
    )
    return ranked[0]


def reason_message(reason: Reason) -> Message:
    """Return why a case or clause was not judged as a message of the catalogue."""
    about: str | Message = reason.about
    if reason.word == "not-applicable":
        about = say(f"not-applicable-{reason.about}")
    elif reason.word == "hangs":
        about = say(f"situation-{reason.about}")
    elif reason.word == "no-answer":
        kind, _, detail = reason.about.partition(": ")
        about = say(f"no-answer-{kind}", detail=outside(detail))
    elif reason.word == "untrusted":
        about = outside(reason.about)
    return say(f"reason-{reason.word}", about=about, account=account_name(reason.about))


def account_name(name: str) -> Message:
    """Return what an account is called; `*` stands for all that come from one address."""
    known = name in (*REAL_ACCOUNTS, "made-up")
    return say(f"env-account-{name}") if known else say("value", value=name)
