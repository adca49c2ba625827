"""Load runs on a server that is not there, or no longer: that nobody answered is no tick."""

from __future__ import annotations

from pathlib import Path

import pytest

from esignon_conformance.runner.run import Run
from esignon_conformance.tools.traffic.load_frames import Sent
from esignon_conformance.verdicts.exit_status import EXIT_COULD_NOT_JUDGE, exit_status
from selftest.support.archives import verdict
from selftest.support.load_runs import box, judged_load, logins, sent


def _run(directory: Path, *, kind: str, reached: int) -> Run:
    served = box()
    rows = [sent(one, number / 10, 0.01, served) for number, one in enumerate(logins(60))]
    return judged_load(directory, [*rows[:reached], *(_lost(one, kind) for one in rows[reached:])])


def _lost(row: Sent, kind: str) -> Sent:
    return row._replace(status=0, answer_headers=[], answer_body=b"", fault=kind)


@pytest.mark.parametrize("kind", ["unreachable", "untrusted"])
def test_where_no_request_reached_the_server_nothing_could_be_judged(
    tmp_path: Path, kind: str
) -> None:
    run = _run(tmp_path, kind=kind, reached=0)
    assert {one.verdict for one in run.verdicts} == {"could-not-judge"}
    assert exit_status(run.verdicts) == EXIT_COULD_NOT_JUDGE


@pytest.mark.parametrize("kind", ["unreachable", "untrusted"])
def test_a_server_that_goes_away_half_way_is_no_server_that_always_answers(
    tmp_path: Path, kind: str
) -> None:
    run = _run(tmp_path, kind=kind, reached=40)
    found = verdict(run, "ENV-10")
    assert (found.verdict, found.exchanges) == ("could-not-judge", 40)
    assert found.reason is not None
    assert (found.reason.key, dict(found.reason.words)["count"]) == ("load-unreached", "20")
    assert verdict(run, "ENV-2").verdict == "holds"
    assert exit_status(run.verdicts) == EXIT_COULD_NOT_JUDGE
