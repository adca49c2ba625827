"""What to do about deviations whose cause the answers themselves show.  Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from ..contract.model import Impact
from ..i18n.catalogue import word
from ..i18n.language import LANGUAGES
from ..recording.response import read
from ..runner.run import Run
from ..transport.messages import Exchange
from .injected_text import text_around
from .kept_for_a_while import are_kept_for_a_while
from .limits_of_pace import come_in_stretches, haste_of_refusals, haste_of_silence
from .lost_query import is_query_lost
from .lost_types import are_types_lost
from .short_length import may_count_characters
from .unread_body import follow_unread_bodies
from .unreadable_bodies import are_of_a_body_parser
from .wrapped_envelope import member_around

# The checks of the clauses that each request is answered by itself, that right logins succeed each time,
# that a message is in the language asked for, and that an answer is JSON, an envelope and has its members.
_OWN_BODY, _STEADY, _TEXT = "own-body", "steady-success", "documented-text"
_JSON, _ENVELOPE, _MEMBER = "json-text", "envelope", "member"
_LONGEST = 60

# The word for the action, and what to fill in.
Sign = tuple[str, dict[str, object]]


def action_by_sign(
    run: Run, check: str, shown: Sequence[Exchange], impact: Impact
) -> dict[str, str] | None:
    """Return the action that names the cause; None where the answers show none."""
    if not shown:
        return None
    found = _sign_of_one_body(run, shown) if check == _OWN_BODY else None
    found = found or _sign_of_any(run, shown) or _sign_of_check(run, check, shown)
    if found is None:
        return None
    key, words = found
    return {one: word(key, one, action=impact.action[one], **words) for one in LANGUAGES}


def _sign_of_one_body(run: Run, shown: Sequence[Exchange]) -> Sign | None:
    """Return the cause that answers show which are those of other requests."""
    if _is_one_answer(run):
        return "action-one-answer", {}
    if _is_one_answer_anew(run, shown):
        return "action-one-answer-anew", {}
    if _stick_to_connections(run, shown):
        return "action-sticks-to-connection", {}
    return None


def _sign_of_any(run: Run, shown: Sequence[Exchange]) -> Sign | None:
    """Return the cause that answers of any kind show."""
    if are_kept_for_a_while(run, shown):
        return "action-kept-for-a-while", {}
    if all(map(_is_cut_off, shown)):
        return "action-cut-answer", {}
    if follow_unread_bodies(run, shown):
        return "action-unread-body", {}
    if (haste := haste_of_silence(run, shown)) is not None:
        return "action-silent-in-haste", {**asdict(haste)}
    return None


def _sign_of_check(run: Run, check: str, shown: Sequence[Exchange]) -> Sign | None:
    """Return the cause that deviations from one promise show."""
    if check == _STEADY and (haste := haste_of_refusals(run, shown)) is not None:
        return "action-limit-by-code", {**asdict(haste)}
    if check == _STEADY and come_in_stretches(run, shown):
        return "action-in-stretches", {}
    if check == _MEMBER and are_types_lost(shown):
        return "action-types-lost", {}
    if check == _TEXT and is_query_lost(run, shown):
        return "action-lost-query", {}
    return _sign_of_form(run, check, shown) if check in (_JSON, _ENVELOPE) else None


def _sign_of_form(run: Run, check: str, shown: Sequence[Exchange]) -> Sign | None:
    """Return the cause that answers of another form show."""
    if check == _JSON and (text := text_around(shown)) is not None:
        return "action-injected", {"text": run.scrubber.scrub(text)[:_LONGEST]}
    if check == _JSON and may_count_characters(shown):
        return "action-short-length", {}
    if check == _ENVELOPE and (name := member_around(shown)) is not None:
        return "action-wrapped", {"name": run.scrubber.scrub(name)[:_LONGEST]}
    return ("action-body-parser", {}) if are_of_a_body_parser(run, shown) else None


def _is_one_answer(run: Run) -> bool:
    """Tell whether logins of several companies got one body.

    Their paths differ, so that no cache by the path is behind it.
    """
    method, issued = run.contract.operation.method, run.contract.codes.issued
    let_in = [
        one
        for one in run.recording.exchanges
        if one.request.method == method and read(one).result_code == issued
    ]
    companies, bodies = (
        {one.request.company for one in let_in},
        {read(one).content for one in let_in},
    )
    return len(companies) > 1 and len(bodies) == 1


def _is_one_answer_anew(run: Run, shown: Sequence[Exchange]) -> bool:
    """Tell whether nobody was refused, and answers differ in what is new with each login alone."""
    method, issued = run.contract.operation.method, run.contract.codes.issued
    every = (one for one in run.recording.exchanges if one.request.method == method)
    are_let_in = all(read(one).result_code == issued for one in every)
    return are_let_in and len({read(one).content for one in shown}) > 1


def _stick_to_connections(run: Run, shown: Sequence[Exchange]) -> bool:
    """Tell whether each answer had come before on its connection, and comes over no other one."""
    over: dict[bytes, set[int]] = {}
    for one in run.recording.exchanges:
        over.setdefault(read(one).content, set()).add(one.connection)
    connections = {one.connection for one in shown}
    return len(connections) > 1 and all(len(over[read(one).content]) == 1 for one in shown)


def _is_cut_off(exchange: Exchange) -> bool:
    """Tell whether the connection ended within an answer; a whole JSON text may be shorter than said."""
    answer = exchange.answer
    is_short = answer is not None and answer.missing != 0 and not answer.framing
    return is_short and read(exchange).text.problem is not None
