"""The suite against one known-bad or known-good server: each of the two in a process of its own.

Everything is forked from a process that has imported all of it, so that a server costs no start-up.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
import tempfile
import threading
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

# Named here so that it is imported before the first fork: uvicorn asks for it when it starts.
import uvicorn.protocols.http.httptools_impl  # noqa: F401

from ... import resources
from ...contract.model import Contract
from ...i18n.errors import ConfigurationError
from ...runner.depth import Depth
from ...runner.run import Run
from ..reference.faults import Fault, Served
from ..reference.faults.wire_server import WireServer
from ..reference.liberties import Liberty
from ..reference.rehearsal import Rehearsal
from ..reference.server import listen, run
from ..reference.world import load_world

if TYPE_CHECKING:
    # Windows has neither, and what asks for them says so.
    from multiprocessing.context import ForkContext, ForkProcess
from ...i18n.catalogue import render
from ...target.settings import Options, box_target
from ...verdicts.exit_status import exit_status
from ...verdicts.model import Verdict
from .score import Kind, Result, Shown

Server = Fault | Liberty

# A run that has not ended by then never will.
_LONGEST = 240.0
_PATIENCE = 5.0
_LONGEST_TEXT = 160


def context() -> ForkContext:
    """Return the way to start processes.  Raises `ConfigurationError` where there is no fork."""
    if "fork" not in multiprocessing.get_all_start_methods():
        raise ConfigurationError("The proof forks its servers, which this system cannot.")
    return multiprocessing.get_context("fork")


@contextmanager
def serving(server: Server) -> Iterator[str]:
    """Serve a server in a process of its own and yield its base URL; the process ends with us."""
    alive, ours = os.pipe()
    # Only the server keeps the socket: when it dies, nobody takes connections any more.
    with listen("127.0.0.1", 0) as listener:
        base_url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        process = context().Process(target=_serve, args=(server, listener, alive, ours))
        process.start()
    os.close(alive)
    try:
        yield base_url
    finally:
        os.close(ours)
        _stop(process)


def _serve(server: Server, listener: socket.socket, alive: int, owners: int) -> None:
    _obey()
    os.close(owners)
    threading.Thread(target=_end_with, args=(alive,), daemon=True).start()
    # What breaks down on purpose says so at length.
    sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - open as long as we are
    built: Served = server.build(load_world(resources.contracts() / "accounts.yaml"))
    if isinstance(built, WireServer):
        built.serve(listener, lambda: None)
    else:
        run(listener, built, lambda: None)


def _obey() -> None:
    """Let whoever started this process end it, and leave Ctrl-C to them."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _end_with(alive: int) -> NoReturn:
    """End this process when the other end of a pipe is closed, be it by the death of its owner."""
    os.read(alive, 1)
    os._exit(0)


def _stop(process: ForkProcess) -> None:
    process.terminate()
    process.join(_PATIENCE)
    if process.is_alive():
        process.kill()
        process.join()


@dataclass(frozen=True)
class How:
    """How the suite judges a server: by which contract, with what seed and depth, with what limits."""

    contract: Contract
    seed: int
    depth: Depth = "quick"
    limits: Mapping[str, float] = field(default_factory=dict)


def judge_server(server: Server, how: How) -> Result:
    """Run the suite on one server and return what it made of it."""
    options = Options(answer_timeout=server.answer_timeout, limits=how.limits, depth=how.depth)
    with serving(server) as base_url, tempfile.TemporaryDirectory() as directory:
        target = box_target(base_url, how.seed, options)
        conformance = Run(
            *(how.contract, target, how.seed, Path(directory)),
            is_whole=True,
            depth=how.depth,
            rehearse=Rehearsal,
        )
        verdicts = conformance.verdicts
    failed = [one for one in verdicts if one.verdict == "fails"]
    advised = [one for one in verdicts if one.verdict == "advisory"]
    unjudged = [one for one in verdicts if one.verdict == "could-not-judge" and one.level == "must"]
    shown = [*_shown(failed)]
    shown += [Shown(one.clause, "none", render(one.reason, "en")) for one in unjudged if one.reason]
    shown += _shown(advised)
    return replace(
        _unjudged(server),
        failed=tuple(one.clause for one in failed),
        advised=tuple(one.clause for one in advised),
        not_judged=tuple(one.clause for one in verdicts if one.verdict == "not-judged"),
        exit_status=exit_status(verdicts, gone=conformance.recording.is_gone),
        shown=tuple(shown),
        cases={one.clause: _cases(one) for one in (*failed, *advised)},
        requests=conformance.requests,
        seconds=round(conformance.seconds, 2),
    )


def _shown(verdicts: Sequence[Verdict]) -> Iterator[Shown]:
    for verdict in verdicts:
        for finding in verdict.findings:
            yield Shown(verdict.clause, finding.case, render(finding.got, "en")[:_LONGEST_TEXT])


def _cases(verdict: Verdict) -> tuple[str, ...]:
    return tuple(dict.fromkeys(case for one in verdict.findings for case in one.cases))


def judge_all(servers: Sequence[Server], how: How, jobs: int) -> Iterator[Result]:
    """Judge servers, `jobs` at a time, each in a process of its own; yield results as they come."""
    waiting = list(servers)[::-1]
    running: dict[Connection, tuple[ForkProcess, Server]] = {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                server = waiting.pop()
                reader, writer = context().Pipe(duplex=False)
                process = context().Process(target=_judge, args=(server, how, writer))
                process.start()
                writer.close()
                running[reader] = (process, server)
            ready = wait(list(running), timeout=_LONGEST)
            for reader in [one for one in running if one in ready or not ready]:
                process, server = running.pop(reader)
                yield _received(reader, server, ended=bool(ready))
                _stop(process)
    finally:
        for process, _ in running.values():
            _stop(process)


def _judge(server: Server, how: How, writer: Connection) -> None:
    _obey()
    try:
        writer.send(judge_server(server, how))
    except Exception:  # noqa: BLE001 - told in the score, whatever it is
        last = traceback.format_exc().strip().splitlines()
        writer.send(" | ".join(line.strip() for line in last[-3:]))


def _received(reader: Connection, server: Server, *, ended: bool) -> Result:
    try:
        answer = reader.recv() if ended else "no end"
    except EOFError:
        answer = "its process died"
    finally:
        reader.close()
    if isinstance(answer, Result):
        return answer
    return replace(_unjudged(server), problem=str(answer))


def _unjudged(server: Server) -> Result:
    if isinstance(server, Fault):
        kind: Kind = "fault" if server.level == "must" else "advisory"
        return Result(server.name, kind, server.docstring, server.clauses, server.least_depth)
    return Result(server.name, "liberty", server.docstring)
