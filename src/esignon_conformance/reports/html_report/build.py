"""Builds the HTML report: one file that opens from the file system and loads nothing else."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from importlib import resources
from pathlib import Path
from typing import Literal

from ...i18n.message import say
from ...i18n.outside import reason_of
from . import history as runs
from .child_program import run_program
from .errors import ReportError
from .install import complaint, install
from .mending import mend, preface, with_section
from .node import find_node
from .page import is_ours, seal
from .results import read_results
from .shrinking import shrink

_PATIENCE = 600


def build_html(
    results: Path,
    destination: Path,
    *,
    title: str,
    language: Literal["ko", "en"],
    history: Path | None,
    section: str = "",
    printed: str = "",
) -> Path:
    """Build the report of a folder of Allure results into one file, and return that file.

    `section` is HTML of our own for the top of the start page, and `printed` for a printer.

    A report of an earlier run that lies at the destination is removed first, so that it is never
    taken for this one; a file there that this suite did not write is left alone.  `history` is the
    file of the runs before, which gains this run; without it the report shows no trend.  Raises
    `ReportError`.
    """
    found = read_results(results)
    _clear(destination)
    node = find_node()
    allure = install(node)
    with tempfile.TemporaryDirectory(prefix="esignon-conformance-") as made:
        workshop = Path(made).resolve()
        kept = workshop / "history.jsonl"
        if history is not None:
            kept.write_text(runs.slim(runs.former_runs(history, found.starts)), encoding="utf-8")
        settings = {
            "title": title,
            "language": language,
            "output": str(workshop / "out"),
            "history": None if history is None else str(kept),
            "historyLimit": runs.LIMIT,
            "groupByPage": len(found.pages) > 1,
        }
        _lay_out(workshop, settings)
        _generate([str(node.executable), str(allure)], workshop, results)
        page = mend((workshop / "out" / "index.html").read_text(encoding="utf-8"), language)
        _replace(destination, shrink(seal(with_section(page, section, printed), preface(page))))
        if history is not None:
            _replace(history, runs.slim(kept.read_text(encoding="utf-8").split("\n")))
    return destination


def _clear(destination: Path) -> None:
    """Remove an earlier report, and nothing else."""
    try:
        with destination.open(encoding="utf-8", errors="replace") as file:
            ours = is_ours(file.read(2000))
        if ours:
            destination.unlink()
    except FileNotFoundError:
        return
    except OSError as error:
        raise ReportError(
            say("report-not-removed", path=destination, reason=reason_of(error))
        ) from error
    if not ours:
        raise ReportError(
            say("report-not-ours", path=destination),
            is_about_the_folder=True,
        )


def _lay_out(workshop: Path, settings: dict[str, str | int | None]) -> None:
    """Write Allure's configuration: the packaged one, and beside it what differs by run."""
    configuration = resources.files(__package__).joinpath("allurerc.mjs").read_bytes()
    (workshop / "allurerc.mjs").write_bytes(configuration)
    (workshop / "settings.json").write_text(json.dumps(settings), encoding="utf-8")


def _generate(allure: list[str], workshop: Path, results: Path) -> None:
    """Run Allure.  It takes folders as glob patterns, hence the `.` from inside the folder."""
    command = [*allure, "generate", "--config", str(workshop / "allurerc.mjs"), "."]
    try:
        done = run_program(command, results, _PATIENCE)
    except subprocess.TimeoutExpired as error:
        raise ReportError(say("report-slow", seconds=_PATIENCE, folder=results)) from error
    if done.returncode or not (workshop / "out" / "index.html").is_file():
        told = complaint(f"{done.stderr}\n{done.stdout}")
        reason = told or say("ended-with", status=done.returncode)
        raise ReportError(say("report-not-made", folder=results, reason=reason))


def _replace(path: Path, text: str) -> None:
    """Write a file so that it is there as a whole or not at all."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise ReportError(say("report-not-written", path=path, reason=reason_of(error))) from error
    finally:
        beside.unlink(missing_ok=True)
