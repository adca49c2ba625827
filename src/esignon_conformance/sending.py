"""Sends cases to the target in an order that keeps its accounts safe, and records what comes back."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from .account_guard import AccountGuard
from .contract.model import MALFORMED_KIND, Case, Contract
from .derivation import NotApplicable
from .exchange import Request, Role
from .exchanging import FIRST_TRIES, LOOK_ONCE, PAUSE_BEFORE_NEW_TRY, Exchanging, TargetGone
from .reading import Outcome, is_refusal, outcome
from .recording import Reason, Recording, Unsent
from .request_building import MissingAccount, build
from .sequence import ordered, right_requests
from .target import REAL_ACCOUNTS, Target
from .tokens import Tokens
from .transport import Transport

_EVERY = 20
_EVERY_SO_MANY_DRAWS = 10
_MOST_CONFIRMED = 12
_CONFIRMATIONS = 2
_STEP_CASE = "unknown-email"


class Sending:
    """One run's sending: what it knows of the accounts, the connection and the target's patience."""

    def __init__(
        self,
        contract: Contract,
        target: Target,
        transport: Transport,
        recording: Recording,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> None:
        self._contract = contract
        self._target = target
        self._transport = transport
        self._recording = recording
        self._exchanging = Exchanging(transport, recording)
        self._progress = progress
        self._guard = AccountGuard(target.accounts)
        # Cases that are left out since they harm the target, and why.
        self.held_back: Mapping[str, Reason] = {}
        self._login_case = right_requests(contract)
        self._accounts = list(self._login_case)
        self._tokens = Tokens(contract, target, transport, recording)
        self._looked: set[str] = set()
        self._since_login = 0
        self._drawn = 0
        self._login_requests: dict[str, Request] = {}
        # Kinds of refusal (situation, method, outcome) that a right login has followed already.
        self._followed: set[tuple[str, str | None, str]] = set()
        self._rotation: dict[str, int] = {"login": 0, "same": 0, "fresh": 1}

    def send_all(self, case_ids: Iterable[str], confirm: Callable[[], list[str]] = list) -> None:
        """Send cases; what cannot be sent is noted with its reason in the recording.

        `confirm` returns the cases that deviate: each is sent twice more at the end, so that a code
        that comes by chance shows as such (REJ-11).
        """
        wanted = set(case_ids)
        # The contract's order and not that of a set, so that equal seeds send equal requests.
        cases = ordered(case for case in self._contract.cases.values() if case.id in wanted)
        cases = [case for case in cases if not self._is_held_back(case)]
        try:
            self._send_in_order(cases, confirm)
        except TargetGone as gone:
            self._leave_out(cases, gone.reason)
        except KeyboardInterrupt:
            self._leave_out(cases, Reason("interrupted"))
            raise
        finally:
            self._transport.close()

    def _send_in_order(self, cases: list[Case], confirm: Callable[[], list[str]]) -> None:
        logins = [case for case in cases if case.is_plain_right_login and case.account != "blocked"]
        mixed = {name for case in cases for name in case.burst.get("mix", ())}
        used = {case.account for case in (*cases, *(self._contract.cases[name] for name in mixed))}
        self._introduce(sorted(used & set(self._login_case), key=REAL_ACCOUNTS.index))
        for case in logins:
            if case.account not in self._target.accounts:
                self._unsent(case, Reason("no-account", case.account))
        rest = [case for case in cases if case not in logins]
        stepped = self._check_step() if any(case.id == _STEP_CASE for case in rest) else 0
        for done, case in enumerate(rest):
            self._progress(done, len(rest))
            sent = stepped if case.id == _STEP_CASE else 0
            self._send_case(replace(case, repeat=case.repeat - sent))
            self._since_login += 1
            if self._since_login >= _EVERY:
                self._login(self._next_account("login"))
        for name in confirm()[:_MOST_CONFIRMED]:
            self._send_case(replace(self._contract.cases[name], repeat=_CONFIRMATIONS))
        for name in self._accounts * 2:
            self._login(name)
        self._exchanging.look()

    def _is_held_back(self, case: Case) -> bool:
        """Tell whether a case, or one that its burst sends, is not to be sent, and note why."""
        parts = (case.id, *case.burst.get("mix", ()))
        held = next((self.held_back[name] for name in parts if name in self.held_back), None)
        if held is not None:
            self._unsent(case, held)
        return held is not None

    def _leave_out(self, cases: list[Case], reason: Reason) -> None:
        for case in cases:
            if not any(self._recording.of_case(case.id)) and not case.burst:
                self._unsent(case, reason)

    # ---- right logins --------------------------------------------------------------------------

    def _introduce(self, names: list[str]) -> None:
        """Send the first right logins of each account, before anything that could count against it."""
        first = True
        for name in names:
            if name not in self._target.accounts:
                continue
            for _ in range(self._contract.cases[self._login_case[name]].repeat):
                # The first of each account comes on a connection of its own: a server that serves
                # only the first request of a connection is SUC-8's finding, not that account's.
                fresh = self._guard.state(name) == "unknown"
                result = self._right_login(name, retry=first, fresh=fresh)
                first = False
                if is_refusal(result) and self._guard.state(name) == "unknown":
                    if result != "10" and self._next_account("login") is not None:
                        # Other accounts get in, and it is no matter of credentials: once more.
                        continue
                    self._guard.set_state(name, "refused")
                    break
                if result == "issued":
                    self._guard.set_state(name, "good")

    def _check_step(self) -> int:
        """Look whether answers on a kept connection keep step; return how often the case was sent.

        Where a right login after a refusal fails on the same connection and succeeds on a new one,
        SUC-8 has its finding.  The rest is then sent on new connections, so that one fault does not
        show as many.
        """
        name = self._next_account("same")
        if name is None or not self._transport.is_kept():
            return 0
        case = self._contract.cases[_STEP_CASE]
        request = self._built(case)
        refusal = self._exchanging.send(request, case)
        if not self._transport.is_kept() or self._login(name, role="follow-up", after=case.id):
            return 1
        if self._right_login(name, fresh=True) == "issued":
            self._transport.never_reuse()
            if outcome(refusal, case.tags, self._contract.codes) == "issued":
                self._recording.excuse(refusal.id)
                return 0
        return 1

    def _login(
        self, name: str | None, *, role: Role = "login", after: str = "", fresh: bool = False
    ) -> bool:
        """Send a right login of a good account; tell whether it was let in."""
        self._since_login = 0
        if name is None or name not in self._target.accounts or self._guard.state(name) != "good":
            return False
        wrong_before = self._guard.in_a_row(name)
        result = self._right_login(name, role=role, after=after, fresh=fresh)
        if result == "10" and wrong_before:
            first = self._recording.exchanges[-1]
            result = self._right_login(name)
            if result == "10":
                # The account is probably locked: that is this run's doing, and no finding.
                self._guard.set_state(name, "locked")
                for exchange in (first, self._recording.exchanges[-1]):
                    self._recording.excuse(exchange.id)
        return result == "issued"

    def _right_login(
        self,
        name: str,
        *,
        role: Role = "login",
        after: str = "",
        fresh: bool = False,
        retry: bool = False,
    ) -> Outcome:
        case = self._contract.cases[self._login_case[name]]
        if name not in self._login_requests:
            self._login_requests[name] = self._built(case)
        request = self._login_requests[name]
        tries = FIRST_TRIES if retry else 1
        for attempt in range(1, tries + 1):
            exchange = self._exchanging.send(request, case, role=role, after=after, fresh=fresh)
            if exchange.answer is not None or not retry:
                break
            if attempt == tries:
                raise TargetGone(Reason("no-answer", exchange.fault.kind if exchange.fault else ""))
            time.sleep(PAUSE_BEFORE_NEW_TRY)
        result = outcome(exchange, case.tags, self._contract.codes)
        self._guard.note([name], result == "issued")
        return result

    def _next_account(self, purpose: str) -> str | None:
        good = [
            name
            for name in self._accounts
            if name in self._target.accounts and self._guard.state(name) == "good"
        ]
        if not good:
            return None
        self._rotation[purpose] += 1
        return good[self._rotation[purpose] % len(good)]

    # ---- cases ---------------------------------------------------------------------------------

    def _built(self, case: Case) -> Request:
        token = self._tokens.of(case.account) if case.needs == "token" else ""
        register = self._recording.scrubber.register
        return build(case, self._contract, self._target, register, token)

    def _unsent(self, case: Case, reason: Reason) -> None:
        self._recording.unsent.setdefault(case.id, reason)

    def _send_case(self, case: Case) -> None:
        try:
            if case.burst:
                self._send_burst(case)
                return
            request = self._built(case)
        except NotApplicable as error:
            self._unsent(case, Reason("not-applicable", str(error)))
            return
        except MissingAccount as error:
            self._unsent(case, Reason("no-account", error.name))
            return
        if case.tagged("credentials-in-url") and not self._target.is_loopback:
            self._unsent(case, Reason("not-applicable", "credentials in a URL only on loopback"))
            return
        for turn in range(case.repeat):
            if self._exchanging.hangs(case):
                self._unsent(case, Reason("hangs", case.situation))
                return
            names = self._guard.named(request)
            reason = self._refusal_to_send(names)
            if reason is not None:
                self._unsent(case, reason)
                return
            # The second time on a new connection: what a request gets cannot hang on that.
            exchange = self._exchanging.send(request, case, fresh=turn == 1)
            result = outcome(exchange, case.tags, self._contract.codes)
            self._guard.note(names, result == "issued")
            kind = (case.situation, case.method, result)
            first_of_kind = kind not in self._followed and result != "issued"
            malformed = case.situation in MALFORMED_KIND and is_refusal(result)
            if (turn == 0 and malformed and self._is_turn_of(case)) or first_of_kind:
                self._followed.add(kind)
                self._follow_up(case)

    def _is_turn_of(self, case: Case) -> bool:
        """Tell whether right logins follow a case: each that stands in a file, and every tenth draw."""
        self._drawn += case.is_drawn
        return not case.is_drawn or self._drawn % _EVERY_SO_MANY_DRAWS == 0

    def _refusal_to_send(self, names: list[str]) -> Reason | None:
        """Return why a request that names these accounts must not be sent, after making room for it."""
        for name in names:
            state = self._guard.state(name)
            if state == "refused":
                return Reason("first-login-refused", name)
            if state == "locked":
                return Reason("locked", name)
            if self._guard.is_exhausted(name) and not (
                name in self._login_case and self._login(name)
            ):
                word = "locked" if self._guard.state(name) == "locked" else "no-right-login"
                return Reason(word, name)  # type: ignore[arg-type]  # both are words of Unsent
        return None

    def _follow_up(self, case: Case) -> None:
        """Send a right login after a refusal: on the same connection where kept, and on a new one."""
        if case.situation in MALFORMED_KIND and case.situation not in self._looked:
            self._looked.add(case.situation)
            self._exchanging.look(LOOK_ONCE)
        if self._transport.is_kept():
            self._login(self._next_account("same"), role="follow-up", after=case.id)
        self._login(self._next_account("fresh"), role="follow-up", after=case.id, fresh=True)

    def _send_burst(self, case: Case) -> None:
        mix = [self._contract.cases[name] for name in case.burst["mix"]]
        requests: list[tuple[Request, Case]] = []
        for part in mix:
            if self._exchanging.hangs(part):
                self._unsent(case, Reason("hangs", part.situation))
                return
            request = self._built(part)
            if part.is_plain_right_login and self._guard.state(part.account) != "good":
                state = self._guard.state(part.account)
                words: dict[str, Unsent] = {"locked": "locked", "refused": "first-login-refused"}
                self._unsent(case, Reason(words.get(state, "no-right-login"), part.account))
                return
            requests.append((request, part))
        for _ in range(case.burst["rounds"]):
            chosen = list(itertools.islice(itertools.cycle(requests), case.burst["size"]))
            try:
                if not self._exchanging.burst(chosen):
                    self._unsent(case, Reason("limited"))
                    return
            except OSError:
                # A target that takes fewer connections at once gives no overlap to judge.
                self._unsent(case, Reason("no-overlap"))
                return
