"""`make bench`: how fast the suite replays its corpus, beside a bare loop and `schemathesis run`.

All three ask the server in the box, one after the other; the server counts, on a core of its own where
there are two.  The last row is the command as its users start it, start-up included.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.context import ForkProcess
from multiprocessing.sharedctypes import Synchronized, SynchronizedArray
from pathlib import Path
from typing import Any

import requests

from esignon_conformance import resources
from esignon_conformance.checks import looks_at_draws
from esignon_conformance.contract.model import Contract
from esignon_conformance.runner.fuzzing.corpus import with_corpus
from esignon_conformance.runner.requests.byte_edits import as_bytes
from esignon_conformance.runner.requests.contract_check import load
from esignon_conformance.runner.run import Run
from esignon_conformance.target.settings import Options, box_target
from esignon_conformance.tools.proof.judged_server import context
from esignon_conformance.tools.reference.application import application
from esignon_conformance.tools.reference.server import listen, run
from esignon_conformance.tools.reference.world import load_world
from selftest.support.command import COMMAND

SEED = 20210407
EXAMPLES = 1000
LEAST_A_SECOND = 600
LEAST_TIMES_AS_FAST = 6
LONGEST = 4.0


@dataclass
class Counter:
    """What the server has seen: how many requests, and when the first and the last came."""

    count: Synchronized[int]
    times: SynchronizedArray[float]

    def reset(self) -> None:
        """Begin anew."""
        self.count.value = 0

    def note(self) -> None:
        """Count a request."""
        self.times[1 if self.count.value else 0] = time.monotonic()
        self.count.value += 1

    @property
    def a_second(self) -> float:
        """Return how many requests came a second, between the first and the last."""
        return (self.count.value - 1) / (self.times[1] - self.times[0])


def pin(core: int) -> None:
    """Keep this process on one core, where the system can and there are two."""
    if hasattr(os, "sched_setaffinity") and len(os.sched_getaffinity(0)) > 1:
        os.sched_setaffinity(0, {sorted(os.sched_getaffinity(0))[core]})


def _serve(listener: socket.socket, counter: Counter) -> None:
    pin(1)
    served = application(load_world(resources.contracts() / "accounts.yaml"))

    async def counted(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            counter.note()
        await served(scope, receive, send)

    run(listener, counted, lambda: None)


@contextmanager
def counting_server() -> Iterator[tuple[str, Counter]]:
    """Serve the server in the box; yield its base URL and its counter."""
    forking = context()
    counter = Counter(forking.Value("i", 0), forking.Array("d", [0.0, 0.0]))
    with listen("127.0.0.1", 0) as listener:
        process: ForkProcess = forking.Process(target=_serve, args=(listener, counter))
        process.start()
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    try:
        yield base_url, counter
    finally:
        process.terminate()
        process.join()


def replay(base_url: str, contract: Contract) -> None:
    """Send the corpus as a run of standard depth does: built, guarded, recorded."""
    with tempfile.TemporaryDirectory() as directory:
        target = box_target(base_url, SEED, Options())
        chosen = frozenset(one.id for one in contract.clauses.values() if looks_at_draws(one))
        Run(contract, target, SEED, Path(directory), draws=chosen, depth="standard").send()


def bare_loop(base_url: str, contract: Contract) -> None:
    """Post the same bodies with `requests` and look at nothing."""
    bodies = [as_bytes(case.raw[0]["literal"]) for case in contract.cases.values() if case.is_drawn]
    headers = {"Content-Type": "application/json"}
    with requests.Session() as session:
        session.trust_env = False
        for body in bodies:
            session.post(f"{base_url}/api/nobody/login", data=body, headers=headers, timeout=10)


def schemathesis(base_url: str, _contract: Contract) -> None:
    """Let schemathesis fuzz the operation from the command line."""
    options = [
        *(f"--url={base_url}", "--phases=fuzzing", f"--max-examples={EXAMPLES}", f"--seed={SEED}"),
        # It takes our refusals over HTTP 200 for findings: with its other checks it would stop at once.
        "--checks=not_a_server_error",
    ]
    with tempfile.TemporaryDirectory() as directory:
        subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "run"),
                *(str(resources.contracts() / "openapi.yaml"), *options),
            ],
            cwd=directory,
            capture_output=True,
            check=False,
        )


def whole_run() -> float:
    """Return the seconds that `run --depth standard` takes on the server in the box."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as directory:
        command = [sys.executable, "-c", COMMAND, "run", "--report-dir", directory]
        subprocess.run(command, capture_output=True, check=True)
    return time.monotonic() - began


def main() -> int:
    """Measure, print, and return 1 where a goal is missed."""
    seconds = min(whole_run() for _ in range(3))
    contract = with_corpus(load())
    rates: dict[str, float] = {}
    clients: dict[str, Callable[[str, Contract], None]] = {
        "replay of the corpus": replay,
        "bare requests loop": bare_loop,
        "schemathesis run": schemathesis,
    }
    pin(0)
    with counting_server() as (base_url, counter):
        for name, client in clients.items():
            counter.reset()
            client(base_url, contract)
            rates[name] = counter.a_second
            print(f"{name:24} {rates[name]:7.0f} requests a second ({counter.count.value} sent)")
    times = rates["replay of the corpus"] / rates["schemathesis run"]
    print(f"replay is {times:.1f} times as fast as schemathesis (goal: {LEAST_TIMES_AS_FAST})")
    print(f"run --depth standard     {seconds:7.2f} s (goal: below {LONGEST:g})")
    reached = (
        rates["replay of the corpus"] >= LEAST_A_SECOND
        and times >= LEAST_TIMES_AS_FAST
        and seconds < LONGEST
    )
    print("All goals reached." if reached else "A goal was missed; is the machine busy?")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
