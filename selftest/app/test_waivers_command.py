"""The waivers that a run would have needed: with them it passes, and what it needs no longer is marked."""

from __future__ import annotations

from pathlib import Path

import pytest

from esignon_conformance.app.cli.main import main
from esignon_conformance.contract.waiver_file import read_waivers
from esignon_conformance.reports.statement_diff import Statement
from esignon_conformance.reports.waivers_of_run import Signature, entries_of, file_text
from selftest.support.archives import archive, rows_of, server
from selftest.support.exchanges import contract
from selftest.support.sent_logins import RIGHT, WRONG

SIGNED = (
    "--owner",
    "login: team",
    "--ticket",
    "https://tickets.test/API-1",
    "--until",
    "2999-12-31",
)


def _judge(file: Path, report: Path, *options: str) -> int:
    return main(["judge", str(file), "--accounts", "box", "--report-dir", str(report), *options])


@pytest.mark.parametrize(
    "fault",
    [
        "takes-any-password",
        pytest.param("session-id-absent", marks=pytest.mark.slow),
        pytest.param("cache-by-path", marks=pytest.mark.slow),
    ],
)
def test_with_the_waivers_of_a_run_it_passes(fault: str, tmp_path: Path) -> None:
    file = archive(tmp_path / "a.har", rows_of(server(fault), [RIGHT, WRONG, RIGHT]))
    report, waivers = tmp_path / "report", tmp_path / "waivers.yaml"
    assert _judge(file, report) == 1
    assert main(["waivers", "--from", str(report), *SIGNED, "--output", str(waivers)]) == 0
    assert read_waivers(waivers, contract())
    assert _judge(file, report, "--waivers", str(waivers)) == 0
    again = tmp_path / "again.yaml"
    assert main(["waivers", "--from", str(report), *SIGNED, "--output", str(again)]) == 0
    assert read_waivers(again, contract())
    assert not _marked(again)


def _marked(file: Path) -> list[str]:
    lines = file.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip().startswith("# - ")]


def test_a_statement_with_a_stale_waiver_shows_it_as_a_comment(tmp_path: Path) -> None:
    signed = {"reason": "r", "owner": "o", "ticket": "https://t.test/1", "until": "2999-01-01"}
    statement = Statement.model_validate(
        {
            "format": 1,
            "complete": True,
            "depth": "quick",
            "seed": 1,
            "started": "2026-01-01",
            "language": "en",
            "suite": {"name": "esignon-conformance", "version": "1"},
            "target": {"kind": "server", "base_url": "http://a.test"},
            "contract": {"sha256": "0" * 64},
            "clauses": [],
            "waivers": [{**signed, "clause": "REJ-1", "standing": "holds", "stale": True}],
        }
    )
    text = file_text(entries_of(statement, Signature("o", "t", "2999-01-01"), "en"), "heading")
    file = tmp_path / "w.yaml"
    file.write_text(text, encoding="utf-8")
    assert _marked(file)
    assert read_waivers(file, contract()) == ()


@pytest.mark.parametrize(
    ("option", "value"),
    [("--until", "2001-01-01"), ("--until", "soon"), ("--ticket", "API-1"), ("--owner", " ")],
)
def test_a_wrong_option_ends_with_4_and_one_line(
    option: str, value: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = {**dict(zip(SIGNED[::2], SIGNED[1::2], strict=True)), option: value}
    options = [part for pair in given.items() for part in pair]
    assert main(["waivers", "--from", str(tmp_path), *options]) == 4
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize("output", [".", "folder"])
def test_a_folder_in_the_place_of_the_file_ends_with_4_and_one_line(
    output: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = archive(tmp_path / "a.har", rows_of(server("takes-any-password"), [RIGHT, WRONG, RIGHT]))
    _judge(file, tmp_path / "report")
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    assert main(["waivers", "--from", "report", *SIGNED, "--output", output]) == 4
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1
    assert "cannot be written: Is a directory. Make room there" in told[0]


def test_a_reason_is_in_the_language_of_the_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = archive(tmp_path / "a.har", rows_of(server("takes-any-password"), [RIGHT, WRONG, RIGHT]))
    _judge(file, tmp_path / "report")
    capsys.readouterr()
    assert main(["waivers", "--from", str(tmp_path / "report"), *SIGNED, "--lang", "ko"]) == 0
    [reason] = [one for one in capsys.readouterr().out.splitlines() if "reason:" in one]
    assert reason.isascii()
