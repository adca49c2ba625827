"""The wheel: it carries all that a run needs, and works in an empty folder with nothing beside it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from esignon_conformance import resources
from selftest.support.command import COMMAND

ROOT = resources.data_root()
# What a wheel has from the top of a clone, below `_data`.
CARRIED = ("contracts", "schemas", "tests", "waivers")
FILES = ("conftest.py", "pyproject.toml")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel and return the folder that it is unpacked into."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory"]
    subprocess.run([*build, str(folder)], cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def command(
    wheel: Path, folder: Path, *arguments: str, **settings: str
) -> subprocess.CompletedProcess[str]:
    """Run the command of the wheel in a folder that is its home, too, with the packages of this run."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ESIGNON_")}
    own = {"PYTHONPATH": str(wheel), "HOME": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    return subprocess.run(
        [sys.executable, "-c", COMMAND, *arguments],
        cwd=folder,
        env=kept | own | settings,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_wheel_carries_every_data_file_of_the_clone(wheel: Path) -> None:
    data = wheel / "esignon_conformance" / "_data"
    found = [path for name in CARRIED for path in (ROOT / name).rglob("*")]
    names = [
        path.relative_to(ROOT)
        for path in (*found, *(ROOT / name for name in FILES), *ROOT.glob("*.example.toml"))
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert len(names) > 25
    for name in names:
        assert (data / name).read_bytes() == (ROOT / name).read_bytes(), name


def test_the_wheel_carries_every_module_and_what_lies_beside_them(wheel: Path) -> None:
    source = ROOT / "src" / "esignon_conformance"
    wanted = {
        path.relative_to(source)
        for path in source.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    package = wheel / "esignon_conformance"
    carried = {path.relative_to(package) for path in package.rglob("*") if path.is_file()}
    assert wanted <= carried
    assert {path.parts[0] for path in carried - wanted} == {"_data"}


def test_the_classifiers_claim_no_python_that_was_not_run() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    assert 'requires-python = ">=3.11"' in text
    assert '"Programming Language :: Python :: 3.11"' in text
    for newer in ("3.12", "3.13", "3.14"):
        assert f"Python :: {newer}" not in text


@pytest.mark.slow
def test_the_installed_suite_runs_in_an_empty_folder_and_writes_there_only(
    wheel: Path, tmp_path: Path
) -> None:
    before = {path for path in wheel.rglob("*") if "__pycache__" not in path.parts}
    ran = command(wheel, tmp_path, "run", "--depth", "smoke", "--lang", "en")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    statement = json.loads((tmp_path / "reports" / "statement.json").read_text("utf-8"))
    assert statement["complete"]
    assert list((tmp_path / "reports" / "allure-results").glob("*-result.json"))
    assert {path for path in wheel.rglob("*") if "__pycache__" not in path.parts} == before
    explained = command(wheel, tmp_path, "explain", "REJ-1", "--lang", "en")
    assert "Response Body header.result_code" in explained.stdout


@pytest.mark.slow
def test_a_report_without_a_registry_ends_with_3_and_keeps_the_results(
    wheel: Path, tmp_path: Path
) -> None:
    assert command(wheel, tmp_path, "run", "--case", "wrong-password").returncode == 0
    folder = tmp_path / "reports" / "case"
    kept = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert kept
    nowhere = {"npm_config_registry": "http://127.0.0.1:9/"}
    report = command(wheel, tmp_path, "report", "--report-dir", str(folder), **nowhere)
    assert report.returncode == 3
    assert "registry" in report.stderr
    assert "Traceback" not in report.stderr
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == kept
