"""One page from the statements of several targets: what differs is marked, and fails where it must not."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

from esignon_conformance import resources
from esignon_conformance.app.cli.main import main
from esignon_conformance.app.cli.several_targets import split_targets
from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.tools.proof.judged_server import serving
from esignon_conformance.tools.reference.application import application
from esignon_conformance.tools.reference.faults import FAULTS, Fault
from selftest.support.archives import archive, rows_of, server
from selftest.support.command import command
from selftest.support.sent_logins import RIGHT, WRONG


def _judged(folder: Path, host: str, fault: str | None = None) -> Path:
    folder.mkdir()
    rows = rows_of(server(fault), [RIGHT, WRONG, RIGHT], host=f"https://{host}")
    file = archive(folder / "a.har", rows)
    main(["judge", str(file), "--accounts", "box", "--report-dir", str(folder / "report")])
    return folder / "report"


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """Return the reports of a right server and of one that takes any password."""
    right = _judged(tmp_path / "one", "right.test")
    return [right, _judged(tmp_path / "two", "wrong.test", "takes-any-password")]


def test_what_differs_from_the_first_target_is_marked(folders: list[Path], tmp_path: Path) -> None:
    line = {
        "started": "2026-01-01T00:00:00+00:00",
        "target": "https://wrong.test",
        "verdicts": {"REJ-1": "holds"},
    }
    (folders[1] / "verdicts.jsonl").write_text(f"{json.dumps(line)}\n", encoding="utf-8")
    output = tmp_path / "out"
    assert main(["matrix", *map(str, folders), "--output", str(output)]) == 0
    found = json.loads((output / "matrix.json").read_text(encoding="utf-8"))
    schema = json.loads((resources.schemas() / "matrix.json").read_text(encoding="utf-8"))
    jsonschema.validate(found, schema)
    assert [one["name"] for one in found["targets"]] == ["https://right.test", "https://wrong.test"]
    rows = {one["id"]: one["verdicts"] for one in found["clauses"]}
    assert [one["verdict"] for one in rows["REJ-1"]] == ["holds", "fails"]
    assert [one["differs"] for one in rows["REJ-1"]] == [False, True]
    assert rows["REJ-1"][1]["trend"] == ["holds"]
    page = (output / "matrix.html").read_text(encoding="utf-8")
    assert 'class="fails differs"' in page
    assert "://" not in page.replace("https://right.test", "").replace("https://wrong.test", "")
    assert "≠" in (output / "matrix.md").read_text(encoding="utf-8")


def test_targets_that_have_to_be_the_same_and_are_not_end_with_1(
    folders: list[Path], tmp_path: Path
) -> None:
    given = ["matrix", *map(str, folders), "--output", str(tmp_path / "out")]
    assert main([*given, "--same", "https://right.test,https://wrong.test"]) == 1
    found = json.loads((tmp_path / "out" / "matrix.json").read_text(encoding="utf-8"))
    # Of the one that lets everybody in no refusal is left to judge REJ-10 by.
    assert set(found["unlike"]) == {"REJ-1", "REJ-10"}
    assert main([*given, "--same", "https://right.test,nobody"]) == 4


def test_two_statements_of_one_target_are_told_apart(folders: list[Path], tmp_path: Path) -> None:
    output = tmp_path / "out"
    assert (
        main(
            ["matrix", str(folders[0]), str(folders[0] / "statement.json"), "--output", str(output)]
        )
        == 0
    )
    found = json.loads((output / "matrix.json").read_text(encoding="utf-8"))
    assert len({one["name"] for one in found["targets"]}) == 2


def test_what_is_no_statement_ends_with_4(tmp_path: Path) -> None:
    assert main(["matrix", str(tmp_path)]) == 4


def test_the_targets_of_a_command_are_told_from_its_other_options() -> None:
    given = ["--target", "a", "--rate=3", "--target=b", "--target", "a"]
    assert split_targets(given) == (["a", "b"], ["--rate=3"])


def test_a_target_that_is_not_in_the_file_is_told_before_any_is_sent_anything(
    tmp_path: Path,
) -> None:
    file = tmp_path / "targets.toml"
    account = '{memb_email = "A_EMAIL", memb_pwd = "A_PWD"}'
    file.write_text(
        f'[one]\nbase_url = "http://127.0.0.1:9"\ncompany_id = "gaon"\naccounts.main = {account}\n',
        encoding="utf-8",
    )
    reports = tmp_path / "reports"
    done = command(
        *("run", "--target", "one", f"--targets-file={file}", "--target", "two"),
        *("--depth", "smoke", "--report-dir", str(reports)),
        folder=tmp_path,
        settings={"A_EMAIL": "a@gaon.invalid", "A_PWD": "x"},
    )
    assert done.returncode == 4
    assert "There is no target two in" in done.stderr
    assert not reports.exists()
    assert "one" not in done.stdout


@pytest.mark.slow
def test_several_targets_are_judged_and_a_matrix_written(tmp_path: Path) -> None:
    with (
        serving(Fault("right", (), "It is right.", application)) as one,
        serving(FAULTS["session-id-absent"]) as other,
    ):
        file = tmp_path / "targets.toml"
        account = '{memb_email = "A_EMAIL", memb_pwd = "A_PWD"}'
        entries = "".join(
            f'[{name}]\nbase_url = "{url}"\ncompany_id = "dalbit2041"\naccounts.main = {account}\n'
            for name, url in (("one", one), ("other", other))
        )
        file.write_text(entries, encoding="utf-8")
        main_account = box_accounts()["main"]
        done = command(
            *("run", "--targets-file", str(file), "--target", "one", "--target", "other"),
            *(
                "--depth",
                "quick",
                "--report-dir",
                str(tmp_path / "reports"),
                "-k",
                "ENV-7 or ENV-6",
            ),
            folder=tmp_path,
            settings={
                "A_EMAIL": main_account.email.get_secret_value(),
                "A_PWD": main_account.password.get_secret_value(),
            },
        )
    assert done.returncode == 1, done.stdout + done.stderr
    found = json.loads((tmp_path / "reports" / "matrix.json").read_text(encoding="utf-8"))
    assert [row["name"] for row in found["targets"]] == ["one", "other"]
    rows = {row["id"]: [cell["verdict"] for cell in row["verdicts"]] for row in found["clauses"]}
    assert rows["ENV-7"] == ["holds", "fails"]
