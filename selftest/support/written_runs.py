"""Runs that have sent what a test says, and their files as readers of each kind give them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import junitparser

from esignon_conformance import resources
from esignon_conformance.files import write_json
from esignon_conformance.i18n.language import Language
from esignon_conformance.reports.artefacts import (
    HAR_NAME,
    TRACEABILITY_NAME,
    write_artefacts,
    write_test_result,
)
from esignon_conformance.reports.artefacts.har import write_har
from esignon_conformance.reports.coverage import codes_that_came
from esignon_conformance.reports.statement import STATEMENT_NAME, statement
from esignon_conformance.runner.run import Run
from esignon_conformance.tools.proof.matrix import MATRIX, read
from esignon_conformance.tools.proof.traceability import traceability
from esignon_conformance.transport.messages import Exchange
from esignon_conformance.verdicts.exit_status import exit_status, uncovered_codes
from selftest.support.exchanges import TARGET, contract, refusal, success
from selftest.support.judged import basis

MATRIX_OF_PROOF = read(resources.data_root() / MATRIX)
NOT_UTF_8 = b"\xff\xfe\x00{"


def run_of(directory: Path, exchanges: Iterable[Exchange], **varied: Any) -> Run:
    """Return a whole run that has sent these exchanges and nothing else."""
    run = Run(contract(), varied.pop("target", TARGET), 1, directory, is_whole=True, _sent=True)
    for exchange in exchanges:
        run.recording.add(exchange)
    for name, value in varied.items():
        setattr(run, name, value)
    return run


def _status(run: Run) -> int:
    return exit_status(
        run.verdicts,
        run.fail_on,
        interrupted=run.interrupted,
        internal_error=run.internal_error,
        uncovered=bool(uncovered_codes(run.fail_on, codes_that_came(run))),
    )


def written(run: Run, language: Language = "en") -> Path:
    """Write the files of a run, and return the folder that they lie in."""
    status = _status(run)
    write_artefacts(run, status, language)
    write_har(run.report_dir / HAR_NAME, run)
    write_json(run.report_dir / STATEMENT_NAME, statement(run, status, language))
    write_test_result(run, status)
    write_json(run.report_dir / TRACEABILITY_NAME, traceability(run, MATRIX_OF_PROOF, language))
    return run.report_dir


def deviating() -> list[Exchange]:
    """Return exchanges of a server with a failure of two findings, and an advisory."""
    return [
        *basis(),
        refusal("wrong-password-digits", code="99"),
        success("wrong-password-hangul"),
        success(changes={"/body/device_id": ""}),
    ]


def with_sent(exchange: Exchange, body: bytes) -> Exchange:
    """Return an exchange whose request had another body."""
    return replace(exchange, request=replace(exchange.request, body=body))


def suites_of(run: Run, language: Language = "en") -> junitparser.JUnitXml:
    """Return the JUnit file of a run as a reader of such files gives it."""
    # Nothing but the artefacts: the rest takes five times as long, and is read by nobody here.
    write_artefacts(run, _status(run), language)
    found = junitparser.JUnitXml.fromfile(str(run.report_dir / "junit.xml"))
    assert isinstance(found, junitparser.JUnitXml)
    return found


def cases_of(suites: junitparser.JUnitXml) -> dict[str, junitparser.TestCase]:
    """Return the tests of a JUnit file by name."""
    return {str(case.name): case for suite in suites for case in suite}
