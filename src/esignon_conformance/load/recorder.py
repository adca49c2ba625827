"""Hands on what one process of a load run sent and got, over a socket of this machine."""

from __future__ import annotations

import socket
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from ..tools.traffic.load_frames import Sent, packed, squeezed

# So many exchanges, and so many bytes of answers, wait at most: a user that would add more waits, too.
MOST_WAITING, MOST_BYTES = 10_000, 32 * 1024 * 1024
# What the judge has no time for yet waits squeezed, an exchange in some 100 bytes: it may catch up later.
MOST_SQUEEZED = 16 * 1024 * 1024
_MOST_A_FRAME = 200
_A_MOMENT = 0.05


@dataclass
class Recorder:
    """Keeps exchanges until they are handed on; what waits is bounded, and so is a worker's memory.

    Nothing is ever written to a disk, since passwords and tokens are among it.
    """

    path: str
    sleep: Callable[[float], object]
    waiting: list[Sent] = field(default_factory=list)
    _bytes: int = 0
    _socket: socket.socket | None = None
    _squeezed: deque[bytes] = field(default_factory=deque)
    _squeezed_bytes: int = 0
    # What is told of this process goes before exchanges; and what is left of the frame that goes out.
    _told: deque[bytes] = field(default_factory=deque)
    _rest: bytes = b""

    def open(self) -> None:
        """Connect to the judge, and tell it that there is one more worker."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.connect(self.path)
            self.attach(connection)
        self.tell({"say": "here"})

    def attach(self, connection: socket.socket) -> None:
        """Hand on over a connection that is there."""
        self._socket = connection.dup()
        # A judge that has no time keeps nobody waiting.
        self._socket.settimeout(0)

    def detach(self) -> None:
        """Hand on nothing more, and leave the connection to whose it is."""
        if self._socket is not None:
            self._socket.close()
        self._socket = None

    def add(self, sent: Sent) -> None:
        """Keep an exchange; wait while too many are kept."""
        while (
            len(self.waiting) >= MOST_WAITING
            or self._bytes >= MOST_BYTES
            or self._squeezed_bytes >= MOST_SQUEEZED
        ):
            self.sleep(_A_MOMENT)
        self.waiting.append(sent)
        self._bytes += len(sent.answer_body)

    def hand_on(self) -> None:
        """Squeeze what is kept, and hand on as much of it as the judge takes."""
        if self._socket is not None:
            self._squeeze()
            self._push()

    def tell(self, value: dict[str, object]) -> None:
        """Tell something of this process, where somebody listens."""
        if self._socket is not None:
            self._told.append(packed(value))
            self._push()

    def finish(self) -> None:
        """Hand on all that is kept, however long the judge takes, and say that these were the last."""
        self._finish_sending()
        self.tell({"say": "done"})
        self._finish_sending()

    def close(self) -> None:
        """Finish, and close the connection."""
        self.finish()
        self.detach()

    def _finish_sending(self) -> None:
        while self._socket is not None:
            self._squeeze()
            if self._push() and not self.waiting:
                return
            self.sleep(_A_MOMENT)

    def _squeeze(self) -> None:
        while self.waiting:
            # Not all at once: no user goes on while a frame is made.
            rows, self.waiting = self.waiting[:_MOST_A_FRAME], self.waiting[_MOST_A_FRAME:]
            self._bytes -= sum(len(one.answer_body) for one in rows)
            frame = squeezed(rows)
            self._squeezed.append(frame)
            self._squeezed_bytes += len(frame)
            if self.waiting:
                self.sleep(0)

    def _push(self) -> bool:
        """Hand on what the judge takes now; return whether that was all."""
        while self._socket is not None:
            if not self._rest and self._told:
                self._rest = self._told.popleft()
            elif not self._rest and self._squeezed:
                self._rest = self._squeezed.popleft()
                self._squeezed_bytes -= len(self._rest)
            if not self._rest:
                return True
            try:
                self._rest = self._rest[self._socket.send(self._rest) :]
            except BlockingIOError:
                return False
        return True
