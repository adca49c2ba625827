"""The tree stays readable: no module of the package is longer than one sitting, no folder a heap."""

from __future__ import annotations

from pathlib import Path

import esignon_conformance

PACKAGE = Path(esignon_conformance.__file__).parent
LONGEST = 300
MOST_ENTRIES = 16


def test_no_module_is_above_three_hundred_lines() -> None:
    lengths = {
        path.relative_to(PACKAGE).as_posix(): len(path.read_text(encoding="utf-8").splitlines())
        for path in PACKAGE.rglob("*.py")
    }
    assert len(lengths) > 100
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST} == {}


def test_the_top_of_the_package_shows_the_flow_at_a_glance() -> None:
    entries = [path.name for path in PACKAGE.iterdir() if not path.name.startswith("__")]
    assert len(entries) <= MOST_ENTRIES
