"""The command as its users run it: real processes, exit statuses, what is written and what never is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from esignon_conformance.reports import artefacts
from esignon_conformance.runner.requests.contract_check import load
from esignon_conformance.target.accounts import box_accounts
from esignon_conformance.tools.reference import process as box
from selftest.support.command import COMMAND, command, environment, statement
from selftest.support.exchanges import plain
from selftest.support.made_up_node import executable

_MAIN = box_accounts()["main"]
# Files for machines alone, which the last line does not name.
_UNNAMED = (
    *(artefacts.BADGE_NAME, artefacts.CTRF_NAME, artefacts.TEST_RESULT_NAME),
    artefacts.TRACEABILITY_NAME,
)


def test_a_run_on_the_box_conforms_and_leaves_no_secret(tmp_path: Path) -> None:
    ran = command("run", "--depth", "quick", "--report-dir", str(tmp_path), "--lang", "en")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    found = statement(tmp_path)
    assert (found["complete"], found["exit_status"]) == (True, 0)
    assert isinstance(found["target"], dict)
    assert found["target"]["kind"] == "box"
    assert isinstance(found["requests"], int)
    assert found["requests"] >= 250
    lines = ran.stdout.splitlines()
    assert "server in the box" in lines[0]
    assert "CONFORMS" in ran.stdout
    assert {path.name for path in tmp_path.iterdir()} >= {*artefacts.NAMES, "statement.json"}
    for name in (*artefacts.NAMES, "statement.json"):
        assert str(tmp_path / name) in lines[-1] or name in _UNNAMED
    archive = json.loads((tmp_path / artefacts.HAR_NAME).read_text("utf-8"))
    assert len(archive["log"]["entries"]) == found["requests"]
    # Allure tells tests of several runs apart by this: two of one id would be one test.
    results = [json.loads(one.read_text("utf-8")) for one in tmp_path.rglob("*-result.json")]
    assert len(results) > 50
    assert len({one["historyId"] for one in results}) == len(results)
    written = [path for path in tmp_path.rglob("*") if path.is_file()]
    for account in box_accounts().values():
        for secret in (plain(account.password), plain(account.email), plain(account.password)[:-1]):
            assert secret not in ran.stdout + ran.stderr
            holders = [path.name for path in written if secret.encode() in path.read_bytes()]
            assert holders == []


def test_the_same_run_in_korean_says_so_in_korean(tmp_path: Path) -> None:
    ran = command("run", "--report-dir", str(tmp_path), "-k", "SUC-1", ESIGNON_LANG="ko")
    assert ran.returncode == 0
    assert "실행한 부분에서 위반된 필수 조항 없음" in ran.stdout
    assert statement(tmp_path)["complete"] is False


def test_one_case_is_shown_with_its_secrets_masked(tmp_path: Path) -> None:
    ran = command(
        *("run", "--case", "wrong-type-memb-pwd-array", "--show", "--lang", "en"),
        *("--report-dir", str(tmp_path)),
    )
    assert ran.returncode == 0
    assert '"memb_pwd": ["<main password>"]' in ran.stdout
    assert "This was a part of the suite" in ran.stdout
    assert [path.name for path in tmp_path.iterdir()] == ["case"]
    assert plain(_MAIN.password) not in ran.stdout
    # It is sent more than once, and right logins come between: each is named, one of a kind is shown.
    assert ran.stdout.count("── e") > ran.stdout.count("Answer:\n") == 2


@pytest.mark.parametrize(
    "arguments", [("frobnicate",), ("explain",), ("report", "--lang", "fr"), ()]
)
def test_a_mistake_in_the_commands_own_words_is_a_configuration_error(
    arguments: tuple[str, ...],
) -> None:
    ran = command(*arguments)
    assert (ran.returncode, ran.stdout) == (4, "")
    assert "Traceback" not in ran.stderr


def test_a_port_that_is_taken_is_a_configuration_error_of_serve() -> None:
    started = box.start()
    try:
        port = started.base_url.rpartition(":")[2]
        ran = command("serve", "--port", port)
    finally:
        started.stop()
    assert ran.returncode == 4
    assert f"cannot listen on 127.0.0.1:{port}" in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_warning_that_a_library_gives_is_no_error_of_ours(tmp_path: Path) -> None:
    (tmp_path / "warning_plugin.py").write_text(
        "import warnings, pytest\n"
        "@pytest.hookimpl(wrapper=True)\n"
        "def pytest_runtest_call(item):\n"
        "    warnings.warn('an old name', DeprecationWarning)\n"
        "    return (yield)\n"
    )
    arguments = ("-k", "SUC-1", "-p", "warning_plugin", "--report-dir", str(tmp_path / "reports"))
    ran = command("run", *arguments, PYTHONPATH=str(tmp_path))
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_reader_of_the_output_who_goes_away_is_no_verdict_and_no_traceback(
    tmp_path: Path,
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", COMMAND, "run", "-k", "SUC-1", "--report-dir", str(tmp_path)],
        env=environment({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        # The target and the seed come before anything is sent, the verdict after all is written.
        process.stdout.readline()
        process.stdout.readline()
        process.stdout.close()
        complaints = process.stderr.read()
    assert process.returncode == 141
    assert b"Traceback" not in complaints
    assert statement(tmp_path)["exit_status"] == 0


def test_a_keyword_chooses_the_tests_of_one_clause() -> None:
    chosen = {}
    for expression in ("REJ-4", "sec-1", "REJ-1 or REJ-2", "REJ-1"):
        ran = command("run", "--collect-only", "-v", "-k", expression)
        assert ran.returncode == 0
        chosen[expression] = set(re.findall(r"\[([\w.-]+)\]", ran.stdout))
    contract = load()
    of_clause = {
        clause: {one.id for one in contract.cases_of(clause)}
        for clause in ("REJ-1", "REJ-2", "REJ-4")
    }
    assert chosen["REJ-4"] - {"REJ-4"} == of_clause["REJ-4"]
    assert "SEC-1" in chosen["sec-1"]
    assert "wrong-password" in chosen["REJ-1"]
    # REJ-10 to REJ-17 begin with the same letters.
    assert not chosen["REJ-1"] - of_clause["REJ-1"] - {"REJ-1"}
    assert chosen["REJ-1 or REJ-2"] >= chosen["REJ-1"] | of_clause["REJ-2"]


def test_a_port_that_nobody_listens_on_could_not_be_judged(tmp_path: Path) -> None:
    ran = command(
        *("run", "--base-url", "http://127.0.0.1:9", "--accounts", "box", "--lang", "en"),
        *("--depth", "smoke", "--report-dir", str(tmp_path)),
    )
    assert ran.returncode == 6
    assert "did not answer the first login" in ran.stdout
    found = statement(tmp_path)
    assert (found["exit_status"], found["complete"]) == (6, False)


@pytest.mark.slow
def test_a_report_that_could_not_be_built_is_3_where_nothing_else_applies(tmp_path: Path) -> None:
    for name, says in (("node", 'test "$1" = --version && echo v24.0.0'), ("npm", "exit 1")):
        executable(tmp_path / "bin" / name, says)
    path = f"{tmp_path / 'bin'}:{os.environ['PATH']}"
    folder = tmp_path / "reports"
    chosen = ("--depth", "quick", "-k", "SUC-1", "--html", "--lang", "en")
    ran = command("run", "--report-dir", str(folder), *chosen, PATH=path)
    assert ran.returncode == 3, ran.stderr
    assert "esignon-conformance report: Allure could not" in ran.stderr
    assert statement(folder)["exit_status"] == 0
    away = ("--base-url", "http://127.0.0.1:9", "--accounts", "box")
    ran = command("run", "--report-dir", str(folder), *chosen, *away, PATH=path)
    assert ran.returncode == 6
    assert "esignon-conformance report: Allure could not" in ran.stderr
    failing = ("--fail-on", "SUC-9")
    ran = command("run", "--report-dir", str(folder), *chosen, *failing, PATH=path)
    assert ran.returncode == 1
    assert command("report", "--report-dir", str(folder), PATH=path).returncode == 3
    assert command("report", "--report-dir", str(tmp_path / "none"), PATH=path).returncode == 4


def test_nothing_chosen_is_nothing_ran(tmp_path: Path) -> None:
    ran = command("run", "--report-dir", str(tmp_path), "-k", "no_such_test", "--lang", "en")
    assert ran.returncode == 5
    assert (
        "No test matches -k or -m. Tests of a clause: -k REJ-4; one case: --case ID" in ran.stdout
    )
    assert statement(tmp_path)["exit_status"] == 5


def test_a_refused_first_login_names_both_causes_and_stops_with_that_account(
    tmp_path: Path,
) -> None:
    server = box.start()
    try:
        ran = command(
            *("run", "--base-url", server.base_url, "--report-dir", str(tmp_path), "--lang", "en"),
            *("--depth", "smoke"),
            ESIGNON_COMPANY_ID=_MAIN.company,
            ESIGNON_MEMB_EMAIL=plain(_MAIN.email),
            ESIGNON_MEMB_PWD="Not-The-Password.77",
        )
    finally:
        server.stop()
    assert ran.returncode == 1
    verdict = ran.stdout.splitlines()[3]
    # What the vendor's pages know of such a refusal, before the server is blamed.
    for cause in (
        "wrong or has expired",
        "locked",
        "allow-list",
        "plan has expired",
        "no API",
        "REQ-1",
    ):
        assert cause in verdict
    recorded = (tmp_path / "exchanges.jsonl").read_text("utf-8")
    # Once more on another connection, since a server behind a round robin may lag behind.
    assert recorded.count("<main email>") == 2


def test_explain_tells_a_clause_and_an_unknown_one_ends_with_4() -> None:
    told = command("explain", "rej-1", "--lang", "en")
    assert told.returncode == 0
    assert "wrong-password" in told.stdout
    assert command("explain", "REJ-99").returncode == 4
