"""Settings of a test are those that it sets itself."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from selftest.support.settings_given import Give

_OTHERS = ("ESIGNON_", "PYTEST_BASE_URL", "STAGING_", "HTTP", "ALL_PROXY", "NO_PROXY")


@pytest.fixture
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Start from no settings at all, in an empty folder."""
    for name in list(os.environ):
        if name.upper().startswith(_OTHERS):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def give(monkeypatch: pytest.MonkeyPatch) -> Give:
    """Return a function that sets settings by their names without the prefix."""
    return Give(monkeypatch)
