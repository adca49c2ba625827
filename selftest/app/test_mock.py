"""`mock`: a folder is written once, and what cannot be made is refused with one message."""

from __future__ import annotations

from pathlib import Path

import pytest

from esignon_conformance.app.cli.main import main


def test_a_folder_is_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "deep" / "mock"
    arguments = ["mock", "mountebank", "--out", str(folder), "--lang", "en"]
    assert main(arguments) == 0
    assert "mountebank" in capsys.readouterr().out
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert main(arguments) == 4
    assert "is there already" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


BAD_ACCOUNTS = {
    "no mapping": "- a\n",
    "a password that is a number": (
        "companies: [{id: a1, role: own, accounts: [{role: main, memb_email: a@b.invalid, "
        "memb_pwd: 12345678}]}]\n"
    ),
    "a member too many": "companies: []\nmore: 1\n",
    "an email that would be a template": (
        "companies: [{id: a1, role: own, accounts: [{role: main, memb_email: '{{x}}@b.invalid', "
        "memb_pwd: secret-9-Word}]}]\n"
    ),
    "a password that would be a template": (
        "companies: [{id: a1, role: own, accounts: [{role: main, memb_email: a@b.invalid, "
        "memb_pwd: 'secret-9-Word{{x}}'}]}]\n"
    ),
    "a password that would be a pattern": (
        "companies: [{id: a1, role: own, accounts: [{role: main, memb_email: a@b.invalid, "
        "memb_pwd: (string)}]}]\n"
    ),
    "no YAML": "companies: [\n",
}


@pytest.mark.parametrize("text", BAD_ACCOUNTS.values(), ids=BAD_ACCOUNTS)
@pytest.mark.parametrize("command", [("mock", "wiremock"), ("serve", "--port", "0")])
def test_accounts_of_another_shape_are_refused(
    text: str, command: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "accounts.yaml"
    path.write_text(text, encoding="utf-8")
    out = ["--out", str(tmp_path / "mock")] if command[0] == "mock" else []
    assert main([*command, "--accounts", str(path), *out]) == 4
    said = capsys.readouterr().err
    assert "accounts.yaml:" in said
    assert "12345678" not in said
    assert "secret-9-Word" not in said
    assert len(said.splitlines()) == 1
    assert not (tmp_path / "mock").exists()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("WireMok",), "Near: wiremock"),
        (("mountebank", "--port", "65535"), "from 1 to 65534"),
        (("mountebank", "--port", "0"), "from 1 to 65534"),
        (("mountebank", "--accounts", "nowhere.yaml"), "cannot be read"),
    ],
)
def test_what_cannot_be_made_is_refused(
    arguments: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mock"
    assert main(["mock", *arguments, "--out", str(out), "--lang", "en"]) == 4
    told = capsys.readouterr().err
    assert said in told
    assert len(told.splitlines()) == 1
    assert not out.exists()


def test_a_folder_that_cannot_be_made_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert main(["mock", "prism", "--out", str(tmp_path / "file" / "mock"), "--lang", "en"]) == 4
    assert "cannot be written" in capsys.readouterr().err
