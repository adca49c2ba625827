"""Judges a mock in the real tool, and holds its verdicts to the expected ones."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from esignon_conformance.runner.requests.contract_check import load
from esignon_conformance.tools.mocks.catalogue import Tool, tools
from selftest.mock_tools.serving import Mock
from stacks.runner.comparing import judge, verdicts_of
from stacks.runner.model import Variant

EXPECTED = Path(__file__).parent / "expected.yaml"
_HEAD = "# Written by `make mocks ARGS=--record`: what each mock came to in its tool, and how fast it was."


def judged(mock: Mock, report_dir: Path) -> dict[str, Any]:
    """Judge a mock with its own waivers; return the exit status and the clauses by verdict."""
    options = () if mock.waivers is None else ("--waivers", str(mock.waivers))
    statement = judge(mock.base_url, Variant("mock", (), options), report_dir)
    found = verdicts_of(statement)
    waived = [one["id"] for one in statement["clauses"] if one["verdict"] == "waived"]
    return found | ({"waived": waived} if waived else {})


def expected() -> Mapping[str, dict[str, Any]]:
    """Return what each mock came to when it was recorded."""
    if not EXPECTED.is_file():
        return {}
    found: dict[str, dict[str, Any]] = yaml.safe_load(EXPECTED.read_text(encoding="utf-8"))
    return found


def record(found: Mapping[str, Mapping[str, Any]]) -> None:
    """Write what mocks came to beside what is recorded of the others."""
    known = {**expected(), **found}
    lines = [_HEAD]
    for name in tools():
        if name not in known:
            continue
        lines.append(f"{name}:")
        for key, value in known[name].items():
            shown = yaml.safe_dump(value, default_flow_style=True, width=10_000)
            lines.append(f"  {key}: {shown.strip().removesuffix('...').strip()}")
    EXPECTED.write_text("\n".join([*lines, ""]), encoding="utf-8")


def unjudged_musts(came_to: Mapping[str, Any]) -> list[str]:
    """Return the must clauses that were not judged."""
    left = [*came_to.get("not-judged", ()), *came_to.get("could-not-judge", ())]
    return [name for name in left if load().clauses[name].level == "must"]


def conforms_unaided(tool: Tool) -> bool:
    """Tell whether every must clause was judged and holds, and nothing is waived of the mock."""
    came_to = expected()[tool.name]
    return not tool.cannot and came_to["exit_status"] == 0 and not unjudged_musts(came_to)
