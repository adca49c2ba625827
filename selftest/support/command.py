"""The command in a process of its own, as its users run it."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TextIO

import jsonschema

from esignon_conformance import resources
from selftest.support import warm_start

COMMAND = "import sys; from esignon_conformance.app.cli.main import main; sys.exit(main())"
_PATIENCE = 180.0
_OURS = ("ESIGNON_", "STAGING_", "PYTEST_")
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with these settings and none of whoever runs the tests."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(_OURS) and name.lower() not in _PROXIES
    }
    return {**kept, **settings}


def command(
    *arguments: str,
    folder: Path | None = None,
    settings: Mapping[str, str] = MappingProxyType({}),
    **named: str,
) -> subprocess.CompletedProcess[str]:
    """Run `esignon-conformance` in a folder, with these settings, which may be named, and no others."""
    return python(COMMAND, *arguments, folder=folder, settings={**settings, **named})


def python(
    code: str,
    *arguments: str,
    folder: Path | None = None,
    settings: Mapping[str, str] = MappingProxyType({}),
) -> subprocess.CompletedProcess[str]:
    """Run `python -c code arguments` to its end, in a process that has the suite in its memory already."""
    if not warm_start.can_start_warm(settings):
        return subprocess.run(
            [sys.executable, "-c", code, *arguments],
            cwd=folder,
            env=environment(settings),
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    with (
        Path(os.devnull).open("rb") as nothing,
        tempfile.TemporaryFile("w+", encoding="utf-8") as out,
        tempfile.TemporaryFile("w+", encoding="utf-8") as err,
    ):
        streams = (nothing.fileno(), out.fileno(), err.fileno())
        process = warm_start.start(code, arguments, environment(settings), streams, folder)
        try:
            status = process.wait(_PATIENCE)
        finally:
            process.kill()
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess([*arguments], status, out.read(), err.read())


@contextlib.contextmanager
def begun(
    code: str, *arguments: str, settings: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Begun]:
    """Start `python -c code arguments`, and end it with the block."""
    with (
        Path(os.devnull).open("rb") as nothing,
        tempfile.TemporaryFile("w+", encoding="utf-8") as out,
    ):
        streams = (nothing.fileno(), out.fileno(), out.fileno())
        process = warm_start.start(code, arguments, environment(settings), streams)
        try:
            yield Begun(process, out)
        finally:
            process.kill()
            process.wait(_PATIENCE)


@dataclass(frozen=True)
class Begun:
    """A process that runs, and where it prints."""

    process: warm_start.WarmProcess
    _output: TextIO

    def printed(self) -> str:
        """Return all that it printed, when it has ended."""
        self.process.wait(_PATIENCE)
        self._output.seek(0)
        return self._output.read()


def statement(directory: Path) -> dict[str, Any]:
    """Return the statement of a run, having held it against its schema."""
    document: dict[str, Any] = json.loads((directory / "statement.json").read_text("utf-8"))
    schema = json.loads((resources.schemas() / "statement.json").read_text("utf-8"))
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(document)
    return document
