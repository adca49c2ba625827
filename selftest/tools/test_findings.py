"""The scripts of `findings/` have the form their README promises. They install packages: none is run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

_FOLDER = Path(__file__).parents[2] / "findings"
_SCRIPTS = sorted(_FOLDER.glob("*.sh"))
_ROW = re.compile(r"^\| (?P<name>[\w-]+) \| (?P<package>\S+ [\d.]+) \| \S.+ \|$", re.MULTILINE)
# Where a pinned package is named for pip or for npm.
_PINNED = re.compile(r"(?P<package>@?[\w/-]+)(?:==|@)(?P<version>\d[\d.]*)")
_HOST = re.compile(r"https?://(?P<host>[^\s/:'\"`)]+)")
_ON_THIS_MACHINE = re.compile(r"(127\.0\.0\.1|localhost|([\w-]+\.)*example(\.(com|net|org))?)")


def _named(script: Path) -> str:
    return script.stem


def _rows() -> dict[str, str]:
    text = (_FOLDER / "README.md").read_text(encoding="utf-8")
    return {row["name"]: row["package"] for row in _ROW.finditer(text)}


def test_the_table_names_each_script_and_no_other() -> None:
    assert _SCRIPTS
    assert list(_rows()) == [script.stem for script in _SCRIPTS]


@pytest.mark.parametrize("script", _SCRIPTS, ids=_named)
def test_a_script_can_be_run(script: Path) -> None:
    assert os.access(script, os.X_OK)
    bash = shutil.which("bash")
    assert bash is not None
    checked = subprocess.run(
        [bash, "-n", script], capture_output=True, text=True, check=False, timeout=30
    )
    assert checked.returncode == 0, checked.stderr


@pytest.mark.parametrize("script", _SCRIPTS, ids=_named)
def test_a_script_begins_with_what_was_expected_and_seen(script: Path) -> None:
    lines = script.read_text(encoding="utf-8").splitlines()
    assert lines[0] == "#!/usr/bin/env bash"
    assert len(lines) <= 60
    assert lines.index("set -euo pipefail") < 25
    head = [line for line in lines[1 : lines.index("set -euo pipefail")] if line != "#"]
    assert all(line.startswith("# ") for line in head)
    starts = [re.match(r"# (Expected|Seen|Why it matters): ", line) for line in head]
    assert [found[1] for found in starts if found] == ["Expected", "Seen", "Why it matters"]


@pytest.mark.parametrize("script", _SCRIPTS, ids=_named)
def test_a_script_installs_the_version_that_the_table_and_its_head_name(script: Path) -> None:
    lines = script.read_text(encoding="utf-8").splitlines()
    package, version = _rows()[script.stem].split(" ")
    assert lines[1].startswith(f"# {package} {version} ")
    (installing,) = [line for line in lines if re.search(r"\b(pip|npm) install ", line)]
    pinned = {found["package"]: found["version"] for found in _PINNED.finditer(installing)}
    assert pinned[package] == version
    named = re.sub(r".*\b(pip|npm) install|>.*", "", installing).split()
    assert len([one for one in named if not one.startswith("--")]) == len(pinned)


@pytest.mark.parametrize("script", _SCRIPTS, ids=_named)
def test_a_script_stays_on_this_machine_and_clears_up(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    hosts = {found["host"] for found in _HOST.finditer(text)}
    assert [host for host in hosts if not _ON_THIS_MACHINE.fullmatch(host)] == []
    assert "tmp=$(mktemp -d)" in text
    assert re.search(r"^trap '.*rm -rf \"\$tmp\"' EXIT$", text, re.MULTILINE)
    assert not re.search(r"\b(pkill|killall|esignon)\b", text)
