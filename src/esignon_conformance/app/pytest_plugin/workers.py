"""`-n N`: the first worker does all that a run does, the others help it with fresh fuzzing.

Three kinds of process load this plugin: the controller, which starts the workers and prints what the
keeper found; the keeper, which is the first worker; and the helpers.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import tempfile
from collections.abc import Generator
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from ...runner.run import Run
from .scheduling import KEEPER, Node, OneKeeper
from .state import RUN

_INPUT = "esignon_conformance"
_SOCKET = "keeper"
_PROCESS = ".pid"
# Windows has no such sockets in Python: the keeper draws and sends all by itself there.
_CAN_SHARE = hasattr(socket, "AF_UNIX")
# The path of a socket has no more bytes, its end included: 104 on macOS, 108 on Linux.
_LONGEST_SOCKET_PATH = 103


def worker_of(config: pytest.Config) -> str:
    """Return the name of the worker that this process is, empty where it is none."""
    return str(getattr(config, "workerinput", {}).get("workerid", ""))


def is_controller(config: pytest.Config) -> bool:
    """Tell whether this process only starts workers."""
    distributes = getattr(config.option, "dist", "no") != "no" and bool(config.option.tx)
    return distributes and not worker_of(config)


def keeps_run(config: pytest.Config) -> bool:
    """Tell whether this process has the recording, judges and writes: the keeper, or the only one."""
    return not is_controller(config) and worker_of(config) in ("", KEEPER)


def told_by_controller(config: pytest.Config, name: str) -> Any:
    """Return what the controller told this worker, None where it did not."""
    return getattr(config, "workerinput", {}).get(_INPUT, {}).get(name)


class Workers:
    """The controller's hooks, and what it knows of its workers."""

    def __init__(self, config: pytest.Config, box_url: str) -> None:
        self._config = config
        self._count = config.option.numprocesses or len(config.option.tx)
        self._box_url = box_url
        self._folder = _private_folder()
        config.add_cleanup(lambda: shutil.rmtree(self._folder))
        self.was_told = False
        self.lost: list[str] = []
        self.status: int | None = None
        self.lines: list[str] = []
        # One that breaks down is an error of ours; the recording cannot be begun anew.
        config.option.maxworkerrestart = "0"

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Node) -> None:
        """Tell a worker what it has to know."""
        told = {"workers": self._count, "folder": str(self._folder), "box": self._box_url}
        node.workerinput[_INPUT] = told

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_make_scheduler(self) -> OneKeeper:
        """Give every test to the keeper."""
        return OneKeeper(self._count)

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Node, error: object | None) -> None:
        """Take over what the keeper found, or note that a worker was lost."""
        output = getattr(node, "workeroutput", {}).get(_INPUT)
        if output is not None:
            self.status, self.lines = output["status"], output["lines"]
        elif error is not None:
            self.lost.append(node.gateway.id)

    def pytest_sessionstart(self) -> None:
        """From now on pass on every order to end, and be as quiet as pytest is."""
        reporter = self._config.pluginmanager.get_plugin("terminaldistreporter")
        if reporter is not None and self._config.option.verbose < 0:
            for name in ("write_line", "rewrite"):
                setattr(reporter, name, lambda *_text, **_how: None)
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            # Windows has no SIGHUP.
            if (
                hasattr(signal, name)
                and signal.getsignal(getattr(signal, name)) is not signal.SIG_IGN
            ):
                signal.signal(getattr(signal, name), self._pass_on)

    def _pass_on(self, _number: int, _frame: FrameType | None) -> None:
        """Let the workers end in order; end at once where that was asked for before."""
        started = list(self._folder.glob(f"*{_PROCESS}"))
        if self.was_told or len(started) < self._count:
            raise KeyboardInterrupt
        self.was_told = True
        for path in started:
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(path.read_text("ascii")), signal.SIGTERM)


def _private_folder() -> Path:
    """Make a folder that only this user can look into; a socket may lie in it."""
    folder = Path(tempfile.mkdtemp(prefix="esignon-conformance-"))
    if len(os.fsencode(folder / _SOCKET)) > _LONGEST_SOCKET_PATH:
        # TMPDIR lies deep, as in the workspace of a CI job.
        folder.rmdir()
        folder = Path(tempfile.mkdtemp(prefix="esignon-conformance-", dir="/tmp"))
    return folder


WORKERS = pytest.StashKey[Workers]()


def hand_over(config: pytest.Config, status: int, lines: list[str]) -> None:
    """Let the controller say what the keeper found."""
    config.workeroutput[_INPUT] = {"status": status, "lines": lines}  # type: ignore[attr-defined]


def share_work(config: pytest.Config, run: Run, box_url: str) -> None:
    """Take a part in a run with workers: that of the controller, of the keeper or of a helper."""
    if is_controller(config):
        config.stash[WORKERS] = Workers(config, box_url)
        config.pluginmanager.register(config.stash[WORKERS])
        return
    run.worker = worker_of(config)
    if not run.worker:
        return
    scratch = Path(told_by_controller(config, "folder")) / f"{run.worker}.part"
    scratch.write_text(str(os.getpid()), encoding="ascii")
    # In one step, so that the controller never reads half of it.
    scratch.replace(scratch.with_suffix(_PROCESS))
    run.workers = told_by_controller(config, "workers") or 1
    if run.worker == KEEPER and run.workers > 1 and run.depth == "deep" and _CAN_SHARE:
        # Imported here, since it is needed by few runs.
        from ...runner.fuzzing.sharing import Keeper  # noqa: PLC0415 - see the line above

        run.keeper = Keeper(_socket_of(config), run.workers - 1)


@pytest.hookimpl(wrapper=True)
def pytest_runtestloop(session: pytest.Session) -> Generator[None, object, object]:
    """Let a helper help before it hears that there are no tests for it."""
    config = session.config
    run = config.stash.get(RUN, None)
    is_helper = not keeps_run(config) and not is_controller(config)
    if run is not None and is_helper and run.hunts and _CAN_SHARE:
        # Imported here, since it loads Hypothesis.
        from ...runner.hunting import help_hunt  # noqa: PLC0415 - see the line above

        # The keeper is told, too, and says what the run comes to.
        with contextlib.suppress(KeyboardInterrupt):
            help_hunt(run, _socket_of(config))
    return (yield)


def _socket_of(config: pytest.Config) -> Path:
    return Path(told_by_controller(config, "folder")) / _SOCKET


def controller_status(workers: Workers, exitstatus: int) -> int:
    """Return the exit status of a run with workers."""
    interrupted = exitstatus == pytest.ExitCode.INTERRUPTED or workers.was_told
    if workers.status is None:
        return 2 if interrupted else 3
    # One that was told to end may do so in the midst of something.
    return 3 if workers.lost and not workers.was_told else workers.status
