"""`diff --mock`: where a mock is kinder than the server that it stands for, and where stricter."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.app.cli.main import main
from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.reports.fidelity import Fidelity, fidelity, promise_of
from esignon_conformance.reports.statement import statement
from esignon_conformance.reports.statement_diff import Statement
from selftest.support.exchanges import contract, refusal, success
from selftest.support.judged import basis
from selftest.support.written_runs import run_of

Document = dict[str, Any]


def stated(language: Language = "en", /, **codes: str) -> Document:
    """Return the statement of a server that answers these codes to cases, named with underscores."""
    answers = {
        "wrong-password-digits": "10",
        "missing-memb-pwd": "12",
        "email-upper-case": "10",
    } | {name.replace("_", "-"): code for name, code in codes.items()}
    sent = [
        success(name) if code == "00" else refusal(name, code=code)
        for name, code in answers.items()
    ]
    return statement(run_of(Path("nowhere"), [*basis(), *sent]), 0, language)


def compared(mock: Document, server: Document) -> Fidelity:
    """Return the comparison of a mock and a server."""
    read = Statement.model_validate(mock), Statement.model_validate(server)
    return fidelity(*read, contract().clauses, contract().codes)


def found(some: tuple[Any, ...]) -> dict[str, tuple[str, ...]]:
    """Return the cases by clause."""
    return {one.clause: one.cases for one in some}


def test_a_mock_is_as_kind_as_itself() -> None:
    same = compared(stated(), stated())
    assert same == Fidelity((), (), (), ())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_mock_that_takes_what_the_server_refuses_is_kinder(language: Language) -> None:
    mock = stated(language, wrong_password_digits="00")
    one_way, the_other = compared(mock, stated()), compared(stated(), mock)
    assert found(one_way.kinder) == {"REJ-1": ("wrong-password-digits",)}
    assert one_way.kinder_musts == 1
    assert one_way.stricter == ()
    assert found(the_other.stricter) == found(one_way.kinder)
    assert the_other.kinder_musts == 0


def test_another_code_of_a_refusal_is_no_kindness() -> None:
    result = compared(stated(wrong_password_digits="99"), stated())
    assert result.kinder == result.stricter == ()
    assert "REJ-1" in result.otherwise


def test_a_clause_about_answers_that_one_run_did_not_judge_is_not_compared() -> None:
    # REJ-3 builds on REJ-1, which fails on the mock alone.
    result = compared(stated(wrong_password_digits="00"), stated())
    assert "REJ-3" in result.not_compared
    assert "REJ-3" not in result.otherwise


def test_both_taking_it_is_no_kindness() -> None:
    both = stated(wrong_password_digits="00")
    assert compared(both, both).kinder == ()


def test_what_is_only_observed_is_compared_and_is_no_must() -> None:
    result = compared(stated(email_upper_case="00"), stated())
    assert found(result.kinder) == {"REQ-8": ("email-upper-case",)}
    assert result.kinder_musts == 0


def test_a_server_that_refuses_what_it_should_take_makes_the_mock_kinder() -> None:
    mock, server = stated(extra_header_version="00"), stated(extra_header_version="12")
    result = compared(mock, server)
    assert found(result.kinder) == {"REQ-4": ("extra-header-version",)}
    assert found(compared(server, mock).stricter) == found(result.kinder)


def test_a_case_that_one_run_did_not_judge_is_not_compared() -> None:
    mock, server = stated(wrong_password_digits="00"), stated()
    _clause(server, "REJ-1")["left_out"] = [
        {"reason": "a limit", "cases": ["wrong-password-digits"]}
    ]
    result = compared(mock, server)
    assert result.kinder == ()
    assert "REJ-1" in result.not_compared


def test_a_clause_that_one_run_did_not_judge_is_not_compared() -> None:
    mock, server = stated(wrong_password_digits="00"), stated()
    _clause(server, "REJ-1")["verdict"] = "could-not-judge"
    result = compared(mock, server)
    assert result.kinder == ()
    assert "REJ-1" in result.not_compared


def test_what_was_drawn_is_told_as_one_case() -> None:
    mock, server = stated() | {"depth": "standard"}, stated() | {"depth": "standard"}
    finding = {
        "case": "draw-1a2b",
        "cases": ["draw-1a2b", "draw-3c4d"],
        "pointer": "",
        "expected": "a failure code",
        "got": 'result_code "00"',
    }
    _clause(mock, "REJ-8").update(verdict="fails", findings=[finding])
    _clause(server, "REJ-8").update(verdict="holds")
    assert found(compared(mock, server).kinder) == {"REJ-8": ("draw",)}
    # A run that drew nothing says nothing of draws.
    result = compared(mock, server | {"depth": "quick"})
    assert result.kinder == ()
    assert "REJ-8" in result.not_compared
    assert "REJ-1" not in result.not_compared


def test_what_a_clause_promises_is_read_from_its_check() -> None:
    promises = {name: promise_of(one) for name, one in contract().clauses.items()}
    taken = {name for name, promise in promises.items() if promise == "taken"}
    assert taken == {"REQ-1", "REQ-2", "REQ-3", "REQ-4", "SUC-8"}
    refused = {name for name, promise in promises.items() if promise == "refused"}
    assert {"REQ-5", "REQ-7", "REJ-1", "REJ-8", "REJ-13", "SEC-2", "SEC-3", "SEC-6"} <= refused
    assert not refused & {"ENV-1", "SUC-1", "REJ-11", "SEC-1"}


@pytest.mark.parametrize(("code", "status"), [("10", 0), ("00", 1)])
def test_the_command_ends_with_one_where_the_mock_is_kinder_in_a_must(
    code: str, status: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    mock, server = stated(wrong_password_digits=code), stated() | {"seed": 2}
    for name, document in (("mock", mock), ("server", server)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "statement.json").write_text(json.dumps(document), encoding="utf-8")
    folders = [str(tmp_path / name) for name in ("mock", "server")]
    assert main(["diff", "--mock", *folders, "--lang", "en"]) == status
    said = capsys.readouterr().out
    assert ("REJ-1 (must)" in said) == bool(status)
    assert "The seeds are different" in said
    assert main(["diff", "--mock", "--markdown", *folders, "--lang", "en"]) == status
    told = capsys.readouterr().out
    assert told.startswith("## ")
    assert ("- REJ-1 (must)" in told) == bool(status)


def test_a_file_that_is_no_statement_ends_with_four(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["diff", "--mock", str(tmp_path), str(tmp_path)]) == 4
    assert len(capsys.readouterr().err.splitlines()) == 1


def _clause(document: Document, clause_id: str) -> Document:
    made: Document = next(one for one in document["clauses"] if one["id"] == clause_id)
    return made
