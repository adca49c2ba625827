"""`ctrf.json`: one test a clause in the Common Test Report Format, for dashboards that read it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ... import __version__
from ...i18n.catalogue import render
from ...i18n.language import Language
from ...runner.run import Run
from ...verdicts.exit_status import EXIT_FAILS, EXIT_INTERNAL, failing_run
from ...verdicts.model import Verdict, VerdictWord
from ..finding_text import letter
from ..summary import headline

_SPEC = "0.0.0"
# A deviation from a should clause fails nothing that `--fail-on` does not name, and a waived one
# neither: `rawStatus` says which it was.
_STATUS: dict[VerdictWord, str] = {
    "holds": "passed",
    "fails": "failed",
    "advisory": "other",
    "waived": "other",
    "could-not-judge": "other",
    "not-judged": "skipped",
    "observed": "skipped",
}
_COUNTED = ("passed", "failed", "skipped", "pending", "other")


def ctrf(run: Run, exit_status: int, language: Language) -> dict[str, Any]:
    """Return the report of a run, every secret masked."""
    start = round(run.started * 1000)
    named = frozenset(failing_run(run.verdicts, run.fail_on) if exit_status == EXIT_FAILS else ())
    tests = [_test(one, run, named, language) for one in run.verdicts]
    # A dashboard that reads the tests alone must not show a run as green that did not end with 0.
    if exit_status in (EXIT_FAILS, EXIT_INTERNAL) and not any(
        one["status"] == "failed" for one in tests
    ):
        tests.append(_test_of_run(run, exit_status, language))
    counts = {name: sum(one["status"] == name for one in tests) for name in _COUNTED}
    extra = {
        "exitStatus": exit_status,
        "complete": run.complete,
        "contract": run.contract.fingerprint,
        "labels": dict(run.target.labels),
    }
    document = {
        "reportFormat": "CTRF",
        "specVersion": _SPEC,
        "timestamp": datetime.fromtimestamp(run.started, UTC).isoformat(),
        "generatedBy": "esignon-conformance",
        "results": {
            "tool": {"name": "esignon-conformance", "version": __version__},
            "summary": {
                "tests": len(tests),
                **counts,
                "start": start,
                "stop": start + round(run.seconds * 1000),
            },
            "tests": tests,
            "environment": {"appName": run.target.name or run.target.base_url},
            "extra": extra,
        },
    }
    masked: dict[str, Any] = run.scrubber.scrub_all(document)
    return masked


def _test_of_run(run: Run, exit_status: int, language: Language) -> dict[str, Any]:
    return {
        "name": "run",
        "status": "failed",
        "duration": 0,
        "suite": [run.contract.operation.id],
        "message": headline(run, exit_status, language),
    }


def _test(verdict: Verdict, run: Run, named: frozenset[str], language: Language) -> dict[str, Any]:
    clause = run.contract.clauses[verdict.clause]
    test: dict[str, Any] = {
        "name": f"{clause.id} {clause.title[language]}",
        "status": "failed" if clause.id in named else _STATUS[verdict.verdict],
        # A clause is judged by exchanges of many cases, and takes no time of its own.
        "duration": 0,
        "rawStatus": verdict.verdict,
        "suite": [run.contract.operation.id, clause.group],
        "tags": [clause.level],
        "labels": {"clause": clause.id, "level": clause.level, "exchanges": verdict.exchanges},
    }
    if verdict.findings:
        test["message"] = letter(run, clause.id, verdict.findings, language)
    elif verdict.reason is not None:
        test["message"] = render(verdict.reason, language)
    return test
