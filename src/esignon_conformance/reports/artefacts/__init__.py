"""The files for other tools, written beside the statement: each by a module of its own.

What they show has passed the scrubber, value by value, before it is put into their syntax.
"""

from __future__ import annotations

from pathlib import Path

from ...files import write_json, write_text
from ...i18n.language import Language
from ...runner.run import Run
from ..statement import STATEMENT_NAME
from .badge import badge
from .ctrf import ctrf
from .in_toto import in_toto
from .junit import junit
from .step_summary import step_summary

SUMMARY_NAME = "summary.md"
JUNIT_NAME = "junit.xml"
BADGE_NAME = "badge.json"
HAR_NAME = "exchanges.har"
CTRF_NAME = "ctrf.json"
TEST_RESULT_NAME = "in-toto.json"
# The servers that prove the clauses are tools: what writes it is not of this package.
TRACEABILITY_NAME = "traceability.json"
NAMES = (
    *(SUMMARY_NAME, JUNIT_NAME, BADGE_NAME, HAR_NAME),
    *(CTRF_NAME, TEST_RESULT_NAME, TRACEABILITY_NAME),
)


def write_artefacts(run: Run, exit_status: int, language: Language) -> None:
    """Write every file into the report directory of a run, but for the HTTP Archive (`write_har`)."""
    directory = run.report_dir
    write_text(directory / SUMMARY_NAME, step_summary(run, exit_status, language))
    write_text(directory / JUNIT_NAME, junit(run, exit_status, language))
    write_json(directory / BADGE_NAME, badge(run, exit_status, language))
    write_json(directory / CTRF_NAME, ctrf(run, exit_status, language))


def write_test_result(run: Run, exit_status: int) -> None:
    """Write what binds the verdict to the statement, which is written before, for good."""
    document = in_toto(run, exit_status, run.report_dir / STATEMENT_NAME)
    if document is not None:
        write_json(run.report_dir / TEST_RESULT_NAME, document)


def remove_artefacts(directory: Path) -> None:
    """Remove what an earlier run has left, so that nobody takes it for this one's."""
    for name in NAMES:
        (directory / name).unlink(missing_ok=True)
