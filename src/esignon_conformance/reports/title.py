"""The statement that a report tells of, and its title, so that nobody takes the box for a server."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..i18n.catalogue import word
from ..i18n.language import Language
from ..i18n.message import say
from ..i18n.outside import reason_of
from ..verdicts.exit_status import EXIT_INTERRUPTED
from .html_report.errors import ReportError
from .load_tables import load_of

_LOGIN = "login"


def read_statement(directory: Path) -> dict[str, Any]:
    """Return the statement of the run that lies in `directory`.

    Raises `ReportError` when no run has left one there.
    """
    path = directory / "statement.json"
    try:
        statement: Any = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise ReportError(say("report-no-statement", path=path), is_about_the_folder=True) from None
    except OSError as error:
        told = say("no-file", path=path, why=reason_of(error))
        raise ReportError(told, is_about_the_folder=True) from None
    except (ValueError, RecursionError) as error:
        raise ReportError(say("not-json", path=path), is_about_the_folder=True) from error
    found: dict[str, Any] = statement if isinstance(statement, dict) else {}
    if "headline" not in found or "situations" not in found.get("coverage", {}):
        raise ReportError(
            say("report-other-version", path=path),
            is_about_the_folder=True,
        )
    return found


def report_title(statement: Mapping[str, Any], language: Language) -> str:
    """Return the title for the run that a statement tells of."""
    target = statement["target"]
    name = word("title-box", language) if target["kind"] == "box" else target["base_url"]
    operation = statement["contract"]["operation"]
    # The login has a name in both languages; a drafted operation has that of its folder.
    title = word("feature", language) if operation == _LOGIN else operation
    parts = [title, name]
    if load_of(statement) is not None:
        parts.append(word("title-load", language))
    if statement["exit_status"] is None:
        parts.append(word("title-unended", language))
    elif statement["exit_status"] == EXIT_INTERRUPTED:
        parts.append(word("title-interrupted", language))
    return " · ".join(parts)
