"""`diff`: a clause that fails by other cases than before is told, though its words are the same."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.app.cli.main import main
from esignon_conformance.reports.statement import statement
from esignon_conformance.reports.statement_diff import Statement, compare
from selftest.support.exchanges import success
from selftest.support.judged import basis
from selftest.support.written_runs import run_of

SLIGHT, GRAVE = ("password-base64",), ("password-base64", "password-cut-last", "password-twice")


def document_of(let_in: Iterable[str], left_out: Iterable[str] = ()) -> dict[str, Any]:
    """Return the statement of a server that lets some variants of the password in and refuses others."""
    run = run_of(Path("nowhere"), [*basis(), *(success(one) for one in let_in)])
    made = statement(run, 1, "en")
    (clause,) = (one for one in made["clauses"] if one["id"] == "SEC-2")
    clause["left_out"] = [{"reason": "made up", "cases": list(left_out)}]
    return json.loads(json.dumps(made))  # type: ignore[no-any-return]  # what was an object is one


@pytest.mark.parametrize(
    ("language", "told"), [("en", "deviate here alone"), ("ko", "여기서만 어긋난")]
)
def test_cases_that_deviate_in_one_run_alone_are_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], language: str, told: str
) -> None:
    files = []
    for name, let_in in (("a", SLIGHT), ("b", GRAVE)):
        files.append(tmp_path / f"{name}.json")
        files[-1].write_text(json.dumps(document_of(let_in)))
    for markdown in ((), ("--markdown",)):
        status = main(["diff", *map(str, files), "--lang", language, *markdown])
        printed = capsys.readouterr().out
        assert status == 0, "the verdict is the same"
        assert f"{told} 케이스: password-cut-last, password-twice" in printed or (
            f"{told}: password-cut-last, password-twice" in printed
        )
        assert printed.count(told) == 1


def test_a_case_that_one_run_did_not_judge_by_makes_no_difference() -> None:
    before = Statement.model_validate(document_of(SLIGHT, left_out=GRAVE[1:]))
    after = Statement.model_validate(document_of(GRAVE))
    assert compare(before, after).findings == ()
    assert compare(after, after).findings == ()
    other = Statement.model_validate(document_of(SLIGHT))
    assert [one.clause for one in compare(other, after).findings] == ["SEC-2"]
