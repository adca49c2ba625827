"""What every test in a browser needs: a browser that is there, on a leash, and closed at the end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from selftest.browser.chromium import Chromium, dead_end, find_chromium


@pytest.fixture(scope="session", autouse=True)
def executable() -> str:
    """Return where Chromium is.  Skips, in capitals and before anything is built, where it is not."""
    found = find_chromium()
    if found is None:
        pytest.skip("NO CHROMIUM: nobody has seen this in a browser. Install chromium.")
    return found


@pytest.fixture
def proxy() -> Iterator[tuple[int, list[str]]]:
    """Yield the port of the only way out, which leads nowhere, and what was asked for there."""
    with dead_end() as found:
        yield found


@pytest.fixture
def browser(executable: str, proxy: tuple[int, list[str]], tmp_path: Path) -> Iterator[Chromium]:
    """Yield a headless Chromium whose only way out is the proxy."""
    with Chromium(executable, tmp_path / "profile", proxy[0]) as started:
        yield started
