"""Hands on what one process of a load run sent and got, over a socket of this machine."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from ..tools.traffic.load_frames import Sent, packed

# So many exchanges, and so many bytes of answers, wait at most: a user that would add more waits, too.
MOST_WAITING, MOST_BYTES = 10_000, 32 * 1024 * 1024
_MOST_A_FRAME = 200
_A_MOMENT = 0.05


@dataclass
class Recorder:
    """Keeps exchanges until they are handed on; what waits is bounded, and so is a worker's memory."""

    path: str
    sleep: Callable[[float], object]
    waiting: list[Sent] = field(default_factory=list)
    _bytes: int = 0
    _socket: socket.socket | None = None
    # While one greenlet hands on what it took, the end of the run may want to hand on the rest.
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def open(self) -> None:
        """Connect to the judge, and tell it that there is one more worker."""
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._socket.connect(self.path)
        self._socket.sendall(packed({"say": "here"}))

    def attach(self, connection: socket.socket) -> None:
        """Hand on over a connection that is there."""
        self._socket = connection

    def detach(self) -> None:
        """Hand on nothing more, and leave the connection to whose it is."""
        self._socket = None

    def add(self, sent: Sent) -> None:
        """Keep an exchange; wait while too many are kept."""
        while len(self.waiting) >= MOST_WAITING or self._bytes >= MOST_BYTES:
            self.sleep(_A_MOMENT)
        self.waiting.append(sent)
        self._bytes += len(sent.answer_body)

    def hand_on(self) -> None:
        """Hand on what is kept."""
        while self.waiting and self._socket is not None:
            with self._lock:
                self._hand_on_some()
            # What is to be told meanwhile, or what the master asks for, does not wait for all of it.
            self.sleep(0)

    def _hand_on_some(self) -> None:
        if self._socket is not None and self.waiting:
            # Not all at once: no user goes on while a frame is made.
            rows, self.waiting = self.waiting[:_MOST_A_FRAME], self.waiting[_MOST_A_FRAME:]
            self._bytes -= sum(len(one.answer_body) for one in rows)
            self._socket.sendall(packed(rows))

    def tell(self, value: dict[str, object]) -> None:
        """Tell something of this process, where somebody listens."""
        with self._lock:
            if self._socket is not None:
                self._socket.sendall(packed(value))

    def finish(self) -> None:
        """Hand on the last ones, and say that these were the last."""
        self.hand_on()
        self.tell({"say": "done"})

    def close(self) -> None:
        """Finish, and close the connection."""
        self.finish()
        if self._socket is not None:
            self._socket.close()
            self._socket = None
