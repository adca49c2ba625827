"""Starts a mock as its folder says, in the real tool, and ends it by its process group."""

from __future__ import annotations

import io
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from pathlib import Path

import requests

from esignon_conformance.app.cli.main import main
from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.tools.mocks.catalogue import Tool
from esignon_conformance.tools.mocks.writing import WAIVERS
from selftest.mock_tools.installing import environment, node_modules

_PATIENCE = 90.0
_PORTS = range(20_000, 30_000)


class DidNotStartError(Exception):
    """A mock ended, or gave no right login within the time."""


@dataclass(frozen=True)
class Mock:
    """A mock that answers."""

    base_url: str
    folder: Path
    seconds: float

    @property
    def waivers(self) -> Path | None:
        """Return the file of what is waived of this tool, if anything is."""
        path = self.folder / WAIVERS
        return path if path.is_file() else None


@contextmanager
def started(tool: Tool) -> Iterator[Mock]:
    """Write the folder of a mock, start it by its own command, and end it."""
    modules = node_modules(tool)
    with tempfile.TemporaryDirectory(prefix=f"mock-{tool.name}-") as made:
        folder = Path(made, "mock")
        port = _free_port(tool.ports)
        with redirect_stdout(io.StringIO()):
            status = main(
                ["mock", tool.name, "--out", str(folder), "--port", str(port), "--lang", "en"]
            )
        assert status == 0
        # As after `npm install` there.
        (folder / "node_modules").symlink_to(modules)
        log = Path(made, "said.txt")
        with log.open("wb") as said:
            begun = time.monotonic()
            program = subprocess.Popen(
                tool.command(port),
                cwd=folder,
                env={**environment(modules), "HOME": made},
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                start_new_session=True,
            )
            try:
                base_url = f"http://127.0.0.1:{port}"
                _wait_for_a_login(base_url, program, log)
                yield Mock(base_url, folder, time.monotonic() - begun)
            finally:
                _end(program)


def log_in(session: requests.Session, base_url: str) -> requests.Response:
    """Send the right login of the main account."""
    main_account = box_accounts()["main"]
    return session.post(
        f"{base_url}/api/{main_account.company}/login",
        json={
            "header": {"request_code": "1001Q"},
            "body": {
                "memb_email": main_account.email.get_secret_value(),
                "memb_pwd": main_account.password.get_secret_value(),
            },
        },
        timeout=10,
    )


def logins_a_second(base_url: str, count: int = 200) -> float:
    """Return how many right logins a second one connection gets, after some that are not counted."""
    with requests.Session() as session:
        session.trust_env = False
        for _ in range(count):
            log_in(session, base_url)
        begun = time.monotonic()
        for _ in range(count):
            log_in(session, base_url)
        return count / (time.monotonic() - begun)


def _free_port(count: int) -> int:
    """Return the first of some ports one after the other that are all free."""
    for first in _PORTS[os.getpid() % 97 * 100 :: 10]:
        with suppress(OSError):
            for port in range(first, first + count):
                with socket.socket() as one:
                    one.bind(("127.0.0.1", port))
            return first
    raise DidNotStartError("there are no free ports")


def _wait_for_a_login(base_url: str, program: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _PATIENCE
    with requests.Session() as session:
        session.trust_env = False
        while time.monotonic() < until and program.poll() is None:
            with suppress(requests.RequestException):
                if log_in(session, base_url).status_code == requests.codes.ok:
                    return
            time.sleep(0.1)
    last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-8:]
    raise DidNotStartError("\n".join(["it gave no right login", *last]))


def _end(program: subprocess.Popen[bytes]) -> None:
    """End a program and what it started: it leads a process group of its own."""
    for order in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(program.pid, order)
        with suppress(subprocess.TimeoutExpired):
            program.wait(timeout=10)
    program.wait()
