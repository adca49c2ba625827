"""A mistake in the arguments or settings of the command ends with 4 and one message."""

from __future__ import annotations

from pathlib import Path

import pytest

from esignon_conformance.reports import artefacts
from selftest.support.command import command


@pytest.mark.parametrize(
    ("arguments", "settings", "says"),
    [
        (("--base-url", ""), {}, "set but empty"),
        ((), {"ESIGNON_BASE_URL": ""}, "ESIGNON_BASE_URL is set but empty"),
        (("--base-url", "127.0.0.1:9"), {}, "no http(s) scheme"),
        (("--base-url", "http://127.0.0.1:9"), {}, "ESIGNON_COMPANY_ID, ESIGNON_MEMB_EMAIL"),
        (
            ("--base-url", "http://127.0.0.1:9"),
            {"ESIGNON_OTHER_MEMB_PWD": "x"},
            "ESIGNON_OTHER_COMPANY_ID, ESIGNON_OTHER_MEMB_EMAIL",
        ),
        (
            ("--base-url", "http://192.0.2.1", "--accounts", "box"),
            {},
            "for this machine and for hosts",
        ),
        (("--fail-on", "REJ-99"), {}, "there is no such clause"),
        (("--fail-on", "uncovered:96"), {}, "uncovered:95"),
        (("--case", "wrong-pasword"), {}, "wrong-password"),
        (("--show",), {}, "--case ID"),
        (("--lang", "fr"), {}, "invalid choice"),
    ],
)
def test_a_wrong_configuration_ends_with_4_and_one_message(
    tmp_path: Path, arguments: tuple[str, ...], settings: dict[str, str], says: str
) -> None:
    ran = command(
        "run", "--report-dir", str(tmp_path), "--lang", "en", *arguments, settings=settings
    )
    assert ran.returncode == 4
    assert says in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr
    assert not (tmp_path / "statement.json").exists()
    assert not [name for name in artefacts.NAMES if (tmp_path / name).exists()]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--depth", "deepest"), "argument --depth: invalid choice: 'deepest'"),
        (("--rate", "fast"), "argument --rate: 'fast' is no such number"),
        (("--nonsense",), "there is no such option or argument: --nonsense"),
        (
            ("--base-ulr", "x"),
            "there is no such option or argument: --base-ulr x. Near: --base-url",
        ),
    ],
)
def test_a_mistake_in_an_option_is_told_in_one_line(arguments: tuple[str, ...], says: str) -> None:
    ran = command("run", *arguments)
    (line,) = ran.stderr.strip().splitlines()
    assert ran.returncode == 4
    assert line.startswith(f"ERROR: {says}")
    assert line.endswith("esignon-conformance run --help tells more.")


def test_a_misspelt_option_of_any_command_is_told_with_the_one_that_was_meant() -> None:
    ran = command("report", "--report-dri=x", ESIGNON_LANG="ko")
    assert (ran.returncode, ran.stdout) == (4, "")
    assert "없는 옵션이나 인자: --report-dri=x. 비슷한 옵션: --report-dir." in ran.stderr
    assert "esignon-conformance report --help" in ran.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "빠진 인자: COMMAND"),
        (("expalin",), "없는 명령: expalin. 비슷한 명령: explain"),
        (("explain", "--lang", "ko"), "빠진 인자: ID"),
        (("report", "--lang", "fr"), "--lang: 없는 값 'fr'. 있는 값: 'ko', 'en'"),
        (("load", "--users", "0"), "--users: '0': 0보다 커야 함"),
        (("prove", "--part", "9/2"), "--part: '9/2': K/N 형식이 아님"),
        (("run", "--rate", "fast"), "--rate: 'fast': 쓸 수 있는 숫자가 아님"),
        (("run", "--depth", "x"), "--depth: 없는 값 'x'"),
        (("run", "-m", "FOO"), "있는 그룹: REQ, ENV, SUC, REJ, SEC"),
        (("run", "--waivers", "none"), "읽을 수 없음: 그런 파일이나 폴더가 없음"),
        (("judge", "none"), "읽을 수 없음: 그런 파일이나 폴더가 없음"),
        (("derive", "none"), "읽을 수 없음: none(그런 파일이나 폴더가 없음)"),
        (("report", "--report-dir", "none"), "statement.json 파일이 없음"),
        (("diff", "a", "b"), "읽을 수 없는 파일 a: 그런 파일이나 폴더가 없음"),
        (("serve", "--port", "99999"), "포트는 0에서 65535 사이여야 함"),
    ],
)
def test_a_mistake_is_told_in_korean(arguments: tuple[str, ...], says: str, tmp_path: Path) -> None:
    ran = command(*arguments, folder=tmp_path, ESIGNON_LANG="ko")
    assert ran.returncode == 4
    assert says in ran.stderr
    assert "Traceback" not in ran.stderr


def test_a_misspelt_clause_or_case_is_told_with_those_that_were_meant() -> None:
    for wrong, meant in (("rej1", "REJ-1"), ("wrong-pasword", "wrong-password")):
        ran = command("explain", wrong, "--lang", "en")
        assert ran.returncode == 4
        assert f"There is no clause and no case {wrong}. Near: {meant}" in ran.stderr


def test_a_host_that_is_not_loopback_needs_to_be_allowed_by_name(tmp_path: Path) -> None:
    ran = command(
        *("run", "--base-url", "http://192.0.2.1", "--report-dir", str(tmp_path)),
        ESIGNON_COMPANY_ID="c",
        ESIGNON_MEMB_EMAIL="a@b.invalid",
        ESIGNON_MEMB_PWD="Zq7-made-up",
    )
    assert ran.returncode == 4
    assert "--allow-host 192.0.2.1" in ran.stdout + ran.stderr
