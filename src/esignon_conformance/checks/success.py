"""Checks of a success: what the answer to a right login holds, and that every right login gets one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from ..contract.model import Clause
from ..i18n.message import Message, say
from ..recording.response import read
from ..transport.json_reader import member
from ..transport.messages import Exchange
from .dates import Unread, clock_of, read_expiry
from .deviation import Deviation
from .envelope import documented_names, header_tokens
from .request_values import sent_value
from .view import Judged, View, describe, document, got_value, shown

_STEADY = "steady"


def logins_succeed(view: View, clause: Clause) -> Judged:
    # REQ-1: a documented request with right credentials is answered with HTTP status 200 and
    # result_code "00".  Where right logins differ, the finding is SUC-8's.
    for exchanges in by_account(view).values():
        right = [one for one in exchanges if _is_full(view, clause, one)]
        for exchange in exchanges:
            deviation = None if right else login_deviation(view, clause, exchange)
            if right or deviation is not None:
                yield exchange, deviation


def steady_success(view: View, _clause: Clause) -> Judged:
    # SUC-8: every one of many logins is a full success, also after refusals, on a kept-alive
    # connection where the server keeps it, and on a new one; a refusal leaves no stray byte on the
    # connection.
    first = view.contract.clauses["REQ-1"]
    for exchanges in by_account(view).values():
        # What is wrong on every login of an account is REQ-1's.
        if any(_is_full(view, first, one) for one in exchanges):
            for exchange in exchanges:
                yield exchange, login_deviation(view, first, exchange)
    some = intermittent_members(view)
    for exchange in view.logins:
        for pointer in sorted(some):
            if view.outcome(exchange) == "issued" and not member(document(exchange), pointer)[0]:
                got = say("absent-sometimes")
                yield exchange, Deviation(say("on-every-login"), got, pointer)
    for exchange in view.exchanges:
        # Bytes after an answer that is broken itself are told by the clause that it breaks.
        if exchange.stray and exchange.role != "burst" and view.passes("ENV-1", exchange):
            got = say("stray-bytes", count=len(exchange.stray))
            yield exchange, Deviation(say("nothing-more"), got, group="stray")


def _is_full(view: View, first: Clause, exchange: Exchange) -> bool:
    return view.outcome(exchange) == "issued" and login_deviation(view, first, exchange) is None


def login_deviation(view: View, clause: Clause, exchange: Exchange) -> Deviation | None:
    """Return how the answer to a right login deviates from what REQ-1 promises, None where not."""
    status, result = clause.parameters["status"], view.outcome(exchange)
    if exchange.answer is None or result == "broken":
        return None
    expected = say("outcome-over-status", outcome=view.contract.codes.issued, status=status)
    if result != "issued":
        return Deviation(expected, outcome_message(view, exchange, result))
    if exchange.answer.status != status:
        code = view.contract.codes.issued
        return Deviation(
            expected, say("outcome-over-status", outcome=code, status=exchange.answer.status)
        )
    return None


def by_account(view: View) -> dict[str, list[Exchange]]:
    """Return the right logins that have an outcome, by account."""
    found: dict[str, list[Exchange]] = defaultdict(list)
    for exchange in view.logins:
        if view.outcome(exchange) != "broken":
            found[exchange.request.account].append(exchange)
    return found


def intermittent_members(view: View) -> set[str]:
    """Return the members of `body` that some right logins have and others have not."""
    if _STEADY not in view.observed:
        pointers = [f"/body/{name}" for name in documented_names(view, "/body")]
        logins = [document(one) for one in view.logins if view.outcome(one) == "issued"]
        bodies = [one for one in logins if _has_documented_body(view, one)]
        found = set()
        for pointer in pointers:
            presence = {member(value, pointer)[0] for value in bodies}
            if len(presence) > 1:
                found.add(pointer)
        view.observed[_STEADY] = found
    result: set[str] = view.observed[_STEADY]
    return result


def success_body(view: View, _clause: Clause) -> Judged:
    # SUC-12: a success has an object `body`.  One with none of the five members is told here too.
    names = set(documented_names(view, "/body"))
    for exchange in view.owed:
        present, body = member(document(exchange), "/body")
        if isinstance(body, dict) and set(body) & names:
            yield exchange, None
        elif isinstance(body, dict):
            yield exchange, Deviation(say("documented-names"), got_value(body), "/body", "no name")
        else:
            got = got_value(body) if present else say("absent")
            yield exchange, Deviation(say("type-object"), got, "/body")


def _has_documented_body(view: View, said: object) -> bool:
    """Tell whether a success has an object `body` with any of its documented members."""
    body = member(said, "/body")[1]
    return isinstance(body, dict) and any(name in body for name in documented_names(view, "/body"))


def _owed_members(view: View, pointer: str) -> Iterator[tuple[Exchange, bool, object]]:
    some = intermittent_members(view)
    in_body = pointer.startswith("/body")
    for exchange, said in view.owed_documents:
        present, value = member(said, pointer)
        # An object `body` with any of its five is SUC-12's, and a member that comes and goes SUC-8's.
        has_place = present or not in_body or _has_documented_body(view, said)
        if has_place and (present or pointer not in some):
            yield exchange, present, value


def success_member(view: View, clause: Clause) -> Judged:
    # SUC-1, SUC-3, SUC-7, SUC-13, SUC-14: a member of a success fits the schema.
    pointer, schema = clause.parameters["pointer"], view.schema_of(clause.parameters["schema"])
    for exchange, present, value in _owed_members(view, pointer):
        if not present:
            yield exchange, Deviation(describe(schema), say("absent"), pointer)
        else:
            yield exchange, member_deviation(view, clause, exchange, value)


def member_deviation(
    view: View, clause: Clause, exchange: Exchange, value: object
) -> Deviation | None:
    """Return how the value of a member deviates from what a clause about it asks, None where not.

    The clause's check is `success-date` or `success-member`.
    """
    pointer = clause.parameters["pointer"]
    if clause.check == "success-date":
        return _date_deviation(exchange, value, pointer)
    schema = view.schema_of(clause.parameters["schema"])
    if view.is_valid(schema, value):
        return None
    return Deviation(describe(schema), got_value(value), pointer, "value")


def success_equals(view: View, clause: Clause) -> Judged:
    # SUC-2: `body.comp_id` equals the `companyId` of the path, letter case set aside (the page binds
    # both).  SUC-16: `body.comp_id` is spelt as in the path, letter case included.  SUC-5:
    # `body.memb_email` equals the `memb_email` sent.
    pointer, letter_case = clause.parameters["pointer"], clause.parameters.get("letter_case", "")
    for exchange, present, value in _owed_members(view, pointer):
        sent = sent_value(exchange.request, clause.parameters["equals"], view.contract.operation)
        if value == sent or (letter_case == "set-aside" and differs_in_case_only(value, sent)):
            yield exchange, None
        elif differs_in_case_only(value, sent):
            expected = say("the-same-as-sent", value=shown(sent))
            got = say("differs-in-case", value=shown(value))
            yield exchange, Deviation(expected, got, pointer, "case")
        elif letter_case != "alone":
            # Where letter case alone is judged, any other difference is the other clause's.
            got = got_value(value) if present else say("absent")
            group = "value" if present else "absent"
            told_by = clause.parameters.get("told_by_account", "")
            part_of = told_by if is_of_another_account(view, exchange, value) else ""
            yield exchange, Deviation(say("the-value-sent"), got, pointer, group, part_of=part_of)


def is_of_another_account(view: View, exchange: Exchange, company: object) -> bool:
    """Tell whether an answer names another account altogether: its email, and the company of that."""
    # SUC-5: `body.memb_email` equals the `memb_email` sent.  Whose answer it is, is told once.
    # Of others' traffic a view is a part of a file, of which nothing is known to be told elsewhere.
    if not view.is_case_one_request:
        return False
    email, accounts = member(document(exchange), "/body/memb_email")[1], view.target.accounts
    own = exchange.request.said("memb_email")
    return email != own and any(
        (one.email.get_secret_value(), one.company) == (email, company) for one in accounts.values()
    )


def differs_in_case_only(value: object, sent: object) -> bool:
    """Tell whether two values are texts that are the same but for letter case."""
    return value != sent and _text_of(value) != "" and _text_of(value) == _text_of(sent)


def _text_of(value: object) -> str:
    return value.casefold() if isinstance(value, str) else ""


def success_date(view: View, clause: Clause) -> Judged:
    # SUC-4: `body.expire_date` is a string that holds a date, and that date does not lie in the past.
    # Every other text that is not read is observed.
    pointer = clause.parameters["pointer"]
    for exchange, present, value in _owed_members(view, pointer):
        if not present:
            yield exchange, Deviation(say("a-date-to-come"), say("absent"), pointer)
        elif not _is_of_unknown_form(value):
            yield exchange, member_deviation(view, clause, exchange, value)


def dates_not_read(view: View, clause: Clause) -> Iterator[Exchange]:
    """Yield the successes whose date SUC-4 could not judge, since nobody knows its form."""
    for exchange, present, value in _owed_members(view, clause.parameters["pointer"]):
        if present and _is_of_unknown_form(value):
            yield exchange


def _is_of_unknown_form(value: object) -> bool:
    return isinstance(value, str) and read_expiry(value) is Unread.UNKNOWN


def _date_deviation(exchange: Exchange, value: object, pointer: str) -> Deviation | None:
    expected = say("a-date-to-come")
    if not isinstance(value, str):
        return Deviation(expected, say("date-no-string", value=shown(value)), pointer, "no date")
    expiry = read_expiry(value)
    if isinstance(expiry, Unread):
        # Of a form that is not known beside others that are read, it is garbled (SUC-9).
        key = "no-date" if expiry is Unread.NONE else "date-of-unknown-form"
        return Deviation(expected, say(key, value=shown(value)), pointer, "no date")
    answer = exchange.answer
    now = clock_of(answer.header("Date") if answer else None, exchange.answered_at)
    if expiry.is_past(now):
        got = say("a-past-date", value=shown(value), now=now.isoformat(timespec="seconds"))
        return Deviation(expected, got, pointer, "past")
    return None


def success_header(view: View, clause: Clause) -> Judged:
    # SUC-11: `Cache-Control: no-store` on an answer with a token.
    name, holds = clause.parameters["header"], clause.parameters["holds"]
    for exchange in view.owed:
        if exchange.answer is None:
            continue
        tokens = header_tokens(exchange.answer, name) - {""}
        expected = say("header-is", name=name, value=holds)
        if holds in tokens:
            yield exchange, None
        elif tokens:
            yield (
                exchange,
                Deviation(expected, say("header-is", name=name, value=", ".join(sorted(tokens)))),
            )
        else:
            yield exchange, Deviation(expected, say("no-header", name=name))


def outcome_message(view: View, exchange: Exchange, result: str) -> Message:
    """Return what an exchange came to as a message: the code, or how it was turned away."""
    status = exchange.answer.status if exchange.answer is not None else 0
    if result == "turned-away":
        return say("turned-away", status=status)
    issued = view.contract.codes.issued
    if result == "issued" and view.outcome(exchange) == "broken":
        has_code = read(exchange).result_code == issued
        return say("code" if has_code else "a-token-without-code", code=issued)
    return say("code", code=issued if result == "issued" else result)
