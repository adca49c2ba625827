"""`ctrf.json`: one test a clause in the Common Test Report Format, for dashboards that read it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ... import __version__
from ...i18n.catalogue import render
from ...i18n.language import Language
from ...runner.run import Run
from ...verdicts.model import Verdict, VerdictWord
from ..finding_text import letter

_SPEC = "0.0.0"
# A deviation from a should clause fails nothing, and a waived one neither: `rawStatus` says which it was.
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
    tests = [_test(one, run, language) for one in run.verdicts]
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


def _test(verdict: Verdict, run: Run, language: Language) -> dict[str, Any]:
    clause = run.contract.clauses[verdict.clause]
    test: dict[str, Any] = {
        "name": f"{clause.id} {clause.title[language]}",
        "status": _STATUS[verdict.verdict],
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
