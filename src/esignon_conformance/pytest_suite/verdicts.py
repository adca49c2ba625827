"""From verdicts to what a run leaves: test outcomes, the statement, the last screen, the exit status."""

from __future__ import annotations

from collections.abc import Generator

import pytest

from ..places import shown_path
from ..run import write_json
from ..showing import shown_exchanges
from ..statement import statement
from ..summary import lines, target_line
from ..verdict import exit_status
from ..waiver_standing import stale_waivers
from ..wording import chosen_language
from .allure_results import label_item, scrub_results
from .stash import INTERNAL_ERROR, NOTICES, RUN, STATUS


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Give the Allure result of an item its labels, whatever the item comes to."""
    run = item.config.stash.get(RUN, None)
    if run is not None:
        label_item(item, run, chosen_language(item.config.option.lang))
    return (yield)


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Say in the first line what is tested, however quiet pytest is."""
    config = session.config
    if RUN in config.stash:
        scrub_results(config.stash[RUN].scrubber)
    run, reporter = config.stash.get(RUN, None), config.pluginmanager.get_plugin("terminalreporter")
    if run is None or reporter is None:
        return
    if reporter.isatty:
        run.progress = lambda done, all_of_them: reporter.rewrite(
            f"{done}/{all_of_them}", erase=True
        )
    language = chosen_language(config.option.lang)
    for line in [target_line(run, language), *config.stash.get(NOTICES, []), f"seed {run.seed}"]:
        reporter.write_line(line)


def pytest_report_teststatus(
    report: pytest.TestReport, config: pytest.Config
) -> tuple[str, str, str] | None:
    """Print no letter a test for `esignon-conformance run`, whose last screen says it better."""
    if config.option.verbose >= -1 or (report.when != "call" and report.passed):
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
        item.config.stash[INTERNAL_ERROR] = True
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Write the statement, and take the exit status from the verdicts."""
    config = session.config
    run = config.stash.get(RUN, None)
    if run is None or exitstatus == pytest.ExitCode.USAGE_ERROR:
        return
    if session.items and not (run.cases or run.clauses or run.draws):
        return  # Other tests than the suite's own, collected beside its conftest.py.
    run.internal_error |= exitstatus == pytest.ExitCode.INTERNAL_ERROR or config.stash.get(
        INTERNAL_ERROR, False
    )
    run.interrupted |= exitstatus == pytest.ExitCode.INTERRUPTED
    try:
        _ = run.verdicts
    except Exception as error:  # noqa: BLE001 - whatever it is, the statement is written, with status 3
        reporter = config.pluginmanager.get_plugin("terminalreporter")
        if reporter is not None:
            reporter.write_line(run.scrubber.scrub(f"{type(error).__name__}: {error}"))
        run.give_up()
    language = chosen_language(config.option.lang)
    status = exit_status(
        run.verdicts,
        run.fail_on,
        interrupted=run.interrupted,
        internal_error=run.internal_error,
        gone=run.gone,
        stale_waivers=bool(stale_waivers(run)),
    )
    write_json(run.report_dir / "statement.json", statement(run, status, language))
    config.stash[STATUS] = status
    session.exitstatus = status


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """End with the verdict, the table, the failed clauses in words and the paths."""
    run = config.stash.get(RUN, None)
    if run is None or STATUS not in config.stash:
        return
    language = chosen_language(config.option.lang)
    paths = [shown_path(run.report_dir / name) for name in ("statement.json", "allure-results")]
    terminalreporter.ensure_newline()
    if config.option.show and config.option.case:
        for line in shown_exchanges(run, config.option.case, language):
            terminalreporter.write_line(line)
        terminalreporter.write_line("")
    for line in lines(run, config.stash[STATUS], language, paths):
        terminalreporter.write_line(line)
