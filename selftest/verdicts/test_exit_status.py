"""The exit status of a run comes from its verdicts: the first that applies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from esignon_conformance.checks.deviation import Deviation
from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.i18n.message import say
from esignon_conformance.reports.summary import headline
from esignon_conformance.verdicts.exit_status import (
    EXIT_CONFORMS,
    EXIT_COULD_NOT_JUDGE,
    EXIT_FAILS,
    EXIT_INTERNAL,
    EXIT_INTERRUPTED,
    EXIT_NOTHING_RAN,
    exit_status,
    uncovered_codes,
)
from esignon_conformance.verdicts.model import Verdict
from selftest.support.exchanges import conforming_run
from selftest.support.written_runs import run_of


def one(verdict: Any, clause: str = "REJ-1", level: str = "must", exchanges: int = 1) -> Verdict:
    """Return the verdict of a clause."""
    return Verdict(clause, level, verdict, exchanges=exchanges)


HOLDS = one("holds")
FAILS = one("fails", "ENV-7")
ADVISORY = one("advisory", "ENV-9", "should")
NOT_JUDGED = one("not-judged", "REJ-4", exchanges=0)
COULD_NOT = one("could-not-judge", "SUC-9", exchanges=0)
COULD_NOT_SHOULD = one("could-not-judge", "SEC-6", "should", exchanges=0)
OBSERVED = one("observed", "SUC-15", "observe")
WAIVED = one("waived", "SUC-2")


def test_the_numbers_are_those_of_the_documentation() -> None:
    assert (EXIT_CONFORMS, EXIT_FAILS, EXIT_INTERRUPTED, EXIT_INTERNAL) == (0, 1, 2, 3)
    assert (EXIT_NOTHING_RAN, EXIT_COULD_NOT_JUDGE) == (5, 6)


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        ([HOLDS], 0),
        ([HOLDS, ADVISORY, NOT_JUDGED, OBSERVED, WAIVED], 0),
        ([HOLDS, COULD_NOT_SHOULD], 0),
        ([HOLDS, FAILS], 1),
        ([FAILS, COULD_NOT], 1),
        ([HOLDS, COULD_NOT], 6),
        ([ADVISORY, NOT_JUDGED, COULD_NOT], 6),
        ([NOT_JUDGED], 5),
        ([], 5),
        ([COULD_NOT], 6),
        ([COULD_NOT_SHOULD], 5),
    ],
)
def test_the_status_of_a_run_that_came_to_its_end(verdicts: list[Verdict], expected: int) -> None:
    assert exit_status(verdicts) == expected
    assert exit_status(list(reversed(verdicts))) == expected


def test_what_a_loopback_target_never_needs_fails_no_run() -> None:
    https = Verdict("SEC-5", "must", "not-judged", say("not-needed-on-loopback"))
    lost = Verdict("REJ-4", "must", "not-judged", say("reason-no-account", about="blocked"))
    wanted = frozenset({"not-judged"})
    assert exit_status([HOLDS, https], wanted) == 0
    assert exit_status([HOLDS, https, lost], wanted) == 1
    assert exit_status([HOLDS, https], frozenset({"SEC-5"})) == 0


@pytest.mark.parametrize(
    ("flags", "verdicts", "expected"),
    [
        ({"internal_error": True, "interrupted": True, "gone": True}, [FAILS, COULD_NOT], 3),
        ({"internal_error": True}, [HOLDS], 3),
        ({"internal_error": True}, [], 3),
        ({"interrupted": True, "gone": True}, [FAILS, COULD_NOT], 2),
        ({"interrupted": True}, [HOLDS], 2),
        ({"interrupted": True}, [], 2),
        ({"gone": True}, [FAILS, COULD_NOT], 1),
        ({"gone": True}, [HOLDS], 6),
        ({"gone": True}, [NOT_JUDGED], 6),
        ({"gone": True}, [], 6),
        ({"turned_away": True}, [FAILS, COULD_NOT], 1),
        ({"turned_away": True}, [HOLDS], 6),
        ({"turned_away": True, "stale_waivers": True}, [HOLDS], 6),
        ({"turned_away": True, "interrupted": True}, [HOLDS], 2),
    ],
)
def test_the_first_that_applies_wins(
    flags: dict[str, Any], verdicts: list[Verdict], expected: int
) -> None:
    assert exit_status(verdicts, **flags) == expected


@pytest.mark.parametrize(
    ("fail_on", "verdicts", "expected"),
    [
        ({"advisory"}, [HOLDS, ADVISORY], 1),
        ({"advisory"}, [HOLDS, NOT_JUDGED], 0),
        ({"advisory"}, [HOLDS], 0),
        ({"not-judged"}, [HOLDS, NOT_JUDGED], 1),
        ({"not-judged"}, [HOLDS, ADVISORY], 0),
        ({"not-judged"}, [HOLDS, COULD_NOT], 6),
        ({"advisory", "not-judged"}, [HOLDS, NOT_JUDGED], 1),
        ({"ENV-9"}, [HOLDS, ADVISORY], 1),
        ({"REJ-4"}, [HOLDS, NOT_JUDGED], 1),
        ({"SUC-9"}, [HOLDS, COULD_NOT], 1),
        ({"SEC-6"}, [HOLDS, COULD_NOT_SHOULD], 1),
        ({"REJ-1"}, [HOLDS, ADVISORY, NOT_JUDGED], 0),
        ({"SUC-15"}, [HOLDS, OBSERVED], 0),
        ({"SUC-2"}, [HOLDS, WAIVED], 0),
        (set(), [HOLDS, ADVISORY], 0),
    ],
)
def test_fail_on_names_what_else_fails_the_run(
    fail_on: set[str], verdicts: list[Verdict], expected: int
) -> None:
    assert exit_status(verdicts, frozenset(fail_on)) == expected


@pytest.mark.parametrize(
    ("fail_on", "never"),
    [
        ({"uncovered"}, ["12", "95"]),
        ({"uncovered:95"}, ["95"]),
        ({"uncovered:00"}, []),
        ({"uncovered:12", "uncovered:95", "advisory"}, ["12", "95"]),
        ({"advisory", "not-judged", "REJ-4"}, []),
    ],
)
def test_a_documented_code_that_never_came_is_found_where_it_is_asked_for(
    fail_on: set[str], never: list[str]
) -> None:
    assert uncovered_codes(fail_on, {"00": 7, "10": 3, "12": 0, "95": 0}) == never


def test_a_code_that_never_came_fails_a_run_that_came_to_its_end() -> None:
    assert exit_status([HOLDS], uncovered=True) == 1
    assert exit_status([HOLDS], uncovered=True, stale_waivers=True) == 1
    assert exit_status([HOLDS, COULD_NOT], uncovered=True) == 6
    assert exit_status([HOLDS], uncovered=True, gone=True) == 6
    assert exit_status([HOLDS], uncovered=True, turned_away=True) == 6
    assert exit_status([HOLDS], uncovered=True, interrupted=True) == 2


def test_a_headline_names_the_code_that_never_came(tmp_path: Path) -> None:
    run = run_of(tmp_path, [])
    run.fail_on = frozenset({"uncovered:95"})
    assert headline(run, 1, "en").endswith(': code "95" never came')
    assert headline(run, 1, "ko").endswith(': 나오지 않은 코드 "95"')


def test_what_was_turned_away_after_the_last_case_is_told_as_well(tmp_path: Path) -> None:
    run = run_of(tmp_path, conforming_run())
    assert not run.recording.is_turned_away
    run.recording.ended = Reason("time-up")
    assert not run.recording.is_turned_away
    for word in ("between", "barred"):
        run.recording.ended = Reason(word)
        assert run.recording.is_turned_away
        assert not run.complete


def test_fail_on_does_not_come_before_an_interruption() -> None:
    assert exit_status([ADVISORY], frozenset({"advisory"}), interrupted=True) == 2
    assert exit_status([ADVISORY, COULD_NOT], frozenset({"advisory"}), gone=True) == 1


def test_what_a_gateway_turned_away_is_no_clause_that_fail_on_names() -> None:
    wanted = frozenset({"advisory", "not-judged", "SUC-9"})
    for verdicts in ([NOT_JUDGED], [HOLDS, ADVISORY, NOT_JUDGED, COULD_NOT]):
        assert exit_status(verdicts, wanted, turned_away=True) == 6


def test_deviations_are_alike_by_place_and_group() -> None:
    first = Deviation(say("value", value=1), say("absent"), "/a")
    assert first.likeness == Deviation(say("value", value=1), say("absent"), "/a").likeness
    assert first.likeness != Deviation(say("value", value=1), say("absent"), "/b").likeness
    assert first.likeness != Deviation(say("value", value=1), say("value", value=2), "/a").likeness
    grouped = [Deviation(say("absent"), say("value", value=n), "/a", "value") for n in range(2)]
    assert grouped[0].likeness == grouped[1].likeness


def test_a_message_keeps_its_words_as_texts() -> None:
    assert say("http-status", status=500).words == (("status", "500"),)


def test_what_the_depth_left_out_and_what_builds_on_it_fails_no_run_for_being_unjudged() -> None:
    left = Verdict("REJ-8", "must", "not-judged", say("reason-depth", about="smoke"))
    above = Verdict("REJ-16", "should", "not-judged", say("builds-on-unjudged", clause="REJ-8"))
    further = Verdict("REJ-9", "should", "not-judged", say("builds-on-unjudged", clause="REJ-16"))
    other = Verdict("REJ-3", "should", "not-judged", say("builds-on-unjudged", clause="REJ-1"))
    fail_on = frozenset({"not-judged"})
    assert exit_status([HOLDS, left, above, further], fail_on) == EXIT_CONFORMS
    assert exit_status([HOLDS, left, above, other], fail_on) == EXIT_FAILS
    assert exit_status([HOLDS, left], fail_on | {"REJ-8"}) == EXIT_FAILS
    assert exit_status([HOLDS, left, NOT_JUDGED], fail_on) == EXIT_FAILS
    assert exit_status([FAILS, left], fail_on) == EXIT_FAILS
