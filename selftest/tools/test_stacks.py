"""The real stacks: their data is whole, verdicts are compared, and two of them are judged."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from stacks.runner.comparing import differences, verdicts_of
from stacks.runner.model import HERE, Stack, load_expected, load_stacks
from stacks.runner.page import PAGE, page_text
from stacks.runner.processes import filled_in

_STACKS = load_stacks()


def _named(stack: Stack) -> str:
    return stack.name


@pytest.mark.parametrize("stack", _STACKS, ids=_named)
def test_what_a_stack_says_of_itself_fits_its_expected_verdicts(stack: Stack) -> None:
    variants = {one.name for one in stack.variants}
    expected = load_expected(stack)
    assert set(expected) == variants
    explained = {
        (one, clause) for row in stack.breaks for one in row.variants for clause in row.clauses
    }
    assert {one for one, _ in explained} <= variants
    # Each failed clause of a variant is explained in a row for it, or for the defaults.
    for name, verdicts in expected.items():
        for clause in verdicts.get("fails", ()):
            assert (name, clause) in explained or ("default", clause) in explained, (name, clause)
    shown = {
        (name, clause)
        for name, verdicts in expected.items()
        for verdict in ("fails", "advisory")
        for clause in verdicts.get(verdict, ())
    }
    assert explained <= shown


@pytest.mark.parametrize("stack", [one for one in _STACKS if one.kind == "framework"], ids=_named)
def test_a_mended_framework_conforms(stack: Stack) -> None:
    mended = load_expected(stack)["mended"]
    assert mended["exit_status"] == 0


def test_two_stacks_are_quick_and_need_no_package_of_debian() -> None:
    quick = [one for one in _STACKS if one.quick]
    assert len(quick) == 2
    assert all(not one.needs.debian for one in quick)


def test_the_page_is_what_the_data_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page_text(_STACKS)


def test_a_difference_is_told_either_way() -> None:
    expected = {"exit_status": 1, "fails": ["ENV-1", "SEC-1"], "advisory": ["REQ-6"]}
    found = {"exit_status": 0, "fails": ["ENV-1"], "not-judged": ["REQ-6"]}
    assert differences(expected, found) == [
        "exit status 0, expected 1",
        "REQ-6: not-judged, expected advisory",
        "SEC-1: holds, expected fails",
    ]
    assert differences(found, found) == []
    assert differences(None, found) != []


def test_verdicts_that_hold_are_not_named() -> None:
    clauses = [
        {"id": "ENV-1", "verdict": "holds"},
        {"id": "ENV-2", "verdict": "fails"},
        {"id": "SUC-15", "verdict": "observed"},
    ]
    found = verdicts_of({"exit_status": 1, "clauses": clauses})
    assert found == {"exit_status": 1, "fails": ["ENV-2"]}


def test_a_place_that_there_is_not_is_an_error() -> None:
    assert filled_in("listen @{port};", {"port": "1"}) == "listen 1;"
    with pytest.raises(KeyError):
        filled_in("@{prot}", {"port": "1"})


@pytest.mark.slow
def test_the_quick_stacks_are_judged_as_expected(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "stacks.runner", "--quick", "--report-dir", str(tmp_path)]
    done = subprocess.run(command, cwd=HERE.parent, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 stacks judged, 0 not as expected." in done.stdout
