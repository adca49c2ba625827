"""Checks of outcomes: what a case, or the cases of a clause, come to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..contract.model import Case, Clause
from ..i18n.message import Message, say
from ..recording.access import outcome_to_client
from ..recording.response import FIREWALL, has_envelope, is_refusal, read
from ..transport.json_reader import member, strings
from ..transport.messages import Exchange
from .answer_texts import is_unread
from .deviation import Deviation
from .envelope import header_tokens
from .let_in_at_times import clause_of_plain_ones
from .repeated import clause_of_turns
from .steadiness import (
    between_refused_logins,
    clause_of_chance,
    codes_at_times,
    is_by_chance,
)
from .success import outcome_message
from .token_places import (
    TOKEN,
    KnownTokens,
    shape_of_tokens,
    token_anywhere,
    token_in_head,
    tokens_in,
)
from .view import Judged, View, document, shown

# Something before the server answered, which has a word on what it lets through and none on methods:
# a proxy asks for the length of a body (411), a firewall shows its page.
_BEFORE_THE_SERVER = frozenset({411, *FIREWALL})


def case_outcome(view: View, clause: Clause, case: Case) -> Judged:
    # REQ-3, REQ-4, REQ-7, REJ-1 to REJ-9, SEC-2, SEC-3, SEC-6, SEC-7: the outcome is one of those
    # allowed.
    yield from judged_by_outcome(view, clause, case, _allowed_in_form(view, clause, case))


def _allowed_in_form(view: View, clause: Clause, case: Case) -> Sequence[str]:
    """Return the outcomes allowed: the clause's own where a right login in the same form was let in."""
    # REJ-1, REJ-2, REJ-4 ask for one code.  Another may answer the form of a request alone (REQ-4), and
    # does not where a right login gets in by the same form.
    logins = [view.outcome(one) for one in view.of_case(case.in_form_of or "")]
    if logins and set(logins) == {"issued"}:
        return tuple(clause.parameters["outcomes"])
    return allowed_outcomes(clause, case)


def allowed_outcomes(clause: Clause, case: Case) -> Sequence[str]:
    """Return the outcomes that a case may come to, as itself or its clause says."""
    return case.expect or tuple(clause.parameters.get("outcomes", ()))


def judged_results(view: View, case: Case) -> list[tuple[Exchange, str]]:
    """Return the exchanges of a case, each with its outcome.

    Where the HTTP layer turns right logins away as well, REQ-1 says so, once: what it turned away is
    *broken* here.  What got the code of the right logins around it is left out (SUC-8).
    """
    alike = between_refused_logins(view)
    results = [(one, view.outcome(one)) for one in view.of_case(case.id) if one.id not in alike]
    if view.turns_all_away:
        return [(one, "broken" if result == "turned-away" else result) for one, result in results]
    return results


def is_let_in(view: View, exchange: Exchange) -> bool:
    """Tell whether whoever sent a request was let in, be it by an answer that is broken."""
    # "The grave is not hidden by the slight": an answer that is no JSON to a strict parser, or that has
    # another code, has no outcome, and a client has its token all the same.
    found, codes = view.outcome(exchange), view.contract.codes
    if found != "broken" or codes.outcomes == "status":
        return found == "issued"
    tags = view.case(exchange).tags
    return view.passes("ENV-10", exchange) and outcome_to_client(exchange, tags, codes) == "issued"


def is_left_out(clause: Clause, case: Case, exchange: Exchange, result: str) -> bool:
    """Tell whether an answer says nothing about a clause: it has no outcome.

    `http_answers` of the clause and of the case are the statuses of the HTTP layer that answer what is
    asked all the same, as 415 answers what becomes of another media type.
    """
    # "An exempt answer has no outcome, and its case counts as left out."
    if result != "turned-away":
        return result == "broken"
    status = exchange.answer.status if exchange.answer is not None else 0
    return status not in (*clause.parameters.get("http_answers", ()), *case.http_answers)


def judged_by_outcome(view: View, clause: Clause, case: Case, allowed: Sequence[str]) -> Judged:
    rows = judged_results(view, case)
    if "issued" not in allowed:
        rows = [(one, "issued" if is_let_in(view, one) else result) for one, result in rows]
    found = [row for row in rows if not is_left_out(clause, case, *row)]
    results = [result for _, result in found]
    for exchange, result in found:
        if is_allowed(result, allowed):
            if not is_by_chance(view, found):
                yield exchange, None
        else:
            expected = expected_outcomes(allowed, view.contract.codes.issued)
            got = _got(view, exchange, results, result)
            part_of = clause_of_chance(view, result, len(found))
            # REJ-11 tells of a request that gets now one code and now another; a token is told here.
            if "issued" in results:
                part_of = part_of or clause_of_plain_ones(view, clause, case)
            else:
                part_of = part_of or clause_of_turns(view, case, results)
            yield exchange, Deviation(expected, got, group=result, part_of=part_of)


def _got(view: View, exchange: Exchange, results: Sequence[str], result: str) -> Message:
    """Return what an exchange came to, and how often, where the same request got a refusal as well."""
    times, count = len(results), results.count("issued")
    is_plain = view.outcome(exchange) == "issued" and view.is_case_one_request
    if not is_plain or count == times:
        return outcome_message(view, exchange, result)
    return say("code-at-times", code=view.contract.codes.issued, count=count, times=times)


def is_allowed(result: str, allowed: Iterable[str]) -> bool:
    """Tell whether an outcome is one of those allowed; `refused` stands for every failure code."""
    return result in allowed or (is_refusal(result) and "refused" in allowed)


def expected_outcomes(allowed: Iterable[str], issued: str) -> Message:
    """Return the outcomes allowed as a message."""
    words = set(allowed) - {"turned-away"}
    if words == {"refused"}:
        return say("a-failure-code")
    if words == {"issued"}:
        return say("code", code=issued)
    return say("code-one-of", codes=", ".join(f'"{one}"' for one in sorted(words)))


def was_refused_by_chance(view: View, clause: Clause, case: Case) -> bool:
    """Tell whether a case got what it may get, and right logins get that now and then as well."""
    rows = judged_results(view, case)
    rows = [row for row in rows if not is_left_out(clause, case, *row)]
    like = [view.outcome(one) for one in view.of_case(case.same_as or "")]
    allowed = allowed_outcomes(clause, case) or like or ("refused",)
    return is_by_chance(view, rows) and is_allowed(rows[0][1], allowed)


def never_issues(view: View, _clause: Clause, case: Case) -> Judged:
    # REQ-5: no method but POST ever issues a token, and POST takes no credentials from the query
    # string.
    issued = view.contract.codes.issued
    shape = shape_of_tokens(view) if case.method is not None else None
    alike = between_refused_logins(view)
    for exchange in view.of_case(case.id):
        if exchange.answer is None or exchange.id in alike:
            continue
        # "An exchange without an outcome is ENV's finding and is not judged again by REQ": REJ-1 leaves an
        # error out as well, so that a wrong password beside it would pass for one from the query string.
        if case.method is None and not view.passes("ENV-10", exchange):
            continue
        code = read(exchange).result_code == issued
        # A token beside a failure code is REJ-10's; an answer to a POST that has no code is no refusal.
        is_looked_for = case.method is not None or view.outcome(exchange) == "broken"
        token = token_anywhere(exchange, shape) if is_looked_for else None
        if code is False and token is None and is_unread(exchange):
            continue
        if code or token is not None:
            got = say("code", code=issued) if code else say("a-token-at", pointer=token)
            yield exchange, Deviation(say("no-token"), got, group="issued")
        elif not is_by_chance(view, [(exchange, view.outcome(exchange))]):
            yield exchange, None


def method_not_allowed(view: View, clause: Clause) -> Judged:
    # REQ-6: other methods are answered 405 with `Allow`.
    words = clause.parameters
    expected = say(
        "status-with-header", status=words["status"], name=words["header"], value=words["holds"]
    )
    for case in view.contract.cases_of("REQ-5"):
        if case.method not in words["judged"] or case.id in view.deviating:
            continue
        for exchange in view.of_case(case.id):
            answer = exchange.answer
            if answer is None or not view.passes("ENV-10", exchange):
                continue
            if view.outcome(exchange) in codes_at_times(view):
                continue
            if answer.status in _BEFORE_THE_SERVER and not has_envelope(
                exchange, view.contract.codes
            ):
                continue
            allowed = {token.upper() for token in header_tokens(answer, words["header"])}
            if answer.status != words["status"]:
                yield exchange, Deviation(expected, say("http-status", status=answer.status))
            elif words["holds"] not in allowed:
                yield exchange, Deviation(expected, say("no-header", name=words["header"]))
            else:
                yield exchange, None


def no_token_in_refusals(view: View, _clause: Clause) -> Judged:
    # REJ-10: an answer with a failure code carries no non-empty `access_token`, wherever.
    # One that was issued in this run is a token under any name, and amid other words.
    known = KnownTokens.of(member(document(one), f"/body/{TOKEN}")[1] for one in view.owed)
    refusals = [one for one in view.answers if is_refusal(view.outcome(one))]
    # Most answers share the values of their fields: each is searched for the tokens once.
    answers = [one.answer for one in refusals if one.answer]
    fields = {value for one in answers for _, value in (*one.headers, *one.trailers)}
    leaking = {value for value in fields if known.stand_in(value)}
    for exchange in refusals:
        value = document(exchange)
        pointer = next(tokens_in(value), None) or token_in_head(exchange, leaking)
        pointer = pointer or next((at for at, text in strings(value) if known.stand_in(text)), None)
        if pointer is None:
            yield exchange, None
        else:
            yield (
                exchange,
                Deviation(say("no-token"), say("a-token-at", pointer=pointer), group="token"),
            )


def documented_text(view: View, clause: Clause) -> Judged:
    # SUC-6, REJ-17: `result_msg` is the documented text of its code; judged in the language asked
    # (`?lang=`; none: Korean) where its text is documented.
    issued = clause.parameters["outcome"] == "issued"
    for exchange in view.owed if issued else view.answers:
        result, language = view.outcome(exchange), exchange.request.language
        code = view.contract.codes.issued if issued else result
        text = view.contract.text_of(code, language)
        if text is None or (not issued and not is_refusal(result)):
            continue
        _, found = member(document(exchange), "/header/result_msg")
        if isinstance(found, str) and " ".join(found.split()) == " ".join(text.split()):
            yield exchange, None
        else:
            expected = say("text-of-code", code=code, text=text)
            got = say("value", value=shown(found))
            yield exchange, Deviation(expected, got, "/header/result_msg", f"text {language}")
