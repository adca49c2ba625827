"""`esignon-conformance run`: pytest on the suite, with the server in the box where no target is given."""

from __future__ import annotations

import argparse
import gc
import importlib
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ... import resources
from ...i18n.catalogue import chosen_language, word
from ...reports.statement import STATEMENT_NAME
from ...runner.signals import end_in_order
from ...target.process_environment import without_options_of_other_tests
from ...tools.reference import process
from ...verdicts.exit_status import EXIT_CONFIGURATION, EXIT_INTERNAL, EXIT_INTERRUPTED
from ..pytest_plugin import MODULES
from .several_targets import run_each, split_targets

if TYPE_CHECKING:
    import pytest

_PLUGINS = (MODULES[0], "allure_pytest.plugin", "pytest_base_url.plugin")
_UNUSED = (
    *("doctest", "unittest", "legacypath", "pastebin", "setuponly", "setupplan", "stepwise"),
    "warnings",
)
_RUN_HELP = """\
Options of pytest and of the suite are passed on, such as:
  --base-url URL        the server to test, up to but without /api (else ESIGNON_BASE_URL, else the
                        server in the box)
  --target NAME         a target of targets.toml (else ESIGNON_TARGET); --targets-file FILE. Several
                        are judged one after the other, each into DIR/NAME, with a matrix of them
  --accounts box        use the made-up accounts of the server in the box (a mock on this machine, or
                        on a host that --allow-host names)
  --allow-host HOST     a host other than this machine that may be tested; the vendor's production
                        service only with this
  --plan                print what would be sent, and send nothing
  --rate N, --max-requests N, --max-time SECONDS, --concurrency N
  --wrong-passwords N, --wrong-passwords-in-a-row N
                        limits; off this machine 5 a second, 600, 1200, 4, 60 and 3 an account
  --ca-bundle FILE      certificates that are trusted instead of the system's
  --client-cert FILE, --client-key FILE
                        shown where the server asks; password in ESIGNON_CLIENT_KEY_PASSWORD
  --label NAME=VALUE    stands in the statement, the report and the summary (repeatable)
  --fail-on WHAT        advisory, not-judged, a clause id, uncovered or uncovered:CODE
  --waivers FILE        deviations that are known and borne with for a time (waivers/example.yaml)
  --report-dir DIR      where everything written goes (reports/)
  --lang ko|en          language of the output
  --seed N              seed of the made-up values and of fuzzing
  --depth smoke|quick|standard|deep
                        the most telling cases, at most 150 requests; all cases; and the frozen corpus
                        (the default); and fresh fuzzing
  --max-examples N, --fuzz-time S   bounds of fresh fuzzing (200 examples, 20 seconds)
  --connect-timeout S, --answer-timeout S
  --contract FOLDER     a contract that derive --draft wrote, instead of the login's; of several
                        operations --operation NAME; --token-header NAME for a server that takes
                        tokens in another header than the page says
  --prove-token         after the cases, ask GET /api/v2/company whether the issued token works; observed
                        only, and never asked without this
  -k REJ-4, -m REQ|ENV|SUC|REJ|SEC   the tests of a clause, of a group; --case ID: of a case

exit status, the first that applies:
  4  configuration      3  internal error     2  interrupted
  1  a must clause fails, or what --fail-on names
  6  could not judge, as where something before the server turns right logins away
  7  a waiver is needed no longer
  5  nothing ran        0  conforms (advisories allowed)
  3 is also the status where --html could not build the report and nothing else applies
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `run` itself takes; pytest and the suite's plugin take the rest."""
    parser.epilog = _RUN_HELP
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.allow_abbrev = False
    parser.add_argument("--html", action="store_true", help="build the HTML report, too")
    parser.add_argument("--case", metavar="ID", help="send one case only")
    parser.add_argument(
        "--show", action="store_true", help="with --case: print the masked exchange"
    )
    parser.add_argument("--report-dir", default=None, help=argparse.SUPPRESS)
    parser.add_argument("--lang", choices=("ko", "en"), default=None, help=argparse.SUPPRESS)


def main(options: argparse.Namespace, rest: Sequence[str]) -> int:
    """Judge a server, and build the report where it is asked for; return the exit status."""
    names, others = split_targets(rest)
    if len(names) > 1:
        directory = Path(options.report_dir or resources.reports())
        given = [*(("--html",) if options.html else ()), *others]
        return run_each(names, given, directory, options.lang)
    # Before pytest is loaded: whoever asks the process to end at once is told 2, too.
    end_in_order()
    for name in without_options_of_other_tests(os.environ):
        print(word("run-ignores", chosen_language(options.lang), name=name), file=sys.stderr)
    # While pytest and the suite are loaded the server in the box starts, on another core.
    is_sent = options.command == "run"
    ahead = [process.start()] if is_sent and process.is_expected(rest, os.environ) else []
    try:
        return _run_pytest(options, rest, ahead)
    finally:
        for one in ahead:
            one.stop()


def _run_pytest(options: argparse.Namespace, rest: Sequence[str], ahead: list[process.Box]) -> int:
    # Imported here, so that the server in the box starts first, on another core.
    import pytest  # noqa: PLC0415 - see the line above

    root = resources.data_root()
    arguments = [
        str(resources.tests()),
        f"--rootdir={root}",
        *("-c", str(root / "pyproject.toml")),
        *("-qq", "--tb=no", "-rN", "--show-capture=no", "--assert=plain"),
        # They look for errors of tests that nobody awaits, and collect all garbage twice for it.
        *("-p", "no:unraisableexception", "-p", "no:threadexception"),
        # What no test of the suite uses and each start would load; and what would make an error of ours
        # of a warning that some library gives.
        *(part for name in _UNUSED for part in ("-p", f"no:{name}")),
    ]
    if not any("log" in one for one in rest):
        # No test logs anything; whoever asks for a log gets that of the libraries.
        arguments += ["-p", "no:logging"]
    # A run is short and keeps what it makes: there is little garbage to look for.
    gc.set_threshold(200_000, 20, 20)
    # No other plugin that happens to be installed has a say in a run, nor costs it time.
    arguments.append("--disable-plugin-autoload")
    if options.report_dir is not None:
        arguments.append(f"--report-dir={options.report_dir}")
    if options.lang is not None:
        arguments.append(f"--lang={options.lang}")
    if options.case is not None:
        arguments.append(f"--case={options.case}")
    if options.show:
        arguments.append("--show")
    started = time.time()
    plugins = [importlib.import_module(name) for name in _PLUGINS]
    status = int(pytest.main([*arguments, *rest], plugins=[*ahead, *plugins, _Suite()]))
    # What is left is given back as a whole: to look for garbage in it first would take its time.
    gc.freeze()
    end_in_order()
    if options.html and status != EXIT_CONFIGURATION and "--plan" not in rest:
        return _with_report(options, started, status)
    return status


class _Suite:
    """Gives pytest the suite as modules, just before the conftest names them.

    For each plugin that has but a name pytest reads what every installed package offers: 10 ms each.
    """

    def pytest_load_initial_conftests(self, early_config: pytest.Config) -> None:
        """Register what the conftest names: after what the command line names, as ever."""
        for name in MODULES[1:]:
            early_config.pluginmanager.register(importlib.import_module(name))


def _with_report(options: argparse.Namespace, started: float, status: int) -> int:
    """Build the report of a run that ended with a status, and return the status of both."""
    directory = Path(options.report_dir or resources.reports()) / ("case" if options.case else "")
    language = chosen_language(options.lang or _language_of_run(directory))
    if status == EXIT_INTERRUPTED and not _is_written_since(started, directory):
        # What lies there, if anything, is of an earlier run.
        print(word("ended-early", language), file=sys.stderr)
        return status
    if status == EXIT_INTERNAL and not _has_results(started, directory):
        # A full disk, say: that there are no results, and why, the run itself has told.
        where = resources.shown_path(directory)
        print(word("report-left-out", language, folder=where), file=sys.stderr)
        return status
    # Imported here, since it is needed by few runs.
    from .report import build  # noqa: PLC0415 - see the line above

    try:
        failed = build(directory, language)
    except KeyboardInterrupt:
        failed = EXIT_INTERRUPTED
    # The run's own verdict is what CI acts on; a report that fails must not hide it.  That nothing is
    # wrong with the settings and the target is told by its own status.
    return status or (EXIT_INTERNAL if failed == EXIT_CONFIGURATION else failed)


def _is_written_since(moment: float, directory: Path) -> bool:
    try:
        # The clock of a file system may be some milliseconds behind.
        return (directory / STATEMENT_NAME).stat().st_mtime >= moment - 1
    except OSError:
        return False


def _has_results(moment: float, directory: Path) -> bool:
    results = (directory / "allure-results").glob("*-result.json")
    return _is_written_since(moment, directory) and any(results)


def _language_of_run(directory: Path) -> str | None:
    """Return the language of the statement, which a target may have chosen; None without one."""
    try:
        found = json.loads((directory / STATEMENT_NAME).read_text(encoding="utf-8"))["language"]
    except (OSError, ValueError, KeyError):
        return None
    return str(found)
