"""Starts the programs of a variant on free loopback ports, and ends them by their process id."""

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml

from esignon_conformance import resources

from .installing import node_with_packages, python_with_packages
from .model import HERE, Command, Process, Stack, Variant

_PLACE = re.compile(r"@\{(\w+)\}")
_PATIENCE = 90.0
_NOBODY = "nobody"


class DidNotStartError(Exception):
    """A program of a stack ended, or did not listen in time."""


@contextmanager
def running(stack: Stack, variant: Variant) -> Iterator[str]:
    """Start a variant, yield its base URL, and end every program of it."""
    started: list[subprocess.Popen[bytes]] = []
    work = Path(tempfile.mkdtemp(prefix=f"stacks-{stack.name}-"))
    try:
        found = _places(stack, work)
        _fill_in(stack, work, found)
        _hand_over(work)
        for process in variant.processes:
            _start(process, stack, work, found, started)
        yield f"http://127.0.0.1:{found['port']}"
        # What ended meanwhile was not judged to the end, and maybe another program on its port was.
        ended = [str(one.args) for one in started if one.poll() is not None]
        if ended:
            raise DidNotStartError(f"{stack.name}: ended before it was judged: {ended[0][:160]}")
    finally:
        for one in reversed(started):
            _end(one)
        shutil.rmtree(work, ignore_errors=True)


def _places(stack: Stack, work: Path) -> dict[str, str]:
    """Return what the names in commands and files stand for."""
    node, node_modules = node_with_packages(stack.needs)
    # Of every variant: in one whose backend is dead, nothing listens on the port of that.
    processes = [process for variant in stack.variants for process in variant.processes]
    ports = {process.listens for process in processes} | {"port"}
    accounts = work / "accounts.json"
    accounts.write_text(json.dumps(_accounts(), indent=2), encoding="utf-8")
    return {
        "stacks": str(HERE),
        "stack": str(stack.folder),
        "work": str(work),
        "accounts": str(accounts),
        "python": str(python_with_packages(stack.needs)),
        "suite": sys.executable,
        "node": str(node),
        "node_modules": str(node_modules),
        "user": _user(),
        **dict(zip(sorted(ports), _free_ports(len(ports)), strict=True)),
    }


def _accounts() -> list[dict[str, Any]]:
    """Return the made-up accounts of the contract, one after the other."""
    text = (resources.contracts() / "accounts.yaml").read_text(encoding="utf-8")
    return [
        {
            "company": company["id"],
            "blocked": company["role"] == "blocked",
            "email": account["memb_email"],
            "password": account["memb_pwd"],
        }
        for company in yaml.safe_load(text)["companies"]
        for account in company["accounts"]
    ]


def _user() -> str:
    return _NOBODY if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name


def _free_ports(count: int) -> list[str]:
    """Return ports that were free a moment ago, all different."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [str(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


def filled_in(text: str, found: Mapping[str, str]) -> str:
    """Return a text with the places that it names.  Raises `KeyError` for one that there is not."""
    return _PLACE.sub(lambda match: found[match[1]], text)


def _fill_in(stack: Stack, work: Path, found: Mapping[str, str]) -> None:
    for name in stack.files:
        text = (stack.folder / name).read_text(encoding="utf-8")
        (work / Path(name).name).write_text(filled_in(text, found), encoding="utf-8")


def _hand_over(work: Path) -> None:
    """Let the user nobody write into the folder, where there are programs that refuse to be root."""
    if os.geteuid() != 0:
        return
    for path in (work, *work.rglob("*")):
        shutil.chown(path, user=_NOBODY)


def _start(
    process: Process,
    stack: Stack,
    work: Path,
    found: Mapping[str, str],
    started: list[subprocess.Popen[bytes]],
) -> None:
    environment = _environment(found)
    # Where the suite is run as root, what refuses to be root is another user's.
    user = _NOBODY if process.unprivileged and os.geteuid() == 0 else None

    def command(parts: Command) -> list[str]:
        return [filled_in(part, found) for part in parts]

    log = work / f"{process.listens}.log"
    with log.open("ab") as said:

        def run(parts: Command) -> None:
            done = subprocess.run(
                command(parts),
                cwd=work,
                env=environment,
                user=user,
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                timeout=_PATIENCE,
                check=False,
            )
            if done.returncode:
                raise DidNotStartError(_complaint(stack, parts, log))

        for parts in process.prepare:
            run(parts)
        program = subprocess.Popen(
            command(process.start),
            cwd=work,
            env=environment,
            user=user,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
        started.append(program)
        _wait_until_listening(program, int(found[process.listens]), stack, process, log)
        for parts in process.settle:
            run(parts)


def _environment(found: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a stack: nothing of ours but where things lie."""
    kept = ("PATH", "LANG", "LC_ALL", "JAVA_HOME")
    named = {name.upper(): value for name, value in found.items()}
    return {
        **{name: os.environ[name] for name in kept if name in os.environ},
        **{name: named[name] for name in named if name.endswith("PORT")},
        "ACCOUNTS": found["accounts"],
        "NODE_PATH": found["node_modules"],
        "HOME": found["work"],
        # Another may be one where only who started this can write.
        "TMPDIR": found["work"],
        "WORK": found["work"],
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _wait_until_listening(
    program: subprocess.Popen[bytes], port: int, stack: Stack, process: Process, log: Path
) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and program.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise DidNotStartError(_complaint(stack, process.start, log))


def _complaint(stack: Stack, parts: Command, log: Path) -> str:
    last = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()[-8:]
    return "\n".join([f"{stack.name}: {' '.join(parts)[:160]} did not do its part.", *last])


def _end(program: subprocess.Popen[bytes]) -> None:
    """End a program and what it started: it leads a process group of its own."""
    for order in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(program.pid, order)
        except ProcessLookupError:
            break
        try:
            program.wait(timeout=10)
        except subprocess.TimeoutExpired:
            continue
    program.wait()
