"""The server in the box is started ahead of a run where nothing names another one."""

from __future__ import annotations

from pathlib import Path

import pytest

from esignon_conformance.tools.reference import process as box
from selftest.support.command import python


@pytest.mark.parametrize(
    ("arguments", "variables", "expected"),
    [
        ((), (), True),
        (("--depth", "quick", "-k", "SUC-1"), ("ESIGNON_LANG", "PATH"), True),
        (("--base-url=http://localhost:1",), (), False),
        (("--target", "staging"), (), False),
        (("--help",), (), False),
        ((), ("ESIGNON_BASE_URL",), False),
        ((), ("esignon_base_url_file",), False),
        ((), ("ESIGNON_TARGET",), False),
        ((), ("PYTEST_BASE_URL",), False),
    ],
)
def test_the_server_in_the_box_is_started_ahead_where_nothing_names_another(
    arguments: tuple[str, ...],
    variables: tuple[str, ...],
    expected: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    assert box.is_expected(arguments, variables) is expected
    (tmp_path / ".env").touch()
    assert not box.is_expected(arguments, variables)


_COUNTING = """
import sys
from esignon_conformance.tools.reference import process as box
from esignon_conformance.app.cli.main import main
start, made = box.start, []
def counted():
    made.append(start())
    return made[-1]
box.start, box.is_expected = counted, lambda *_: True
status = main(["run", "--plan", "--depth", "quick", "-k", "SUC-1", *sys.argv[1:]])
print("status", status, "started", len(made))
print("running", sum(one.process.returncode is None for one in made))
"""


@pytest.mark.parametrize(
    "arguments", [(), ("--base-url", "http://127.0.0.1:9", "--accounts", "box")]
)
def test_a_server_that_was_started_ahead_is_the_only_one_and_ends_with_the_run(
    arguments: tuple[str, ...],
) -> None:
    ran = python(_COUNTING, *arguments)
    assert ran.stdout.splitlines()[-2:] == ["status 0 started 1", "running 0"]
