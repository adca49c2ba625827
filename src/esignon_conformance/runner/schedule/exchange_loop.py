"""One exchange after the other: sent, looked after, recorded; and what they tell of the target."""

from __future__ import annotations

import errno
import os
import time
from collections import Counter
from collections.abc import Sequence
from functools import partial

from ...contract.model import Case
from ...contract.skip_reason import Reason
from ...recording.answer_origin import kept_waiting
from ...recording.recording import Recording, Stop
from ...target.limits import LimitReached
from ...transport.delivery import Delivery, is_limit
from ...transport.messages import Exchange, Request, Role
from .carrier import Carrier
from .gateway_share import GatewayShare

FIRST_TRIES = 3
# How long to wait for stray bytes, once a situation; elsewhere they are looked for without waiting.
LOOK_ONCE = 0.05
PAUSE_BEFORE_NEW_TRY = 0.3
_TIMEOUTS_IN_A_SITUATION, _TIMEOUTS_IN_ALL = 3, 4
_SHORT_BODY = 65_536
_LONGEST_SPREAD = 0.5
_UNREACHABLE_IN_A_ROW = 3
_LIMITED, _LIMITED_WRONG = Reason("limited"), Reason("limited-wrong")
_REFUSED = os.strerror(errno.ECONNREFUSED)
# Seconds to look whether a target that went away is back: elsewhere it may just be deployed, which takes as
# long where connections are refused as where a gateway says 503.
_LONG_ENOUGH, _LONG_ENOUGH_ELSEWHERE = 5.0, 30.0


class TargetGone(Exception):
    """Nothing more is sent: the target takes no more, or the run's own limits are used up."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason.word)


def _kind(case: Case) -> str:
    """Return what requests hang alike: those of one situation and one method."""
    return f"{case.situation} {case.method}"


class ExchangeLoop:
    """Sends single requests and bursts, and records what comes back."""

    def __init__(self, transport: Carrier, recording: Recording) -> None:
        self._transport = transport
        self.is_elsewhere = False
        self._recording = recording
        # An exchange is written to disk while the target works on the next one.
        transport.meanwhile = recording.settle
        self._timeouts: Counter[str] = Counter()
        self._unreachable = 0
        # Whether any request reached the target since it was last looked whether that is back.
        self._was_reached = True
        # The exchanges that were cut off since the last answer, and their cases.
        self._lost: list[tuple[Exchange, Case]] = []
        self._asked_again: set[Request] = set()
        self._last: Exchange | None = None
        self._bursts = 0
        # How many requests at once the target takes, where its limit cut a burst; 0 where none did.
        self.most_at_once = 0
        # What the requests came to that went out at once last.
        self.last_burst: Sequence[Exchange] = ()
        self._share = GatewayShare()

    def hangs(self, case: Case) -> bool:
        """Tell whether so many requests of a situation timed out that the rest is not sent.

        A target that hangs in one situation after the other is asked once more in each.
        """
        count = self._timeouts[_kind(case)]
        often = self._timeouts.total() >= _TIMEOUTS_IN_ALL
        return count >= _TIMEOUTS_IN_A_SITUATION or (often and count > 0)

    def send(
        self,
        request: Request,
        case: Case,
        *,
        role: Role = "case",
        after: str = "",
        fresh: bool = False,
        most_tries: int = 99,
    ) -> Exchange:
        """Send a request and record the exchange, and again where the target was away meanwhile.

        Raises `TargetGone` when the target took no connection several times in a row, when its limit
        (429, 503) has used up the patience of the run, and when the limits of the run are used up.
        """
        sent = partial(self._sent, request, case, role=role, after=after, most_tries=most_tries)
        exchange, missed = sent(fresh=fresh), list[Exchange]()
        while self._is_missed(exchange):
            missed.append(exchange)
            exchange = sent(fresh=True)
        for one in missed:
            self._recording.excuse(one.id, Reason("unrepeated"))
        return exchange

    def _is_missed(self, exchange: Exchange) -> bool:
        """Tell whether a connection was refused by a target that had answered before.

        What never went out is sent when somebody is there again, be it a wrong password.
        """
        answered = len(self._recording.exchanges) > FIRST_TRIES
        fault = exchange.fault if answered else None
        return fault is not None and fault.kind == "unreachable" and fault.detail == _REFUSED

    def _sent(
        self, request: Request, case: Case, *, role: Role, after: str, fresh: bool, most_tries: int
    ) -> Exchange:
        self.look()
        try:
            delivery = self._transport.send(request, fresh=fresh, most_tries=most_tries)
        except LimitReached as reached:
            raise TargetGone(Reason(reached.spent)) from None
        if delivery.stray_before and self._last is not None:
            self._recording.note_stray(self._last.id, delivery.stray_before)
        exchange = self._record(request, case, delivery, role=role, after=after)
        self._last = exchange
        self._share.note_single(exchange)
        if exchange.gave_up and self.is_limited_alone(request):
            self._recording.note_own_limit(exchange)
        if exchange.gave_up and self._transport.is_used_up:
            self._recording.stop = Stop(exchange.id, exchange.id)
            raise TargetGone(Reason("limited"))
        fault = exchange.fault.kind if exchange.fault is not None else ""
        if kept_waiting(exchange):
            self._timeouts[_kind(case)] += 1
        if fault == "untrusted":
            raise TargetGone(Reason("untrusted", exchange.fault.detail if exchange.fault else ""))
        self._unreachable = self._unreachable + 1 if fault == "unreachable" else 0
        self._was_reached |= fault != "unreachable"
        if not self._unreachable:
            # What may go out but so often is not asked again to learn more.
            is_lost = fault == "dropped" and not exchange.cut_short
            self._lost = [*self._lost, (exchange, case)] if is_lost else []
            return exchange
        answered = len(self._recording.exchanges) > FIRST_TRIES
        if answered and self._unreachable >= _UNREACHABLE_IN_A_ROW:
            self._look_whether_back()
        else:
            time.sleep(PAUSE_BEFORE_NEW_TRY)
        return exchange

    def _look_whether_back(self) -> None:
        """Tell a target that was restarted, which is not blamed, from one that a request ended.

        Whoever restarts a server cuts off the request that it is at.  One that is back is asked the
        same once more: ended again, it is the request that ends it.  One that stays away is taken to
        have been ended by a request that it had read and had never answered before; where it had, or
        where no request was cut off, nobody is blamed.  Raises `TargetGone`.
        """
        lost, self._lost, self._unreachable = self._lost, [], 0
        # What came after the first was cut off for no sake of its own.
        for exchange, _ in lost[1:]:
            self._recording.excuse(exchange.id, Reason("unrepeated"))
        if not self._is_back():
            if lost and self._was_answered(lost[0][0].request):
                self._recording.excuse(lost[0][0].id, Reason("unrepeated"))
            raise TargetGone(Reason("gone"))
        if not self._was_reached:
            # Connections are taken, and end before a request can be sent: by TLS, say.
            raise TargetGone(Reason("gone"))
        self._was_reached = False
        if not lost or lost[0][0].request in self._asked_again:
            return
        exchange, case = lost[0]
        self._asked_again.add(exchange.request)
        # What names a real account might lock it, so it is not asked again.
        asked = exchange.request.account == "made-up"
        if not asked or self.send(exchange.request, case, fresh=True).answer is not None:
            self._recording.excuse(exchange.id, Reason("unrepeated"))

    def _is_back(self) -> bool:
        # Where packets are dropped, each look takes as long as a connection may.
        seconds = _LONG_ENOUGH_ELSEWHERE if self.is_elsewhere else _LONG_ENOUGH
        until = time.monotonic() + seconds
        while not (is_back := self._transport.reaches()) and time.monotonic() < until:
            time.sleep(PAUSE_BEFORE_NEW_TRY)
        return is_back

    def _was_answered(self, request: Request) -> bool:
        return any(
            one.request == request and one.answer is not None for one in self._recording.exchanges
        )

    @property
    def last_seconds(self) -> float:
        """Return how long the last answer took, and no more than half a second."""
        return min(self._last.ended - self._last.began, _LONGEST_SPREAD) if self._last else 0.0

    def burst(
        self, wanted: Sequence[tuple[Request, Case]], spread: float = 0.0, *, once: bool = False
    ) -> bool:
        """Send requests at once; return False, with nothing recorded, when the target's limit stands.

        With `spread` they start one by one, out of step, within so many seconds.  What goes out `once`
        is recorded whatever came back.

        Raises `OSError` when the target does not take that many connections, and `TargetGone` when
        the limits of the run are used up.
        """
        self.last_burst = ()
        try:
            deliveries = self._transport.burst(
                [request for request, _ in wanted], spread, once=once
            )
        except LimitReached as reached:
            raise TargetGone(Reason(reached.spent)) from None
        if not once and any(delivery.gave_up for delivery in deliveries):
            return False
        self._bursts += 1
        for (request, case), delivery in zip(wanted, deliveries, strict=True):
            exchange = self._record(request, case, delivery, role="burst", burst=self._bursts)
            if exchange.cut_short:
                self.note_unrepeated(exchange)
        self.last_burst = self._recording.exchanges[-len(wanted) :]
        for exchange in self._share.note_burst(self.last_burst):
            self._recording.excuse(exchange.id, Reason("gateway-at-once"))
        self._recording.settle()
        return not any(is_limit(delivery.answer) for delivery in deliveries if delivery.cut_short)

    def is_limited_alone(self, request: Request) -> bool:
        """Tell whether the target limits the email that a request names, and not the pace."""
        return self._transport.own_limits.holds(request)

    @property
    def limit(self) -> Reason:
        """Return why what met a limit (429, 503) is not judged."""
        return _LIMITED_WRONG if self._transport.own_limits.is_of_wrong_logins else _LIMITED

    def note_unrepeated(self, exchange: Exchange) -> None:
        """Take out of judgement what would have been asked again and was not, as no wrong password is."""
        is_limited = is_limit(exchange.answer)
        self._recording.excuse(exchange.id, self.limit if is_limited else Reason("unrepeated"))
        if self._transport.own_limits.is_of_wrong_logins:
            # One cause has one telling, also where it was not known yet.
            excused = self._recording.excused
            excused |= {one: self.limit for one, why in excused.items() if why == _LIMITED}

    def look(self, wait: float = 0.0) -> None:
        """Look for bytes that nobody asked for, and add them to the exchange that left them."""
        stray = self._transport.look(wait)
        if stray and self._last is not None:
            self._recording.note_stray(self._last.id, stray)

    def _record(
        self,
        request: Request,
        case: Case,
        delivery: Delivery,
        *,
        role: Role,
        after: str = "",
        burst: int = 0,
    ) -> Exchange:
        exchange = Exchange(
            id=f"e{len(self._recording.exchanges) + 1}",
            case=case.id,
            situation=case.situation,
            role=role,
            request=request,
            answer=delivery.answer,
            fault=delivery.fault,
            began=delivery.began,
            ended=delivery.ended,
            answered_at=time.time(),
            connection=delivery.connection,
            reused=delivery.reused,
            after=after,
            burst=burst,
            gave_up=delivery.gave_up,
            passing=delivery.passing,
            request_id=delivery.request_id,
            tries=delivery.tries,
            cut_short=delivery.cut_short,
            sent=delivery.sent,
        )
        exchange = self._recording.add_for_now(exchange)
        # A fault may be the last that is heard of a target, and a long body takes long to mask: the
        # next answer would lie unread for that time.
        answer = exchange.answer
        if answer is None or answer.condensed is not None or answer.came > _SHORT_BODY:
            self._recording.settle()
        return exchange
