"""Judges a running stack with the suite, and holds its verdicts to the expected ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from .model import EXPECTED_FILE, Stack, Variant

NAMED = ("fails", "advisory", "not-judged", "could-not-judge")
_COMMAND = "import sys; from esignon_conformance.app.cli.main import main; sys.exit(main())"
_LONGEST = 1800


def judge(base_url: str, variant: Variant, report_dir: Path) -> dict[str, Any]:
    """Run the suite on a base URL, and return its statement.  Raises `RuntimeError` without one."""
    report_dir.mkdir(parents=True, exist_ok=True)
    statement = report_dir / "statement.json"
    statement.unlink(missing_ok=True)
    command = [
        *(sys.executable, "-c", _COMMAND, "run", "--base-url", base_url, "--accounts", "box"),
        *("--depth", "quick", "--lang", "en", "--report-dir", str(report_dir)),
        *variant.options,
    ]
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("ESIGNON_", "PYTEST_"))
    }
    with (report_dir / "run.txt").open("w", encoding="utf-8") as said:
        subprocess.run(
            command,
            # A settings file of whoever runs this is not for a stack.
            cwd=report_dir,
            env=kept | {"NO_COLOR": "1"},
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            timeout=_LONGEST,
            check=False,
        )
    if not statement.is_file():
        raise RuntimeError(f"the run left no statement: see {report_dir / 'run.txt'}")
    value: dict[str, Any] = json.loads(statement.read_text(encoding="utf-8"))
    return value


def verdicts_of(statement: Mapping[str, Any]) -> dict[str, Any]:
    """Return the exit status and the clauses that neither hold nor are observed, by verdict."""
    found: dict[str, Any] = {"exit_status": statement["exit_status"]}
    for name in NAMED:
        clauses = [one["id"] for one in statement["clauses"] if one["verdict"] == name]
        if clauses:
            found[name] = clauses
    return found


def differences(expected: Mapping[str, Any] | None, found: Mapping[str, Any]) -> list[str]:
    """Return a line for each clause whose verdict is another than expected."""
    if expected is None:
        return ["no verdicts are recorded for it: --record writes them"]
    lines = []
    if expected["exit_status"] != found["exit_status"]:
        lines.append(f"exit status {found['exit_status']}, expected {expected['exit_status']}")
    was, became = _by_clause(expected), _by_clause(found)
    changed = [one for one in sorted(was | became) if was.get(one) != became.get(one)]
    return lines + [
        f"{one}: {became.get(one, 'holds')}, expected {was.get(one, 'holds')}" for one in changed
    ]


def _by_clause(verdicts: Mapping[str, Any]) -> dict[str, str]:
    return {clause: name for name in NAMED for clause in verdicts.get(name, ())}


def record(stack: Stack, found: Mapping[str, Mapping[str, Any]]) -> None:
    """Write the expected verdicts of a stack, as they were found."""
    lines = ["# Written by `make stacks ARGS=--record`. Shape: stacks/expected.schema.json."]
    for name, verdicts in found.items():
        lines.append(f"{name}:")
        for key, value in verdicts.items():
            shown = yaml.safe_dump(value, default_flow_style=True, width=10_000).strip()
            lines.append(f"  {key}: {shown.removesuffix('...').strip()}")
    text = "\n".join(lines)
    (stack.folder / EXPECTED_FILE).write_text(f"{text}\n", encoding="utf-8")
