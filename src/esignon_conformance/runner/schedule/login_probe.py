"""The right logins of a run: before, between and after what could count against an account."""

from __future__ import annotations

import time
from collections.abc import Callable

from ...contract.model import Case, Contract
from ...contract.skip_reason import Reason
from ...recording.access import outcome_to_client
from ...recording.answer_origin import Signs, is_from_application, is_from_between
from ...recording.recording import Recording
from ...recording.response import Outcome, is_refusal
from ...target.target import Target
from ...transport.lockout_guard import ADDRESS, AccountGuard
from ...transport.messages import Exchange, Fault, Request, Role
from ..requests.builder import UNKNOWN_EMAIL
from .cut_off import CutOff, waits
from .exchange_loop import FIRST_TRIES, PAUSE_BEFORE_NEW_TRY, ExchangeLoop, TargetGone
from .inquiry import Inquiry
from .order import right_requests

# So often an account's right login is sent before it counts as refused; once less where the code says
# that the credentials are wrong, since each may count against the account.
_MOST_REFUSED = 3
# So often in a row others are let in where a limit is none of pace.
_IN_A_ROW = 2


class LoginProbe:
    """Sends right logins and knows by them how each account stands."""

    def __init__(
        self,
        contract: Contract,
        target: Target,
        exchange_loop: ExchangeLoop,
        recording: Recording,
        guard: AccountGuard,
        *,
        built: Callable[[Case], Request],
    ) -> None:
        self._contract = contract
        self._target = target
        self._exchange_loop = exchange_loop
        self._recording = recording
        self.guard = guard
        self._built = built
        # The case by which each account is known to be good.
        self.cases = right_requests(contract)
        # How many cases have been sent since the last one.
        self.since = 0
        # The last one, and what answers in a row were not the application's.
        self.last: Exchange | None = None
        self.signs = Signs()
        self.inquiry = Inquiry(
            *(contract, exchange_loop, recording, guard),
            ask=self._asked,
            ask_on_kept=lambda name: self._asked(name, fresh=False),
            accounts=self._candidates,
            built=built,
        )
        self.cut_off = CutOff(
            *(contract, exchange_loop, recording),
            ask=self._asked,
            accounts=self._candidates,
            probes=self.inquiry.probes,
            let_in=self.inquiry.let_in,
            waits=waits(is_loopback=target.is_loopback),
        )
        self._requests: dict[str, Request] = {}
        self._rotation: dict[str, int] = {"login": 0, "same": 0, "fresh": 1}

    def introduce(self, names: list[str]) -> None:
        """Send the first right logins of each account, before anything that could count against it."""
        known = [name for name in names if name in self._target.accounts]
        for name in known:
            self._introduce(name, retry=name == known[0])

    def _introduce(self, name: str, *, retry: bool) -> None:
        # The first of each account comes on a connection of its own, and only that: a server that
        # serves the first request of a connection otherwise than those after it is SUC-8's finding, not
        # that account's.  One that is refused is sent once more on another, since behind a round robin
        # one of two servers may lag behind, and then on the same, where the code is no matter of
        # credentials.
        turns, refused = self._contract.cases[self.cases[name]].repeat, 0
        for turn in range(max(turns, _MOST_REFUSED)):
            if turn >= turns and not (refused and self.guard.state(name) == "unknown"):
                return
            fresh = turn == 0 or refused == 1
            result = self.right_login(name, retry=retry and turn == 0, fresh=fresh)
            is_away = self.last is not None and is_from_between(self.last)
            if is_away and self.inquire(name):
                result = "issued"
            if result == "issued":
                self.guard.set_state(name, "good")
            elif is_refusal(result) and self.guard.state(name) == "unknown":
                refused += 1
                most = _MOST_REFUSED - 1 if result == "10" else _MOST_REFUSED
                if refused == most or not self.guard.room(name):
                    self.guard.set_state(name, "refused")
                    return

    def login(
        self,
        name: str | None,
        *,
        role: Role = "login",
        after: str = "",
        fresh: bool = False,
        most_tries: int = 99,
    ) -> bool:
        """Send a right login of a good account; tell whether it was let in, if need be asked again."""
        self.since = 0
        if name is None or name not in self._target.accounts or self.guard.state(name) != "good":
            return False
        result = self.right_login(name, role=role, after=after, fresh=fresh, most_tries=most_tries)
        return result == "issued" or self.inquire(name)

    def look(self) -> bool:
        """See by a right login whether the application is still there."""
        return self.login(self.next_account("login"), fresh=True, most_tries=1)

    def inquire(self, name: str) -> bool:
        """Tell whether a right login that was not let in is let in when asked again.

        Raises `TargetGone` where nothing more is to be sent.
        """
        if self.last is not None and self.cut_off.is_due():
            return self.cut_off.go()
        is_due = self.last is not None and self.inquiry.is_due(self.last)
        return is_due and self.last is not None and self.inquiry.go(name, self.last)

    def _asked(self, name: str, *, fresh: bool = True) -> Exchange:
        self.right_login(name, fresh=fresh, most_tries=1)
        assert self.last is not None  # noqa: S101 - it has just been sent
        return self.last

    def _candidates(self) -> list[str]:
        """Return the accounts that are good or, before any is known to be, may be."""
        here = [name for name in self.cases if name in self._target.accounts]
        good = [name for name in here if self.guard.state(name) == "good"]
        return good or [name for name in here if self.guard.state(name) == "unknown"]

    def others_are_let_in(self, request: Request) -> bool:
        """Tell whether others than the one whom a request names are answered at once, twice in a row.

        That is another account's right login or, where there is no other, a made-up login that is read.
        """
        named = self.guard.named(request)
        held = [
            name
            for name, own in self._requests.items()
            if self._exchange_loop.is_limited_alone(own)
        ]
        others = [name for name in self._candidates() if name not in (*named, *held)]
        for _ in range(_IN_A_ROW if others else 0):
            if self.right_login(others[0], fresh=True, most_tries=1) != "issued":
                if self.last is not None and self.last.gave_up:
                    self.inquiry.limited_too[others[0]] = self.last
                return False
        if others:
            return True
        case = self._contract.cases.get(UNKNOWN_EMAIL)
        if not named or case is None:
            return False
        probe = self._built(case)
        return not self._exchange_loop.is_limited_alone(probe) and all(
            is_from_application(one) and not one.gave_up
            for one in (
                self._exchange_loop.send(probe, case, role="follow-up", fresh=True, most_tries=1)
                for _ in range(_IN_A_ROW)
            )
        )

    def named_are_answered(self, request: Request) -> bool:
        """Tell whether those whom a request names are answered now, by right or plain made-up logins."""
        names = [name for name in self.guard.named(request) if name in self.cases]
        if names:
            logins = (self.right_login(one, fresh=True, most_tries=1) for one in names)
            return all(one == "issued" for one in logins)
        case = self._contract.cases.get(UNKNOWN_EMAIL)
        probe = self._built(case) if case is not None else None
        if case is None or probe is None or probe.memb_email != request.memb_email:
            return False
        plain = self._exchange_loop.send(probe, case, role="follow-up", fresh=True, most_tries=1)
        return is_from_application(plain) and not plain.gave_up

    def right_login(
        self,
        name: str,
        *,
        role: Role = "login",
        after: str = "",
        fresh: bool = False,
        retry: bool = False,
        most_tries: int = 99,
    ) -> Outcome:
        """Send a right login, whatever the account's standing, and return what it comes to."""
        case = self._contract.cases[self.cases[name]]
        if name not in self._requests:
            self._requests[name] = self._built(case)
        request = self._requests[name]
        tries = FIRST_TRIES if retry else 1
        for attempt in range(1, tries + 1):
            exchange = self._exchange_loop.send(
                request, case, role=role, after=after, fresh=fresh, most_tries=most_tries
            )
            if exchange.answer is not None or not retry:
                break
            if attempt == tries:
                raise TargetGone(Reason("no-answer", _told(exchange.fault)))
            time.sleep(PAUSE_BEFORE_NEW_TRY)
        self.last = exchange
        result = outcome_to_client(exchange, case.tags, self._contract.codes)
        self.guard.note([name], result == "issued", times=exchange.tries)
        if result == "issued":
            self.inquiry.let_in[name] = len(self._recording.exchanges)
            self.inquiry.refused_before.discard(name)
            self.inquiry.limited_too.pop(name, None)
            self.signs.clear()
        elif not self.guard.failed(name) and not self.guard.failed(ADDRESS):
            self.inquiry.refused_before.add(name)
        return result

    def next_account(self, purpose: str) -> str | None:
        """Return the good account whose turn it is; each purpose takes turns of its own."""
        good = [
            name
            for name in self.cases
            if name in self._target.accounts and self.guard.state(name) == "good"
        ]
        if not good:
            return None
        self._rotation[purpose] += 1
        return good[self._rotation[purpose] % len(good)]


def _told(fault: Fault | None) -> str:
    """Return a fault in a few words: what came in the place of an answer is shown elsewhere."""
    if fault is None:
        return ""
    return fault.kind if fault.kind == "not-http" else f"{fault.kind}: {fault.detail}"
