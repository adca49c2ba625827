"""A stand-in for the target, in this process: what a run would send to one that holds every clause."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from ...target.limits import Budget
from ...target.target import Target
from ...transport.delivery import Delivery
from ...transport.lockout_guard import Tally
from ...transport.messages import Answer, Request
from ...transport.own_limits import OwnLimits
from .application import application
from .in_process import ask
from .world import Account, Company, World


class Rehearsal:
    """Takes requests as the transport does and answers them without a network.

    It counts requests and bursts, and raises `LimitReached` where the transport would for their
    number; time does not pass.
    """

    is_used_up = False

    def __init__(self, target: Target) -> None:
        self._prefix = target.parts.path
        self._served = application(_world(target))
        self._runner = asyncio.Runner()
        # However long the rehearsal takes, the run's own time has not begun.
        self.budget = Budget(replace(target.limits, max_time=float("inf")))
        self._kept = False
        # Nothing is waited for here.
        self.meanwhile: Callable[[], None] = lambda: None
        self.tally = Tally()
        self.own_limits = OwnLimits()

    @property
    def requests(self) -> int:
        """Return how many requests have been taken."""
        return self.budget.requests

    def prepare(self, request: Request) -> None:
        """Do nothing: there is nothing to prepare."""

    def send(self, request: Request, *, fresh: bool = False, most_tries: int = 99) -> Delivery:
        """Answer a request as the reference server does."""
        self.budget.take()
        self._kept = True
        path, _, query = request.target.removeprefix(self._prefix).partition("?")
        response = self._runner.run(
            ask(
                self._served,
                path,
                request.body,
                method=request.method,
                query=query.encode("ascii", "replace"),
                headers=tuple(
                    (name.lower().encode(), value.encode("latin-1", "replace"))
                    for name, value in request.headers
                ),
            )
        )
        headers = tuple(
            (name.decode(), value.decode("latin-1")) for name, value in response.headers
        )
        answer = Answer(int(response.status), "", "HTTP/1.1", headers, response.body)
        now = time.monotonic()
        return Delivery(answer, None, now, now, 1, not fresh, "")

    def burst(
        self, wanted: Sequence[Request], spread: float = 0.0, *, once: bool = False
    ) -> list[Delivery]:
        """Answer requests one after the other, as if each had been under way all the time."""
        began = time.monotonic()
        answered = [self.send(request) for request in wanted]
        ended = time.monotonic()
        return [replace(one, began=began, ended=ended) for one in answered]

    def look(self, wait: float = 0.0) -> bytes:
        """Return nothing: the reference server leaves no stray bytes."""
        return b""

    def note_busy(self, *, by_itself: bool) -> None:
        """Do nothing: the reference server is never busy."""

    def is_kept(self) -> bool:
        """Tell whether a connection would be there to be used again."""
        return self._kept

    def reaches(self) -> bool:
        """Tell that it would take a connection."""
        return True

    def never_reuse(self) -> None:
        """Do nothing: the reference server keeps step."""

    def close(self) -> None:
        """Do nothing: more may be sent; `end` ends it."""

    def end(self) -> None:
        """Let go of what the answers were made with."""
        self._runner.close()


def _world(target: Target) -> World:
    """Return the companies and accounts of a target as the reference server knows them."""
    companies: dict[str, tuple[str, list[Account]]] = {}
    for name, account in target.accounts.items():
        if name == "made-up":
            continue
        role = "own" if name in ("main", "second") else name
        _, members = companies.setdefault(account.company, (role, []))
        email, password = account.email.get_secret_value(), account.password.get_secret_value()
        members.append(Account(name, email, password))
    return World(
        tuple(Company(id_, role, tuple(found)) for id_, (role, found) in companies.items())
    )
