"""A report in another language than that of its run says so."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.app.cli import report
from esignon_conformance.app.cli.main import main
from selftest.support.command import command


def test_a_report_in_another_language_than_its_run_says_what_stays_in_that_of_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = command("run", "--case", "wrong-password", "--lang", "en", "--report-dir", str(tmp_path))
    assert ran.returncode == 0, ran.stdout + ran.stderr

    (folder,) = (one.parent for one in tmp_path.rglob("statement.json"))

    def built(_results: Path, destination: Path, **_said: Any) -> Path:
        return destination

    monkeypatch.setattr(report, "build_html", built)
    assert report.build(folder, "ko") == 0
    assert "영어로 기록한" in capsys.readouterr().err
    for language in ("en", None):
        assert report.build(folder, language) == 0
        assert capsys.readouterr().err == ""


def test_a_file_in_the_place_of_the_folder_holds_no_results(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "reports").touch()
    assert main(["report", "--report-dir", str(tmp_path / "reports")]) == 4
    assert "statement.json is not there: run" in capsys.readouterr().err
