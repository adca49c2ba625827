"""Lets no setting of whoever runs the tests reach them: they would judge a real server."""

from __future__ import annotations

import gc
import os
import re

import pytest

from esignon_conformance.transport import rate_limit as pace_module
from selftest.support.clock import Clock

for _name in [
    name for name in os.environ if name.startswith("ESIGNON_") or name == "PYTEST_BASE_URL"
]:
    del os.environ[_name]

# What pytest makes of the tests lives to the end, and each collection of garbage would go through it:
# that takes more than a tenth of the processor time.
gc.disable()

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
    "runner/test_restarted_targets.py",
    "app/test_command_line.py",
    "runner/test_fuzzing_runs.py",
    "runner/test_sending_limits.py",
    "runner/test_tls_and_proxies.py",
    "runner/test_executor.py",
    "tools/test_stacks.py",
    "tools/test_mocks.py",
    "tools/test_drafted_server.py",
    "runner/test_stopped_between.py",
    "verdicts/test_waiver_files.py",
    "runner/test_wrong_passwords.py",
    "reports/test_console.py",
    "reports/test_curl.py",
    "app/test_smoke.py",
    "app/test_wheel.py",
    "tools/test_second_operation.py",
    "target/test_refused_settings.py",
    "runner/test_any_server.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let a run take a part of the slow tests."""
    parser.addoption(
        "--slow-part",
        metavar="K/N",
        help="of the slow tests every Nth alone, from the Kth on (counted round: 7/3 is 1/3)",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the files that take longest first, and leave out slow tests of other parts."""
    ranks = {name: rank for rank, name in enumerate(_LONGEST)}
    names = ("/".join(item.path.parts[-2:]) for item in items)
    in_order = sorted(
        zip(names, items, strict=True), key=lambda one: ranks.get(one[0], len(_LONGEST))
    )
    items[:] = [item for _, item in in_order]
    part = config.getoption("slow_part")
    if part is not None:
        kept = of_part(items, part)
        others = set(items).difference(kept)
        config.hook.pytest_deselected(items=[item for item in items if item in others])
        items[:] = kept


def pytest_collection_finish() -> None:
    """Collect the garbage of tests alone from here on."""
    gc.freeze()
    gc.set_threshold(10_000, 20, 10)
    gc.enable()


def of_part(items: list[pytest.Item], part: str) -> list[pytest.Item]:
    """Return what is not slow, and every Nth of what is: neighbours take long for the same reason."""
    found = re.fullmatch(r"([0-9]+)/([1-9][0-9]*)", part)
    if found is None:
        raise pytest.UsageError(f"--slow-part takes K/N, such as 1/4, and not {part!r}")
    number, parts = int(found[1]), int(found[2])
    units: dict[str, int] = {}
    kept: list[pytest.Item] = []
    for item in items:
        group = item.get_closest_marker("xdist_group")
        # What one process has to prove stays together.
        unit = str(group.args[0]) if group else item.nodeid
        if item.get_closest_marker("slow"):
            at = units.setdefault(unit, len(units))
            if at % parts != number % parts:
                continue
        kept.append(item)
    return kept


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Let the pace wait on a clock of our own."""
    made = Clock()
    monkeypatch.setattr(pace_module, "time", made)
    return made
