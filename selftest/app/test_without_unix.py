"""What Windows lacks (fork, AF_UNIX, SIGHUP) keeps no module from being loaded, and is told in a line."""

from __future__ import annotations

import subprocess
import sys

import pytest

_TAKEN_AWAY = """
import multiprocessing.context, os, signal, socket, sys
for module, names in (
    (os, "fork forkpty getuid geteuid register_at_fork sched_getaffinity killpg setsid waitid"),
    (signal, "SIGHUP SIGKILL SIGALRM SIGCHLD pthread_sigmask SIG_BLOCK SIG_SETMASK sigwait"),
    (socket, "AF_UNIX"),
    (multiprocessing.context, "ForkContext ForkProcess ForkServerContext"),
):
    for name in names.split():
        if hasattr(module, name):
            delattr(module, name)
for name in ("fcntl", "termios", "resource", "pwd", "grp", "pty", "tty"):
    sys.modules[name] = None
multiprocessing.get_all_start_methods = lambda: ["spawn"]
"""
# Only Locust loads the locustfile and what listens to it, with gevent, which looks for what its own build
# for a system had.
_EVERY_MODULE = """
import importlib, pkgutil, esignon_conformance
for found in pkgutil.walk_packages(esignon_conformance.__path__, "esignon_conformance."):
    of_locust = ("load.locustfile", "load.alone", "load.faults", "load.fleet_master", "load.login_client",
        "load.fleet_worker")
    if not found.name.endswith(("__main__", *of_locust)):
        importlib.import_module(found.name)
"""
_PROVE = """
from esignon_conformance.app.cli.main import main
sys.exit(main(["prove", "--only", "wire-not-http"]))
"""


def run(code: str) -> subprocess.CompletedProcess[str]:
    """Run code where the names that Windows lacks are not there."""
    command = [sys.executable, "-c", _TAKEN_AWAY + code]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.slow
def test_every_module_can_be_loaded() -> None:
    ended = run(_EVERY_MODULE)
    assert ended.returncode == 0, ended.stderr


def test_the_proof_says_that_it_needs_fork() -> None:
    ended = run(_PROVE)
    assert "Traceback" not in ended.stderr
    assert "which this system cannot" in ended.stdout + ended.stderr
    assert ended.returncode != 0
