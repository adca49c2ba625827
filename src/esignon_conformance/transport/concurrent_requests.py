"""Requests at once: sent together, and again where the target's limit or a gateway cut them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ..target.limits import Budget
from .connection import Connection
from .delivery import GATEWAY_TRIES, Delivery, delivered, is_limit, is_passing, is_unauthorized
from .gateway_headers import GatewayHeaders
from .messages import Answer, Request
from .rate_limit import TRIES_AFTER_LIMIT, Pace, Patience
from .request_heads import Heads

# Multiples of it, less their whole parts, lie scattered and never in step.
_GOLDEN_RATIO = (5**0.5 - 1) / 2


@dataclass(frozen=True)
class Volleys:
    """What a transport sends at once.

    `connect` opens a connection, `limits` tells whether an answer to one of many is a limit, and `note`
    is told of every delivery.
    """

    run_id: str
    heads: Heads
    gateway: GatewayHeaders
    budget: Budget
    pace: Pace
    patience: Patience
    connect: Callable[[], Connection]
    limits: Callable[[Answer], bool]
    note: Callable[[Delivery], None]

    def send(self, wanted: Sequence[Request], spread: float) -> list[Delivery]:
        """Send requests at once, more slowly where a limit cut them, and twice more where a gateway did."""
        limits, gateways, renewed = 0, 0, False
        while limits <= TRIES_AFTER_LIMIT:
            deliveries = self._once(wanted, spread)
            if not renewed and self._renews(wanted, deliveries):
                renewed = True
                continue
            limited = [one.answer for one in deliveries if one.answer and self.limits(one.answer)]
            if limited:
                limits += 1
                retry_after = limited[0].header("Retry-After")
                if not self.pace.wait_after_burst(retry_after, len(wanted)):
                    break
                continue
            gateways += 1
            if gateways == GATEWAY_TRIES or not any(is_passing(one.answer) for one in deliveries):
                return deliveries
        return [replace(one, gave_up=True) for one in deliveries]

    def send_for_good(self, wanted: Sequence[Request], spread: float) -> list[Delivery]:
        """Send requests at once and never again; what of it would have gone again is `cut_short`."""
        deliveries = self._once(wanted, spread, once=True)
        if self._renews(wanted, deliveries):
            return [replace(one, cut_short=is_unauthorized(one.answer)) for one in deliveries]
        limited = [one.answer for one in deliveries if one.answer and self.limits(one.answer)]
        if limited:
            self.pace.wait_after_burst(limited[0].header("Retry-After"), len(wanted))
        return [
            replace(
                one,
                gave_up=is_limit(one.answer),
                cut_short=is_limit(one.answer) or is_passing(one.answer),
            )
            for one in deliveries
        ]

    def _renews(self, wanted: Sequence[Request], deliveries: Sequence[Delivery]) -> bool:
        """Tell whether a burst met an old token of a gateway, and there is a new one now."""
        for request, delivery in zip(wanted, deliveries, strict=True):
            if is_unauthorized(delivery.answer):
                return self.gateway.renew(request, delivery.answer)
        return False

    def _once(
        self, wanted: Sequence[Request], spread: float, *, once: bool = False
    ) -> list[Delivery]:
        first = self.budget.requests
        self.pace.before_burst(len(wanted), once=once)
        self.budget.take(len(wanted))
        # Made before any thread waits for the others: a plugin that signs may raise.
        ids = [f"{self.run_id}-{first + number}" for number in range(1, len(wanted) + 1)]
        heads = [self.heads.of(*one) for one in zip(wanted, ids, strict=True)]
        connections: list[Connection] = []
        try:
            connections += (self.connect() for _ in wanted)
        except OSError:
            for connection in connections:
                connection.close()
            self.budget.requests -= len(wanted)
            raise
        barrier = threading.Barrier(len(wanted))
        results: dict[int, Delivery] = {}

        def one(index: int) -> None:
            request, connection, head = wanted[index], connections[index], heads[index]
            data = self.heads.whole(request, head)
            barrier.wait()
            time.sleep(spread * (index * _GOLDEN_RATIO % 1))
            began = time.monotonic()
            result = connection.exchange(data, request.method, self.patience.limit)
            shown = self.heads.shown(head)
            results[index] = delivered(result, began, connection.number, ids[index], shown)
            connection.close()

        # Whoever interrupts the run need not wait for answers that never come.
        threads = [
            threading.Thread(target=one, args=(index,), daemon=True) for index in range(len(wanted))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for delivery in results.values():
            self.note(delivery)
        return [results[index] for index in range(len(wanted))]
