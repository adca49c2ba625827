"""Recorded traffic with answers of something that stands before the application."""

from __future__ import annotations

from pathlib import Path

import pytest

from esignon_conformance.verdicts.exit_status import exit_status
from selftest.support.archives import (
    archive,
    failing,
    judged,
    rows_of,
    server,
    verdict,
    with_response,
)
from selftest.support.recorders import Sent
from selftest.support.sent_logins import (
    COMPANY,
    CUT,
    RIGHT,
    SECOND,
    WRONG,
)


def test_an_html_page_in_between_is_the_applications_and_breaks_env_1(tmp_path: Path) -> None:
    page = "<html>Error</html>"
    rows = with_response(
        rows_of(server(), [RIGHT, CUT, RIGHT]),
        1,
        status=404,
        headers=[{"name": "Content-Type", "value": "text/html"}],
        content={"size": len(page), "text": page},
    )
    assert "ENV-1" in failing(judged(archive(tmp_path / "a.har", rows)))


@pytest.mark.parametrize("status", [502, 503, 504])
def test_the_page_of_a_gateway_is_nobodys_fault_and_keeps_env_10_open(
    tmp_path: Path, status: int
) -> None:
    page = "<html>Bad gateway</html>"
    content = {"size": len(page), "text": page}
    rows = with_response(
        rows_of(server(), [RIGHT, RIGHT]), 1, status=status, headers=[], content=content
    )
    run = judged(archive(tmp_path / "a.har", rows))
    assert not failing(run)
    assert verdict(run, "ENV-10").verdict == "not-judged"


def test_what_stands_before_the_application_at_the_end_is_set_aside(tmp_path: Path) -> None:
    page = "<html>Sign in</html>"
    rows = rows_of(server(), [RIGHT, WRONG, WRONG])
    for number in (1, 2):
        content = {"size": len(page), "text": page}
        headers = [{"name": "Location", "value": "/sso"}]
        rows = with_response(rows, number, status=302, headers=headers, content=content)
    run = judged(archive(tmp_path / "a.har", rows))
    assert not failing(run)
    assert run.traffic is not None
    assert run.traffic.set_aside["between"] == 2


def test_nothing_that_the_application_answered_is_no_verdict(tmp_path: Path) -> None:
    rows = [{**row, "response": {"status": 0}} for row in rows_of(server(), [RIGHT])]
    run = judged(archive(tmp_path / "a.har", rows))
    assert exit_status(run.verdicts) == 6


def test_a_cache_in_front_is_one_failure_and_leaves_the_rest_unjudged(tmp_path: Path) -> None:
    other_cut = Sent(COMPANY, RIGHT.body[:40])
    sent = (RIGHT, WRONG, CUT, other_cut, RIGHT, WRONG, RIGHT)
    run = judged(archive(tmp_path / "a.har", rows_of(server("cache-by-path"), sent)))
    assert failing(run) == {"REQ-9"}
    assert verdict(run, "REJ-1").verdict == "not-judged"
    assert verdict(run, "ENV-3").verdict == "holds"


def test_a_cache_before_one_of_two_replicas_is_one_failure_too(tmp_path: Path) -> None:
    sent = (RIGHT, RIGHT, WRONG, CUT, SECOND) * 6
    run = judged(
        archive(tmp_path / "a.har", rows_of(server("cache-before-one-of-two-replicas"), sent))
    )
    assert failing(run) == {"REQ-9"}
    assert verdict(run, "REJ-1").verdict == verdict(run, "SUC-10").verdict == "not-judged"


def test_a_few_answers_from_a_cache_are_no_ground_for_a_tick(tmp_path: Path) -> None:
    sent = (RIGHT, WRONG, CUT, CUT, CUT, SECOND, SECOND, RIGHT, CUT)
    run = judged(
        archive(tmp_path / "a.har", rows_of(server("cache-before-one-of-two-replicas"), sent))
    )
    assert "REJ-7" in failing(run)
    assert "REQ-9" not in failing(run)
    assert verdict(run, "REQ-9").verdict == "not-judged"


def test_a_cache_that_keeps_answers_for_a_moment_is_one_failure_too(tmp_path: Path) -> None:
    sent = (RIGHT, WRONG, CUT, SECOND, RIGHT, CUT, WRONG, WRONG, CUT, WRONG, SECOND) * 4
    run = judged(archive(tmp_path / "a.har", rows_of(server("cache-for-a-moment"), sent)))
    assert failing(run) == {"REQ-9"}
