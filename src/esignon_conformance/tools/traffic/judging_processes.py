"""Other processes judge batches while this one reads on; what they find is taken in the order of the file.

A batch is judged by itself, so that it makes no difference which process judges it.  Where a process
fails or ends, the batches that it had are judged here.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import queue
import signal
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from typing import Any

from ...target.target import Target
from ...transport.messages import Exchange
from .batch_result import BatchResult
from .batch_tallies import BatchTallies
from .batches import BatchJudge, Losses

# One that a process judges, and one that waits for it.
_MOST_GIVEN = 2
_MOST_PROCESSES = 3
_MOST_WAITING = 8


@dataclass
class _Batch:
    """A batch, the server that it was sent to, and what it shows once that is known."""

    number: int
    exchanges: Sequence[Exchange]
    losses: Losses
    target: Target
    result: BatchResult | None = None


@dataclass
class _Process:
    """A process that judges, and the batches that it has and has not handed back."""

    connection: Connection
    process: Any
    given: dict[int, _Batch] = field(default_factory=dict)


def usable_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Judging:
    """Judges batches here and in other processes, and adds up what they show in their order.

    `processes` is how many others there may be; they are started once a second batch comes.
    """

    def __init__(self, judge: BatchJudge, tallies: BatchTallies, processes: int) -> None:
        self.judge, self.tallies = judge, tallies
        can_fork = "fork" in multiprocessing.get_all_start_methods()
        self._most = min(processes, _MOST_PROCESSES) if can_fork else 0
        self._processes: list[_Process] = []
        self._waiting: deque[_Batch] = deque()
        self._count = 0

    def add(self, exchanges: Sequence[Exchange], losses: Losses) -> None:
        """Judge a batch, or let it be judged."""
        self._count += 1
        batch = _Batch(self._count, exchanges, losses, self.judge.target)
        self._waiting.append(batch)
        if self._count > 1:
            self._start()
        self._collect(0)
        free = [one for one in self._processes if len(one.given) < _MOST_GIVEN]
        if free:
            self._give(min(free, key=lambda one: len(one.given)), batch)
        else:
            self._judge_here(batch)
        self._take()
        while len(self._waiting) > _MOST_WAITING:
            self._collect(None)
            self._take()

    def finish(self) -> None:
        """Judge what is left; what waits behind another batch in a process is judged here meanwhile."""
        self._take()
        while self._waiting:
            behind = [list(one.given.values())[1:] for one in self._processes]
            left = next((rest[0] for rest in behind if rest and rest[0].result is None), None)
            if left is not None:
                self._judge_here(left)
            self._collect(0 if left is not None else None)
            self._take()
        self.close()

    def close(self) -> None:
        """End the other processes."""
        for one in self._processes:
            _end(one)
        self._processes.clear()

    def _start(self) -> None:
        if self._processes or not self._most:
            return
        context: Any = multiprocessing.get_context("fork")
        for _ in range(self._most):
            here, there = context.Pipe()
            others = [one.connection for one in self._processes]
            process = context.Process(
                target=_judge_for, args=(there, [here, *others], self.judge), daemon=True
            )
            process.start()
            there.close()
            self._processes.append(_Process(here, process))

    def _give(self, process: _Process, batch: _Batch) -> None:
        process.given[batch.number] = batch
        row = (batch.number, batch.target.base_url, batch.exchanges, dict(batch.losses))
        try:
            process.connection.send_bytes(pickle.dumps(row, pickle.HIGHEST_PROTOCOL))
        except OSError:
            self._lose(process)

    def _collect(self, timeout: float | None) -> None:
        """Read what processes hand back: what is there by now, or, without a time-out, the next."""
        waiting = {one.connection: one for one in self._processes if one.given}
        for connection in wait(list(waiting), timeout) if waiting else ():
            process = waiting[connection]  # type: ignore[index] # it is one of those given
            try:
                number, result = pickle.loads(process.connection.recv_bytes())  # noqa: S301 - our own
            except (EOFError, OSError):
                self._lose(process)
                continue
            batch = process.given.pop(number)
            if result is None:
                # The same error comes up here, where it is told.
                self._judge_here(batch)
            else:
                batch.result = result

    def _lose(self, process: _Process) -> None:
        """Judge here what a process had that is there no more."""
        self._processes.remove(process)
        _end(process)
        for batch in process.given.values():
            self._judge_here(batch)

    def _judge_here(self, batch: _Batch) -> None:
        if batch.result is None:
            self.judge.target, target = batch.target, self.judge.target
            batch.result = self.judge.judge(batch.exchanges, batch.losses)
            self.judge.target = target

    def _take(self) -> None:
        while self._waiting and self._waiting[0].result is not None:
            batch = self._waiting.popleft()
            assert batch.result is not None  # noqa: S101 - for mypy: the loop has just asked
            self.tallies.take(batch.exchanges, batch.result)


def _end(process: _Process) -> None:
    process.connection.close()
    # It has nothing to tidy up, and may have taken over how this one meets other signals.
    process.process.kill()
    process.process.join()


def _judge_for(there: Connection, others: Sequence[Connection], judge: BatchJudge) -> None:
    """Judge what comes until nothing more can; a terminal's interrupt is for the process that reads."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for one in others:
        one.close()
    # Read ahead, so that nobody waits for a batch to be judged before the next can be sent.
    batches: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(there, batches), daemon=True).start()
    target = judge.target
    while (data := batches.get()) is not None:
        number, base_url, exchanges, losses = pickle.loads(data)  # noqa: S301 - written by this program
        del data
        if base_url != target.base_url:
            target = judge.target = replace(target, base_url=base_url)
        try:
            result = judge.judge(exchanges, losses)
        except Exception:  # noqa: BLE001 - it is raised again where the batch is judged once more
            result = None
        try:
            there.send_bytes(pickle.dumps((number, result), pickle.HIGHEST_PROTOCOL))
        except OSError:
            return


def _read(there: Connection, batches: queue.SimpleQueue[bytes | None]) -> None:
    try:
        while True:
            batches.put(there.recv_bytes())
    except (EOFError, OSError):
        batches.put(None)
