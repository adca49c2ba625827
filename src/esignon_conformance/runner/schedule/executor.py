"""Sends cases to the target in an order that keeps its accounts safe, and records what comes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from ...contract.model import Case, Contract
from ...contract.skip_reason import Reason, Unsent
from ...recording.access import outcome_to_client
from ...recording.answer_origin import is_from_between, is_gateways_error
from ...recording.recording import Recording
from ...target.host_policy import never_sent
from ...target.target import REAL_ACCOUNTS, Target
from ...transport.messages import Request
from ..requests.builder import MissingAccount
from ..requests.other_characters import NotApplicable
from .carrier import Carrier
from .case_executor import CaseExecutor
from .concurrency import round_of, size_of
from .draw_room import DrawRoom, Needs
from .exchange_loop import TargetGone
from .order import ordered, sent_once_more
from .selection import ranks, within_wrong_passwords, without
from .sparing import kept_for_findings, spared

# After so many cases a right login comes, whatever they were.
EVERY = 20
_MOST_CONFIRMED = 12
_CONFIRMATIONS = 2
_STEP_CASE = "unknown-email"


class Executor:
    """One run's sending: what it knows of the accounts, the connection and the target's patience."""

    def __init__(
        self,
        contract: Contract,
        target: Target,
        transport: Carrier,
        recording: Recording,
        progress: Callable[[int, int], None] = lambda _done, _all: None,
        *,
        is_sparing: bool = False,
        built: dict[str, Request] | None = None,
    ) -> None:
        self._contract = contract
        self._target = target
        self._transport = transport
        self._recording = recording
        self._progress = progress
        self._is_sparing = is_sparing
        self._cases = CaseExecutor(
            contract, target, transport, recording, is_sparing=is_sparing, built=built
        )
        self._login_probe = self._cases.login_probe
        # Cases that are left out since they harm the target, and why.
        self.held_back: Mapping[str, Reason] = {}
        # What has to be left of the run's limits when all of it has been sent.
        self.kept = Needs()

    def send_all(
        self,
        case_ids: Iterable[str],
        confirm: Callable[[], list[str]] = list,
        tell_apart: Callable[[], list[str]] = list,
    ) -> None:
        """Send cases; what cannot be sent is noted with its reason in the recording.

        `confirm` returns the cases that deviate: each is sent twice more at the end, so that a code
        that comes by chance shows as such (REJ-11).  `tell_apart` returns the cases that a shared request
        stood for which deviates: each is sent before that, for as long as there is room.
        """
        wanted = set(case_ids)
        # The contract's order and not that of a set, so that equal seeds send equal requests.
        chosen = [case for case in self._contract.cases.values() if case.id in wanted]
        chosen = [case for case in chosen if not self._is_held_back(case)]
        if self._is_sparing:
            chosen = [spared(case) for case in chosen]
        cases = ordered(
            self._within_limits(chosen),
            hostile_last=not self._target.is_loopback,
            ranks=ranks(self._contract, chosen) if self._is_sparing else None,
        )
        try:
            self._send_in_order(cases, confirm, tell_apart)
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
        is_limit = reason.word in ("request-limit", "time-up")
        if is_limit and all(case.is_drawn for case in self._not_sent(cases)):
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
            self._cases.leave_out(self._contract.cases[name], reason)
        return kept

    def _wrong_for(self, case: Case) -> list[str]:
        # Most targets are never sent it, and it takes no room from what they are: the guard counts it.
        if case.where:
            return []
        names = case.burst.get("mix", (case.id,))
        try:
            # Whose password it holds does not hang on a token, which would cost a login.
            parts = [self._contract.cases[name] for name in names]
            requests = [self._cases.request_cache.without_token(one) for one in parts]
        except (NotApplicable, MissingAccount):
            return []
        if case.burst:
            size = size_of(case, self._target.limits)
            requests = round_of(requests, size) * case.burst["rounds"]
        return list(self._cases.guard.wrong_in(requests).elements())

    def _send_in_order(
        self,
        cases: list[Case],
        confirm: Callable[[], list[str]],
        tell_apart: Callable[[], list[str]],
    ) -> None:
        login_probe = [
            case for case in cases if case.is_plain_right_login and case.account != "blocked"
        ]
        mixed = {name for case in cases for name in case.burst.get("mix", ())}
        used = {case.account for case in (*cases, *(self._contract.cases[name] for name in mixed))}
        self._login_probe.introduce(
            sorted(used & set(self._login_probe.cases), key=REAL_ACCOUNTS.index)
        )
        for case in login_probe:
            if case.account not in self._target.accounts:
                self._cases.leave_out(case, Reason("no-account", case.account))
        rest = [case for case in cases if case not in login_probe]
        self._cases.request_cache.expect(rest)
        stepped = self._check_step() if any(case.id == _STEP_CASE for case in rest) else 0
        room = DrawRoom(self._transport.budget, rest, self._kept_after(rest))
        for done, case in enumerate(rest):
            self._progress(done, len(rest))
            lacking = room.lacks(done) if case.is_drawn else self._lacks_for_more(case)
            if lacking is not None:
                self._cases.leave_out(case, lacking)
                continue
            sent = stepped if case.id == _STEP_CASE else 0
            if case.tagged("after-login"):
                self._login_probe.login(case.account)
            self._cases.send(replace(case, repeat=case.repeat - sent))
            if case.where and not any(self._recording.of_case(case.id)):
                continue
            room.note(case)
            self._login_probe.since += 1
            if self._login_probe.since >= EVERY:
                self._login_probe.login(self._login_probe.next_account("login"))
                self._login_probe.inquiry.look_again()
        for name in tell_apart():
            self._send_part(self._contract.cases[name])
        self._send_once_more(rest)
        self._send_again(confirm()[:_MOST_CONFIRMED])
        for name in self._logins_of_the_end:
            self._login_probe.login(name)
        self._login_probe.inquiry.look_again()
        self._cases.exchange_loop.look()

    def _lacks_for_more(self, case: Case) -> Reason | None:
        """Return the limit that leaves no room for a case which the plan of a run does not count.

        It takes of what is kept for findings, and half of that at most.
        """
        most = self._target.limits.requests
        if not case.where or most is None:
            return None
        hanging = (one.id for one in self._contract.cases.values() if one.where)
        sent = sum(1 for name in hanging if any(self._recording.of_case(name)))
        return Reason("request-limit") if 2 * sent >= kept_for_findings(most) else None

    def _send_once_more(self, cases: list[Case]) -> None:
        """Send the gravest cases once more, which a version may let in that was rolled out meanwhile."""
        # Where a lock or a limit was met, one more wrong password may be what locks the next account.
        is_kept_out = bool(self._recording.locks or self._recording.own_limits)
        if self._is_sparing or is_kept_out:
            return
        for case in sent_once_more(self._contract, cases):
            if any(self._recording.of_case(case.id)) and self._has_room(1):
                self._cases.send(replace(case, repeat=1))

    def _send_again(self, names: list[str]) -> None:
        """Send cases that deviate again, as far as there is room: what is left out so was sent before."""
        for name in names:
            if self._has_room(_CONFIRMATIONS):
                self._cases.send(replace(self._contract.cases[name], repeat=_CONFIRMATIONS))

    def _send_part(self, case: Case) -> None:
        """Send a case that a shared request stood for and, since that deviates, no longer stands for."""
        is_barred = never_sent(self._target, case) is not None or case.id in self.held_back
        if not is_barred and self._has_room(1):
            self._recording.unsent.pop(case.id, None)
            self._cases.send(replace(case, repeat=1))

    def _has_room(self, times: int) -> bool:
        """Tell whether a case fits so often beside the right logins of the end."""
        left = self._transport.budget.requests_left
        # A right login may have to come before each.
        return left is None or left >= 2 * times + len(self._logins_of_the_end)

    @property
    def _logins_of_the_end(self) -> list[str]:
        return list(self._login_probe.cases) * (1 if self._is_sparing else 2)

    def _kept_after(self, cases: list[Case]) -> Needs:
        """Return what draws have to leave for what follows all cases, and for `kept`."""
        login_probe = 2 * len(self._login_probe.cases)
        again = 2 * (_MOST_CONFIRMED * _CONFIRMATIONS + len(sent_once_more(self._contract, cases)))
        requests = login_probe if all(case.is_drawn for case in cases) else login_probe + again
        return replace(self.kept, requests=self.kept.requests + requests)

    def _is_held_back(self, case: Case) -> bool:
        """Tell whether a case, or one that its burst sends, is not to be sent, and note why."""
        parts = (case.id, *case.burst.get("mix", ()))
        held = next((self.held_back[name] for name in parts if name in self.held_back), None)
        if held is not None:
            self._cases.leave_out(case, held)
        return held is not None

    def _leave_out(self, cases: list[Case], reason: Reason) -> None:
        for case in self._not_sent(cases):
            self._cases.leave_out(case, reason)

    def _not_sent(self, cases: list[Case]) -> list[Case]:
        """Return the cases that were not sent, for no reason that is known yet."""
        return [
            case
            for case in cases
            if not any(self._recording.of_case(case.id))
            and case.id not in self._cases.bursts
            and case.id not in self._recording.unsent
        ]

    def _check_step(self) -> int:
        """Look whether answers on a kept connection keep step; return how often the case was sent.

        Where a right login after a refusal fails on the same connection and succeeds on a new one,
        SUC-8 has its finding.  The rest is then sent on new connections, so that one fault does not
        show as many.
        """
        name = self._login_probe.next_account("same")
        if name is None or not self._transport.is_kept():
            return 0
        case = self._contract.cases[_STEP_CASE]
        request = self._cases.request_cache.request(case)
        refusal = self._cases.exchange_loop.send(request, case)
        self._cases.look_after(case, refusal)
        if is_from_between(refusal) or not self._transport.is_kept():
            return 1
        if self._login_probe.right_login(name, role="follow-up", after=case.id) == "issued":
            return 1
        if self._login_probe.last is not None and is_gateways_error(self._login_probe.last):
            self._login_probe.inquire(name)
            return 1
        if self._login_probe.right_login(name, fresh=True) == "issued":
            self._transport.never_reuse()
            if outcome_to_client(refusal, case.tags, self._contract.codes) == "issued":
                self._recording.excuse(refusal.id)
                return 0
        return 1
