"""Tells a target from which nothing comes any more from one that cuts off single requests."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ...contract.model import Contract
from ...contract.skip_reason import Reason
from ...recording.access import outcome_to_client
from ...recording.answer_origin import kept_waiting
from ...recording.recording import Recording, Stop
from ...transport.messages import Exchange
from .exchange_loop import ExchangeLoop, TargetGone

_CUT_OFF = frozenset({"dropped", "timed-out", "unreachable"})
# So many requests in a row are cut off before right logins are sent to see whether any is answered.
_IN_A_ROW = 3
# Seconds before each right login: what is restarted may be back by then, and elsewhere within the half
# minute that a gateway's error is waited for.
_WAITS = (0.0, 1.0, 4.0)
_WAITS_ELSEWHERE = (*_WAITS, 10.0, 15.0)


def waits(*, is_loopback: bool) -> tuple[float, ...]:
    """Return the seconds before each right login that is to show whether anybody is answered."""
    return _WAITS if is_loopback else _WAITS_ELSEWHERE


def cut_off_row(exchanges: Sequence[Exchange]) -> list[Exchange]:
    """Return the exchanges at the end, in an unbroken row, that were refused, dropped or never answered."""
    row = list(itertools.takewhile(_is_cut_off, reversed(exchanges)))
    return row[::-1]


def _is_cut_off(exchange: Exchange) -> bool:
    is_ended = exchange.fault is not None and exchange.fault.kind in _CUT_OFF
    return is_ended or kept_waiting(exchange)


@dataclass
class CutOff:
    """Asks right logins, and what needs none, where requests in a row were cut off.

    `ask` sends a right login of an account on a new connection; `accounts` are the good ones; `probes`
    sends a made-up login and a body cut short; `let_in` holds the accounts that were let in so far.
    """

    contract: Contract
    exchange_loop: ExchangeLoop
    recording: Recording
    ask: Callable[[str], Exchange]
    accounts: Callable[[], list[str]]
    probes: Callable[[], Iterator[Exchange]]
    let_in: Mapping[str, int]
    waits: tuple[float, ...] = _WAITS

    def is_due(self) -> bool:
        """Tell whether so many requests in a row were cut off that right logins have to show why."""
        # "A drop" alone ends no run: whoever was never let in is REQ-1's finding.
        return bool(self.let_in) and len(cut_off_row(self.recording.exchanges)) >= _IN_A_ROW

    def go(self) -> bool:
        """Ask whether anybody is answered; tell whether a right login was let in.

        Raises `TargetGone` where nobody is: whether the target is gone for good or something in front
        bans this address does not show from here.
        """
        before = cut_off_row(self.recording.exchanges)
        # "Three right logins in a row, each on a fresh connection, every good account tried".
        names = self.accounts()
        most = max(len(names), len(self.waits)) if names else 0
        waits = (*self.waits, *[0.0] * most)
        for number, name in enumerate(itertools.islice(itertools.cycle(names), most)):
            time.sleep(waits[number])
            exchange = self.ask(name)
            if not _is_cut_off(exchange):
                if number:
                    self._back(before)
                tags = self.contract.cases[exchange.case].tags
                return outcome_to_client(exchange, tags, self.contract.codes) == "issued"
            # "And a made-up login and a body cut short, sent then, get the same".
            if not number and any(not _is_cut_off(one) for one in self.probes()):
                return False
        if not names:
            return False
        # "The unbroken tail of such answers is set aside".  "Never 500": an error that came late, be it a
        # tarpit's or that of a pool which ran dry, is ENV-10's and only ends the run.
        found = cut_off_row(self.recording.exchanges)
        if all(one.answer is None for one in found):
            self.recording.stop = Stop(found[0].id, found[-1].id, self._suspect(found[0]))
            for exchange in found:
                self.recording.excuse(exchange.id, Reason("gone"))
        raise TargetGone(Reason("gone"))

    def _back(self, before: Sequence[Exchange]) -> None:
        """Settle who was away for a while, and for whose sake, when somebody is answered again."""
        # "If it comes back, send that case once more, and a repeat is ENV-10".
        first, away = before[0], cut_off_row(self.recording.exchanges[:-1])
        case = self.contract.cases[first.case]
        is_repeated = (
            first.role == "case"
            # What names a real account might lock it, so it is not asked again.
            and first.request.account == "made-up"
            and _is_cut_off(self.exchange_loop.send(first.request, case, fresh=True, most_tries=1))
        )
        for exchange in away:
            if not (is_repeated and exchange.request == first.request):
                self.recording.excuse(exchange.id, Reason("unrepeated"))

    def _suspect(self, first: Exchange) -> str:
        """Return the case from which on nobody was answered, empty where it may be none's doing.

        A request that was answered before did not bring it on; an attack may show from the next on.
        """
        exchanges = self.recording.exchanges
        if first.role == "case":
            same = (one for one in exchanges if one.request == first.request)
            return "" if any(one.answer is not None for one in same) else first.case
        at = exchanges.index(first)
        last = exchanges[at - 1] if at else first
        is_attack = last.role == "case" and self.contract.cases[last.case].tagged("hostile")
        return last.case if is_attack else ""
