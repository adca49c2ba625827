"""Each guard of settings over a real process: exit status 4, one message in the chosen language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from esignon_conformance.tools.reference import process
from selftest.support.command import command, statement

URL = "http://127.0.0.1:9"
ACCOUNT = {
    "ESIGNON_COMPANY_ID": "gaon",
    "ESIGNON_MEMB_EMAIL": "a@gaon.invalid",
    "ESIGNON_MEMB_PWD": "Secret-77.xq",
}
SECOND = {"ESIGNON_SECOND_MEMB_EMAIL": "A@gaon.invalid", "ESIGNON_SECOND_MEMB_PWD": "x"}
BLOCKED = {
    "ESIGNON_BLOCKED_COMPANY_ID": "gaon",
    "ESIGNON_BLOCKED_MEMB_EMAIL": "b@gaon.invalid",
    "ESIGNON_BLOCKED_MEMB_PWD": "x",
}


@pytest.mark.parametrize(
    ("arguments", "settings", "says"),
    [
        ((), {"ESIGNON_BASE_ULR": URL}, "ESIGNON_BASE_ULR (ESIGNON_BASE_URL?)"),
        ((), {"ESIGNON_LANG": "kr"}, "ESIGNON_LANG has to be ko or en"),
        (("--base-url", URL), ACCOUNT | SECOND, "second account has the email of the main one"),
        (("--base-url", URL), ACCOUNT | BLOCKED, "accounts blocked and own are the same"),
        (
            ("--base-url", URL),
            ACCOUNT | {"ESIGNON_MEMB_EMAIL": "gaon-user"},
            'The email of the account main holds no "@"',
        ),
        (("--target", "staging"), {}, "There is no target staging"),
        ((), {"ESIGNON_TARGET": "staging"}, "There is no target staging"),
        (("--label", "build"), {}, "--label build: it has the form NAME=VALUE"),
        (("--rate", "0"), {}, "'0' has to be more than 0"),
        (("--wrong-passwords-in-a-row", "4"), {}, "'4' has to be from 0 to 3"),
        (("--wrong-passwords", "-3"), {}, "'-3' has to be 0 or more"),
        (("--rate", "inf"), {}, "'inf' is no such number"),
        (("--targets-file", "here.toml"), {}, "--targets-file here.toml: there is no such file"),
        (("--max-time", "soon"), {}, "'soon' is no such number"),
        (("--concurrency", "nan"), {}, "'nan' is no such number"),
        (("--max-time", "nan"), {}, "'nan' is no such number"),
        (("--answer-timeout", "0"), {}, "'0' has to be more than 0"),
        (("--connect-timeout", "-1"), {}, "'-1' has to be more than 0"),
        (("--depth", "deep", "--max-examples", "-1"), {}, "'-1' has to be more than 0"),
        (("--depth", "deep", "--fuzz-time", "nan"), {}, "'nan' is no such number"),
        (("--fail-on", "advisry"), {}, "or a clause. Near: advisory"),
        (("--fail-on", "LOAD-1"), {}, "--fail-on LOAD-1: a load run alone judges this clause"),
        (("--allow-host", "http://x.test"), {}, "--allow-host http://x.test: name the host alone"),
        (("--allow-host", "x.test:8080"), {}, "--allow-host x.test:8080: name the host alone"),
        (("--waivers", "none.yaml"), {}, "ERROR: none.yaml: cannot be read"),
        (("--operation", "x"), {}, "--operation names an operation of a folder"),
        (
            ("--case", "wrong-password", "-k", "REJ-4", "-m", "REJ"),
            {},
            "--case wrong-password is one case by itself; -k, -m would choose among all",
        ),
        (("-k", "("), {}, "Wrong expression passed to '-k'"),
        (("-m", "FOO"), {}, "-m FOO: there is no such group of clauses. There are REQ, ENV,"),
        (("--ca-bundle", "nowhere.pem"), {}, "The certificates in nowhere.pem cannot be read"),
        (("--base-url", "http://192.0.2.1"), ACCOUNT, "say so: --allow-host 192.0.2.1"),
        (
            ("--base-url", "https://docs.esignon.net"),
            ACCOUNT,
            "docs.esignon.net is the vendor's PRODUCTION service",
        ),
    ],
)
def test_what_cannot_be_used_ends_with_4_and_one_message(
    arguments: tuple[str, ...], settings: dict[str, str], says: str, tmp_path: Path
) -> None:
    given = ("--report-dir", str(tmp_path / "reports"))
    ran = command("run", *given, *arguments, folder=tmp_path, settings={"LANG": "C", **settings})
    assert ran.returncode == 4, ran.stdout
    assert says in ran.stderr
    for text in ("Traceback", "Secret-77"):
        assert text not in ran.stdout + ran.stderr
    assert not (tmp_path / "reports" / "statement.json").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--spawn-rate", "0"), "'0' has to be more than 0"),
        (("--spawn-rate", "nan"), "'nan' is no such number"),
        (("--fail-on", "LOAD-9"), "or a clause. Near: LOAD-3"),
        (("--waivers", "none.yaml"), "none.yaml"),
    ],
)
def test_a_load_run_that_cannot_be_judged_sends_nothing(
    arguments: tuple[str, ...], says: str, tmp_path: Path
) -> None:
    given = ("--base-url", URL, "--run-time", "1s", "--report-dir", str(tmp_path / "reports"))
    settings = {"LANG": "C", **ACCOUNT}
    ran = command("load", *given, *arguments, folder=tmp_path, settings=settings)
    assert ran.returncode == 4, ran.stdout
    assert says in ran.stderr
    # Neither a traceback nor Locust's table of what was sent.
    assert not ran.stdout
    assert len(ran.stderr.strip().splitlines()) == 1


def test_messages_are_in_the_chosen_language(tmp_path: Path) -> None:
    ran = command("run", "--lang", "ko", "--base-url", URL, folder=tmp_path)
    assert ran.returncode == 4
    assert "설정이 없음: ESIGNON_COMPANY_ID" in ran.stderr
    (tmp_path / ".env").write_text("ESIGNON_LANG=ko\nESIGNON_BASE_URL=\n")
    ran = command("run", folder=tmp_path, settings={"LANG": "C"})
    assert ran.returncode == 4
    assert "ESIGNON_BASE_URL: 비어 있음" in ran.stderr
    (tmp_path / ".env").write_text("ESIGNON_MEMB_PWD Secret-77\n")
    ran = command("run", "--lang", "ko", folder=tmp_path)
    assert ran.returncode == 4
    assert "1번째 줄이 NAME=value 형식이 아님" in ran.stderr
    assert "Secret-77" not in ran.stderr


@pytest.mark.slow
def test_a_plan_sends_nothing_and_leaves_what_an_earlier_run_wrote(tmp_path: Path) -> None:
    server = process.start()
    reports = ("--report-dir", str(tmp_path), "--lang", "en", "-k", "SUC-1")
    mock = ("--base-url", server.base_url, "--accounts", "box")
    try:
        assert command("run", *reports, *mock, folder=tmp_path).returncode == 0
    finally:
        server.stop()
    left = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    # Nobody listens there any more.
    planned = command("run", *reports, *mock, "--plan", "--html", folder=tmp_path)
    assert planned.returncode == 0
    found = re.search(r"(\d+) requests \(limit: ∞\)", planned.stdout)
    assert found is not None
    # A right login more or less hangs on whether the server keeps the connection at that moment.
    assert abs(int(found[1]) - statement(tmp_path)["requests"]) <= 1
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == left
    assert command("run", *reports, *mock, "--plan", "-k", "no_such").returncode == 5


_STAGING = """
[staging]
base_url = "https://staging.invalid"
company_id = "acme"
client_cert = "locked.pem"
client_key_password = "STAGING_KEY_PWD"
[staging.accounts.main]
memb_email = "STAGING_EMAIL"
memb_pwd = "STAGING_PWD"
[staging.headers]
X-Gateway-Key = "STAGING_GATEWAY_KEY"
"""


def test_a_plan_needs_no_secrets_and_says_which_a_run_needs(tmp_path: Path) -> None:
    planned = command("run", "--plan", "--lang", "en", "--base-url", URL, folder=tmp_path)
    assert planned.returncode == 0, planned.stderr
    assert re.search(r"\d\d\d requests \(limit: ∞\)", planned.stdout)
    needs = "for settings that a run needs: "
    names = "ESIGNON_COMPANY_ID, ESIGNON_MEMB_EMAIL, ESIGNON_MEMB_PWD"
    assert f"{needs}{names}\n" in planned.stdout
    # The run itself is refused.
    assert command("run", "--base-url", URL, folder=tmp_path).returncode == 4

    (tmp_path / "targets.toml").write_text(_STAGING, encoding="utf-8")
    (tmp_path / "locked.pem").write_text("-----BEGIN ENCRYPTED PRIVATE KEY-----\n")
    staging = ("run", "--lang", "en", "--target", "staging")
    given = {"STAGING_PWD": "Secret-77"}
    planned = command(*staging, "--plan", folder=tmp_path, settings=given)
    assert planned.returncode == 0, planned.stderr
    assert f"{needs}STAGING_EMAIL, STAGING_GATEWAY_KEY\n" in planned.stdout
    assert "Secret-77" not in planned.stdout
    assert command(*staging, folder=tmp_path, settings=given).returncode == 4


def test_a_plan_with_a_part_of_an_optional_group_plans_for_that_account(tmp_path: Path) -> None:
    given = {"ESIGNON_BLOCKED_COMPANY_ID": "blocked"}
    options = ("run", "--plan", "--lang", "en", "--base-url", URL, "--case", "blocked-company")
    planned = command(*options, folder=tmp_path, settings=given)
    assert planned.returncode == 0, planned.stderr
    assert "ESIGNON_BLOCKED_MEMB_EMAIL, ESIGNON_BLOCKED_MEMB_PWD" in planned.stdout
    assert "  1 request (limit" in planned.stdout


def test_what_is_like_no_setting_is_told_in_the_first_lines(tmp_path: Path) -> None:
    reports = ("--report-dir", str(tmp_path), "--lang", "en", "-k", "SUC-1")
    ran = command("run", *reports, folder=tmp_path, settings={"ESIGNON_API_KEY": "Secret-77"})
    assert ran.returncode == 0
    assert "Ignored, since no settings of the suite: ESIGNON_API_KEY" in ran.stdout
    assert "Secret-77" not in ran.stdout
