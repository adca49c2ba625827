"""Processes that start warm: copies of one that has imported the suite, and has done nothing else.

A new interpreter needs a second to import pytest, requests and the suite.  Here one process does that once,
and each process is a fork of it, with the code, arguments, environment, folder and standard streams that it
is given.  It has its own exit status, takes signals, and shares nothing with the tests or with another one.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import gc
import io
import json
import os
import signal
import socket
import struct
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType

_NUMBER = struct.Struct("!i")
_MOST = 1 << 20
# Read by a Python when it starts: a copy of a running one would not see them. (LANG is read by the suite,
# too; of it Python takes nothing where the streams are UTF-8 all the same.)
_READ_AT_START = ("PYTHON", "LC_", "TZ", "SSLKEYLOGFILE")
_SEARCHED = "PYTHONPATH"
# All that a run loads, and the contract and the words of the suite, which no run changes.  None of it acts.
_LOADED = """
import allure_pytest.plugin, pytest, pytest_base_url.plugin
import _pytest.faulthandler, _pytest.helpconfig, _pytest.junitxml, _pytest.skipping
import attrs, jinja2, jsonschema, packaging.version, rfc3339_validator
import esignon_conformance.app.cli.diff, esignon_conformance.app.cli.main
import esignon_conformance.app.cli.run, esignon_conformance.tools.proof.traceability
from esignon_conformance.app.pytest_plugin import (
    exchange_attachments, fixtures, masking, options, outcomes, run_setup, selection, verdicts
)
from esignon_conformance.i18n.catalogue import catalogue
from esignon_conformance.runner.requests import contract_check
contract_check.load(), catalogue("en"), catalogue("ko")
"""
_ZYGOTE = """
from selftest.support.warm_start import asked_for, status_kept
with status_kept(): exec(asked_for())
"""
# The exit status that a copy ends with, once it is known.
_status: list[int] = []


class WarmProcess:
    """A process that was started warm: what the tests need of `subprocess.Popen`."""

    def __init__(self, channel: socket.socket) -> None:
        self._channel = channel
        self.pid = _received(channel)
        self.returncode: int | None = None

    def send_signal(self, number: int) -> None:
        """Send a signal, unless the process is known to have ended."""
        if self.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End the process at once."""
        self.send_signal(signal.SIGKILL)

    def wait(self, timeout: float) -> int:
        """Return the exit status.  Raises `TimeoutError`."""
        if self.returncode is None:
            self._channel.settimeout(timeout)
            self.returncode = _received(self._channel)
            self._channel.close()
        return self.returncode


def can_start_warm(settings: Mapping[str, str]) -> bool:
    """Tell whether a process may be a copy: the system forks, and Python itself reads no setting."""
    return hasattr(os, "fork") and not any(
        name.startswith(_READ_AT_START) for name in settings if name != _SEARCHED
    )


def start(
    code: str,
    arguments: Sequence[str],
    environment: Mapping[str, str],
    streams: tuple[int, int, int],
    folder: Path | None = None,
) -> WarmProcess:
    """Start `python -c code arguments`, with descriptors as its standard input, output and error."""
    asked = json.dumps([code, [*arguments], {**environment}, str(folder or Path.cwd())])
    ours, its = socket.socketpair()
    with its:
        socket.send_fds(_zygote(), [asked.encode()], [*streams, its.fileno()])
    return WarmProcess(ours)


@functools.cache
def _zygote() -> socket.socket:
    """Start the process that all others are copies of.  It ends when this one does."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    root = Path(__file__).parents[2]
    with its:
        process = subprocess.Popen(
            [sys.executable, "-c", _ZYGOTE],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(root)},
            stdin=its.fileno(),
        )
    atexit.register(_end, process, ours)
    return ours


def _end(process: subprocess.Popen[bytes], control: socket.socket) -> None:
    control.close()
    process.wait()


def asked_for() -> CodeType:
    """Be the process that others are copies of: return in each copy, with the code that it is to run."""
    control = socket.socket(fileno=os.dup(0))
    # The first that is registered is the last that is called.
    atexit.register(_leave)
    exec(_LOADED, {})  # noqa: S102 - a text of this module
    sys.path.remove(str(Path(__file__).parents[2]))
    # So that no copy goes through what all of them share.
    gc.collect()
    gc.freeze()
    while True:
        text, descriptors, *_ = socket.recv_fds(control, _MOST, 4)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not text:
            os._exit(0)
        if not os.fork() and not _keep(descriptors):
            control.close()
            return _prepared(json.loads(text), descriptors)
        for one in descriptors:
            os.close(one)


@contextlib.contextmanager
def status_kept() -> Iterator[None]:
    """Note the exit status of what is run inside, so that the copy need not free all that it holds."""
    try:
        yield
    except SystemExit as end:
        if end.code is None or isinstance(end.code, int):
            _status.append((end.code or 0) & 0xFF)
        raise
    _status.append(0)


def _leave() -> None:
    """End a copy of which all is done but to free it, as Python would: that takes longer than the rest."""
    # What cannot be flushed Python tells of itself.
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.flush()
        sys.stderr.flush()
        if _status:
            os._exit(_status[0])


def _keep(descriptors: Sequence[int]) -> bool:
    """Make the copy, tell its number and, when it has ended, its exit status; return False in it."""
    process = os.fork()
    if not process:
        return False
    *streams, channel = descriptors
    for one in streams:
        os.close(one)
    # An order to end that goes to the whole group, as Ctrl-C does, is for the copy.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with socket.socket(fileno=channel) as told, contextlib.suppress(BrokenPipeError):
        told.sendall(_NUMBER.pack(process))
        _, status = os.waitpid(process, 0)
        told.sendall(_NUMBER.pack(os.waitstatus_to_exitcode(status)))
    os._exit(0)


def _prepared(
    asked: tuple[str, list[str], dict[str, str], str], descriptors: list[int]
) -> CodeType:
    code, arguments, environment, folder = asked
    *streams, channel = descriptors
    os.close(channel)
    for number, one in enumerate(streams):
        os.dup2(one, number)
        os.close(one)
    sys.stdin, sys.stdout, sys.stderr = (_opened(number) for number in range(3))
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["-c", *arguments]
    sys.path[:0] = filter(None, environment.get(_SEARCHED, "").split(os.pathsep))
    return compile(code, "<string>", "exec")


def _opened(number: int) -> io.TextIOWrapper:
    """Open a standard stream as Python does when it starts."""
    stream = open(  # noqa: SIM115 - a descriptor, which stays open
        number,
        "w" if number else "r",
        encoding="utf-8",
        errors="backslashreplace" if number == 2 else None,
        closefd=False,
    )
    if number == 2:
        stream.reconfigure(line_buffering=True)
    return stream


def _received(channel: socket.socket) -> int:
    data = channel.recv(_NUMBER.size, socket.MSG_WAITALL)
    if len(data) < _NUMBER.size:
        raise RuntimeError("the process that others are copies of has ended")
    number: int = _NUMBER.unpack(data)[0]
    return number
