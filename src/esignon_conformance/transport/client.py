"""Sends requests: guarded, paced, patient, and with every connection under its eye."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from ..target.host_policy import check_host
from ..target.limits import Budget
from ..target.target import Target
from .concurrent_requests import Volleys
from .connection import Connection, endpoint_of
from .delivery import (
    BUSY,
    GATEWAY,
    GATEWAY_TRIES,
    Delivery,
    delivered,
    is_limit,
    is_of_before,
    is_passing,
    is_unauthorized,
)
from .gateway_headers import GatewayHeaders
from .lockout_guard import Tally
from .messages import Answer, Fault, Request
from .own_limits import OwnLimits, Waiting
from .rate_limit import Pace, Patience
from .request_heads import Heads
from .serialize import piece_ends
from .tls_refusals import SPOKEN, speaks_tls

_UNASKED_408 = re.compile(rb"HTTP/1\.[01] 408 ")


class Transport:
    """The only part of the suite that opens connections to the target."""

    def __init__(self, target: Target, run_id: str, gateway: GatewayHeaders | None = None) -> None:
        """Prepare for a target; `gateway` are the header fields for what stands before it.

        Raises `ConfigurationError` for a host that is not loopback and was not allowed by name.
        """
        check_host(target)
        self._endpoint = endpoint_of(target)
        self._target = target
        self._run_id = run_id
        self._gateway = gateway or GatewayHeaders(target.headers)
        self._open: Connection | None = None
        self._connections = 0
        self._has_answered = False
        self.budget = Budget(target.limits)
        self.tally = Tally()
        self.pace = Pace(target.limits.interval, self.budget.check_pause)
        self.patience = Patience(target.answer_timeout)
        self.own_limits = OwnLimits()
        # What there is to do while the target works on a request.
        self.meanwhile: Callable[[], None] = lambda: None
        self._reuse = True
        # Whether the target has ended a connection that it had left open, without a word.
        self._ends_unasked = False
        # Whether 503 has come to a request while right logins were let in, however slowly it came.
        self._is_busy_by_itself = False
        self._heads = Heads(self._endpoint, self._gateway)
        self._volleys = Volleys(
            run_id=run_id,
            heads=self._heads,
            gateway=self._gateway,
            budget=self.budget,
            pace=self.pace,
            patience=self.patience,
            connect=self._connect,
            limits=self._limits,
            note=self._note,
        )

    @property
    def requests(self) -> int:
        """Return how many requests have been sent."""
        return self.budget.requests

    @property
    def is_used_up(self) -> bool:
        """Tell whether the patience with the target's own limits (429, 503) is used up."""
        return self.pace.is_used_up

    def send(self, request: Request, *, fresh: bool = False, most_tries: int = 99) -> Delivery:
        """Send one request and return how it was delivered.

        The connection that the target kept open is used again unless `fresh`.  429, and 503 with
        Retry-After, are waited out; 502, 503 and 504 are asked twice more.  But the request goes out at
        most `most_tries` times, whatever comes back: each may have reached the application.  Raises
        `LimitReached` when the run has used up its requests or its time.
        """
        # A connection that ends when it is used again would cost a try of which nothing is learnt.
        delivery = self._once(request, fresh or (most_tries < 2 and self._ends_unasked), most_tries)
        if self._gateway.renew(request, delivery.answer):
            # What a gateway turned away for its old token has not reached the application; but that is
            # not known, and a wrong password never goes out twice.
            if delivery.tries >= most_tries:
                return replace(delivery, cut_short=True)
            before = delivery.tries
            delivery = self._once(request, fresh, most_tries - before)
            delivery = replace(delivery, tries=delivery.tries + before)
            if is_unauthorized(delivery.answer):
                self._gateway.note_in_vain(request)
        self._gateway.note(request, delivery.answer)
        how = (request, most_tries, self.pace, self.own_limits)
        waiting = Waiting(*how, again=lambda most: self._once(request, fresh or most < 2, most))
        delivery = waiting.end(delivery)
        # What is a limit still is one that hangs on no pace, and no error of a gateway that may pass.
        if delivery.gave_up or is_limit(delivery.answer):
            return delivery
        passing: tuple[int, ...] = ()
        sent, cut_short = delivery.tries, delivery.cut_short
        while delivery.answer and is_passing(delivery.answer) and len(passing) < GATEWAY_TRIES - 1:
            self._slow_down_if_busy(delivery.answer, again=BUSY in passing[-1:])
            if sent >= most_tries:
                cut_short = True
                break
            passing += (delivery.answer.status,)
            delivery = self._once(request, True, most_tries - sent)
            sent += delivery.tries
        delivery = replace(delivery, tries=sent, cut_short=cut_short)
        gone = passing and not (delivery.answer and delivery.answer.status in GATEWAY)
        return replace(delivery, passing=passing) if gone else delivery

    def _limits(self, answer: Answer) -> bool:
        """Tell whether an answer to one of many at once is a limit: 429 or, of a gateway, 503."""
        is_busy = answer.status == BUSY and is_passing(answer) and not self._is_busy_by_itself
        return is_limit(answer) or is_busy

    def _slow_down_if_busy(self, answer: Answer, *, again: bool) -> None:
        # "429 and 503 first halve the pace": nginx, for one, answers so to what comes too fast.
        if answer.status == BUSY and not self._is_busy_by_itself:
            self.pace.wait_while_busy(again=again)

    def note_busy(self, *, by_itself: bool) -> None:
        """Take a 503 that outlasted all tries for no limit: the target was away or it came `by_itself`."""
        if not self._is_busy_by_itself:
            self._is_busy_by_itself = by_itself
            self.pace.take_back()

    def prepare(self, request: Request) -> None:
        """Do now what can be done before a request is sent."""
        self._heads.prepare(request)

    def look(self, wait: float = 0.0) -> bytes:
        """Return stray bytes on the kept connection; one that showed any is never used again."""
        if self._open is None:
            return b""
        stray, is_open = self._open.look(wait)
        if stray or not is_open:
            self._ends_unasked = True
            self._drop()
        # RFC 9110 §15.5.9: a server that gives up on an idle connection may say so before it closes.
        return b"" if _UNASKED_408.match(stray) else stray

    def is_kept(self) -> bool:
        """Tell whether the target kept the last connection open, as far as is known."""
        return self._open is not None

    def reaches(self) -> bool:
        """Tell whether the target takes a connection; nothing is sent on it."""
        try:
            self._connect().close()
        except OSError:
            return False
        return True

    def never_reuse(self) -> None:
        """From now on send each request on a connection of its own."""
        self._drop()
        self._reuse = False

    def burst(
        self, wanted: Sequence[Request], spread: float = 0.0, *, once: bool = False
    ) -> list[Delivery]:
        """Send requests at once: connections opened first, released together.

        With `spread` they are released one by one, out of step, within so many seconds.

        The burst is sent again, more slowly, where the target's limit (429, 503) cut it, and twice more
        where a gateway did; one that goes out `once` never is.  Raises `OSError` when the target does
        not take that many connections, `LimitReached` as `send` does.
        """
        # A server that takes one connection at a time would wait for this one to end.
        self._drop()
        send = self._volleys.send_for_good if once else self._volleys.send
        return send(wanted, spread)

    def close(self) -> None:
        """Close every connection."""
        self._drop()

    def _drop(self) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def _connect(self) -> Connection:
        self._connections += 1
        return Connection(self._endpoint, self._connections, self._target.connect_timeout)

    def _once(self, request: Request, fresh: bool, most_tries: int = 99) -> Delivery:
        if self.pace.interval:
            # There is a pause now, and what has been recorded is not left unwritten for that long.
            self.meanwhile()
        self.pace.before_request(once=most_tries < 2)
        self.budget.take()
        # One that was closed while it was idle, as in a pause, would cost the only try.
        stray = self.look() if most_tries < 2 else b""
        if fresh or request.is_chunked:
            self._drop()
        request_id = f"{self._run_id}-{self.requests}"
        headers = self._heads.of(request, request_id)
        data = self._heads.whole(request, headers)
        reused = self._open is not None
        began, tries = time.monotonic(), 1
        lost, taken, cut_short = None, False, False
        try:
            connection = self._open or self._connect()
            result = self._exchange(connection, data, request)
            ended = reused and isinstance(result, Fault) and is_of_before(result)
            self._ends_unasked |= ended
            if ended and most_tries < 2:
                cut_short = True
            elif ended and isinstance(result, Fault):
                # RFC 9112 §9.3.1: a server may close an idle connection at any time. Once more, on
                # a new one. What is not HTTP there was left over from the answer before.
                stray = result.came
                lost, taken = result, connection.took_request()
                connection.close()
                reused, began = False, time.monotonic()
                connection = self._connect()
                tries += 1
                result = self._exchange(connection, data, request)
                if isinstance(result, Fault) and result.kind == "not-http":
                    stray = b""  # It is how this target answers.
        except OSError as error:
            self._open = None
            untrusted = isinstance(error, ssl.SSLCertVerificationError)
            detail = getattr(error, "verify_message", "") or error.strerror or str(error)
            unreachable = Fault("untrusted" if untrusted else "unreachable", detail)
            # What took the request and then nothing more went away at this request.
            result = lost if lost is not None and taken else unreachable
            number = self._connections
        else:
            number = connection.number
            self._keep(connection, result)
            if request.is_chunked:
                self._drop()
        if isinstance(result, Fault) and self._meets_tls(result):
            result = replace(result, detail=f"{result.detail}; {SPOKEN}")
        delivery = delivered(result, began, number, request_id, self._heads.shown(headers))
        delivery = replace(
            delivery, reused=reused, stray_before=stray, tries=tries, cut_short=cut_short
        )
        self._note(delivery)
        return delivery

    def _exchange(self, connection: Connection, data: bytes, request: Request) -> Answer | Fault:
        cuts = piece_ends(data) if request.in_pieces else ()
        how = (request.method, self.patience.limit)
        return connection.exchange(data, *how, meanwhile=self.meanwhile, cuts=cuts)

    def _keep(self, connection: Connection, result: Answer | Fault) -> None:
        usable = isinstance(result, Answer) and result.keeps_open and result.status not in GATEWAY
        if usable and self._reuse:
            self._open = connection
        else:
            connection.close()
            self._open = None

    def _meets_tls(self, fault: Fault) -> bool:
        """Tell whether plain HTTP has met a port of TLS: some servers only close the connection then.

        It is looked for where nothing was ever answered; nothing is sent but the beginning of TLS.
        """
        is_plain = self._endpoint.tls is None and self._endpoint.proxy is None
        if self._has_answered or not is_plain or fault.kind not in ("dropped", "not-http"):
            return False
        return speaks_tls(self._endpoint.host, self._endpoint.port, self._target.connect_timeout)

    def _note(self, delivery: Delivery) -> None:
        fault, answer = delivery.fault, delivery.answer
        self._has_answered |= answer is not None
        self.pace.has_borne |= answer is not None and answer.status != BUSY
        if (fault and fault.kind == "timed-out") or (answer and answer.ended == "silent"):
            self.patience.note_timeout()
        elif answer:
            self.patience.note_answer(delivery.ended - delivery.began)
