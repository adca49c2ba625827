"""What a test of the suite does with a verdict: pass, fail, xfail or skip, with the reason in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NoReturn

import pytest

from ...checks import judged_by_case
from ...i18n.catalogue import render, word
from ...i18n.language import Language
from ...reports.finding_text import letter
from ...runner.run import Run
from ...verdicts.model import Finding, Verdict
from ...verdicts.not_judged import reason_message
from .exchange_attachments import attach_exchanges
from .told_findings import drawn_findings, findings_of_clause, is_drawn


def settle_clause(run: Run, clause_id: str, language: Language) -> None:
    """End the test of a clause that is judged over the whole recording."""
    verdict = run.by_clause[clause_id]
    findings = findings_of_clause(run, clause_id)
    if findings:
        _deviate(run, verdict, findings, language)
    if verdict.reason is not None:
        pytest.skip(_verdict_text(verdict, language))


def settle_case(run: Run, case_id: str, language: Language) -> None:
    """End the test of a case: it fails for its own clause only, and only once for a deviation.

    The first case of a finding fails (or is an advisory); the others that deviate alike are skipped
    and name it.
    """
    case = run.contract.cases[case_id]
    verdict = run.by_clause[case.clause]
    for finding in verdict.findings:
        if finding.case == case_id:
            _deviate(run, verdict, (finding,), language)
        if case_id in finding.cases:
            pytest.skip(word("as-case", language, case=finding.case))
    if case_id in run.recording.unsent:
        pytest.skip(render(reason_message(run.recording.unsent[case_id]), language))
    joined = next((one for one in _findings(run) if case_id in one.cases), None)
    if joined is not None:
        pytest.skip(word("as-case", language, case=joined.case))
    if verdict.reason is not None:
        pytest.skip(_verdict_text(verdict, language))
    if case_id in verdict.left_out:
        pytest.skip(render(verdict.left_out[case_id], language))


def _findings(run: Run) -> Iterator[Finding]:
    """Yield the findings of the clauses that are judged case by case."""
    for verdict in run.verdicts:
        if judged_by_case(run.contract.clauses[verdict.clause]):
            yield from verdict.findings


def settle_draws(run: Run, clause_id: str, language: Language) -> None:
    """End the test of what draws show of a clause: it fails only for what no case shows."""
    if run.depth in ("smoke", "quick"):
        pytest.skip(word("no-draws", language, depth=run.depth))
    verdict = run.by_clause[clause_id]
    drawn = drawn_findings(run, clause_id)
    if drawn:
        _deviate(run, verdict, drawn, language)
    if any(is_drawn(run, one) for one in verdict.findings):
        cases = (one.case for one in verdict.findings if not is_drawn(run, one))
        pytest.skip(word("as-case", language, case=next(cases)))
    if verdict.reason is not None:
        pytest.skip(_verdict_text(verdict, language))


def _verdict_text(verdict: Verdict, language: Language) -> str:
    assert verdict.reason is not None  # noqa: S101 - the callers saw to it
    return f"{word(f'verdict-{verdict.verdict}', language)}: {render(verdict.reason, language)}"


def _deviate(
    run: Run, verdict: Verdict, findings: tuple[Finding, ...], language: Language
) -> NoReturn:
    text = letter(run, verdict.clause, findings, language)
    attach_exchanges(run, findings, language)
    if all(one.waiver is not None for one in findings):
        pytest.skip(text)
    end: Callable[..., NoReturn] = pytest.xfail if verdict.verdict == "advisory" else _fail
    end(text)


def _fail(text: str) -> NoReturn:
    pytest.fail(text, pytrace=False)
