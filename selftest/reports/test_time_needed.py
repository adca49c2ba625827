"""A run whose time was up says how long it would have taken, by the pace that was measured."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from esignon_conformance.contract.model import DRAW
from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.reports.answer_origin_text import lines_of_what_answered
from esignon_conformance.reports.final_screen import lines
from esignon_conformance.reports.statement import statement
from esignon_conformance.runner.run import Run
from esignon_conformance.transport.messages import Exchange
from selftest.support.exchanges import conforming, contract
from selftest.support.written_runs import run_of

WRITTEN = [name for name, case in contract().cases.items() if case.clause == "SEC-3"]
SENT, LEFT = WRITTEN[:20], WRITTEN[20:40]


def at(name: str, second: float) -> Exchange:
    """Return a conforming exchange of a case that began so many seconds after the first."""
    return replace(conforming(name), began=1000.0 + second, ended=1000.0 + second)


def ended_by_time(
    folder: Path, left: list[str] = LEFT, apart: float = 2.0, **varied: object
) -> Run:
    """Return a run that sent 20 cases: the first ten at once, and the others so many seconds apart."""
    moments = [*([0.0] * 10), *(apart * number for number in range(1, 11))]
    exchanges = [at(name, second) for name, second in zip(SENT, moments, strict=True)]
    run = run_of(folder, exchanges, seconds=1200.0, requests=20, requests_in_all=120, **varied)
    run.recording.unsent |= {name: Reason("time-up") for name in left}
    run.recording.ended = Reason("time-up")
    return run


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_time_that_the_whole_takes_is_told_by_the_pace_of_late(
    tmp_path: Path, language: Language
) -> None:
    run = ended_by_time(tmp_path)
    ((_, told),) = lines_of_what_answered(run, language)
    # 100 requests are left at 0.6 a second, and a tenth is added: 183 s, in whole minutes.
    assert "--max-time 1440" in told[0]
    assert "20" in told[0]
    assert "40" in told[0]
    assert "0.6" in told[0]
    assert "--depth smoke" in told[1]
    screen = "\n".join(line.text for line in lines(run, 6, language, ()))
    assert all(text in screen for text in told)
    assert told in [one["lines"] for one in statement(run, 6, language)["what_answered"]]


def test_a_quick_pace_is_told_in_figures_that_anybody_reads(tmp_path: Path) -> None:
    ((_, told),) = lines_of_what_answered(ended_by_time(tmp_path, apart=1 / 128), "en")
    assert "154 requests a second" in told[0]


def test_a_smoke_run_is_not_told_to_send_less(tmp_path: Path) -> None:
    ((_, told),) = lines_of_what_answered(ended_by_time(tmp_path, depth="smoke"), "en")
    assert len(told) == 1


def test_draws_that_the_time_left_out_ask_for_no_more(tmp_path: Path) -> None:
    run = ended_by_time(tmp_path)
    drawn = {name: replace(run.contract.cases[name], tags=frozenset({DRAW})) for name in LEFT}
    run.contract = replace(run.contract, cases={**run.contract.cases, **drawn})
    assert all(run.contract.cases[name].is_drawn for name in LEFT)
    assert not list(lines_of_what_answered(run, "en"))


def test_a_time_that_was_up_before_anything_was_sent_measures_nothing(tmp_path: Path) -> None:
    run = run_of(tmp_path, [])
    run.recording.unsent |= {name: Reason("time-up") for name in LEFT}
    assert not list(lines_of_what_answered(run, "en"))
