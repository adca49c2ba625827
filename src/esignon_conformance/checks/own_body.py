"""Checks that no answer is that of another request, as from a cache or from a mock with one example."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from ..contract.model import Clause
from ..i18n.message import say
from ..recording.response import read
from ..target.target import REAL_ACCOUNTS
from ..transport.json_reader import read_json
from ..transport.messages import Exchange
from .deviation import Deviation
from .outcomes import is_let_in
from .view import Judged, View, document

# By fewer nobody can tell a server that answers all alike from one that was asked the same.
_LATER_REQUESTS = 5
_UNREADABLE_REQUESTS = 2
_RIGHT = "right"
# What a login may get anew each time (SUC-15); of a mock with one example that is all that ever changes.
_MAY_BE_NEW = ("access_token", "device_id", "expire_date")


def tells_a_cache(later: int, unreadable: int) -> bool:
    """Tell whether enough was asked on a path to tell a cache from a server that was asked the same.

    `later` counts the requests after the first right login that was let in, `unreadable` those among them
    whose body no parser reads, or that got the copy of an answer.
    """
    return later >= _LATER_REQUESTS and unreadable >= _UNREADABLE_REQUESTS


def own_body(view: View, _clause: Clause) -> Judged:
    # REQ-9: different requests are answered each for itself.  Fails where, on one path, a right login
    # got "00" and every later request, whatever its account, password or form (at least 5, two of them
    # unreadable), got the same body byte for byte, header fields set aside (a cache in front).
    by_target: dict[str, list[Exchange]] = defaultdict(list)
    for exchange in view.exchanges:
        if view.is_documented_method(exchange) and exchange.answer is not None:
            by_target[exchange.request.target].append(exchange)
    for exchanges in by_target.values():
        first = next(
            (at for at, one in enumerate(exchanges) if _is_right_login_let_in(view, one)), None
        )
        if first is None:
            continue
        later = exchanges[first + 1 :]
        if not tells_a_cache(len(later), _unreadable(later)):
            continue
        body = _whole(exchanges[first])
        if all(_whole(one) == body for one in later):
            got = say("the-same-body", count=len(later))
            yield from ((one, Deviation(say("its-own-answer"), got)) for one in later)
        elif _is_one_answer_anew(view, exchanges[first], later):
            got = say("the-same-answer-anew", count=len(later))
            yield from ((one, Deviation(say("its-own-answer"), got)) for one in later)
        else:
            yield from _own_at_times(view, exchanges)


def _is_one_answer_anew(view: View, login: Exchange, later: Sequence[Exchange]) -> bool:
    """Tell whether all later requests got a login's answer, but for what is new with each login.

    A mock gives its one example so, whose token is made for each answer.  Requests for the account of
    that login prove nothing: whoever reads leniently gives that answer to its right password.
    """
    first = _but_for_what_is_new(login)
    others = [one for one in later if one.request.account != login.request.account]
    if first is None or not tells_a_cache(len(others), _unreadable(others)):
        return False
    return all(is_let_in(view, one) and _but_for_what_is_new(one) == first for one in later)


def _but_for_what_is_new(exchange: Exchange) -> dict[str, Any] | None:
    """Return an answer without the values that differ from login to login, None where it has none."""
    answer = document(exchange)
    body = answer.get("body") if isinstance(answer, dict) else None
    if not isinstance(answer, dict) or not isinstance(body, dict):
        return None
    return {**answer, "body": {**body, **{one: "" for one in _MAY_BE_NEW if one in body}}}


def _own_at_times(view: View, exchanges: Sequence[Exchange]) -> Judged:
    """Judge the requests of a path whose bodies are not all the same: some may come from a cache."""
    # REQ-9: "different requests are answered each for itself".  A cache before some of several replicas,
    # or one that keeps answers for a second, breaks that at times: the body of a right login, its token
    # included, is the answer to requests of others, be they readable or not, which get answers of their
    # own when they are sent again.  So it is where answers stick to a connection.
    told: set[str] = set()
    copies = 0
    for shared, of_refused in _shared_bodies(view, exchanges):
        told.update(one.id for one in shared)
        copies += of_refused
    # Fewer prove no cache, and are no ground for a tick.
    if copies and not tells_a_cache(len(told), copies):
        return
    if not copies:
        # Right logins that get the answers of others are SUC-5's finding.
        told.clear()
    deviation = Deviation(
        say("its-own-answer"), say("the-body-of-a-login", others=copies), group="shared"
    )
    yield from ((one, deviation if one.id in told else None) for one in exchanges)


def _shared_bodies(
    view: View, exchanges: Sequence[Exchange]
) -> Iterator[tuple[list[Exchange], int]]:
    """Yield the requests that got a login's body which is another's, and how many are no right ones."""
    got_body: dict[tuple[bytes, str], list[Exchange]] = defaultdict(list)
    accounts_of: dict[tuple[bytes, str], set[str]] = defaultdict(set)
    for one in exchanges:
        got_body[_whole(one)].append(one)
        if _is_right_login_let_in(view, one):
            accounts_of[_whole(one)].add(one.request.account)
    with_own = set[str]().union(*(own for own in accounts_of.values() if len(own) == 1))
    # Whoever takes a request for some account's login (an injection, a body that is no JSON) gives the body
    # of a login each time, which is another clause's finding; its token may be the same for a second.
    cases_with_own = {
        case
        for case in {one.case for one in exchanges}
        if any(
            one.answer is not None and _whole(one) not in accounts_of for one in view.of_case(case)
        )
    }
    for body in accounts_of:
        alike = got_body[body]
        login = next(one for one in alike if _is_right_login_let_in(view, one))
        others = [one for one in alike if _is_no_login_of(view, one, login.request.account)]
        after = _after_newer_login(view, exchanges, login)
        copies = [
            one
            for one in others
            if one.request.account != login.request.account
            and (
                one.case in cases_with_own or one.id in after or _is_of_one_of(view, one, with_own)
            )
        ]
        if copies:
            yield others, sum(one.situation != _RIGHT for one in copies)


def _is_of_one_of(view: View, exchange: Exchange, accounts: Collection[str]) -> bool:
    """Tell whether a request is of one of these accounts, and of no other one by its password."""
    # Whoever looks the password up alone lets its owner in, and that is REJ-1's finding.
    request, real = exchange.request, view.target.accounts
    others = (real[name] for name in REAL_ACCOUNTS if name in real and name != request.account)
    return request.account in accounts and request.password not in (one.password for one in others)


def _is_no_login_of(view: View, exchange: Exchange, account: str) -> bool:
    """Tell whether a request is no right login of an account; answers that overlap are SUC-9's."""
    if exchange.request.account == account or exchange.role == "burst":
        return not view.case(exchange).is_plain_right_login
    return True


def _after_newer_login(view: View, exchanges: Sequence[Exchange], login: Exchange) -> set[str]:
    """Return what came after another login of that account had got another body.

    Who gets the body of the first login even then gets a copy of it, whatever made its token.
    """
    newer = itertools.dropwhile(
        lambda one: (
            one is login
            or one.request.account != login.request.account
            or _whole(one) == _whole(login)
            or not _is_right_login_let_in(view, one)
        ),
        itertools.dropwhile(lambda one: one is not login, exchanges),
    )
    return {one.id for one in newer}


def _unreadable(exchanges: Iterable[Exchange]) -> int:
    return sum(read_json(one.request.body).problem is not None for one in exchanges)


def _whole(exchange: Exchange) -> tuple[bytes, str]:
    reading = read(exchange)
    return reading.content, reading.digest


def _is_right_login_let_in(view: View, exchange: Exchange) -> bool:
    return view.case(exchange).is_plain_right_login and is_let_in(view, exchange)
