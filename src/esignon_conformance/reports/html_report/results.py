"""Reads what the report's layout depends on out of a folder of Allure results."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

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
                f"{path} cannot be read as a result of a test: {error!r}. "
                "Run the suite again to have the results written anew."
            ) from error
    if not starts:
        raise ReportError(
            f"There are no Allure results in {folder}. Run `esignon-conformance run` first, or "
            "name the report folder of a run with --report-dir.",
            is_about_the_folder=True,
        )
    return Results(frozenset(starts), frozenset(pages))
