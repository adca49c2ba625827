"""`.env` and `NO_PROXY`: read as others read them, or told."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from esignon_conformance.i18n.catalogue import render
from esignon_conformance.target import environment as environment_module
from esignon_conformance.target.environment import read_variables
from esignon_conformance.target.proxy import is_excepted
from selftest.support.command import command

# ---- .env ------------------------------------------------------------------------------------------


def read(monkeypatch: pytest.MonkeyPatch, folder: Path, *rows: str) -> environment_module.Variables:
    """Return what rows of a `.env` come to."""
    for name in [one for one in os.environ if one.startswith("ESIGNON_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(folder)
    folder.joinpath(".env").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return read_variables()


@pytest.mark.parametrize(
    "row",
    [
        "ESIGNON_MEMB_PWD='Kq7!v${Tn}Zr4#mWd9'",
        'ESIGNON_MEMB_PWD="Kq7!v${Tn}Zr4#mWd9"',
        "ESIGNON_MEMB_PWD=Kq7!v${Tn}Zr4#mWd9",
        "export ESIGNON_MEMB_PWD=Kq7!v${Tn}Zr4#mWd9",
    ],
)
def test_a_password_with_a_dollar_and_braces_is_sent_as_it_stands(
    row: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("Tn", "of the environment")
    found = read(monkeypatch, tmp_path, "Tn=of the file", row)
    assert found.value("ESIGNON_MEMB_PWD") == "Kq7!v${Tn}Zr4#mWd9"
    assert found.notices == ()


def test_a_value_that_ends_before_a_hash_is_told_without_its_value(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    rows = ("# why", "A=b # a comment", "ESIGNON_MEMB_PWD=Kq7.Zr4 #mWd9", "B='c #d'")
    found = read(monkeypatch, tmp_path, *rows)
    assert found.value("ESIGNON_MEMB_PWD") == "Kq7.Zr4"
    assert found.value("B") == "c #d"
    (told,) = (render(one, "en") for one in found.notices)
    assert told.startswith("Line 3 of .env: the value of ESIGNON_MEMB_PWD ends before")
    assert "Kq7" not in told


# ---- NO_PROXY --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("http://[fd00::1]:8080", "fd00::/8"),
        ("http://[fd00::1]:8080", "[fd00::1]"),
        ("http://[fd00::1]:8080", "[fd00::1]:8080"),
        ("http://[fd00::1]:8080", "fd00::1"),
        ("http://10.1.2.3", "10.0.0.0/8"),
        ("http://10.1.2.3", "localhost,10.1.2.3"),
        ("https://staging.corp.test", "*.corp.test"),
        ("https://staging.corp.test", ".corp.test"),
        ("https://staging.corp.test", "corp.test"),
        ("https://Staging.Corp.Test.", "staging.corp.test"),
        ("https://staging.corp.test", "localhost staging.corp.test"),
        ("https://staging.corp.test", "localhost ,\tcorp.test "),
        ("https://staging.corp.test", "staging.corp.test:443"),
        ("https://staging.corp.test", "*"),
    ],
)
def test_no_proxy_is_read_as_curl_and_requests_read_it(url: str, listed: str) -> None:
    assert is_excepted(url, listed)


@pytest.mark.parametrize(
    ("url", "listed"),
    [
        ("https://staging.corp.test", ""),
        ("https://staging.corp.test", " , "),
        ("https://notcorp.test", "corp.test"),
        ("https://staging.corp.test", "staging.corp.test:8443"),
        ("https://staging.corp.test", "staging.corp"),
        ("http://10.1.2.3", "10.2.0.0/16"),
        ("http://10.1.2.3", "fd00::/8"),
        ("http://[fd00::1]:8080", "[fd00::1]:80"),
        ("http://[fd00::1]:8080", "fe80::/10,[fd00::2]"),
    ],
)
def test_no_proxy_excepts_no_other_host(url: str, listed: str) -> None:
    assert not is_excepted(url, listed)


def test_a_proxy_that_is_taken_in_spite_of_no_proxy_is_told(tmp_path: Path) -> None:
    accounts = {
        "ESIGNON_COMPANY_ID": "c",
        "ESIGNON_MEMB_EMAIL": "a@b.invalid",
        "ESIGNON_MEMB_PWD": "Zq7-made-up.Kd3",
    }
    base = ("--base-url", "http://[fd00::1]:8080", "--allow-host", "fd00::1")
    chosen = ("run", *base, "--plan", "--lang", "en", "--depth", "quick", "-k", "SUC-1")
    told = {
        listed: command(
            *chosen, settings=accounts, HTTP_PROXY="http://127.0.0.1:9", NO_PROXY=listed
        )
        for listed in ("fe80::/10", "fd00::/8")
    }
    assert all(one.returncode == 0 for one in told.values())
    assert "NO_PROXY was read and does not except this host" in told["fe80::/10"].stdout
    assert "proxy" not in told["fd00::/8"].stdout
