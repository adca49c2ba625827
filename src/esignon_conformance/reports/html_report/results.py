"""Reads what the report's layout depends on out of a folder of Allure results."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from ...i18n.message import say
from .errors import ReportError


@dataclass(frozen=True)
class Results:
    """What the results tell before Allure reads them: when tests began, and of which pages."""

    starts: frozenset[int]
    pages: frozenset[str]


def read_results(folder: Path) -> Results:
    """Return what the results in the folder tell, and raise `ReportError` where there are none."""
    starts, pages = set(), set()
    for path in folder.glob("*-result.json"):
        try:
            result = json.loads(path.read_bytes())
            starts.add(result.get("start"))
            labels = result.get("labels", [])
            pages |= {label["value"] for label in labels if label["name"] == "parentSuite"}
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ReportError(
                say("report-result-unreadable", path=path, kind=type(error).__name__)
            ) from error
    if not starts:
        raise ReportError(
            say("report-no-results", folder=folder),
            is_about_the_folder=True,
        )
    return Results(frozenset(starts), frozenset(pages))
