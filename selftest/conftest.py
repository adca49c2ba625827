"""Lets no setting of whoever runs the tests reach them: they would judge a real server."""

from __future__ import annotations

import os

import pytest

from esignon_conformance.transport import rate_limit as pace_module
from selftest.support.clock import Clock

for _name in [
    name for name in os.environ if name.startswith("ESIGNON_") or name == "PYTEST_BASE_URL"
]:
    del os.environ[_name]

# Files that take longest, with what is slow and without it: begun last, they would be waited for alone.
_LONGEST = (
    "redaction/test_canary.py",
    "recording/test_large_answers.py",
    "tools/test_prove.py",
    "app/test_one_process.py",
    "app/test_recipes.py",
    "browser/test_faulty_server.py",
    "runner/test_off_loopback.py",
    "runner/test_interrupted_runs.py",
    "app/test_command_line.py",
    "runner/test_fuzzing_runs.py",
    "runner/test_executor.py",
    "tools/test_stacks.py",
    "tools/test_mocks.py",
    "tools/test_drafted_server.py",
    "runner/test_stopped_between.py",
    "verdicts/test_waivers.py",
    "runner/test_wrong_passwords.py",
    "reports/test_console.py",
    "reports/test_curl.py",
    "app/test_smoke.py",
    "app/test_wheel.py",
    "tools/test_second_operation.py",
    "target/test_refused_settings.py",
    "runner/test_any_server.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files that take longest first."""
    ranks = {name: rank for rank, name in enumerate(_LONGEST)}
    names = ("/".join(item.path.parts[-2:]) for item in items)
    in_order = sorted(
        zip(names, items, strict=True), key=lambda one: ranks.get(one[0], len(_LONGEST))
    )
    items[:] = [item for _, item in in_order]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let the pace wait on a clock of our own."""
    made = Clock()
    monkeypatch.setattr(pace_module, "time", made)
    return made
