"""Asks again where a right login was not let in: the server's doing, a lock, or what stands between."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from ...contract.model import Case, Contract
from ...contract.skip_reason import Reason
from ...recording.access import outcome_to_client
from ...recording.answer_origin import (
    is_from_application,
    is_from_between,
    is_gateways_error,
    is_of_a_web_server,
    is_refused,
    kind_of_answer,
    since,
    tail,
)
from ...recording.recording import Recording, Stop
from ...transport.delivery import is_limit
from ...transport.lockout_guard import ADDRESS, AccountGuard
from ...transport.messages import Exchange, Request
from ...transport.rate_limit import asks_for_long
from ..requests.builder import UNKNOWN_EMAIL
from .account_locks import Locks
from .exchange_loop import ExchangeLoop, TargetGone
from .suspect import suspected_case

# Three right logins in a row; of one account two tell of a lock.
_LOGINS, _OF_ONE = 3, 2
# Seconds before each further right login, half a minute in all; a minute before anybody was let in.
_WAITS = (1.0, 4.0, 10.0, 15.0)
_WAITS_AT_FIRST = (1.0, 4.0, 10.0, 20.0, 25.0)
# The same where the target's limit was met: the slowest pace; where all are turned away, a minute in all.
_AT_A_LIMIT, _WAITS_AT_A_LIMIT = 1.0, (10.0, 20.0, 28.0)
_CUT_SHORT = "cut-before-last-brace"

# Sends a right login of an account on a new connection, once, and returns the exchange.
Ask = Callable[[str], Exchange]


@dataclass
class Inquiry:
    """Asks again where a right login was not let in, and draws the conclusion.

    `ask` sends a right login, `ask_on_kept` on the connection that was kept open; `accounts` are
    those of which one is known or expected to be good; `built` makes the request of a case; `again`
    sends the first request of a tail once more and tells whether its answer was the same, None where
    it may not be sent.
    """

    contract: Contract
    exchange_loop: ExchangeLoop
    recording: Recording
    guard: AccountGuard
    ask: Ask
    ask_on_kept: Ask
    accounts: Callable[[], list[str]]
    built: Callable[[Case], Request]
    again: Callable[[Exchange], bool | None] = lambda _first: None
    # By account, how many exchanges had been recorded when it was last let in.
    let_in: dict[str, int] = field(default_factory=dict)
    # The accounts whose right login was refused, with no wrong login since they were let in last.
    refused_before: set[str] = field(default_factory=set)
    # By account, the right login that met a limit when it was asked on what another's limit hangs.
    limited_too: dict[str, Exchange] = field(default_factory=dict)
    _asked_again: set[Request] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.locks = Locks(self.contract, self.recording, self.guard, self.let_in)

    def is_due(self, exchange: Exchange) -> bool:
        """Tell whether the answer to a right login asks for an inquiry."""
        return is_from_between(exchange) or is_refused(exchange, self.contract.codes)

    def go(self, name: str, first: Exchange) -> bool:
        """Ask again; tell whether a right login was let in.

        Raises `TargetGone` where nothing more is to be sent.
        """
        began = tail(self.recording.exchanges)
        waits = self._waits(first, began)
        # "Two right logins in a row of that account, on separate fresh connections, are refused".
        row = [] if first.reused and first.tries < _OF_ONE else [first]
        while len(row) < _OF_ONE:
            row.append(self._asked(name, waits))
            if self._is_let_in(row[-1]):
                return self._back(began)
            if not self.is_due(row[-1]):
                return False
        if is_limit(row[-1].answer):
            return self._at_a_limit(name, row)
        if not all(is_from_between(one) for one in row):
            return self._lock_or_finding(name, row)
        return self._others(name, row, waits, began)

    def comes_again(self, first: Exchange) -> bool:
        """Tell whether a gateway's error is a case's own, where a right login after it was let in."""
        if first.request not in self._asked_again:
            self._back([first])
        return first.id not in self.recording.excused

    def _others(
        self, name: str, row: list[Exchange], waits: list[float], began: Sequence[Exchange]
    ) -> bool:
        """Ask all accounts, and what needs none, where the application may not have been reached."""
        # "Three right logins in a row, each on a fresh connection, every good account tried".
        others = [other for other in self.accounts() if other != name]
        most = max(len(others), _LOGINS - _OF_ONE, len(waits))
        for asked in itertools.islice(itertools.cycle([*others, name]), most):
            row.append(self._asked(asked, waits))
            if self._is_let_in(row[-1]):
                if is_gateways_error(row[0]):
                    return self._back(began)
                return self._lock_or_finding(name, row[:-1], others_fine=True)
            if not is_from_between(row[-1]):
                return self._lock_or_finding(name, row)
        # "And a made-up login and a body cut short, sent then, get the same status without an envelope".
        probes = list(self.probes())
        kinds = {kind_of_answer(one) for one in (row[-1], *probes)}
        if any(is_from_application(one) for one in probes):
            # The logins that looked for it may have met the last errors of a backend that is back now.
            if is_gateways_error(row[0]) and self._is_let_in(self._asked(name, waits)):
                return self._back(began)
        elif probes and len(kinds) == 1:
            self._stop(row[-1], tail(self.recording.exchanges))
        elif probes and self._are_of_one_web_server(row[-1], probes):
            self._stop(row[-1], self.recording.exchanges)
        return self._lock_or_finding(name, row)

    def _at_a_limit(self, name: str, row: list[Exchange]) -> bool:
        """Tell a limit of the target from a lock that looks like one.  Raises `TargetGone`."""
        others = [other for other in self.accounts() if other != name]
        # Who has just met it is not asked again.
        row += [
            self.limited_too.pop(one) if one in self.limited_too else self._asked(one, [])
            for one in others
        ]
        if any(self._is_let_in(one) for one in row):
            return self._lock_or_finding(name, row, others_fine=True)
        probes = list(self.probes())
        if not all(is_limit(one.answer) for one in probes):
            return self._lock_or_finding(name, row)
        is_long = any(asks_for_long(one.answer) for one in (*row, *probes))
        waits = [] if is_long else list(_WAITS_AT_A_LIMIT)
        while waits:
            if self._is_let_in(self._asked(name, waits)):
                return True
        if is_long and self.guard.failed(ADDRESS):
            # Nobody slows down by an hour: so much is a lock of all that comes from here.
            self._lock_all(name)
            raise TargetGone(Reason("locked", name))
        if not self.let_in and all(is_gateways_error(one) for one in row):
            # A limit lets the first in; what nobody is let in by is a proxy whose backend is dead.
            self._stop(row[-1], tail(self.recording.exchanges))
        limited = tail(self.recording.exchanges) or row
        self.recording.stop = Stop(limited[0].id, row[-1].id)
        raise TargetGone(Reason("limited"))

    # ---- what stands between -------------------------------------------------------------------

    def _waits(self, first: Exchange, began: Sequence[Exchange]) -> list[float]:
        # "If the tail begins with 502, 503 or 504 on a case directly after a right login that succeeded:
        # wait up to 30 s for a right login".
        if not is_gateways_error(began[0] if began else first):
            return []
        # Else a gateway may be up before its backend, as where both are started for a nightly run.
        if self.let_in:
            return list(_WAITS)
        has_heard = any(is_from_application(one) for one in self.recording.exchanges)
        return [] if has_heard else list(_WAITS_AT_FIRST)

    def _asked(self, name: str, waits: list[float]) -> Exchange:
        last = self.recording.exchanges[-1]
        status = last.answer.status if last.answer is not None else 0
        pause = waits.pop(0) if waits else _AT_A_LIMIT if status in (429, 503) else 0.0
        if pause:
            time.sleep(pause)
        return self.ask(name)

    def _is_let_in(self, exchange: Exchange) -> bool:
        case = self.contract.cases[exchange.case]
        return outcome_to_client(exchange, case.tags, self.contract.codes) == "issued"

    def _back(self, began: Sequence[Exchange]) -> bool:
        """Settle who was away, and for whose sake, when a right login is let in again."""
        # "If it comes back, send that case once more, and a repeat is ENV-10".
        if not began or not is_gateways_error(began[0]):
            return True
        first = began[0]
        is_case = first.role == "case"
        repeated: bool | None = None
        if is_case and first.request not in self._asked_again:
            self._asked_again.add(first.request)
            repeated = self.again(first)
        elif is_case:
            repeated = True
        for exchange in since(self.recording.exchanges, began[0]):
            if repeated and exchange.request == first.request:
                continue
            # Who was away for a while, as in a deployment, is not blamed.
            if is_from_between(exchange) and (is_case or exchange.role != "case"):
                self.recording.excuse(exchange.id, Reason("unrepeated"))
        return True

    def _are_of_one_web_server(self, shown: Exchange, probes: Sequence[Exchange]) -> bool:
        """Tell whether all that came since the start are pages of one web server that read no login.

        "A made-up login and a body cut short get the same status": a firewall that reads JSON (ModSecurity)
        tells such a body by another one.  Where no answer of the run has an envelope, and each is a page
        that Apache or nginx writes itself, the application was not reached for all that anybody can see.
        """
        every = self.recording.exchanges
        servers = {one.answer.header("Server") for one in every if one.answer is not None}
        is_own = all(map(is_of_a_web_server, every)) and len(servers) == 1
        return is_own and kind_of_answer(probes[0]) == kind_of_answer(shown)

    def _stop(self, shown: Exchange, found: Sequence[Exchange]) -> None:
        """End the run, and set aside what was found to come from before it.  Raises `TargetGone`."""
        suspect = suspected_case(
            self.contract,
            self.recording.exchanges,
            max(self.let_in.values(), default=None),
            found[0],
        )
        about = f"HTTP {shown.answer.status}" if shown.answer is not None else "-"
        for exchange in found:
            self.recording.excuse(exchange.id, Reason("between", about))
        self.recording.stop = Stop(found[0].id, shown.id, suspect)
        if suspect and self.contract.cases[suspect].tagged("hostile"):
            raise TargetGone(Reason("barred", suspect))
        raise TargetGone(Reason("between", about))

    def probes(self) -> Iterator[Exchange]:
        """Send what needs no account: a made-up login and a body cut short."""
        for case_id in (UNKNOWN_EMAIL, _CUT_SHORT):
            case = self.contract.cases.get(case_id)
            if case is not None:
                request = self.built(case)
                yield self.exchange_loop.send(
                    request, case, role="follow-up", fresh=True, most_tries=1
                )

    # ---- locks ---------------------------------------------------------------------------------

    def _lock_or_finding(
        self, name: str, row: Sequence[Exchange], *, others_fine: bool = False
    ) -> bool:
        """Tell a lock from a finding, where the application was reached; return whether one was let in."""
        own = [one for one in row if one.request.account == name]
        if len(own) < _OF_ONE or self.guard.state(name) != "good":
            return False
        # A limit of one email is no finding, whatever came before: it is left alone as if it were locked.
        is_limited_alone = self.exchange_loop.is_limited_alone(own[0].request)
        if name in self.refused_before and not is_limited_alone:
            # It was refused before any wrong login: that has nothing to do with one.
            return False
        if self._is_let_in(self.ask_on_kept(name)):
            return True
        others = [other for other in self.accounts() if other != name]
        if self.guard.failed(name) or is_limited_alone:
            self.locks.lock(name)
            for other in others:
                if not others_fine and self._is_refused(other):
                    self.locks.lock(other)
        elif self.guard.failed(ADDRESS) and not others_fine:
            # No wrong password of its own: one of all of an address, or none.
            if not all(self._is_refused(other) for other in others):
                return False
            self._lock_all(name)
        else:
            return False
        if not self.accounts():
            self.locks.lock_rest(name, self.probes())
        return False

    def _lock_all(self, name: str) -> None:
        for other in (name, *(one for one in self.accounts() if one != name)):
            self.locks.lock(other)

    def _is_refused(self, name: str) -> bool:
        """Tell whether two right logins in a row of another account are refused, too."""
        return all(not self._is_let_in(self._asked(name, [])) for _ in range(_OF_ONE))

    def look_again(self) -> None:
        """Ask whether what was taken for a lock is gone, while so short a time tells that it was none."""
        for name in self.locks.young():
            exchange = self.ask(name)
            if self._is_let_in(exchange):
                self.locks.take_back(name)
            else:
                self.recording.excuse(exchange.id, self.locks.reason(name))
