"""The recording of a run is judged as the run was: one fault by one clause, and the same one."""

from __future__ import annotations

from pathlib import Path

import pytest

from esignon_conformance.tools.proof.judged_server import serving
from esignon_conformance.tools.reference.faults import FAULTS
from selftest.support.archives import (
    archive,
    failing,
    judged,
    rows_of,
    server,
    verdict,
    with_response,
)
from selftest.support.command import command
from selftest.support.recorders import Sent, login
from selftest.support.sent_logins import COMPANY, PASSWORD, RIGHT


@pytest.mark.slow
@pytest.mark.parametrize("name", ["exchanges.har", "exchanges.jsonl"])
@pytest.mark.parametrize(
    ("fault", "clause"),
    [
        # Its cases are the suite's own, of which none was taken for an unreadable body.
        ("cache-by-path", "REQ-9"),
        # HTTP Archive has no place for trailers.
        ("token-in-trailer", "REJ-10"),
        # What was a number is masked without quotation marks, which is no JSON.
        ("session-id-number", "ENV-7"),
        ("token-number", "SUC-1"),
    ],
)
def test_a_recorded_run_is_judged_as_the_run_was(
    tmp_path: Path, fault: str, clause: str, name: str
) -> None:
    with serving(FAULTS[fault]) as url:
        arguments = ("--base-url", url, "--accounts", "box", "--depth", "smoke")
        ran = command("run", *arguments, folder=tmp_path, ESIGNON_LANG="en")
    assert ran.returncode == 1, ran.stdout
    assert f"  {clause} (must)" in ran.stdout
    again = judged(tmp_path / "reports" / name, report=tmp_path / "again", are_all=True)
    assert failing(again) == {clause}


def test_a_request_in_chunks_is_not_the_same_as_one_at_once(tmp_path: Path) -> None:
    # REQ-2 tells of a server that reads no chunks, and only a run judges that.
    unknown = login(COMPANY, "nobody@nowhere.invalid", PASSWORD)
    sent = [RIGHT, unknown, unknown, RIGHT]
    rows = rows_of(server(), sent)
    unread = rows_of(server(), [Sent(COMPANY, "{")])[0]["response"]
    other = with_response(rows, 2, **unread)
    assert failing(judged(archive(tmp_path / "a.har", other), are_all=True)) >= {"REJ-11"}
    chunked = {"name": "Transfer-Encoding", "value": "chunked"}
    other[2]["request"]["headers"].append(chunked)
    run = judged(archive(tmp_path / "b.har", other), report=tmp_path / "b", are_all=True)
    assert "REJ-11" not in failing(run)
    assert verdict(run, "REJ-11").verdict == "not-judged"


@pytest.mark.parametrize(("status", "word"), [(500, "not-judged"), (501, "holds"), (405, "holds")])
def test_an_error_to_another_method_is_no_ground_for_a_tick(
    tmp_path: Path, status: int, word: str
) -> None:
    # ENV-10: "whatever is sent, the server answers": nothing but the status of such a request is kept.
    rows = with_response(rows_of(server(), [RIGHT, RIGHT, RIGHT]), 1, status=status)
    rows[1]["request"] |= {"method": "OPTIONS"}
    run = judged(archive(tmp_path / "a.har", rows))
    assert verdict(run, "ENV-10").verdict == word
    assert not failing(run)


def test_successes_that_name_the_email_otherwise_are_said_to_be_there(tmp_path: Path) -> None:
    file = archive(tmp_path / "a.har", rows_of(server("email-upper-case"), [RIGHT, RIGHT]))
    found = verdict(judged(file, accounts={}), "SUC-1")
    assert found.verdict == "not-judged"
    assert found.reason is not None
    assert found.reason.key == "traffic-spelled-otherwise"
    # Whose accounts they are tells who changed it.
    known = judged(file, report=tmp_path / "known")
    assert failing(known) == {"SUC-5"}
