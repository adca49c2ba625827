"""The tree stays readable: no module of the package is longer than one sitting, no folder a heap."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import esignon_conformance
from selftest.conftest import of_part

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


@dataclass(frozen=True)
class Chosen:
    """What the choice of a part asks of a test."""

    nodeid: str
    markers: Mapping[str, pytest.Mark]

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        """Return the marker of a name."""
        return self.markers.get(name)


def test_the_parts_of_the_slow_tests_are_all_of_them_and_a_group_is_whole() -> None:
    slow = pytest.mark.slow.mark
    group = pytest.mark.xdist_group("together").mark
    items: list[Any] = [Chosen(f"slow-{at}", {"slow": slow}) for at in range(7)]
    items += [Chosen(f"grouped-{at}", {"slow": slow, "xdist_group": group}) for at in range(3)]
    items.append(Chosen("quick", {}))
    parts = [[one.nodeid for one in of_part(items, f"{at}/4")] for at in range(4, 8)]
    assert all(part[-1] == "quick" for part in parts)
    chosen = [name for part in parts for name in part[:-1]]
    assert sorted(chosen) == sorted(one.nodeid for one in items[:-1])
    assert [sum(name.startswith("grouped") for name in part) for part in parts].count(3) == 1
