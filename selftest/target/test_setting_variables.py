"""Variables, secrets from files, and accounts that are one: every message of exit status 4 about them."""

from __future__ import annotations

from pathlib import Path

import pytest

from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.target.environment import Variables, check_spelling, read_variables
from esignon_conformance.target.settings import (
    known_names,
    read_settings,
)
from selftest.support.target_entries import PLAIN, SECRETS, entry, refused, target

pytestmark = pytest.mark.usefixtures("clean")


# ---- accounts that are one -------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["a@gaon.invalid", "A@GAON.invalid"])
def test_a_second_account_has_to_be_another(email: str) -> None:
    with_second = {"ESIGNON_SECOND_MEMB_EMAIL": email, "ESIGNON_SECOND_MEMB_PWD": "x"}
    message = refused(variables={**SECRETS, **with_second})
    assert "second account has the email of the main one" in message


@pytest.mark.parametrize(
    ("blocked", "other", "says"),
    [
        ("gaon", None, "accounts blocked and own are the same"),
        (None, "GAON", "accounts other and own are the same"),
        ("byeol", "Byeol", "accounts other and blocked are the same"),
    ],
)
def test_companies_have_to_differ(blocked: str | None, other: str | None, says: str) -> None:
    given = dict(SECRETS)
    for name, company in (("BLOCKED", blocked), ("OTHER", other)):
        if company is not None:
            given |= {
                f"ESIGNON_{name}_COMPANY_ID": company,
                f"ESIGNON_{name}_MEMB_EMAIL": f"{name}@x.invalid",
                f"ESIGNON_{name}_MEMB_PWD": "x",
            }
    assert says in refused(variables=given)


# ---- variables -------------------------------------------------------------------------------------


def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    for name, content in (("plain", "Pass 77"), ("unix", "Pass 77\n"), ("dos", "Pass 77\r\n")):
        (tmp_path / name).write_bytes(content.encode())
        settings = read_settings(Variables({"ESIGNON_MEMB_PWD_FILE": str(tmp_path / name)}))
        assert settings.value("memb_pwd") == "Pass 77"
    staged = {**SECRETS, "STAGING_MEMB_PWD_FILE": str(tmp_path / "unix")}
    del staged["STAGING_MEMB_PWD"]
    made = target(variables=staged)
    assert made.accounts["main"].password.get_secret_value() == "Pass 77"


def test_a_secret_given_twice_or_in_no_file_is_refused(tmp_path: Path) -> None:
    file = str(tmp_path / "nowhere")
    message = refused(variables={**SECRETS, "STAGING_MEMB_PWD_FILE": file})
    assert message.startswith("STAGING_MEMB_PWD and STAGING_MEMB_PWD_FILE are both given")
    del (staged := dict(SECRETS))["STAGING_MEMB_PWD"]
    message = refused(variables={**staged, "STAGING_MEMB_PWD_FILE": file})
    assert message == f"STAGING_MEMB_PWD_FILE names {file}, which cannot be read as text in UTF-8."


def test_the_environment_beats_dotenv_in_either_form(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "pwd").write_text("from the file\n")
    (tmp_path / ".env").write_text("ESIGNON_MEMB_PWD=from .env\nSTAGING_X=1\n")
    assert read_variables().value("esignon_memb_pwd") == "from .env"
    assert read_variables().value("STAGING_X") == "1"
    monkeypatch.setenv("ESIGNON_MEMB_PWD_FILE", str(tmp_path / "pwd"))
    assert read_settings().value("memb_pwd") == "from the file"
    (tmp_path / ".env").write_text("ESIGNON_MEMB_PWD_FILE=nowhere\n")
    monkeypatch.delenv("ESIGNON_MEMB_PWD_FILE")
    monkeypatch.setenv("ESIGNON_MEMB_PWD", "plain")
    assert read_settings().value("memb_pwd") == "plain"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("A=1\n\nESIGNON_MEMB_PWD Secret-77\nB=2\n", 3),
        ("# a comment\nESIGNON_MEMB_PWD='Secret-77\n", 2),
        ("A=1\nSecret-77\n", 2),
        ("ESIGNON_MEMB_PWD: Secret-77", 1),
    ],
)
def test_a_line_of_dotenv_that_is_none_is_named_and_not_shown(
    text: str, line: int, tmp_path: Path
) -> None:
    (tmp_path / ".env").write_text(text)
    with pytest.raises(ConfigurationError) as error:
        read_variables()
    assert f"line {line} is not of the form NAME=value" in str(error.value)
    assert f"{line}번째 줄" in error.value.text("ko")
    assert "Secret-77" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ESIGNON_BASE_ULR", "ESIGNON_BASE_URL"),
        ("ESIGNON_COMP_ID", "ESIGNON_COMPANY_ID"),
        ("ESIGNON_SECOND_MEMB_EMIAL", "ESIGNON_SECOND_MEMB_EMAIL"),
        ("ESIGNON_MEMB_PWD2", "ESIGNON_MEMB_PWD"),
        ("ESIGNON_TARGTE", "ESIGNON_TARGET"),
    ],
)
def test_a_slip_in_the_name_of_a_setting_is_refused(name: str, meant: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        check_spelling(Variables({name: "Secret-77"}), known_names())
    assert f"{name} ({meant}?)" in str(error.value)
    assert "Secret-77" not in str(error.value)


def test_what_is_like_no_setting_is_told_and_what_a_target_names_is_known() -> None:
    variables = Variables(
        {
            "ESIGNON_TIMEZONE": "x",
            "ESIGNON_STAGING_MEMB_PWD": "x",
            "OTHER": "x",
            "ESIGNON_LANG": "ko",
        }
    )
    notice = check_spelling(variables, known_names())
    assert notice is not None
    names = dict(notice.words)["names"]
    assert "ESIGNON_TIMEZONE" in names
    assert "ESIGNON_STAGING_MEMB_PWD (ESIGNON_" in names
    text = PLAIN.replace("STAGING_MEMB", "ESIGNON_STAGING_MEMB")
    notice = check_spelling(variables, known_names([entry(text)]))
    assert notice is not None
    assert dict(notice.words)["names"] == "ESIGNON_TIMEZONE"
    assert check_spelling(Variables({"ESIGNON_MEMB_PWD_FILE": "x"}), known_names()) is None
