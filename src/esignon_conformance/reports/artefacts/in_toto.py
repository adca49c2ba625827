"""`in-toto.json`: in-toto's statement that binds the verdict to `statement.json`; a pipeline signs."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

from ...runner.run import Run
from ...verdicts.exit_status import EXIT_CONFORMS, EXIT_FAILS, EXIT_WAIVERS

_STATEMENT = "https://in-toto.io/Statement/v1"
_PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"
_SHA256 = re.compile(r"(?:sha256:)?([0-9a-f]{64})")
_COMMIT = re.compile(r"[0-9a-f]{40}")


def in_toto(run: Run, exit_status: int, statement: Path) -> dict[str, Any] | None:
    """Return the statement; None for a run that came to no verdict on the target.

    Its subjects are `statement.json` and what labels name by a digest: `image=…@sha256:…`, `commit=…`.
    """
    result = _result(run, exit_status)
    if result is None:
        return None
    digest = hashlib.sha256(statement.read_bytes()).hexdigest()
    found = {"fails": "failedTests", "advisory": "warnedTests", "holds": "passedTests"}
    tests: dict[str, list[str]] = {name: [] for name in found.values()}
    for verdict in run.verdicts:
        if verdict.verdict in found:
            tests[found[verdict.verdict]].append(verdict.clause)
    document = {
        "_type": _STATEMENT,
        "subject": [{"name": statement.name, "digest": {"sha256": digest}}, *_labelled(run)],
        "predicateType": _PREDICATE,
        "predicate": {
            "result": result,
            "configuration": [
                {"name": "contract", "digest": {"sha256": run.contract.fingerprint}},
                {"name": "page", "digest": {"sha256": run.contract.page_sha256}},
            ],
            "passedTests": tests["passedTests"],
            "warnedTests": tests["warnedTests"],
            "failedTests": tests["failedTests"],
        },
    }
    masked: dict[str, Any] = run.scrubber.scrub_all(document)
    return masked


def _result(run: Run, exit_status: int) -> str | None:
    """Return PASSED, WARNED or FAILED; None where the run is no verdict on all that was promised."""
    if exit_status == EXIT_FAILS:
        return "FAILED"
    if exit_status not in (EXIT_CONFORMS, EXIT_WAIVERS) or not run.complete:
        return None
    warned = any(one.verdict in ("advisory", "waived") for one in run.verdicts)
    return "WARNED" if warned or exit_status == EXIT_WAIVERS else "PASSED"


def _labelled(run: Run) -> list[dict[str, Any]]:
    found = []
    for name, value in run.target.labels.items():
        text, _, digest = value.rpartition("@")
        sha256 = _SHA256.fullmatch(digest)
        if sha256 is not None:
            found.append({"name": text or name, "digest": {"sha256": sha256[1]}})
        elif _COMMIT.fullmatch(value):
            found.append({"name": name, "digest": {"gitCommit": value}})
    return found
