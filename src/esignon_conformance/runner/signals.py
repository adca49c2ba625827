"""An order to end (Ctrl-C, SIGTERM) ends a run in order: what was recorded is judged and written.

A second one says that this takes too long: a few seconds later the process ends, whatever it does.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from types import FrameType
from typing import NoReturn

# What Ctrl-C, a CI system or a container platform, and a closed terminal send before anybody kills.
_ORDERS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)
# The status of a run that was interrupted.
_STATUS = 2
# Seconds in which two orders are one: a terminal sends Ctrl-C to all, and who started us passes it on.
_SAME = 0.5
# Seconds after a second order until this process ends by itself, and until the system ends it.
_GRACE, _LAST = 3.0, 4

# When the first order came.
_first: list[float] = []


def end_in_order() -> None:
    """From now on let every order to end do what Ctrl-C does."""
    _answer_orders_with(_interrupt)


def finish_writing() -> None:
    """From now on let no order to end come between what is being written."""
    _answer_orders_with(_go_on)


def _answer_orders_with(handler: Callable[[int, FrameType | None], None]) -> None:
    if threading.current_thread() is not threading.main_thread():
        return
    for order in _ORDERS:
        # What whoever started us ignores, as nohup does, stays ignored.
        if signal.getsignal(order) is not signal.SIG_IGN:
            signal.signal(order, handler)


def _note_order() -> None:
    """Note an order to end; after a second one this process has a few seconds left."""
    now = time.monotonic()
    if not _first:
        _first.append(now)
    elif now - _first[0] > _SAME:
        timer = threading.Timer(_GRACE, _end_now)
        timer.daemon = True
        timer.start()
        if hasattr(signal, "SIGALRM"):
            # What holds the interpreter, as a long search does, keeps every thread of ours from going on.
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(_LAST)


def _end_now() -> NoReturn:
    os._exit(_STATUS)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    _note_order()
    raise KeyboardInterrupt


def _go_on(_number: int, _frame: FrameType | None) -> None:
    """Go on writing, which takes seconds at most, unless it is the second order."""
    _note_order()
