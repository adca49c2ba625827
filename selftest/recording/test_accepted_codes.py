"""`accept_codes`: a code of sister operations fails ENV-5, and the other clauses read it as declared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from esignon_conformance.i18n.catalogue import render
from esignon_conformance.i18n.language import LANGUAGES
from esignon_conformance.tools.proof.judged_server import serving
from esignon_conformance.tools.reference.faults.registry import Fault, changed
from esignon_conformance.tools.reference.login import STEPS
from esignon_conformance.tools.reference.pipeline import Decision, LoginRequest
from esignon_conformance.transport.messages import Exchange
from selftest.support.command import command, statement
from selftest.support.exchanges import conforming, contract, refusal
from selftest.support.judged import basis, failing, got, verdicts

DECLARED = replace(contract(), codes=replace(contract().codes, read_as={"-1": "12"}))


def coded(case_id: str, code: str) -> Exchange:
    """Return a refusal with a code that the page does not document."""
    return refusal(case_id, {"/header/result_code": code})


MALFORMED = [coded(case, "-1") for case in ("empty-body", "missing-body")]


def test_without_a_declaration_what_such_an_answer_means_is_not_judged() -> None:
    judged = verdicts([*basis(), *MALFORMED])
    assert failing(judged) == {"ENV-5"}
    assert judged["REJ-7"].verdict == judged["REJ-8"].verdict == "not-judged"


def test_the_message_names_the_sister_operations_and_what_to_declare() -> None:
    judged = verdicts([*basis(), *MALFORMED])["ENV-5"]
    assert got(judged) == ["sister-code"]
    for language in LANGUAGES:
        text = render(judged.findings[0].got, language)
        assert 'accept_codes = { "-1" = "12" }' in text
    other = verdicts([*basis(), coded("empty-body", "94")])["ENV-5"]
    assert got(other) == ["sister-code-unknown"]


def test_with_it_env_5_fails_as_before_and_the_rest_is_judged() -> None:
    judged = verdicts([*basis(), *MALFORMED], of=DECLARED)
    assert failing(judged) == {"ENV-5"}
    assert judged["REJ-7"].verdict == judged["REJ-8"].verdict == judged["REJ-15"].verdict == "holds"
    # A declared code stands for one meaning: elsewhere it is as wrong as that one.
    rows = [one for one in basis() if one.case != "unknown-email"]
    wrong = verdicts([*rows, coded("unknown-email", "-1")], of=DECLARED)
    # Its text is not that of "12", either.
    assert failing(wrong) == {"ENV-5", "REJ-2", "REJ-17"}
    assert failing(verdicts([*basis(), conforming("empty-body")], of=DECLARED)) == set()


def _result_code(request: LoginRequest, decision: Decision) -> str:
    code = STEPS.result_code(request, decision)
    return "-1" if code == "12" else code


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Serve the box with "-1" for every "12"."""
    server = Fault("minus-one", ("ENV-5",), "", changed(result_code=_result_code))
    with serving(server) as served:
        yield served


def _targets(folder: Path, base_url: str, codes: str) -> None:
    (folder / "targets.toml").write_text(
        f"""
[mine]
base_url = "{base_url}"
company_id = "dalbit2041"
accounts.main = {{memb_email = "MINE_EMAIL", memb_pwd = "MINE_PWD"}}
accept_codes = {codes}
"""
    )


@pytest.mark.slow
def test_a_run_of_the_command_reads_the_entry(tmp_path: Path, address: str) -> None:
    _targets(tmp_path, address, '{ "-1" = "12" }')
    ran = command(
        *("run", "--target", "mine", "--accounts", "box", "--depth", "quick"),
        *("-k", "ENV-5 or REJ-7 or REJ-8 or REJ-15 or REJ-16"),
        *("--report-dir", str(tmp_path / "r"), "--lang", "en"),
        folder=tmp_path,
        settings={"MINE_EMAIL": "a@b.invalid", "MINE_PWD": "Long-Enough!01"},
    )
    document = statement(tmp_path / "r")
    assert ran.returncode == 1, ran.stdout + ran.stderr
    failed = [one["id"] for one in document["clauses"] if one["verdict"] == "fails"]
    assert failed == ["ENV-5"]
    held = {one["id"] for one in document["clauses"] if one["verdict"] == "holds"}
    assert {"REJ-7", "REJ-8", "REJ-15", "REJ-16"} <= held


@pytest.mark.parametrize("codes", ['{ "-1" = "00" }', '{ "10" = "12" }', '{ "-1" = "77" }'])
def test_a_declaration_that_cannot_be_meant_ends_with_4(
    tmp_path: Path, address: str, codes: str
) -> None:
    _targets(tmp_path, address, codes)
    ran = command(
        *("run", "--target", "mine", "--accounts", "box", "--lang", "en"),
        *("--report-dir", str(tmp_path / "r")),
        folder=tmp_path,
        settings={"MINE_EMAIL": "a@b.invalid", "MINE_PWD": "Long-Enough!01"},
    )
    assert ran.returncode == 4
    assert "accept_codes" in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr
