"""A mutated server in a process of its own, on a free port of loopback, started as its command is."""

from __future__ import annotations

import importlib
import os
import select
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from esignon_conformance import tools
from esignon_conformance.tools import reference
from esignon_conformance.tools.proof import judged_server

PATIENCE = 5.0
SERVER = Path(reference.__file__).parent
_PACKAGE = reference.__name__


@contextmanager
def serving_changed(file: str, text: str) -> Iterator[str]:
    """Serve the server in the box with one file changed; yield its base URL, empty if it has none."""
    with tempfile.TemporaryDirectory() as directory:
        shutil.copytree(
            SERVER, Path(directory, SERVER.name), ignore=lambda _, names: [*_others(names)]
        )
        Path(directory, SERVER.name, file).write_text(text, "utf-8")
        (alive, ours), (told, tells) = os.pipe(), os.pipe()
        process = judged_server.context().Process(
            target=_serve, args=(directory, tells, alive, ours)
        )
        process.start()
        os.close(alive)
        os.close(tells)
        try:
            yield _base_url(told)
        finally:
            os.close(ours)
            os.close(told)
            judged_server._stop(process)


def _others(names: list[str]) -> Iterator[str]:
    """Yield what is not the server itself: its faults, its liberties, and what Python keeps."""
    yield from (name for name in names if not name.endswith(".py"))


def _base_url(told: int) -> str:
    """Return the URL of the one line that a server prints, empty if there is none in time."""
    ready, _, _ = select.select([told], [], [], PATIENCE)
    line = os.read(told, 200).decode(errors="replace").strip() if ready else ""
    before, _, url = line.partition("listening on ")
    return "" if before or not url.startswith("http://127.0.0.1:") else url


def _serve(directory: str, tells: int, alive: int, owners: int) -> None:
    judged_server._obey()
    os.close(owners)
    Thread(target=judged_server._end_with, args=(alive,), daemon=True).start()
    # A mutant breaks down at length, and what it says is of no use.
    sys.stderr = Path(os.devnull).open("w")  # noqa: SIM115 - open as long as we are
    sys.stdout = os.fdopen(tells, "w")
    sys.dont_write_bytecode = True
    for module in [name for name in sys.modules if f"{name}.".startswith(f"{_PACKAGE}.")]:
        del sys.modules[module]
    tools.__path__.insert(0, directory)
    served = importlib.import_module(f"{_PACKAGE}.__main__")
    # Or the right server would answer for every mutant, and each would survive.
    if not Path(str(served.__file__)).is_relative_to(directory):
        raise RuntimeError(f"{served.__file__} is not the changed server")
    served.main(["--port", "0"])
