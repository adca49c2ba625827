"""The cases of a clause that it was not judged by, and why.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..checks import CHECKS, judged_by_case, without_outcome
from ..checks.answer_texts import is_unread
from ..checks.leaks import answers_not_read
from ..checks.outcomes import (
    allowed_outcomes,
    is_left_out,
    is_let_in,
    judged_results,
    was_refused_by_chance,
)
from ..checks.steadiness import between_refused_logins
from ..checks.success import dates_not_read
from ..checks.view import View
from ..contract.model import Case, Clause
from ..contract.skip_reason import COULD_NOT, Reason
from ..i18n.message import Message, say
from ..recording.answer_origin import is_from_application
from ..transport.messages import Exchange
from .model import VerdictWord
from .not_judged import reason_message
from .set_aside import is_refused_as_right_logins_are

# The variant equals the right value, or the run is a part: nothing was to be sent.
_NEVER_MEANT = frozenset({"not-applicable", "not-selected"})
# The settings give no way to send it, which is told by itself, or a waiver has its own verdict.
_TOLD_OTHERWISE = frozenset({"no-account", "waived", "waiver-expired"})

_SERVER_ERROR = 500

# Checks of a promise about every answer of a kind, and which answers of that kind have no outcome.
_EVERY: Mapping[str, Callable[[View], Sequence[Exchange]]] = {
    "steady-success": without_outcome.right_logins,
    "own-answer": without_outcome.in_overlap,
    "same-code-each-time": without_outcome.of_repeated,
}


@dataclass(frozen=True)
class LeftOut:
    """A case that its clause was not judged by.

    `word` is the verdict of a clause for which too much was left out so; `counts` is False where the
    target or a waiver gives no way to send it, so that the clause is judged by the others.
    `is_limited` says that the target's limit answered it to the end, `is_cut_short` that the run was cut
    short before it, `has_answer` that the target answered it, with no outcome.  `is_of_every` says
    that the clause speaks of every answer and so of this one, too; what builds on it is judged by the
    others.  `lets_nobody_in` says that the application answered it, and with no token; `is_no_success`
    that it has to come to a success, too.
    """

    case: Case
    reason: Message
    word: VerdictWord = "not-judged"
    counts: bool = True
    is_cut_short: bool = False
    is_limited: bool = False
    has_answer: bool = False
    is_of_every: bool = False
    lets_nobody_in: bool = False
    is_no_success: bool = False

    @property
    def is_refused_type(self) -> bool:
        """Tell whether another JSON type was answered by an error, and so was not taken."""
        return self.lets_nobody_in and self.case.situation == "wrong-type"

    @property
    def leaves_others(self) -> bool:
        """Tell whether what builds on the clause is judged although this case was left out."""
        return self.is_of_every or self.is_no_success


def left_out(
    view: View, clause: Clause, own: Sequence[Case], *, needs_outcome: bool
) -> Iterator[LeftOut]:
    """Yield the cases of a clause that it was not judged by; draws are not told one by one.

    `needs_outcome` says that a clause judges what its cases come to, so that an answer which has no
    outcome leaves its case out.
    """
    for case in own:
        if case.is_drawn:
            continue
        unsent = view.recording.unsent.get(case.id)
        if unsent is not None:
            if unsent.word not in _NEVER_MEANT:
                is_cut_short = unsent.word in COULD_NOT
                word: VerdictWord = "could-not-judge" if is_cut_short else "not-judged"
                counts = unsent.word not in _TOLD_OTHERWISE
                yield LeftOut(case, reason_message(unsent), word, counts, is_cut_short)
            continue
        yield from _of_answers(view, clause, case, needs_outcome=needs_outcome)
    yield from _beside_cases(view, clause)


def _of_answers(
    view: View, clause: Clause, case: Case, *, needs_outcome: bool
) -> Iterator[LeftOut]:
    sent = list(view.recording.of_case(case.id))
    if sent and all(one.gave_up for one in sent):
        reason = reason_message(view.recording.why_excused(sent[0]))
        yield LeftOut(case, reason, "could-not-judge", is_limited=True)
    elif sent and between_refused_logins(view).issuperset(one.id for one in sent):
        # SUC-8: "where right logins come and go, a variant that failed says nothing".
        yield LeftOut(case, say("as-right-logins"), has_answer=True)
    elif sent and clause.check == "never-issues" and all(map(is_unread, sent)):
        yield LeftOut(case, say("coding-not-undone"), has_answer=True)
    elif sent and judged_by_case(clause) and was_refused_by_chance(view, clause, case):
        yield LeftOut(case, say("as-right-logins-at-times"), has_answer=True)
    elif sent and (needs_outcome or _is_beside_successes(view, clause)):
        yield from _without_outcome(view, clause, case)


def _is_beside_successes(view: View, clause: Clause) -> bool:
    """Tell whether a clause speaks of the right logins of every account, of which some succeeded."""
    return clause.check == "logins-succeed" and "issued" in view.of_logins


def _beside_cases(view: View, clause: Clause) -> Iterator[LeftOut]:
    """Yield what answers leave out of a clause that looks at all successes, logins or answers."""
    if clause.check in ("password-not-returned", "no-internals"):
        # SEC-1, SEC-4: "nowhere in an answer": of these the body was not looked at.
        for case in {one.case: view.case(one) for one in answers_not_read(view)}.values():
            yield LeftOut(case, say("coding-not-undone"))
    if clause.check == "success-date":
        # SUC-4: a text that is not read is observed, and so no part of what holds.
        for case in {one.case: view.case(one) for one in dates_not_read(view, clause)}.values():
            yield LeftOut(case, say("dates-of-unknown-form"))
    # SUC-8: "every one of many logins is a full success"; SUC-9: "every answer is that of its own request";
    # REJ-11: "the same bad request gets the same code each time".  An answer without an outcome is told by
    # the clause that it breaks: nobody can say "every" beside it.
    if CHECKS[clause.check].exchange is not None:
        yield from _halves_unseen(view, clause)
    yield from _locked_out(view, clause)
    if clause.check in _EVERY:
        for case in {one.case: view.case(one) for one in _EVERY[clause.check](view)}.values():
            yield LeftOut(case, say("one-without-outcome"), has_answer=True, is_of_every=True)
    if clause.check == "own-answer":
        # SUC-9: "every answer is that of its own request": of these nobody knows.
        for one in without_outcome.of_a_gateway_in_overlap(view)[:1]:
            reason = say("overlap-at-a-gateway")
            yield LeftOut(view.case(one), reason, has_answer=True, is_of_every=True)


def _locked_out(view: View, clause: Clause) -> Iterator[LeftOut]:
    """Yield the login that shows a lock where a clause speaks of every right login."""
    # SUC-8: "every one of many logins is a full success, also after refusals".  Of a lock: "From there
    # on it could not be judged".
    locks = list(view.recording.locks.values()) if clause.check == "steady-success" else []
    for lock in locks[:1]:
        [shown] = (one for one in view.recording.exchanges if one.id == lock.shown)
        reason = reason_message(Reason("locked", lock.account))
        case = view.case(shown)
        yield LeftOut(case, reason, "could-not-judge", is_cut_short=True, is_of_every=True)


def _halves_unseen(view: View, clause: Clause) -> Iterator[LeftOut]:
    """Yield a case of the right logins, or of all else, where none of their answers could be judged.

    Where no answer at all could be, that is said by itself.
    """
    # ENV: "applies to each answer to a POST on the path, refusals included", and "where a whole kind of
    # them was left out, it is not judged".  One answer is enough: one in HTML must not blank the run.
    halves: dict[bool, list[Exchange]] = {True: [], False: []}
    for exchange in view.answers:
        halves[exchange.situation == "right"].append(exchange)
    seen = {key: any(view.sees(clause, one) for one in half) for key, half in halves.items()}
    for is_right, half in halves.items():
        if half and not seen[is_right] and any(seen.values()):
            reason = say("no-success-left" if is_right else "no-refusal-left")
            yield LeftOut(view.case(half[0]), reason, has_answer=True, is_of_every=True)


def _without_outcome(view: View, clause: Clause, case: Case) -> Iterator[LeftOut]:
    if is_refused_as_right_logins_are(view, clause, case):
        # A refusal that every right login gets, too, says nothing about what the case varies.
        reason = say("refused-as-right-logins", clause=clause.parameters["refused_by"])
        yield LeftOut(case, reason, has_answer=True)
        return
    results = judged_results(view, case)
    # ENV: "An exempt answer has no outcome, and its case counts as left out".
    if all(is_left_out(clause, case, exchange, result) for exchange, result in results):
        away = [exchange for exchange, result in results if result == "turned-away"]
        if not away:
            reason = _why_without_outcome(results)
            is_none = not any(is_let_in(view, exchange) for exchange, _ in results)
            yield LeftOut(
                case,
                reason,
                has_answer=True,
                lets_nobody_in=is_none,
                is_no_success=is_none and _has_to_succeed(view, clause, case),
            )
        elif away[0].answer is not None:
            # "With any body": one in the form of the envelope may be the application's own.
            key = "turned-away-by-it" if is_from_application(away[0]) else "turned-away-before"
            reason = say(key, status=away[0].answer.status)
            yield LeftOut(case, reason, has_answer=True)


def _has_to_succeed(view: View, clause: Clause, case: Case) -> bool:
    if _is_beside_successes(view, clause):
        return True
    like = {view.outcome(one) for one in view.of_case(case.same_as or "")}
    return like == {"issued"} or set(allowed_outcomes(clause, case)) == {"issued"}


def _why_without_outcome(results: Iterable[tuple[Exchange, str]]) -> Message:
    """Return why exchanges have no outcome, in words that are true of every one of them."""
    # ENV: "a check sees only the exchanges that passed what it builds on": the code in an envelope that
    # comes over HTTP 500 is no outcome, but it is there, and where nothing came back there is no answer.
    statuses = {one.answer.status if one.answer is not None else None for one, _ in results}
    if statuses == {None}:
        return say("no-outcome-of-none")
    errors = {status for status in statuses if status is not None and status >= _SERVER_ERROR}
    if not errors and None not in statuses:
        return say("no-outcome")
    if statuses == errors and len(errors) == 1:
        return say("no-outcome-of-errors", status=errors.pop())
    return say("no-outcome-of-some")


def was_not_chosen(view: View, own: Sequence[Case]) -> bool:
    """Tell whether a part of a run left out all cases of a clause, each of them a kind of its own.

    ENV-10: "whatever is sent, the server answers": three logins of a part are not whatever is sent.
    """
    # "Where an essential case or a whole kind of them was left out, it is not judged."
    written = {case.id for case in own if not case.is_drawn}
    sent = (any(view.recording.of_case(case)) for case in written)
    return bool(written) and written.isdisjoint(view.recording.unsent) and not any(sent)
