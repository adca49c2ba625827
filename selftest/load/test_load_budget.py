"""A budget of `targets.toml` in a real load run on a real server: named, judged, and failed on demand."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from esignon_conformance.tools.reference import process

_MAIN = (sys.executable, "-m", "esignon_conformance.app.cli.main")
_TARGETS = """
[slow]
base_url = "{url}"
company_id = "dalbit2041"
p95_ms = {{ right = 20, malformed = 5000 }}
accounts.main = {{ memb_email = "SLOW_EMAIL", memb_pwd = "SLOW_PWD" }}
"""


@pytest.mark.slow
def test_a_budget_that_is_missed_is_an_advisory_and_fails_where_that_is_asked(
    tmp_path: Path,
) -> None:
    serving = [*_MAIN, "serve", "--port", "0", "--latency", "0.1"]
    server = process.Box(subprocess.Popen(serving, stdout=subprocess.PIPE, text=True))
    targets = tmp_path / "targets.toml"
    report = tmp_path / "reports"
    try:
        targets.write_text(_TARGETS.format(url=server.base_url), encoding="utf-8")
        asked = [*_MAIN, "load", "--target", "slow", "--targets-file", str(targets), "--lang", "en"]
        asked += ["--accounts", "box", "--users", "24", "--run-time", "8", "--fail-on", "LOAD-1"]
        asked += ["--seed", "7"]
        done = subprocess.run(
            [*asked, "--report-dir", str(report)], capture_output=True, text=True, check=False
        )
    finally:
        server.stop()
    assert done.returncode == 1, done.stdout + done.stderr
    assert "the budget is 20 ms" in done.stdout
    told = "".join(one.read_text("utf-8") for one in report.glob("allure-results/*-result.json"))
    assert f"load --targets-file {targets} --target slow --accounts box --users 24" in told
    statement = json.loads((report / "statement.json").read_text(encoding="utf-8"))
    assert statement["seed"] == 7
    words = {one["id"]: one["verdict"] for one in statement["clauses"]}
    assert (words["LOAD-1"], words["LOAD-2"]) == ("advisory", "not-judged")
    rows = {one["situation"]: one["came_to"] for one in statement["traffic"]["load"]["budget"]}
    assert rows == {"right": "over", "malformed": "within"}
