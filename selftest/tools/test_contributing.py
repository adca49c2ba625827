"""The worked examples of CONTRIBUTING.md: added to a copy of the project, they do what the text says."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
# A block whose language is followed by the file that its lines are appended to.
BLOCKS = re.findall(r"(?ms)^```\w+ (\S+)\n(.*?)^```$", TEXT)
# What the installed command does.
COMMAND = "import sys; from esignon_conformance.app.cli.main import main; sys.exit(main())"
Command = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def added(tmp_path_factory: pytest.TempPathFactory) -> Command:
    """Return the command of a copy of the project to which every example was added."""
    copy = tmp_path_factory.mktemp("project")
    for name in ("contracts", "schemas", "tests", "src", "waivers"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("conftest.py", "pyproject.toml"):
        shutil.copy(ROOT / name, copy / name)
    for path, lines in BLOCKS:
        file = copy / path
        file.write_text(file.read_text(encoding="utf-8") + lines, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(copy / "src")}

    def python(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, *words],
            cwd=copy,
            env=environment,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )

    made = python("-m", "esignon_conformance.tools.apidoc.contract_files")
    assert made.returncode == 0, made.stderr
    return lambda *words: python("-c", COMMAND, *words)


@pytest.mark.parametrize("name", ["CONTRIBUTING.md", "docs/architecture.md", "README.md"])
def test_each_file_that_the_papers_name_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w./]+/[\w.-]+\.(?:py|yaml|json|toml|md))`", text))
    assert len(named) > 3 or name == "README.md"
    package = ROOT / "src" / "esignon_conformance"
    assert [
        one for one in sorted(named) if not any((base / one).is_file() for base in (ROOT, package))
    ] == []


def test_there_is_an_example_of_a_case_a_clause_a_fault_and_a_liberty() -> None:
    paths = [path for path, _ in BLOCKS]
    for part in ("/cases/", "clauses.yaml", "/faults/", "/liberties/"):
        assert sum(part in path for path in paths) == 1, part


@pytest.mark.slow
def test_the_case_is_sent_and_the_clause_is_explained(added: Command) -> None:
    run = added("run", "--case", "odd-password-euro-sign", "--show", "--lang", "en")
    assert run.returncode == 0, run.stdout
    assert "Zq€wrong7" in run.stdout
    told = added("explain", "SUC-99", "--lang", "en")
    assert "The token contains no white space" in told.stdout


@pytest.mark.slow
def test_the_fault_is_advised_of_under_the_clause_and_the_liberty_is_not_blamed(
    added: Command,
) -> None:
    for name in ("token-between-blanks", "token-of-five-parts"):
        proof = added("prove", "--fault", name)
        assert proof.returncode == 0, proof.stdout
    assert "SUC-99" in added("prove", "--list").stdout
