"""`targets.toml`: what an entry says, what beats it, and every message of exit status 4 about it."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from esignon_conformance import resources
from esignon_conformance.i18n.errors import ConfigurationError
from esignon_conformance.load.logins import SHARES
from esignon_conformance.target.environment import Variables
from esignon_conformance.target.limits import ELSEWHERE, ON_LOOPBACK, limits_of
from esignon_conformance.target.settings import (
    Options,
    overriding,
    read_settings,
)
from esignon_conformance.target.targets_file import entry_named, read_targets
from selftest.support.target_entries import PLAIN, SECRETS, entry, refused, target

pytestmark = pytest.mark.usefixtures("clean")


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
        (PLAIN + "limits.requests_per_second = nan", "requests_per_second has to be a number that"),
        (PLAIN + "limits.max_time = inf", "mine.limits.max_time has to be a number that"),
        (PLAIN.replace("gaon", ""), "mine.company_id is empty"),
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


def test_a_folder_is_no_file_of_targets() -> None:
    with pytest.raises(ConfigurationError) as error:
        read_targets(Path())
    assert error.value.text("en") == ". cannot be read: Is a directory"


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
