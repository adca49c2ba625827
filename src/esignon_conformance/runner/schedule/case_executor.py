"""Sends one case: made, guarded, as often as it says, with what has to follow it."""

from __future__ import annotations

from ...contract.model import MALFORMED_KIND, Case, Contract
from ...contract.skip_reason import COULD_NOT, Reason
from ...recording.access import outcome_to_client
from ...recording.answer_origin import is_from_between, is_gateways_error
from ...recording.recording import Recording
from ...recording.response import Outcome
from ...target.target import Target
from ...transport.delivery import BUSY, GATEWAY_TRIES, is_limit
from ...transport.lockout_guard import AccountGuard
from ...transport.messages import Exchange, Request
from ..requests.builder import MissingAccount
from ..requests.other_characters import NotApplicable
from ..requests.sent_where import case_before
from .carrier import Carrier
from .concurrency import places_of, requests_of, send_rounds
from .exchange_loop import ExchangeLoop
from .follow_ups import FollowUps
from .login_probe import LoginProbe
from .request_cache import RequestCache


class CaseExecutor:
    """What sends a case, and keeps the target's accounts safe at it."""

    def __init__(
        self,
        contract: Contract,
        target: Target,
        transport: Carrier,
        recording: Recording,
        *,
        is_sparing: bool = False,
        built: dict[str, Request] | None = None,
    ) -> None:
        self._contract = contract
        self._target = target
        self._transport = transport
        self._recording = recording
        self.exchange_loop = ExchangeLoop(transport, recording)
        self.exchange_loop.is_elsewhere = not target.is_loopback
        self.guard = AccountGuard(target.accounts, target.limits, transport.tally)
        self.request_cache = RequestCache(contract, target, transport, recording, built)
        self.login_probe = LoginProbe(
            contract,
            target,
            self.exchange_loop,
            recording,
            self.guard,
            built=self.request_cache.request,
        )
        self.login_probe.inquiry.again = self._again
        transport.own_limits.let_in = self.login_probe.others_are_let_in
        transport.own_limits.own_is_let_in = self.login_probe.named_are_answered
        transport.own_limits.is_waited_for = lambda request: bool(self.guard.named(request))
        transport.own_limits.is_wrong = lambda request: bool(self.guard.wrong_in([request]))
        self._follow_ups = FollowUps(
            *(transport, self.exchange_loop, recording, self.request_cache, self.login_probe),
            is_sparing=is_sparing,
        )
        # Cases of bursts that have been sent: their exchanges are recorded under the mixed cases.
        self.bursts: set[str] = set()

    def send(self, case: Case) -> None:
        """Send a case as often as it says; what cannot be sent is noted with its reason.

        Raises `TargetGone` when nothing more is to be sent.
        """
        lacking = self._recording.unsent.get(case_before(case) or "")
        if lacking is not None:
            # What it hangs on was not sent, and so came to nothing else.
            self.leave_out(case, lacking)
            return
        try:
            if case.burst:
                self._send_burst(case)
                return
            request = self.request_cache.request(case)
        except (NotApplicable, MissingAccount) as error:
            self.leave_out(case, _why_not_made(error))
            return
        if request.is_chunked and self._answers_in_1_0():
            self.leave_out(case, Reason("not-applicable", "no-chunks"))
            return
        names = self.guard.named(request)
        wrong = self.guard.wrong(request, names)
        for turn in range(case.repeat):
            if self.exchange_loop.hangs(case):
                self.leave_out(case, Reason("hangs", case.situation))
                return
            reason = self._refusal_to_send(names, wrong)
            if reason is not None:
                if reason.word in COULD_NOT or not any(self._recording.of_case(case.id)):
                    self.leave_out(case, reason)
                return
            if case.follows is not None and not self._send_before(case):
                return
            # The second time on a new connection: what a request gets cannot hang on that.
            fresh = turn == 1 and case.follows is None
            exchange, result = self._exchange(request, case, names, wrong, fresh=fresh)
            self.look_after(case, exchange)
            self._follow_ups.after(case, turn, result)

    def _send_before(self, case: Case) -> bool:
        """Send what a case follows, with nothing between; tell whether it went out."""
        before = self._contract.cases[case.follows or ""]
        reason = self._recording.unsent.get(before.id)
        if reason is None and self.exchange_loop.hangs(before):
            reason = Reason("hangs", before.situation)
        if reason is not None:
            self.leave_out(case, reason)
            return False
        exchange = self.exchange_loop.send(self.request_cache.request(before), before)
        self.look_after(before, exchange)
        return True

    def _exchange(
        self, request: Request, case: Case, names: list[str], wrong: list[str], *, fresh: bool
    ) -> tuple[Exchange, Outcome]:
        """Send a request, and again where the guard cut short what a gateway's error may have hidden.

        A wrong password of an account is never sent again, whatever came back.
        """
        for again in reversed(range(GATEWAY_TRIES)):
            # A gateway's 502 may hide that the application has seen the request.
            room = min((self.guard.room(name) for name in names), default=99)
            # Counted before it leaves: what ends the run meanwhile takes nothing back.
            self.guard.note(names, issued=False, wrong=wrong)
            most = 1 if wrong else room
            exchange = self.exchange_loop.send(request, case, fresh=fresh, most_tries=most)
            result = outcome_to_client(exchange, case.tags, self._contract.codes)
            self.guard.note(names, result == "issued", wrong, exchange.tries - 1)
            # ENV-10: "502 and 504 without an envelope are sent twice more, each on a fresh connection".
            # What came before all tries were made is no finding.
            if result != "issued" and case.situation not in MALFORMED_KIND | {"right"}:
                self.guard.note_failed(wrong)
            if not exchange.cut_short:
                break
            if wrong:
                self.exchange_loop.note_unrepeated(exchange)
                break
            if not again:
                break
            self._recording.excuse(exchange.id)
            if self._refusal_to_send(names, wrong) is not None:
                self.exchange_loop.note_unrepeated(exchange)
                break
            fresh = True
        return exchange, result

    def _answers_in_1_0(self) -> bool:
        """Tell whether the target's last answer was HTTP/1.0, which knows no chunks (RFC 9112 §6.1)."""
        answers = (one.answer for one in reversed(self._recording.exchanges) if one.answer)
        last = next(answers, None)
        return last is not None and last.version == "HTTP/1.0"

    def look_after(self, case: Case, exchange: Exchange) -> None:
        """See by a right login, where the answer asks for it, whether the application is still there.

        An error of a gateway that a case brings on is told from one that is gone when it is sent again.
        """
        if not (self._calls_for_a_look(case, exchange) and self.login_probe.look()):
            return
        if not is_gateways_error(exchange) or exchange.cut_short or is_limit(exchange.answer):
            return
        comes_again = self.login_probe.inquiry.comes_again(exchange)
        if exchange.answer is not None and exchange.answer.status == BUSY:
            self._transport.note_busy(by_itself=comes_again)

    def _calls_for_a_look(self, case: Case, exchange: Exchange) -> bool:
        """Tell whether a right login has to show whether the application is still there."""
        method = self._contract.operation.method
        if self.login_probe.signs.call_for_a_look(case, exchange, method):
            return True
        if self.login_probe.cut_off.is_due():
            return True
        # Where a firewall may stand, it may bar the suite for this.
        away = case.tagged("hostile") and is_from_between(exchange)
        return away and not self._target.is_loopback

    def _again(self, first: Exchange) -> bool | None:
        """Send a request once more; tell whether a gateway's error came again, None if it must not go."""
        case, names = self._contract.cases[first.case], self.guard.named(first.request)
        if self.guard.wrong(first.request, names) or case.burst:
            return None
        if self._refusal_to_send(names, []) is not None:
            return None
        exchange = self.exchange_loop.send(first.request, case, fresh=True, most_tries=1)
        result = outcome_to_client(exchange, case.tags, self._contract.codes)
        self.guard.note(names, result == "issued", times=exchange.tries)
        return is_gateways_error(exchange)

    def _refusal_to_send(self, names: list[str], wrong: list[str]) -> Reason | None:
        """Return why a request that names these accounts must not be sent, after making room for it."""
        for name in names:
            state = self.guard.state(name)
            if name in wrong and self.guard.has_spent(name):
                return Reason("wrong-passwords", name)
            if state == "refused":
                return Reason("first-login-refused", name)
            if state == "locked":
                return self.login_probe.inquiry.locks.reason(name)
            if self.guard.is_exhausted(name) and name in self.login_probe.cases:
                self.login_probe.login(name)
            # Not what the login says: that the application was there may be another account's word.
            if self.guard.is_exhausted(name):
                if self.guard.state(name) == "locked":
                    return self.login_probe.inquiry.locks.reason(name)
                return Reason("no-right-login", name)
        return None

    def _send_burst(self, case: Case) -> None:
        parts = places_of(case, self._contract)
        requests = requests_of(parts, self.exchange_loop, self.guard, self.request_cache.request)
        if isinstance(requests, Reason):
            self.leave_out(case, requests)
            return
        sent, reason = send_rounds(
            case, requests, self.exchange_loop, self.guard, self.login_probe.login
        )
        if sent:
            self.bursts.add(case.id)
        if reason is not None:
            self.leave_out(case, reason)

    def leave_out(self, case: Case, reason: Reason) -> None:
        """Note why a case is not sent; the first reason stays."""
        self._recording.unsent.setdefault(case.id, reason)


def _why_not_made(error: NotApplicable | MissingAccount) -> Reason:
    if isinstance(error, MissingAccount):
        return Reason("no-account", error.name)
    return Reason("not-applicable", error.why)
