"""The title of a report: what was tested, so that nobody takes the box for a server."""

from __future__ import annotations

import json
from pathlib import Path

from .contract.model import Language
from .html_report.errors import ReportError
from .verdict import EXIT_INTERRUPTED
from .wording import word


def report_title(directory: Path, language: Language) -> str:
    """Return the title for the run whose statement lies in `directory`.

    Raises `ReportError` when no run has left one there.
    """
    path = directory / "statement.json"
    try:
        statement = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ReportError(f"{path} is not there: run `esignon-conformance run` first") from None
    except ValueError as error:
        raise ReportError(f"{path} is not JSON: {error}") from error
    target = statement["target"]
    name = word("title-box", language) if target["kind"] == "box" else target["base_url"]
    parts = [word("feature", language), name]
    if statement["exit_status"] is None:
        parts.append(word("title-unended", language))
    elif statement["exit_status"] == EXIT_INTERRUPTED:
        parts.append(word("title-interrupted", language))
    return " · ".join(parts)
