"""Settings: groups, precedence, and whose accounts are used."""

from __future__ import annotations

import pickle
from dataclasses import asdict, replace
from pathlib import Path
from pprint import pformat

import pytest
from hypothesis.vendor.pretty import pretty

from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.redaction.secret import Secret
from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.target.settings import (
    Options,
    base_url_of,
    box_target,
    ignored_settings,
    read_settings,
    setting_names,
    target_of,
)
from esignon_conformance.target.target import (
    Target,
    made_up_account,
    unknown_company,
)
from selftest.support.exchanges import plain
from selftest.support.settings_given import URL, Give

REQUIRED = {"COMPANY_ID": "gaon", "MEMB_EMAIL": "a@gaon.invalid", "MEMB_PWD": "Main-Pass!01"}
SECOND = {"SECOND_MEMB_EMAIL": "b@gaon.invalid", "SECOND_MEMB_PWD": "Second-Pass!02"}
BLOCKED = {
    "BLOCKED_COMPANY_ID": "noeul",
    "BLOCKED_MEMB_EMAIL": "c@noeul.invalid",
    "BLOCKED_MEMB_PWD": "Blocked-Pass!03",
}
OTHER = {
    "OTHER_COMPANY_ID": "byeol",
    "OTHER_MEMB_EMAIL": "d@byeol.invalid",
    "OTHER_MEMB_PWD": "Other-Pass!04",
}


pytestmark = pytest.mark.usefixtures("clean")


def target(url: str = URL, accounts: str = "settings") -> Target:
    """Return the target that the settings describe."""
    return target_of(Options(accounts=accounts), read_settings(), url, 1)


def message(url: str = URL, accounts: str = "settings") -> str:
    """Return the one message with which a target is refused."""
    with pytest.raises(ConfigurationError) as refused:
        target(url, accounts)
    text = str(refused.value)
    assert "\n" not in text
    return text


# ---- accounts --------------------------------------------------------------------------------------


def test_the_required_settings_make_one_account(give: Give) -> None:
    give(REQUIRED)
    made = target()
    assert set(made.accounts) == {"main", "made-up"}
    main = made.accounts["main"]
    assert (main.company, plain(main.email), plain(main.password)) == tuple(REQUIRED.values())
    assert (made.kind, made.base_url) == ("server", URL)


def test_each_group_makes_an_account(give: Give) -> None:
    give(REQUIRED, SECOND, BLOCKED, OTHER)
    accounts = target().accounts
    assert set(accounts) == {"main", "second", "blocked", "other", "made-up"}
    # The second account is of the own company.
    assert accounts["second"].company == accounts["main"].company == "gaon"
    assert (accounts["blocked"].company, accounts["other"].company) == ("noeul", "byeol")
    assert plain(accounts["other"].password) == OTHER["OTHER_MEMB_PWD"]


@pytest.mark.parametrize("missing", [["COMPANY_ID"], ["MEMB_EMAIL", "MEMB_PWD"], [*REQUIRED]])
def test_every_required_setting_that_misses_is_named_in_one_message(
    missing: list[str], give: Give
) -> None:
    give({name: value for name, value in REQUIRED.items() if name not in missing})
    text = message()
    assert [name for name in REQUIRED if f"ESIGNON_{name}" in text.partition(".")[0]] == missing
    assert "--accounts box" in text
    assert not any(value in text for value in REQUIRED.values())


@pytest.mark.parametrize("group", [SECOND, BLOCKED, OTHER])
def test_half_a_group_is_refused_and_names_the_other_half(
    group: dict[str, str], give: Give
) -> None:
    for name, value in group.items():
        give(REQUIRED)
        give(dict.fromkeys(group, ""), **{name: value})
        named = message().partition(".")[0]
        assert {other for other in group if f"ESIGNON_{other}" in named} == set(group) - {name}
        assert not any(f"ESIGNON_{required}," in named for required in REQUIRED)


def test_all_that_misses_is_said_at_once(give: Give) -> None:
    give({"COMPANY_ID": "gaon", "SECOND_MEMB_EMAIL": "b@gaon.invalid", "OTHER_MEMB_PWD": "x"})
    named = message().partition(".")[0]
    for name in (
        "MEMB_EMAIL",
        "MEMB_PWD",
        "SECOND_MEMB_PWD",
        "OTHER_COMPANY_ID",
        "OTHER_MEMB_EMAIL",
    ):
        assert f"ESIGNON_{name}" in named
    assert "BLOCKED" not in named


def test_an_empty_setting_is_a_missing_one(give: Give) -> None:
    give(REQUIRED, MEMB_PWD="")
    assert "ESIGNON_MEMB_PWD" in message()
    # A group whose settings are all empty is absent.
    give(REQUIRED, dict.fromkeys(OTHER, ""))
    assert "other" not in target().accounts


def test_the_names_of_a_group_are_known() -> None:
    assert setting_names("second") == ["ESIGNON_SECOND_MEMB_EMAIL", "ESIGNON_SECOND_MEMB_PWD"]
    assert setting_names("other") == [f"ESIGNON_{name}" for name in OTHER]
    assert setting_names("main") == []


# ---- .env ------------------------------------------------------------------------------------------


def test_settings_are_read_from_a_file_too_and_the_environment_beats_it(
    give: Give, tmp_path: Path
) -> None:
    rows = [f"ESIGNON_{name}={value}" for name, value in REQUIRED.items()]
    (tmp_path / ".env").write_text("\n".join([*rows, "ESIGNON_BASE_URL=http://127.0.0.1:1", "X=1"]))
    assert base_url_of(Options(), read_settings()) == "http://127.0.0.1:1"
    assert target().accounts["main"].company == "gaon"
    give(COMPANY_ID="other1")
    assert target().accounts["main"].company == "other1"


def test_an_empty_base_url_in_the_file_is_refused_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ESIGNON_BASE_URL=\n")
    with pytest.raises(ConfigurationError, match="ESIGNON_BASE_URL is set but empty"):
        base_url_of(Options(), read_settings())


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(b"ESIGNON_MEMB_PWD=\xff\xfe\n")
    with pytest.raises(ConfigurationError, match=r"\.env cannot be read") as refused:
        read_settings()
    assert "\\xff" not in str(refused.value)


def test_no_password_shows_in_what_python_prints(give: Give) -> None:
    give(REQUIRED, SECOND)
    settings = read_settings()
    made = target()
    for text in (repr(settings), str(settings), repr(made), repr(made.accounts)):
        assert REQUIRED["MEMB_PWD"] not in text
        assert REQUIRED["MEMB_EMAIL"] not in text
        assert SECOND["SECOND_MEMB_PWD"] not in text


# ---- the box ---------------------------------------------------------------------------------------


def test_the_box_has_its_own_accounts_whatever_the_settings_say(give: Give) -> None:
    give(REQUIRED, SECOND)
    made = box_target(URL, 1, Options())
    assert made.kind == "box"
    assert set(made.accounts) == {"main", "second", "blocked", "other", "made-up"}
    assert made.accounts["main"] == box_accounts()["main"]
    assert made.accounts["main"].company != "gaon"
    names = [f"ESIGNON_{name}" for name in (*REQUIRED, *SECOND)]
    assert ignored_settings(read_settings()) == names


def test_no_settings_are_no_ignored_ones(give: Give) -> None:
    assert ignored_settings(read_settings()) == []
    give(MEMB_PWD="", BASE_URL=URL)
    assert ignored_settings(read_settings()) == []


def test_accounts_box_needs_no_settings_but_a_loopback_url() -> None:
    for url in (URL, "http://localhost:4010", "http://[::1]:4010/prefix"):
        made = target(url, "box")
        assert (made.kind, made.base_url) == ("server", url)
        assert made.accounts["main"] == box_accounts()["main"]
    text = message("http://staging.esignon.invalid", "box")
    assert text.startswith("--accounts box is for this machine and for hosts that were named")
    named = Options(accounts="box", allow_host=("staging.esignon.invalid",))
    made = target_of(named, read_settings(), "http://staging.esignon.invalid", 1)
    assert made.accounts["main"] == box_accounts()["main"]
    assert not made.is_loopback
    production = Options(accounts="box", allow_host=("docs.esignon.net",))
    with pytest.raises(ConfigurationError):
        target_of(production, read_settings(), "https://docs.esignon.net", 1)


# ---- what is made up -------------------------------------------------------------------------------


def test_a_made_up_account_is_nobodys_and_the_same_for_one_seed() -> None:
    first = made_up_account("gaon", 1)
    assert first == made_up_account("gaon", 1)
    assert first != made_up_account("gaon", 2)
    assert plain(first.email).endswith(".example.com")
    assert len(plain(first.password)) >= 20
    kinds = (str.isdigit, str.isupper, str.islower, lambda one: not one.isalnum())
    assert all(any(kind(one) for one in plain(first.password)) for kind in kinds)
    assert unknown_company(1) == unknown_company(1) != unknown_company(2)
    assert unknown_company(1).isalnum()


def test_a_target_knows_its_companies(give: Give) -> None:
    give(REQUIRED, OTHER)
    made = target()
    assert made.company("own") == "gaon"
    assert made.company("other") == "byeol"
    assert made.company("blocked") is None
    assert made.company("unknown") == made.unknown_company


def test_options_reach_the_target(give: Give) -> None:
    give(REQUIRED)
    options = Options(allow_host=("Staging.Invalid",), connect_timeout=1.5, answer_timeout=2.5)
    made = target_of(options, read_settings(), URL, 1)
    assert made.allowed_hosts == {"staging.invalid"}
    assert (made.connect_timeout, made.answer_timeout) == (1.5, 2.5)


# ---- secrets -------------------------------------------------------------------------------------------


def test_a_secret_shows_in_no_representation() -> None:
    account = box_accounts()["main"]
    password = plain(account.password)
    for shown in (
        *(repr(account), str(account), f"{account.password} {account.password!r}"),
        *(pformat(account), pretty(account), repr(asdict(account))),
    ):
        assert password not in shown
        assert plain(account.email) not in shown


def test_a_secret_is_equal_to_its_like_and_survives_a_process() -> None:
    account = box_accounts()["main"]
    assert pickle.loads(pickle.dumps(account)) == account  # noqa: S301 - our own bytes
    assert hash(replace(account)) == hash(account)
    assert Secret("one") != Secret("two")
    assert Secret("one") != "one"
