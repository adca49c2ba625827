"""From verdicts to what a run leaves: test outcomes, the statement, the last screen, the exit status."""

from __future__ import annotations

import contextlib
import os
import sys
import traceback
from collections.abc import Generator, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ...files import give_room_back, write_json, write_text
from ...i18n.catalogue import chosen_language, word
from ...i18n.language import Language
from ...i18n.message import say
from ...reports import crash_marker
from ...reports.allure_environment import write_environment
from ...reports.artefacts import (
    HAR_NAME,
    JUNIT_NAME,
    SUMMARY_NAME,
    TRACEABILITY_NAME,
    write_artefacts,
    write_test_result,
)
from ...reports.artefacts.har import write_har
from ...reports.charts import picture
from ...reports.console import Terminal, is_terminal, takes_colours
from ...reports.coverage import codes_that_came
from ...reports.exchange_text import shown_exchanges
from ...reports.final_screen import lines
from ...reports.history import remember
from ...reports.statement import STATEMENT_NAME, statement
from ...reports.styled_text import Line, line_of
from ...reports.summary import target_line
from ...reports.waiver_usage import stale_waivers
from ...resources import data_root, shown_path
from ...runner.progress import Step
from ...runner.run import Run
from ...runner.schedule.dry_run import plan_lines
from ...runner.signals import finish_writing
from ...verdicts.exit_status import exit_status, uncovered_codes
from .allure_writing import take_over
from .state import INTERNAL_ERROR, NOTICES, RESULTS, RUN, SETTLED, STATUS, TERMINAL

_LONGEST_CAUSE = 500


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Show how far judging is."""
    stash = item.config.stash
    run = stash.get(RUN, None)
    if run is not None:
        stash[SETTLED] = stash.get(SETTLED, 0) + 1
        run.display.show(Step("judging", stash[SETTLED], len(item.session.items)))
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Say in the first line what is tested, however quiet pytest is."""
    config = session.config
    run, reporter = config.stash.get(RUN, None), config.pluginmanager.get_plugin("terminalreporter")
    language = chosen_language(config.option.lang)
    if run is not None and (results := take_over(run, language)) is not None:
        config.stash[RESULTS] = results
    if run is None or reporter is None:
        return
    _take_terminal(config, run, language)
    if _is_quiet(config):
        # The last screen says that the run was interrupted; where in our code is no matter of its reader.
        reporter._report_keyboardinterrupt = lambda: None  # noqa: SLF001 - pytest has no option for it
    first = [target_line(run, language), *config.stash.get(NOTICES, [])]
    if run.traffic is None or run.traffic.load is None:
        # What a load run sends is drawn by others, from a seed of theirs.
        first.append(word("seed-line", language, seed=run.seed))
    if TERMINAL in config.stash:
        config.stash[TERMINAL].print(line_of(text) for text in first)
        return
    # At once, since whoever reads only the first line of the output may go away after it.
    reporter.write("\n".join([*first, ""]))


def _tell(config: pytest.Config, run: Run, text: str) -> None:
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.write_line(run.scrubber.scrub(text))


def _take_terminal(config: pytest.Config, run: Run, language: Language) -> None:
    """Let a person at a terminal see colours, and progress where pytest itself prints nothing."""
    if not is_terminal(sys.stdout):
        return
    # A descriptor of its own, since pytest takes the standard ones away while tests run.
    descriptor = os.dup(sys.stdout.fileno())
    stream = open(descriptor, "w", encoding=sys.stdout.encoding, errors="backslashreplace")  # noqa: PTH123, SIM115 - a descriptor, closed with the session
    config.add_cleanup(stream.close)
    in_colour = config.option.color != "no" and takes_colours()
    terminal = Terminal(
        stream, language, lambda: run.pace.interval if run.pace else 0.0, in_colour=in_colour
    )
    config.stash[TERMINAL] = terminal
    # Progress is drawn by moving the cursor, which is no plain text either.
    if in_colour and _is_quiet(config):
        run.display = terminal


def _is_quiet(config: pytest.Config) -> bool:
    """Tell whether pytest prints nothing of its own: `esignon-conformance run` asks for that."""
    return bool(config.option.verbose < -1)


def pytest_report_teststatus(
    report: pytest.TestReport, config: pytest.Config
) -> tuple[str, str, str] | None:
    """Print no letter a test for `esignon-conformance run`, whose last screen says it better."""
    if not _is_quiet(config) or (report.when != "call" and report.passed):
        return None
    category = "xfailed" if hasattr(report, "wasxfail") else report.outcome
    return category, "", ""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Remember an exception of ours: it is an internal error and never a finding."""
    report = yield
    error = call.excinfo.value if call.excinfo is not None else None
    if error is not None and report.failed and not isinstance(error, pytest.fail.Exception):
        item.config.stash.setdefault(INTERNAL_ERROR, _cause(error))
    return report


def _cause(error: BaseException) -> str:
    """Return what an exception says in a line, and where it was raised."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({Path(frames[-1].filename).name}:{frames[-1].lineno})" if frames else ""
    said = " ".join(str(error).split())[:_LONGEST_CAUSE]
    return f"{type(error).__name__}: {said}{place}"


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """With `--plan`, tell what the chosen tests would send, and run none."""
    config = session.config
    run, reporter = config.stash.get(RUN, None), config.pluginmanager.get_plugin("terminalreporter")
    if run is None or reporter is None or not config.option.plan:
        return None
    draws = 2 * run.max_examples if run.depth == "deep" else 0
    for line in plan_lines(run.plan(), run.target, draws, chosen_language(config.option.lang)):
        reporter.write_line(line)
    return True


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the statement, and take the exit status from the verdicts."""
    config = session.config
    run = config.stash.get(RUN, None)
    if run is not None:
        # Before pytest itself writes an empty line, which would leave the progress on the screen.
        run.display.end()
    if run is None or config.option.plan or exitstatus == pytest.ExitCode.USAGE_ERROR:
        return
    if session.items and not (run.cases or run.clauses or run.draws):
        return  # Other tests than the suite's own, collected beside its conftest.py.
    # Nobody else tells it: `run` lets pytest print nothing.
    if (cause := config.stash.get(INTERNAL_ERROR, None)) is not None:
        _tell(config, run, cause)
    run.internal_error |= exitstatus == pytest.ExitCode.INTERNAL_ERROR or cause is not None
    run.interrupted |= exitstatus == pytest.ExitCode.INTERRUPTED
    finish_writing()
    try:
        _ = run.verdicts
    except Exception as error:  # noqa: BLE001 - whatever it is, the statement is written, with status 3
        _tell(config, run, f"{type(error).__name__}: {error}")
        run.give_up(say("reason-internal"))
    language = chosen_language(config.option.lang)
    _write_all(config, run, language)
    config.stash[STATUS] = _status(run)
    session.exitstatus = config.stash[STATUS]


def _write_all(config: pytest.Config, run: Run, language: Language) -> None:
    """Write what a run leaves.  What goes wrong with one file is told, and keeps no other from it."""
    results = Path(config.option.allure_report_dir)
    document: dict[str, Any] = {}
    # The room that is kept is the statement's: the results must not take it.
    with _told(config, run):
        if RESULTS in config.stash:
            config.stash[RESULTS].finish()
    with _told(config, run):
        write_har(run.report_dir / HAR_NAME, run)
    with _told(config, run):
        give_room_back(run.report_dir)
        crash_marker.end(results)
    with _told(config, run):
        document = statement(run, _status(run), language)
        write_json(run.report_dir / STATEMENT_NAME, document)
    with _told(config, run):
        write_artefacts(run, _status(run), language)
    if not document:
        return
    with _told(config, run):
        write_text(run.report_dir / "verdict.svg", picture(document, run.contract, language))
        remember(run.report_dir, document)
        write_environment(results, document, os.environ, language)
    if document["exit_status"] != _status(run):
        with _told(config, run):
            write_json(run.report_dir / STATEMENT_NAME, statement(run, _status(run), language))
    with _told(config, run):
        write_test_result(run, _status(run))
    with _told(config, run):
        _write_traceability(run, language)


def _write_traceability(run: Run, language: Language) -> None:
    """Write which servers prove the clauses of a whole run; a part of one says little of them."""
    if not run.is_whole or run.traffic is not None:
        return
    from ...tools.proof.matrix import MATRIX, read  # noqa: PLC0415 - a part run loads no servers
    from ...tools.proof.traceability import traceability  # noqa: PLC0415 - as above

    document = traceability(run, read(data_root() / MATRIX), language)
    write_json(run.report_dir / TRACEABILITY_NAME, document)


@contextlib.contextmanager
def _told(config: pytest.Config, run: Run) -> Iterator[None]:
    """Note what goes wrong in a block, and go on after it."""
    try:
        yield
    except OSError as error:
        run.note_unwritten(error)
    except Exception as error:  # noqa: BLE001 - whatever it is, the run ends with 3 and the rest is written
        _tell(config, run, f"{type(error).__name__}: {error}")
        run.internal_error = True


def _status(run: Run) -> int:
    return exit_status(
        run.verdicts,
        run.fail_on,
        interrupted=run.interrupted,
        internal_error=run.internal_error or bool(run.unwritten),
        gone=run.recording.is_gone,
        turned_away=run.recording.is_turned_away,
        uncovered=bool(uncovered_codes(run.fail_on, codes_that_came(run))),
        stale_waivers=bool(stale_waivers(run)),
    )


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """End with the verdict, the table, the failed clauses in words and the paths."""
    run = config.stash.get(RUN, None)
    if run is None or STATUS not in config.stash:
        return
    shown = _last_screen(config, run)
    terminalreporter.ensure_newline()
    if TERMINAL in config.stash:
        config.stash[TERMINAL].print(shown)
        return
    for line in shown:
        terminalreporter.write_line(line.text)


def _last_screen(config: pytest.Config, run: Run) -> list[Line]:
    language = chosen_language(config.option.lang)
    names = (SUMMARY_NAME, STATEMENT_NAME, JUNIT_NAME, HAR_NAME, "allure-results")
    # Where there was no room for all of them, some are not there.
    written = [run.report_dir / name for name in names]
    paths = [shown_path(one) for one in written if one.exists()]
    shown: list[Line] = []
    if config.option.show and config.option.case:
        told = shown_exchanges(run, config.option.case, language)
        # What was sent and what came is copied: it is left to the terminal to break it.
        shown += [replace(line_of(one), wraps=not one.startswith("  ")) for one in (*told, "")]
    width = config.stash[TERMINAL].width if TERMINAL in config.stash else None
    ended = lines(run, config.stash[STATUS], language, paths, case=config.option.case, width=width)
    return [*shown, *ended]
