"""Settings as they are given, and what a target or a refusal they make."""

from __future__ import annotations

import pytest

URL = "http://127.0.0.1:8080"


class Give:
    """Sets settings in the environment."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, *groups: dict[str, str], **single: str) -> None:
        """Set settings by their names without the prefix."""
        for group in (*groups, single):
            for name, value in group.items():
                self._monkeypatch.setenv(f"ESIGNON_{name}", value)
