"""Fresh fuzzing in several processes: helpers draw and send, one keeper takes over what they did.

A helper draws while the keeper sends its cases, and sends when it is told to: so nothing comes between
cases that are judged one by one.  Requests that name a real account are the keeper's alone, since it
alone counts the wrong passwords of an account.
"""

from __future__ import annotations

import contextlib
import pickle
import socket
import struct
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ...contract.skip_reason import Reason
from ...target.limits import Budget
from ...transport.messages import Exchange
from .draws import Draw

# What lets a helper go on: the seconds that its requests keep between them.
# Seconds between requests, requests that count as sent, seconds that are left.
_GO = struct.Struct("!dqd")
_READY = b"r"
_PATIENCE = 10.0
_BETWEEN_TRIES = 0.05
_TRIES = 600


@dataclass(frozen=True)
class Share:
    """What one helper did: its draws, those of them that it has sent, and how many requests that took."""

    helper: str
    draws: tuple[Draw, ...]
    exchanges: tuple[Exchange, ...] = ()
    unsent: dict[str, Reason] = field(default_factory=dict)
    requests: int = 0


class Keeper:
    """The keeper's end: a socket in a folder that belongs to this run and this user alone."""

    def __init__(self, path: Path, helpers: int) -> None:
        self._helpers = helpers
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(str(path))
        self._socket.listen(helpers)
        self._connected: list[socket.socket] = []

    @property
    def helpers(self) -> int:
        """Return how many helpers there are."""
        return self._helpers

    def gather(self, seconds: float, interval: float, budget: Budget, kept: int = 0) -> list[Share]:
        """Let the helpers send, and return what they did, in the order of their names.

        A helper that has not drawn its share after so many seconds, or has died, is left out.
        `interval` is the pace of the whole run, in seconds between requests: each gets its share, and so
        it does of what is left of the budget beside `kept` requests.  What was sent counts in the budget
        afterwards.
        """
        # They connect before they draw, so that whoever is not there by now has died.
        self._socket.settimeout(_PATIENCE)
        with contextlib.suppress(TimeoutError):
            while len(self._connected) < self._helpers:
                self._connected.append(self._socket.accept()[0])
        ends = time.monotonic() + seconds
        ready = [one for one in self._connected if _said_ready(one, ends)]
        for one in ready:
            one.sendall(_GO.pack(interval * self._helpers, *budget.share(self._helpers, kept)))
        shares = sorted(self._shares(ready), key=lambda share: share.helper)
        budget.requests += sum(share.requests for share in shares)
        return shares

    def _shares(self, ready: list[socket.socket]) -> Iterator[Share]:
        for one in ready:
            one.settimeout(None)
            lost = (EOFError, ConnectionError, pickle.UnpicklingError)
            # Only a process of this user reaches the socket, and it is one of this run.
            with one.makefile("rb") as stream, contextlib.suppress(*lost):
                share = pickle.load(stream)  # noqa: S301 - see the line above
                if isinstance(share, Share):
                    yield share

    def close(self) -> None:
        """Let the helpers go, whatever they are at."""
        for one in (*self._connected, self._socket):
            one.close()


def _said_ready(one: socket.socket, ends: float) -> bool:
    one.settimeout(max(0.1, ends - time.monotonic()))
    with contextlib.suppress(TimeoutError, ConnectionError):
        return one.recv(len(_READY)) == _READY
    return False


def help_keeper(path: Path, draw: Callable[[], Callable[[float, int, float], Share]]) -> None:
    """Draw, wait until the keeper says so, do a share of the sending, and hand it over.

    What `draw` returns is given the seconds between two requests, how many requests count as sent and
    how many seconds are left.  Nothing is sent where the keeper
    has no use for it, since the target is gone, say.
    """
    for _ in range(_TRIES):
        if path.exists():
            break
        time.sleep(_BETWEEN_TRIES)
    with contextlib.suppress(ConnectionError), socket.socket(socket.AF_UNIX) as end:
        end.connect(str(path))
        share = draw()
        end.sendall(_READY)
        told = end.recv(_GO.size, socket.MSG_WAITALL)
        if len(told) == _GO.size:
            end.sendall(pickle.dumps(share(*_GO.unpack(told))))
