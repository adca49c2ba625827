"""Checks that no answer is that of another request, as from a cache or from a mock with one example."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..contract.model import Clause
from ..i18n.message import say
from ..recording.response import read
from ..transport.json_reader import read_json
from ..transport.messages import Exchange
from .deviation import Deviation
from .outcomes import is_let_in
from .view import Judged, View, document

# By fewer nobody can tell a server that answers all alike from one that was asked the same.
_LATER_REQUESTS = 5
_UNREADABLE_REQUESTS = 2
# What a login may get anew each time (SUC-15); of a mock with one example that is all that ever changes.
_MAY_BE_NEW = ("access_token", "device_id", "expire_date")


def tells_a_cache(later: int, unreadable: int) -> bool:
    """Tell whether enough was asked on a path to tell a cache from a server that was asked the same.

    `later` counts the requests after the first right login that was let in, `unreadable` those among them
    whose body no parser reads.
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
    # included, is the answer to requests of other accounts that no parser reads, which get answers of their
    # own when they are sent again.  So it is where answers stick to a connection.
    told: set[str] = set()
    unreadable = 0
    for shared, unread in _shared_bodies(view, exchanges):
        told.update(one.id for one in shared)
        unreadable += unread
    # Fewer prove no cache, and are no ground for a tick.
    if unreadable and not tells_a_cache(len(told), unreadable):
        return
    if not unreadable:
        told.clear()
    got = say("the-body-of-a-login", unreadable=unreadable)
    deviation = Deviation(say("its-own-answer"), got, group="shared")
    yield from ((one, deviation if one.id in told else None) for one in exchanges)


def _shared_bodies(
    view: View, exchanges: Sequence[Exchange]
) -> Iterator[tuple[list[Exchange], int]]:
    """Yield the requests that got the body of a login which was another's, and how many are unreadable."""
    got_body: dict[tuple[bytes, str], list[Exchange]] = defaultdict(list)
    for one in exchanges:
        got_body[_whole(one)].append(one)
    of_logins = {_whole(one) for one in exchanges if _is_right_login_let_in(view, one)}
    # Whoever takes an unreadable body for some account's login gives the body of a login each time; that is
    # REJ-7's finding, and so are tokens which are the same for a second.
    own = {
        case
        for case in {one.case for one in exchanges}
        if any(
            one.answer is not None and _whole(one) not in of_logins for one in view.of_case(case)
        )
    }
    for body in of_logins:
        alike = got_body[body]
        login = next(one for one in alike if _is_right_login_let_in(view, one))
        others = [one for one in alike if not view.case(one).is_plain_right_login]
        foreign = [one for one in others if one.request.account != login.request.account]
        after = _after_newer_login(view, exchanges, login)
        if any(one.case in own or one.id in after for one in foreign):
            yield others, _unreadable(foreign)


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
