"""An order to end (Ctrl-C, SIGTERM) ends a run in order: what was recorded is judged and written."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable, Iterator
from types import FrameType

# What Ctrl-C, a CI system or a container platform, and a closed terminal send before anybody kills.
_ORDERS = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


def end_in_order(*, once: bool = False) -> None:
    """From now on let every order to end do what Ctrl-C does; with `once` only the first does.

    A worker is told twice: by whoever pressed Ctrl-C, and by the process that started it.
    """
    _answer_orders_with(_interrupt_once if once else _interrupt)


def finish_writing() -> None:
    """From now on let no order to end come between what is being written."""
    _answer_orders_with(_go_on)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Put orders to end off until the end of a block.

    For a process of one thread: where there are more, another may take an order that this one puts off.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ORDERS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _answer_orders_with(handler: Callable[[int, FrameType | None], None]) -> None:
    if threading.current_thread() is not threading.main_thread():
        return
    for order in _ORDERS:
        # What whoever started us ignores, as nohup does, stays ignored.
        if signal.getsignal(order) is not signal.SIG_IGN:
            signal.signal(order, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _interrupt_once(_number: int, _frame: FrameType | None) -> None:
    finish_writing()
    raise KeyboardInterrupt


def _go_on(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: what is being written takes seconds at most."""
