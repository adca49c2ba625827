"""What a copy of this process does beside it, on a core that would be idle: files are written there."""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import select
import signal
import threading
import weakref
from collections.abc import Callable, Iterable
from typing import BinaryIO, Generic, NoReturn, TypeVar

from ...runner.signals import before_the_end, undisturbed

_T = TypeVar("_T")
# The ends that this process gives items through. A copy that kept one of another would keep that one
# from seeing where its items end.
_giving: weakref.WeakSet[BinaryIO] = weakref.WeakSet()
# The copies that have not ended: a second order to end is for them, too.
_copies: set[int] = set()
# Seconds in which a copy that has been given everything ends. It has some thousand small files to write.
_PATIENCE = 60.0


class Beside(Generic[_T]):
    """Does one thing with each item that it is given, in their order, while this process goes on.

    A copy of this process does it, which knows all that is known when it is made.  Where none can be
    made (Windows has no fork, and a process of several threads is not copied) it is done here, at once.

    An order to end (Ctrl-C, SIGTERM) is not for the copy: it does what it was given, and ends when this
    process closes its end, or has ended in whatever way.
    """

    def __init__(self, work: Callable[[_T], None]) -> None:
        self._work = work
        self._problem: Exception | None = None
        self._copy: _Copy | None = None
        if hasattr(os, "fork") and threading.active_count() == 1:
            with contextlib.suppress(OSError):
                self._copy = _Copy(lambda items: _do_all(work, items))

    def give(self, item: _T) -> None:
        """Let one thing be done.  What goes wrong with it is told by `finish`."""
        if self._copy is None:
            self._problem = _problem_of(self._work, item, self._problem)
            return
        try:
            self._copy.give(item)
        except OSError as error:
            self._problem = self._problem or error

    def finish(self) -> None:
        """Wait until all is done.

        Raises the first `OSError` that was met (the rest was done all the same), or `RuntimeError` with
        the text of any other exception, after which nothing more was done.
        """
        if self._copy is not None:
            told = self._copy.finish()
            self._copy, self._problem = None, told or self._problem
        problem, self._problem = self._problem, None
        if problem is not None:
            raise problem


class _Copy:
    """A copy of this process, the pipe that it reads items from, and the one that it reports on."""

    def __init__(self, work: Callable[[BinaryIO], Exception | None]) -> None:
        """Make the copy.  Raises `OSError` when there is no room for one."""
        items, self._giving = _pipe()
        self._told, telling = _pipe()
        try:
            # The copy never takes this back, so no order to end reaches it.
            with undisturbed():
                self._process = os.fork()
                if not self._process:
                    _be_the_copy(work, items, telling, (*_giving, self._giving, self._told))
                _copies.add(self._process)
                _giving.add(self._giving)
        except BaseException:
            self._giving.close()
            self._told.close()
            raise
        finally:
            items.close()
            telling.close()

    def give(self, item: object) -> None:
        """Send an item.  Raises `OSError` when the copy has ended."""
        # Half of an item would make what follows unreadable.
        with undisturbed():
            pickle.dump(item, self._giving)
            self._giving.flush()

    def finish(self) -> Exception | None:
        """Return what went wrong, when all is done."""
        with contextlib.suppress(BrokenPipeError):
            self._giving.close()
        with self._told:
            if not select.select([self._told], [], [], _PATIENCE)[0]:
                os.kill(self._process, signal.SIGKILL)
            report = self._told.read()
        # Whoever starts the suite may have told the system to take no notice of processes that end.
        with contextlib.suppress(ChildProcessError):
            os.waitpid(self._process, 0)
        _copies.discard(self._process)
        if not report:
            return RuntimeError("the process that writes beside this one was ended")
        problem: Exception | None = pickle.loads(report)  # noqa: S301 - from the copy of ourselves
        return problem


def _end_copies() -> None:
    for process in _copies:
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


before_the_end(_end_copies)


def _pipe() -> tuple[BinaryIO, BinaryIO]:
    reading, writing = os.pipe()
    return os.fdopen(reading, "rb"), os.fdopen(writing, "wb")


def _be_the_copy(
    work: Callable[[BinaryIO], Exception | None],
    items: BinaryIO,
    telling: BinaryIO,
    others: Iterable[BinaryIO],
) -> NoReturn:
    """Do the work, tell what came of it, and end without any of the steps of an ordinary end.

    `others` are the ends of pipes that are not the copy's.
    """
    try:
        for one in others:
            os.close(one.fileno())
        # A short life, in which a search for garbage would only copy memory that is shared.
        gc.disable()
        problem = work(items)
        pickle.dump(problem, telling)
        telling.flush()
    finally:
        os._exit(0)


def _do_all(work: Callable[[_T], None], items: BinaryIO) -> Exception | None:
    problem: Exception | None = None
    while True:
        try:
            item: _T = pickle.load(items)  # noqa: S301 - from the process that this is a copy of
        except EOFError:
            return problem
        except pickle.UnpicklingError as error:
            return problem or RuntimeError(f"an item came in pieces: {error}")
        problem = _problem_of(work, item, problem)


def _problem_of(work: Callable[[_T], None], item: _T, before: Exception | None) -> Exception | None:
    """Do the work with one item, and return the first problem so far."""
    if before is not None and not isinstance(before, OSError):
        return before
    try:
        work(item)
    except OSError as error:
        # Made anew, for not each of them goes through a pipe.
        return before or OSError(error.errno, error.strerror or str(error))
    except Exception as error:  # noqa: BLE001 - told at the end as an internal error, whatever it is
        return RuntimeError(f"{type(error).__name__}: {error}")
    return before
