"""Checks that an answer belongs to its own account, also under overlap."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from ..contract.model import Clause
from ..i18n.message import say
from ..recording.overlap import overlaps
from ..transport.json_reader import member
from ..transport.messages import Exchange
from .deviation import Deviation
from .let_in_at_times import is_clause_let_in_at_times, is_let_in_at_times
from .outcomes import expected_outcomes, is_allowed
from .repeated import clause_of_turns
from .success import (
    differs_in_case_only,
    is_of_another_account,
    member_deviation,
    outcome_message,
)
from .view import Judged, View, document, got_value


def own_answer(view: View, _clause: Clause) -> Judged:
    # SUC-9: under concurrent logins every answer is that of its own request.  Judged only where the
    # recording shows overlap.
    for exchange, burst in overlapping(view):
        if view.outcome(exchange) != "broken":
            yield exchange, _foreign(view, exchange, burst)


def overlapping(view: View) -> Iterator[tuple[Exchange, Sequence[Exchange]]]:
    """Yield the exchanges of bursts that overlapped with another one, each with its burst."""
    bursts: dict[int, list[Exchange]] = defaultdict(list)
    for exchange in view.exchanges:
        if exchange.role == "burst":
            bursts[exchange.burst].append(exchange)
    for burst in bursts.values():
        yield from ((one, burst) for one in burst if overlaps(one, burst))


def _foreign(view: View, exchange: Exchange, burst: Sequence[Exchange]) -> Deviation | None:
    case = view.case(exchange)
    parameters = view.contract.clauses[case.clause].parameters
    allowed = ("issued",) if case.situation == "right" else case.expect or parameters["outcomes"]
    result = view.outcome(exchange)
    if not is_allowed(result, allowed):
        # A case that deviates on its own, too, always or now and then, is another clause's finding.
        alone = {view.outcome(one) for one in view.of_case(case.id)}
        is_told = case.id in view.deviating or result in alone or is_let_in_at_times(view, case)
        # So is another bad request of its clause that was let in once and refused when it was sent again.
        is_told = is_told or (result == "issued" and is_clause_let_in_at_times(view, case.clause))
        if is_told or clause_of_turns(view, case, [result]):
            return None
        expected = expected_outcomes(allowed, view.contract.codes.issued)
        return Deviation(expected, outcome_message(view, exchange, result), group="outcome")
    if result != "issued":
        return None
    for pointer, name, clause_id in (
        ("/body/memb_email", "memb_email", "SUC-5"),
        ("/body/comp_id", "company", "SUC-2"),
    ):
        present, value = member(document(exchange), pointer)
        sent = exchange.request.said(name)
        is_own = value == sent or (name == "company" and differs_in_case_only(value, sent))
        if present and clause_id not in view.failed and not is_own:
            return Deviation(say("its-own-answer"), got_value(value), pointer, "foreign")
    device = member(document(exchange), "/body/device_id")[1]
    own = view.device_ids.get(exchange.request.account, set())
    others = [ids for name, ids in view.device_ids.items() if name != exchange.request.account]
    if own and device not in own and any(device in ids for ids in others):
        return Deviation(say("its-own-answer"), got_value(device), "/body/device_id", "foreign")
    usual = view.usual_members
    lost = next((one for one in usual if not member(document(exchange), one)[0]), None)
    if lost is not None:
        return Deviation(say("its-own-answer"), say("absent"), lost, "lost")
    spoilt = _spoilt(view, exchange)
    if spoilt is not None:
        return spoilt
    if "SUC-10" not in view.failed and _token_of_another(view, exchange, burst):
        return Deviation(
            say("its-own-answer"), say("token-of-another"), "/body/access_token", "foreign"
        )
    return None


def _spoilt(view: View, exchange: Exchange) -> Deviation | None:
    """Return what is wrong with a member under overlap only: its clause holds on logins without."""
    for clause in view.contract.clauses.values():
        is_about_a_member = clause.check in ("success-date", "success-member")
        if is_about_a_member and clause.level == "must" and clause.id not in view.failed:
            present, value = member(document(exchange), clause.parameters["pointer"])
            deviation = member_deviation(view, clause, exchange, value) if present else None
            if deviation is not None:
                return deviation
    return None


def _token_of_another(view: View, exchange: Exchange, burst: Sequence[Exchange]) -> bool:
    _, token = member(document(exchange), "/body/access_token")
    return bool(token) and any(
        other.request.account != exchange.request.account
        # A token beside a failure code is REJ-10's.
        and view.outcome(other) == "issued"
        and member(document(other), "/body/access_token")[1] == token
        for other in burst
    )


def distinct_tokens(view: View, clause: Clause) -> Judged:
    # SUC-10: two accounts never get the same token.
    pointer = clause.parameters["pointer"]
    owners: dict[str, set[str]] = defaultdict(set)
    rows = []
    for exchange in view.owed:
        _, token = member(document(exchange), pointer)
        if isinstance(token, str) and token:
            owners[token].add(exchange.request.account)
            rows.append((exchange, token))
    if len({exchange.request.account for exchange, _ in rows}) < 2:
        return
    # SUC-5: the whole answer of another account brings its token along, and that is told once.
    own: dict[str, set[str]] = defaultdict(set)
    foreign = {one.id for one, _ in rows if _names_another_account(view, one)}
    for exchange, token in rows:
        if exchange.id not in foreign:
            own[token].add(exchange.request.account)
    for exchange, token in rows:
        is_told = len(own[token]) < 2
        if len(owners[token]) > 1 and (exchange.id in foreign or not is_told):
            told_by = clause.parameters.get("told_by_account", "") if is_told else ""
            got = say("token-of-accounts", accounts=", ".join(sorted(owners[token])))
            expected = say("a-token-of-its-own")
            yield exchange, Deviation(expected, got, pointer, "shared", part_of=told_by)
        else:
            yield exchange, None


def _names_another_account(view: View, exchange: Exchange) -> bool:
    company = member(document(exchange), "/body/comp_id")[1]
    return is_of_another_account(view, exchange, company)


def transport_security(view: View, _clause: Clause) -> Judged:
    # SEC-5: a target that is not a loopback address is reached over TLS.
    if view.target.is_loopback:
        return
    if view.target.parts.scheme != "https":
        for exchange in view.exchanges[:1]:
            yield exchange, Deviation(say("scheme", scheme="https"), say("scheme", scheme="http"))
        return
    # With a certificate that is not trusted, or before the first answer, TLS was not reached.
    if any(one.fault is not None and one.fault.kind == "untrusted" for one in view.exchanges):
        return
    for exchange in view.exchanges:
        if exchange.answer is not None:
            yield exchange, None
            return
