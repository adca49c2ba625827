"""The command in a process of its own, as its users run it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

import jsonschema

from esignon_conformance import resources

COMMAND = "import sys; from esignon_conformance.app.cli.main import main; sys.exit(main())"
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
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        cwd=folder,
        env=environment({**settings, **named}),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )


def statement(directory: Path) -> dict[str, Any]:
    """Return the statement of a run, having held it against its schema."""
    document: dict[str, Any] = json.loads((directory / "statement.json").read_text("utf-8"))
    schema = json.loads((resources.schemas() / "statement.json").read_text("utf-8"))
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(document)
    return document
