"""Writes the table of docs/mocks.md: what each mock came to, in which version of its tool."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from esignon_conformance.tools.mocks.catalogue import Tool, tools
from selftest.mock_tools.judging import expected, unjudged_musts

PAGE = Path(__file__).parents[2] / "docs" / "mocks.md"
BEGIN, END = "<!-- table: make mocks ARGS=--write-page -->", "<!-- end of the table -->"


def table() -> str:
    """Return the table as Markdown."""
    return "\n".join(_rows()) + "\n"


def write_page() -> None:
    """Put the table into the page, between its marks."""
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table()}{END}{after}", encoding="utf-8")


def _rows() -> Iterator[str]:
    yield "| tool | version | must clauses | advisories | what it cannot do | starts in | logins a second |"
    yield "|---|---|---|---|---|---|---|"
    for name, tool in tools().items():
        came_to = expected()[name]
        cells = [
            f"[{tool.title}]({tool.about})",
            tool.version,
            _musts(came_to),
            ", ".join(came_to.get("advisory", ())) or "none",
            _cannot(tool),
            f"{came_to['starts_in_seconds']} s",
            str(came_to["logins_a_second"]),
        ]
        yield f"| {' | '.join(cells)} |"


def _musts(came_to: dict[str, Any]) -> str:
    """Say what the must clauses came to, those that were not judged as such."""
    waived, unjudged = came_to.get("waived", ()), unjudged_musts(came_to)
    if not waived and not unjudged:
        return "all hold"
    parts = [f"waived in part: {', '.join(waived)}"] if waived else []
    parts += [f"not judged: {', '.join(unjudged)}"] if unjudged else []
    return f"{'; '.join(parts)}; all others hold"


def _cannot(tool: Tool) -> str:
    said = [f"{one.reason['en']} (`{one.case or one.clause}`)" for one in tool.cannot]
    return "; ".join(said) or "nothing"
