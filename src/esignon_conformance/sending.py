"""Sends cases to the target in an order that keeps its accounts safe, and records what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from .account_guard import AccountGuard
from .bursts import requests_of, round_of, send_rounds, size_of
from .choosing import within_wrong_passwords, without
from .contract.model import MALFORMED_KIND, Case, Contract
from .delivery import BUSY, GATEWAY_TRIES
from .derivation import NotApplicable
from .draw_room import DrawRoom, Needs
from .exchange import Exchange, Request
from .exchanging import LOOK_ONCE, Carrier, Exchanging, TargetGone
from .host_guard import never_sent
from .logins import Logins
from .making import Making
from .reading import Outcome, is_refusal, outcome
from .recording import COULD_NOT, Reason, Recording, Unsent
from .request_building import MissingAccount, build
from .sequence import ordered
from .standing import is_from_between, is_gateways_error
from .target import REAL_ACCOUNTS, Target

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
        transport: Carrier,
        recording: Recording,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
    ) -> None:
        self._contract = contract
        self._target = target
        self._transport = transport
        self._recording = recording
        self._exchanging = Exchanging(transport, recording)
        self._progress = progress
        self._guard = AccountGuard(target.accounts, target.limits, transport.tally)
        self._making = Making(contract, target, transport, recording)
        self._logins = Logins(
            contract, target, self._exchanging, recording, self._guard, built=self._making.request
        )
        self._logins.inquiry.again = self._again
        # Cases that are left out since they harm the target, and why.
        self.held_back: Mapping[str, Reason] = {}
        self._looked: set[str] = set()
        # Cases of bursts that have been sent: their exchanges are recorded under the mixed cases.
        self._bursts: set[str] = set()
        # What has to be left of the run's limits when all of it has been sent.
        self.kept = Needs()
        self._drawn = 0
        # Kinds of refusal (situation, method, outcome) that a right login has followed already.
        self._followed: set[tuple[str, str | None, str]] = set()
        # Situations in which a right login on a new connection has followed a refusal directly.
        self._followed_at_once: set[str] = set()

    def send_all(self, case_ids: Iterable[str], confirm: Callable[[], list[str]] = list) -> None:
        """Send cases; what cannot be sent is noted with its reason in the recording.

        `confirm` returns the cases that deviate: each is sent twice more at the end, so that a code
        that comes by chance shows as such (REJ-11).
        """
        wanted = set(case_ids)
        # The contract's order and not that of a set, so that equal seeds send equal requests.
        chosen = [case for case in self._contract.cases.values() if case.id in wanted]
        chosen = [case for case in chosen if not self._is_held_back(case)]
        cases = ordered(self._within_limits(chosen), hostile_last=not self._target.is_loopback)
        try:
            self._send_in_order(cases, confirm)
        except TargetGone as gone:
            self._end(cases, gone.reason)
        except KeyboardInterrupt:
            self._leave_out(cases, Reason("interrupted"))
            raise
        finally:
            self._recording.settle()
            self._transport.close()

    def _end(self, cases: list[Case], reason: Reason) -> None:
        """Note why nothing more is sent; where only draws are left, the run's own limits end nothing."""
        if reason.word in ("request-limit", "time-up") and all(case.is_drawn for case in cases):
            word: Unsent = "time-limit" if reason.word == "time-up" else "request-limit"
            self._leave_out(cases, Reason(word))
            return
        self._recording.ended = reason
        self._leave_out(cases, reason)

    def _within_limits(self, cases: list[Case]) -> list[Case]:
        """Return what may be sent to this target within its limits, and note why the rest is not."""
        kept, refused = without(cases, lambda case: never_sent(self._target, case))
        kept, lost = within_wrong_passwords(
            self._contract, kept, self._target.limits, self._wrong_for
        )
        for name, reason in (refused | lost).items():
            self._unsent(self._contract.cases[name], reason)
        return kept

    def _wrong_for(self, case: Case) -> list[str]:
        names = case.burst.get("mix", (case.id,))
        try:
            # Whose password it holds does not hang on a token, which would cost a login.
            register = self._recording.scrubber.register
            parts = [self._contract.cases[name] for name in names]
            requests = [build(one, self._contract, self._target, register) for one in parts]
        except (NotApplicable, MissingAccount):
            return []
        if case.burst:
            size = size_of(case, self._target.limits)
            requests = round_of(requests, size) * case.burst["rounds"]
        return list(self._guard.wrong_in(requests).elements())

    def _send_in_order(self, cases: list[Case], confirm: Callable[[], list[str]]) -> None:
        logins = [case for case in cases if case.is_plain_right_login and case.account != "blocked"]
        mixed = {name for case in cases for name in case.burst.get("mix", ())}
        used = {case.account for case in (*cases, *(self._contract.cases[name] for name in mixed))}
        self.introduce(used & set(self._logins.cases))
        for case in logins:
            if case.account not in self._target.accounts:
                self._unsent(case, Reason("no-account", case.account))
        rest = [case for case in cases if case not in logins]
        self._making.expect(rest)
        stepped = self._check_step() if any(case.id == _STEP_CASE for case in rest) else 0
        room = DrawRoom(self._transport.budget, rest, self._kept_after(rest))
        for done, case in enumerate(rest):
            self._progress(done, len(rest))
            lacking = room.lacks(done) if case.is_drawn else None
            if lacking is not None:
                self._unsent(case, lacking)
                continue
            sent = stepped if case.id == _STEP_CASE else 0
            if case.tagged("after-login"):
                self._logins.login(case.account)
            self.send_case(replace(case, repeat=case.repeat - sent))
            room.note(case)
            self._logins.since += 1
            if self._logins.since >= _EVERY:
                self._logins.login(self._logins.next_account("login"))
                self._logins.inquiry.look_again()
        for name in confirm()[:_MOST_CONFIRMED]:
            self.send_case(replace(self._contract.cases[name], repeat=_CONFIRMATIONS))
        for name in list(self._logins.cases) * 2:
            self._logins.login(name)
        self._logins.inquiry.look_again()
        self._exchanging.look()

    def _kept_after(self, cases: list[Case]) -> Needs:
        """Return what draws have to leave for what follows all cases, and for `kept`."""
        logins = 2 * len(self._logins.cases)
        again = 2 * _MOST_CONFIRMED * _CONFIRMATIONS
        requests = logins if all(case.is_drawn for case in cases) else logins + again
        return replace(self.kept, requests=self.kept.requests + requests)

    def _is_held_back(self, case: Case) -> bool:
        """Tell whether a case, or one that its burst sends, is not to be sent, and note why."""
        parts = (case.id, *case.burst.get("mix", ()))
        held = next((self.held_back[name] for name in parts if name in self.held_back), None)
        if held is not None:
            self._unsent(case, held)
        return held is not None

    def _leave_out(self, cases: list[Case], reason: Reason) -> None:
        for case in cases:
            if not any(self._recording.of_case(case.id)) and case.id not in self._bursts:
                self._unsent(case, reason)

    def _check_step(self) -> int:
        """Look whether answers on a kept connection keep step; return how often the case was sent.

        Where a right login after a refusal fails on the same connection and succeeds on a new one,
        SUC-8 has its finding.  The rest is then sent on new connections, so that one fault does not
        show as many.
        """
        name = self._logins.next_account("same")
        if name is None or not self._transport.is_kept():
            return 0
        case = self._contract.cases[_STEP_CASE]
        request = self._making.request(case)
        refusal = self._exchanging.send(request, case)
        if not self._transport.is_kept():
            return 1
        if self._logins.right_login(name, role="follow-up", after=case.id) == "issued":
            return 1
        if self._logins.right_login(name, fresh=True) == "issued":
            self._transport.never_reuse()
            if outcome(refusal, case.tags, self._contract.codes) == "issued":
                self._recording.excuse(refusal.id)
                return 0
        return 1

    # ---- cases ---------------------------------------------------------------------------------

    def _unsent(self, case: Case, reason: Reason) -> None:
        self._recording.unsent.setdefault(case.id, reason)

    def introduce(self, names: Iterable[str]) -> None:
        """Send the first right logins of accounts, before anything that could count against them."""
        self._logins.introduce(sorted(names, key=REAL_ACCOUNTS.index))

    def send_case(self, case: Case) -> None:
        """Send a case as often as it says; what cannot be sent is noted with its reason.

        Raises `TargetGone` when nothing more is to be sent.
        """
        try:
            if case.burst:
                self._send_burst(case)
                return
            request = self._making.request(case)
        except (NotApplicable, MissingAccount) as error:
            self._unsent(case, _why_not_made(error))
            return
        if request.is_chunked and self._answers_in_1_0():
            about = "the target answers HTTP/1.0, which has no chunks"
            self._unsent(case, Reason("not-applicable", about))
            return
        names = self._guard.named(request)
        wrong = self._guard.wrong(request, names)
        for turn in range(case.repeat):
            if self._exchanging.hangs(case):
                self._unsent(case, Reason("hangs", case.situation))
                return
            reason = self._refusal_to_send(names, wrong)
            if reason is not None:
                if reason.word in COULD_NOT or not any(self._recording.of_case(case.id)):
                    self._unsent(case, reason)
                return
            # The second time on a new connection: what a request gets cannot hang on that.
            exchange, result = self._exchange(request, case, names, wrong, fresh=turn == 1)
            if self._calls_for_a_look(case, exchange) and self._logins.look():
                is_busy = exchange.answer is not None and exchange.answer.status == BUSY
                if is_busy and not exchange.cut_short:
                    self._transport.note_busy_by_itself()
            self._let_follow(case, turn, result)

    def _exchange(
        self, request: Request, case: Case, names: list[str], wrong: list[str], *, fresh: bool
    ) -> tuple[Exchange, Outcome]:
        """Send a request, and again where the guard cut short what a gateway's error may have hidden.

        A wrong password of an account is never sent again, whatever came back.
        """
        for again in reversed(range(GATEWAY_TRIES)):
            # A gateway's 502 may hide that the application has seen the request.
            room = min((self._guard.room(name) for name in names), default=99)
            # Counted before it leaves: what ends the run meanwhile takes nothing back.
            self._guard.note(names, issued=False, wrong=wrong)
            most = 1 if wrong else room
            exchange = self._exchanging.send(request, case, fresh=fresh, most_tries=most)
            result = outcome(exchange, case.tags, self._contract.codes)
            self._guard.note(names, result == "issued", wrong, exchange.tries - 1)
            # ENV-10: "502 and 504 without an envelope are sent twice more, each on a fresh connection".
            # What came before all tries were made is no finding.
            if result != "issued" and case.situation not in MALFORMED_KIND | {"right"}:
                self._guard.note_failed(wrong)
            if not exchange.cut_short:
                break
            if wrong:
                self._exchanging.note_unrepeated(exchange)
                break
            if not again:
                break
            self._recording.excuse(exchange.id)
            if self._refusal_to_send(names, wrong) is not None:
                break
            fresh = True
        return exchange, result

    def _answers_in_1_0(self) -> bool:
        """Tell whether the target's last answer was HTTP/1.0, which knows no chunks (RFC 9112 §6.1)."""
        answers = (one.answer for one in reversed(self._recording.exchanges) if one.answer)
        last = next(answers, None)
        return last is not None and last.version == "HTTP/1.0"

    def _is_turn_of(self, case: Case) -> bool:
        """Tell whether right logins follow a case: each that stands in a file, and every tenth draw."""
        self._drawn += case.is_drawn
        return not case.is_drawn or self._drawn % _EVERY_SO_MANY_DRAWS == 0

    def _calls_for_a_look(self, case: Case, exchange: Exchange) -> bool:
        """Tell whether a right login has to show whether the application is still there."""
        method = self._contract.operation.method
        if self._logins.signs.call_for_a_look(case, exchange, method):
            return True
        # Where a firewall may stand, it may bar the suite for this.
        away = case.tagged("hostile") and is_from_between(exchange)
        return away and not self._target.is_loopback

    def _again(self, first: Exchange) -> bool | None:
        """Send a request once more; tell whether a gateway's error came again, None if it must not go."""
        case, names = self._contract.cases[first.case], self._guard.named(first.request)
        if self._guard.wrong(first.request, names) or case.burst:
            return None
        exchange = self._exchanging.send(first.request, case, fresh=True, most_tries=1)
        result = outcome(exchange, case.tags, self._contract.codes)
        self._guard.note(names, result == "issued", times=exchange.tries)
        return is_gateways_error(exchange)

    def _refusal_to_send(self, names: list[str], wrong: list[str]) -> Reason | None:
        """Return why a request that names these accounts must not be sent, after making room for it."""
        for name in names:
            state = self._guard.state(name)
            if name in wrong and self._guard.has_spent(name):
                return Reason("wrong-passwords", name)
            if state == "refused":
                return Reason("first-login-refused", name)
            if state == "locked":
                return Reason("locked", name)
            if self._guard.is_exhausted(name) and not (
                name in self._logins.cases and self._logins.login(name)
            ):
                word = "locked" if self._guard.state(name) == "locked" else "no-right-login"
                return Reason(word, name)  # type: ignore[arg-type]  # both are words of Unsent
        return None

    def _let_follow(self, case: Case, turn: int, result: Outcome) -> None:
        """Send right logins after what has come of a case, where they are due.

        After the last turn of a malformed one, so that the next such case comes directly after a right
        login on its connection.
        """
        kind = (case.situation, case.method, result)
        first_of_kind = kind not in self._followed and result != "issued"
        malformed = case.situation in MALFORMED_KIND and is_refusal(result)
        is_last = turn == case.repeat - 1
        if (is_last and malformed and self._is_turn_of(case)) or first_of_kind:
            self._followed.add(kind)
            self._follow_up(case)
            return
        early = malformed or turn == 1
        if early and is_refusal(result) and case.situation not in self._followed_at_once:
            # On a new connection with no other answer in between.
            self._followed_at_once.add(case.situation)
            self._follow_up(case, at_once=True)

    def _follow_up(self, case: Case, *, at_once: bool = False) -> None:
        """Send a right login after a refusal: on the same connection where kept, and on a new one.

        With `at_once`, on a new one only.
        """
        if case.situation in MALFORMED_KIND and case.situation not in self._looked:
            self._looked.add(case.situation)
            self._recording.settle()
            self._exchanging.look(self._making.work_for(LOOK_ONCE))
        if self._transport.is_kept() and not at_once:
            self._logins.login(self._logins.next_account("same"), role="follow-up", after=case.id)
        self._logins.login(
            self._logins.next_account("fresh"), role="follow-up", after=case.id, fresh=True
        )

    def _send_burst(self, case: Case) -> None:
        parts = [self._contract.cases[name] for name in case.burst["mix"]]
        requests = requests_of(parts, self._exchanging, self._guard, self._making.request)
        if isinstance(requests, Reason):
            self._unsent(case, requests)
            return
        sent, reason = send_rounds(
            case, requests, self._exchanging, self._guard, self._logins.login
        )
        if sent:
            self._bursts.add(case.id)
        if reason is not None:
            self._unsent(case, reason)


def _why_not_made(error: NotApplicable | MissingAccount) -> Reason:
    if isinstance(error, MissingAccount):
        return Reason("no-account", error.name)
    return Reason("not-applicable", str(error))
