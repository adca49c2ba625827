"""Sends a login once more that a gateway, or a server that is too busy, answered: ENV-10 needs it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from ..transport.delivery import BUSY, GATEWAY, GATEWAY_TRIES, has_header

# So many logins of a process are sent again: each makes the others wait.
_MOST_AGAIN = 10
# Seconds before a login that was answered 503 goes out again; the others of its process wait longer.
_PAUSE, _OTHERS_WAIT = 1.0, 3.0


class Came(NamedTuple):
    """What came of one login: an answer or a kind of `Fault`, when it was sent, and how long it took.

    `is_silent` says that the connection ended before the first byte of an answer.
    """

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes
    fault: str
    began: float
    seconds: float
    reason: str = ""
    version: str = ""
    is_silent: bool = False


class Tried(NamedTuple):
    """What counts, after how many tries, and which answers of a gateway were gone then."""

    came: Came
    tries: int = 1
    gone: tuple[int, ...] = ()


class _Pace(Protocol):
    def turn(self, *, is_held: bool = True) -> bool: ...

    def hold_for(self, seconds: float) -> None: ...


@dataclass
class GatewayTries:
    """Sends again as a run does; `is_alone` says that no other process sends."""

    sleep: Callable[[float], object]
    is_alone: bool = True
    left: int = _MOST_AGAIN
    _is_under_way: bool = False

    def tried(self, came: Came, pace: _Pace, again: Callable[[], Came]) -> Tried:
        """Return what a login comes to; `again` sends it over a fresh connection."""
        # ENV-10: "502 and 504 without an envelope are sent twice more, each on a fresh connection, and,
        # when gone, an advisory of the transport"; "503 without an envelope is treated as 502 and 504".
        if not _is_bare(came) or self._is_under_way or self.left <= 0:
            return Tried(came)
        self.left -= 1
        self._is_under_way = True
        try:
            return self._tried(came, pace, again)
        finally:
            self._is_under_way = False

    def _tried(self, came: Came, pace: _Pace, again: Callable[[], Came]) -> Tried:
        seen: tuple[int, ...] = ()
        while _is_bare(came) and len(seen) < GATEWAY_TRIES - 1:
            is_busy = came.status == BUSY
            if is_busy:
                # "429 and 503 first halve the pace, down to 1 a second."
                pace.hold_for(_OTHERS_WAIT)
                self.sleep(_PAUSE)
            if not pace.turn(is_held=not is_busy):
                return Tried(came)
            seen += (came.status,)
            came = again()
        if not _is_bare(came):
            return Tried(came, len(seen) + 1, seen)
        # While other processes go on, a server may be as busy as before.
        is_proof = self.is_alone or BUSY not in (*seen, came.status)
        return Tried(came, GATEWAY_TRIES if is_proof else 1)


def _is_bare(came: Came) -> bool:
    """Tell whether an answer may be that of a gateway: without an envelope, and no limit that is told."""
    if came.fault or came.status not in GATEWAY or has_header(came.body):
        return False
    waits = any(name.lower() == "retry-after" for name, _ in came.headers)
    return not (came.status == BUSY and waits)
