"""What the tests of the contract share."""

from __future__ import annotations

from pathlib import Path

import pytest

from selftest.support.contract_tree import Tree


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    """Return a copy of the contract's data with fewer cases."""
    made = Tree(tmp_path)
    made.thin_out()
    return made
