"""Answers without an outcome, of which some clause speaks all the same: it says "every"."""

from __future__ import annotations

from ..recording.answer_origin import is_gateways_error
from ..transport.messages import Exchange
from .repeated import is_compared_with_itself, with_outcome
from .view import View


def right_logins(view: View) -> list[Exchange]:
    """Return the right logins whose answer, or the lack of one, is another clause's finding."""
    return [one for one in view.logins if view.outcome(one) == "broken"]


def in_overlap(view: View) -> list[Exchange]:
    """Return what has no outcome where it overlapped with others, and has one where it stood alone."""
    return [
        one
        for one in view.exchanges
        if one.role == "burst"
        and view.outcome(one) == "broken"
        and any(view.outcome(alone) != "broken" for alone in view.of_case(one.case))
    ]


def of_a_gateway_in_overlap(view: View) -> list[Exchange]:
    """Return what overlapped with others and met a gateway's error that nobody is blamed for."""
    recording = view.recording
    return [
        one
        for one in recording.exchanges
        if one.role == "burst" and one.id in recording.excused and is_gateways_error(one)
    ]


def of_repeated(view: View) -> list[Exchange]:
    """Return what nobody can say of a bad request that was sent again: now a code and now none, or none.

    The latter counts where no request of a whole situation came to a code each time it was sent.
    """
    # REJ-11: "the same bad request gets the same code each time (each situation three times)", and "where
    # a whole kind of them was left out, it is not judged".
    repeated: dict[str, list[list[Exchange]]] = {}
    for case in view.contract.cases.values():
        sent = view.of_case(case.id) if is_compared_with_itself(case) and not case.is_drawn else []
        if len(sent) > 1:
            repeated.setdefault(case.situation, []).append(sent)
    unheard = [
        one
        for cases in repeated.values()
        if all(view.outcome(one) == "broken" for sent in cases for one in sent)
        for sent in cases
        for one in sent
    ]
    return [*now_and_then(view), *unheard]


def now_and_then(view: View) -> list[Exchange]:
    """Return what has no outcome although the same bad request came to a code another time."""
    found = []
    for case in view.contract.cases.values():
        if is_compared_with_itself(case) and with_outcome(view, case.id):
            found += [one for one in view.of_case(case.id) if view.outcome(one) == "broken"]
    return found
