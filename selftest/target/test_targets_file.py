"""`targets.toml`, variables, secrets from files, and every message of exit status 4 about them."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance import resources
from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.load.logins import SHARES
from esignon_conformance.target.environment import Variables, check_spelling, read_variables
from esignon_conformance.target.limits import ELSEWHERE, ON_LOOPBACK, limits_of
from esignon_conformance.target.settings import (
    Options,
    base_url_of,
    known_names,
    overriding,
    read_settings,
    target_of,
)
from esignon_conformance.target.target import Target
from esignon_conformance.target.targets_file import TargetEntry, entry_named, read_targets

SECRETS = {
    "STAGING_MEMB_EMAIL": "a@gaon.invalid",
    "STAGING_MEMB_PWD": "Staging-Pass!01",
    "STAGING_SECOND_MEMB_EMAIL": "b@gaon.invalid",
    "STAGING_SECOND_MEMB_PWD": "Staging-Pass!02",
    "STAGING_OTHER_MEMB_EMAIL": "c@byeol.invalid",
    "STAGING_OTHER_MEMB_PWD": "Staging-Pass!03",
    "STAGING_BLOCKED_MEMB_EMAIL": "d@noeul.invalid",
    "STAGING_BLOCKED_MEMB_PWD": "Staging-Pass!04",
    "STAGING_GATEWAY_KEY": "gateway-key-05",
}
PLAIN = """
[mine]
base_url = "http://127.0.0.1:4010"
company_id = "gaon"
accounts.main = {memb_email = "STAGING_MEMB_EMAIL", memb_pwd = "STAGING_MEMB_PWD"}
"""


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Start from no settings at all, in an empty folder."""
    for name in list(os.environ):
        if name.upper().startswith(("ESIGNON_", "STAGING_", "HTTP", "ALL_PROXY", "NO_PROXY")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def entry(text: str = PLAIN, name: str = "mine") -> TargetEntry:
    """Return a target of a file with this text."""
    Path("targets.toml").write_text(text)
    return entry_named(name, Path("targets.toml"))


def target(
    text: str = PLAIN,
    *,
    variables: dict[str, str] | None = None,
    base_url: str | None = None,
    **options: Any,
) -> Target:
    """Return the target `mine` of a file, with these variables and options."""
    given = Variables(SECRETS if variables is None else variables)
    found, chosen = entry(text), Options(base_url=base_url, **options)
    settings = read_settings(given)
    url = base_url_of(chosen, settings, found)
    assert url is not None
    return target_of(chosen, settings, url, 1, entry=found, variables=given)


def refused(text: str = PLAIN, **given: Any) -> str:
    """Return the one message with which a target is refused."""
    with pytest.raises(ConfigurationError) as error:
        target(text, **given)
    assert "\n" not in str(error.value)
    assert error.value.text("ko") != error.value.text("en")
    for secret in SECRETS.values():
        assert secret not in str(error.value)
    return str(error.value)


# ---- the file --------------------------------------------------------------------------------------


def test_the_example_is_a_file_that_works_and_says_the_defaults() -> None:
    text = (resources.data_root() / "targets.example.toml").read_text("utf-8")
    found = entry(text, "staging")
    assert set(found.accounts) == {"main", "second", "other", "blocked"}
    # For a nightly run of the recipes, which go deep.
    usual = limits_of("deep", {}, is_loopback=False)
    assert {**found.limits} == {name: getattr(usual, name) for name in found.limits}
    assert len(found.limits) == 6
    assert set(found.variables) == set(SECRETS)
    assert (found.language, found.fail_on) == ("ko", ("not-judged",))


def test_an_entry_makes_a_target() -> None:
    made = target(
        PLAIN
        + """
headers.X-Gateway-Key = "STAGING_GATEWAY_KEY"
limits = {requests = 700, wrong_passwords_in_a_row = 1}
[mine.accounts.other]
company_id = "byeol"
memb_email = "STAGING_OTHER_MEMB_EMAIL"
memb_pwd = "STAGING_OTHER_MEMB_PWD"
"""
    )
    assert (made.name, made.base_url) == ("mine", "http://127.0.0.1:4010")
    assert made.accounts["main"].password.get_secret_value() == "Staging-Pass!01"
    assert (made.accounts["main"].company, made.accounts["other"].company) == ("gaon", "byeol")
    assert (made.limits.requests, made.limits.wrong_passwords_in_a_row) == (700, 1)
    assert made.limits.concurrency == ON_LOOPBACK.concurrency
    ((name, value),) = made.headers
    assert (name, value.get_secret_value()) == ("X-Gateway-Key", "gateway-key-05")
    assert made.again == " --target mine"
    for secret in SECRETS.values():
        assert secret not in repr(made)


def test_waivers_lie_beside_the_file_by_the_name_of_the_target() -> None:
    assert entry().waivers is None
    beside = Path("waivers/mine.yaml").absolute()
    beside.parent.mkdir()
    beside.touch()
    assert target().waivers == beside
    named = entry(PLAIN + 'waivers = "known/some.yaml"\nca_bundle = "ca.pem"')
    assert named.waivers == Path("known/some.yaml").absolute()
    assert named.ca_bundle == Path("ca.pem").absolute()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[mine", "is not TOML"),
        ("[mine]\nbase_url = 1", "mine.base_url has to be a string"),
        ("[mine]\n", "mine lacks base_url, company_id, accounts"),
        ("[Mine_1]\n", "holds a name that cannot be used"),
        (PLAIN + "limit = {}", "mine has no limit (but base_url"),
        (PLAIN + 'language = "fr"', "mine.language has to be one of ko, en"),
        (PLAIN + "limits.requests = 0", "mine.limits.requests has to be at least 1"),
        (
            PLAIN + "limits.wrong_passwords_in_a_row = 4",
            "mine.limits.wrong_passwords_in_a_row has to be at most 3",
        ),
        (PLAIN + "limits.max_time = 0", "mine.limits.max_time has to be more than 0"),
        (
            PLAIN + 'headers.Key = "Secret-77"',
            "mine.headers.Key has to be the name of an environment variable",
        ),
        (
            PLAIN.replace('"STAGING_MEMB_PWD"', '"Secret-77"'),
            "mine.accounts.main.memb_pwd has to be the name of an environment variable",
        ),
        (PLAIN + 'headers.Host = "STAGING_X"', "mine.headers.Host is a header that the suite sets"),
        (PLAIN + 'headers."X y" = "STAGING_X"', "mine.headers holds a name that cannot be used"),
        (PLAIN + "p95_ms = 0", "mine.p95_ms has to be more than 0"),
        (PLAIN + "p95_ms = inf", "mine.p95_ms has to be at most 600000"),
        (PLAIN + "p95_ms = nan", "mine.p95_ms has to be a number of milliseconds"),
        (PLAIN + 'p95_ms = "800"', "mine.p95_ms has to be a number or an object"),
        (PLAIN + "p95_ms = {}", "mine.p95_ms names none of right, unknown-email"),
        (PLAIN + "p95_ms.rihgt = 5", "mine.p95_ms has no rihgt (but right, unknown-email"),
        (PLAIN + "p95_ms.right = -1", "mine.p95_ms.right has to be more than 0"),
        (PLAIN + "p95_ms.right = nan", "mine.p95_ms has to be a number of milliseconds"),
        ("", "the file names no target"),
        (
            PLAIN.replace("mine", "yours"),
            "There is no target mine in targets.toml. It names: yours",
        ),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_by_its_place_and_never_its_value(
    text: str, says: str
) -> None:
    message = refused(text)
    assert says in message
    assert "Secret-77" not in message


def test_one_budget_is_that_of_every_situation_that_load_sends() -> None:
    assert entry(PLAIN + "p95_ms = 800").p95_ms == dict.fromkeys(SHARES, 800)
    assert entry(PLAIN + "p95_ms = {right = 800.5}").p95_ms == {"right": 800.5}
    assert entry().p95_ms == {}


def test_a_file_that_is_not_there_names_no_targets() -> None:
    assert read_targets(Path("targets.toml")) == {}
    with pytest.raises(ConfigurationError, match=r"no target mine: targets\.toml is not there"):
        entry_named("mine", Path("targets.toml"))
    Path("targets.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        read_targets(Path("targets.toml"))


def test_variables_that_are_not_set_are_named_at_once() -> None:
    message = refused(variables={"STAGING_MEMB_EMAIL": ""})
    assert "STAGING_MEMB_EMAIL, STAGING_MEMB_PWD" in message
    assert "STAGING_X" in refused(PLAIN + 'headers.Key = "STAGING_X"')


@pytest.mark.parametrize("value", [" key", "key\r\nX-Injected: 1", "열쇠", "key\t"])
def test_a_header_that_cannot_be_sent_is_refused(value: str) -> None:
    message = refused(PLAIN + 'headers.Key = "KEY"', variables={**SECRETS, "KEY": value})
    assert "The header Key cannot be sent: KEY holds" in message
    assert value not in message


# ---- what beats what -------------------------------------------------------------------------------


def test_options_beat_the_environment_which_beats_the_file() -> None:
    beaten = {**SECRETS, "ESIGNON_BASE_URL": "http://127.0.0.1:1", "ESIGNON_COMPANY_ID": "noeul"}
    assert target(variables=beaten).base_url == "http://127.0.0.1:1"
    assert target(variables=beaten).accounts["main"].company == "noeul"
    made = target(variables=beaten, base_url="http://127.0.0.1:2")
    assert made.base_url == "http://127.0.0.1:2"
    assert made.again == " --target mine --base-url http://127.0.0.1:2"
    slow = PLAIN + "limits = {requests_per_second = 2, concurrency = 3}"
    limits = target(slow, limits={"concurrency": 2}).limits
    assert (limits.requests_per_second, limits.concurrency) == (2, 2)


def test_an_account_of_the_environment_replaces_that_of_the_file_whole() -> None:
    own = {"ESIGNON_MEMB_EMAIL": "x@gaon.invalid", "ESIGNON_MEMB_PWD": "Other-Pass!77"}
    main = target(variables=own).accounts["main"]
    assert main.email.get_secret_value() == "x@gaon.invalid"
    assert main.password.get_secret_value() == "Other-Pass!77"
    assert overriding(read_settings(Variables(own)), Options()) == [*own]
    half = refused(variables={**SECRETS, "ESIGNON_MEMB_EMAIL": "x@gaon.invalid"})
    assert half.startswith("These settings are missing: ESIGNON_MEMB_PWD.")


def test_a_host_of_the_file_is_allowed_and_no_other() -> None:
    text = PLAIN.replace("http://127.0.0.1:4010", "https://Staging.Invalid:8443/x")
    made = target(text)
    assert made.allowed_hosts == {"staging.invalid"}
    assert made.typed_hosts == frozenset()
    assert made.limits == ELSEWHERE
    other = target(text, base_url="https://other.invalid")
    assert other.allowed_hosts == {"staging.invalid"}
    assert target(text, allow_host=("Other.Invalid.",)).allowed_hosts == {
        "staging.invalid",
        "other.invalid",
    }


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


# ---- labels ----------------------------------------------------------------------------------------


def test_labels_are_names_and_values() -> None:
    labels = target(labels=("build=1.4.2", "branch=feature/x=y")).labels
    assert labels == {"build": "1.4.2", "branch": "feature/x=y"}
    for wrong in ("build", "build=", "=1", "a b=1", "build= "):
        assert f"--label {wrong}:" in refused(labels=(wrong,))
    assert "--label a is given twice" in refused(labels=("a=1", "a=2"))


@pytest.mark.parametrize(
    ("depth", "given", "is_loopback", "requests"),
    [
        ("standard", {}, False, 600),
        ("quick", {}, False, 600),
        ("deep", {}, False, 2000),
        ("standard", {}, True, None),
        ("standard", {"requests": 4000}, False, 4000),
        ("deep", {"requests": 50}, False, 50),
        ("smoke", {}, False, 150),
        ("smoke", {}, True, 150),
        ("smoke", {"requests": 4000}, False, 150),
        ("smoke", {"requests": 90}, True, 90),
    ],
)
def test_what_was_given_replaces_the_usual_limit_and_smoke_sends_no_more_than_its_own(
    depth: str, given: dict[str, int], is_loopback: bool, requests: int | None
) -> None:
    assert limits_of(depth, given, is_loopback=is_loopback).requests == requests


def test_an_entry_may_name_a_depth() -> None:
    assert entry(PLAIN).depth is None
    assert entry(PLAIN + 'depth = "smoke"').depth == "smoke"
    assert "mine.depth has to be one of smoke" in refused(PLAIN + 'depth = "deepest"')


def test_the_schema_and_the_limits_name_the_same() -> None:
    text = (resources.data_root() / "targets.example.toml").read_text("utf-8")
    assert set(tomllib.loads(text)["staging"]["limits"]) == set(ELSEWHERE.__dataclass_fields__)
