"""`esignon-conformance`: a thin command over pytest, the server in the box and the report."""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from ... import __version__, resources
from ...runner.signals import end_in_order
from ...target.process_environment import (
    escape_what_a_console_lacks,
    without_options_of_other_tests,
)
from ...tools.reference import process
from ...verdicts.exit_status import EXIT_CONFIGURATION, EXIT_INTERNAL, EXIT_INTERRUPTED

# What a shell shows for a process that SIGPIPE ended: no exit status of a verdict.
_EXIT_BROKEN_PIPE = 128 + 13
_PLUGINS = ("allure_pytest.plugin", "pytest_base_url.plugin")
_UNUSED = (
    *("doctest", "unittest", "legacypath", "pastebin", "setuponly", "setupplan", "stepwise"),
    "warnings",
)
_RUN_HELP = """\
Options of pytest and of the suite are passed on, such as:
  --base-url URL        the server to test, up to but without /api (else ESIGNON_BASE_URL, else the
                        server in the box)
  --target NAME         a target of targets.toml (else ESIGNON_TARGET); --targets-file FILE
  --accounts box        use the made-up accounts of the server in the box (a mock on this machine, or
                        on a host that --allow-host names)
  --allow-host HOST     a host other than this machine that may be tested; the vendor's production
                        service only with this
  --plan                print what would be sent, and send nothing
  --rate N, --max-requests N, --max-time SECONDS, --concurrency N
  --wrong-passwords N, --wrong-passwords-in-a-row N
                        limits; off this machine 5 a second, 2000, 1200, 4, 60 and 3 an account
  --ca-bundle FILE      certificates that are trusted instead of the system's
  --client-cert FILE, --client-key FILE
                        shown where the server asks; password in ESIGNON_CLIENT_KEY_PASSWORD
  --label NAME=VALUE    stands in the statement, the report and the summary (repeatable)
  --fail-on WHAT        advisory, not-judged or a clause id
  --waivers FILE        deviations that are known and borne with for a time (waivers/example.yaml)
  --report-dir DIR      where everything written goes (reports/)
  --lang ko|en          language of the output
  --seed N              seed of the made-up values and of fuzzing
  --depth quick|standard|deep
                        the cases; and the frozen corpus (the default); and fresh fuzzing
  --max-examples N, --fuzz-time S   bounds of fresh fuzzing (200 examples, 20 seconds)
  --connect-timeout S, --answer-timeout S
  --contract FOLDER     a contract that derive --draft wrote, instead of the login's
  -k EXPRESSION, -m REQ|ENV|SUC|REJ|SEC   a part of the cases and clauses

exit status, the first that applies:
  4  configuration      3  internal error     2  interrupted
  1  a must clause fails, or what --fail-on names
  6  could not judge, as where something before the server turns right logins away
  7  a waiver is needed no longer
  5  nothing ran        0  conforms (advisories allowed)
  3 is also the status where --html could not build the report and nothing else applies
"""


class _Parser(argparse.ArgumentParser):
    """A parser whose errors end with the suite's exit status for a wrong configuration."""

    def error(self, message: str) -> NoReturn:
        """Print what is wrong and how to get help; argparse itself would end with 2, *interrupted*."""
        self.exit(EXIT_CONFIGURATION, f"{self.prog}: {message}. {self.prog} --help tells more.\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    escape_what_a_console_lacks()
    try:
        return _main(list(sys.argv[1:] if arguments is None else arguments))
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # The reader of the output went away, as `| head` does. What a run writes was written before.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _EXIT_BROKEN_PIPE


def _main(given: list[str]) -> int:
    parser = _parser(given[:1])
    options, rest = parser.parse_known_args(given)
    if options.command != "run" and rest:
        parser.error(f"unrecognized arguments: {' '.join(rest)}")
    match options.command:
        case "run":
            return _run(options, rest)
        case "serve":
            from . import serve

            return serve.main(options)
        case "report":
            return _report(Path(options.report_dir or resources.reports()), options.lang)
        case "explain":
            return _explain(options)
        case "diff":
            from .diff import diff

            return diff(options.before, options.after, options.lang, markdown=options.markdown)
        case "prove":
            from . import prove

            return int(prove.main(options))
        case "derive":
            from . import derive as command

            return command.main(options)
        case "mock":
            from . import mock

            return mock.main(options)
    return EXIT_CONFIGURATION


def _parser(command: Sequence[str]) -> argparse.ArgumentParser:
    parser = _Parser(
        prog="esignon-conformance",
        description="Contract and conformance tests for eSignon's POST /api/{companyId}/login.",
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    run = commands.add_parser(
        "run",
        help="judge a server clause by clause",
        epilog=_RUN_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    run.add_argument("--html", action="store_true", help="build the HTML report, too")
    run.add_argument("--case", metavar="ID", help="send one case only")
    run.add_argument("--show", action="store_true", help="with --case: print the masked exchange")
    run.add_argument("--report-dir", default=None, help=argparse.SUPPRESS)
    run.add_argument("--lang", choices=("ko", "en"), default=None, help=argparse.SUPPRESS)

    serve = commands.add_parser("serve", help="run the server in the box")

    report = commands.add_parser(
        "report",
        help="build DIR/report.html from the last run",
        epilog="exit status: 0; 3 if it cannot be built; 4 if DIR holds no results of a run",
    )
    report.add_argument("--report-dir", default=None, metavar="DIR", help="(reports/)")
    report.add_argument("--lang", choices=("ko", "en"), default=None, help="language of the report")

    explain = commands.add_parser("explain", help="tell a clause: its place, its cases, its check")
    explain.add_argument("clause", metavar="CLAUSE", help="such as REJ-1")
    explain.add_argument("--lang", choices=("ko", "en"), default=None, help="language of the text")

    diff = commands.add_parser(
        "diff",
        help="compare two statements",
        description="Tell which verdicts changed and what was observed otherwise.",
        epilog="exit status: 1 if a must verdict differs, else 0; 4 if a file is no statement",
    )
    for name, metavar in (("before", "A"), ("after", "B")):
        diff.add_argument(name, metavar=metavar, help="a statement.json, or the folder it lies in")
    diff.add_argument("--markdown", action="store_true", help="print Markdown")
    diff.add_argument("--lang", choices=("ko", "en"), default=None, help="language of the text")

    prove = commands.add_parser("prove", help="score the suite on known-bad and known-good servers")
    derive = commands.add_parser(
        "derive", help="read the API page into facts, or tell what changed"
    )
    mock = commands.add_parser("mock", help="write the configuration of a mock tool")
    # What only one command needs is imported for that one alone.
    if "prove" in command:
        from .prove import add_arguments

        add_arguments(prove)
    elif "derive" in command:
        from .derive import add_arguments as add_derive_arguments

        add_derive_arguments(derive)
    elif "serve" in command:
        from .serve import add_arguments as add_serve_arguments

        add_serve_arguments(serve)
    elif "mock" in command:
        from .mock import add_arguments as add_mock_arguments

        add_mock_arguments(mock)
    return parser


def _run(options: argparse.Namespace, rest: list[str]) -> int:
    # Before pytest is loaded: whoever asks the process to end at once is told 2, too.
    end_in_order()
    for name in without_options_of_other_tests(os.environ):
        print(f"{name} is ignored: give `run` its options itself.", file=sys.stderr)
    # While pytest and the suite are loaded the server in the box starts, on another core.
    ahead = [process.start()] if process.is_expected(rest, os.environ) else []
    try:
        return _run_pytest(options, rest, ahead)
    finally:
        for one in ahead:
            one.stop()


def _run_pytest(options: argparse.Namespace, rest: list[str], ahead: list[process.Box]) -> int:
    import pytest

    root = resources.data_root()
    arguments = [
        *(str(resources.tests()),),
        f"--rootdir={root}",
        *("-c", str(_pytest_configuration(root))),
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
    for name in _PLUGINS:
        arguments += ["-p", name]
    if options.report_dir is not None:
        arguments.append(f"--report-dir={options.report_dir}")
    if options.lang is not None:
        arguments.append(f"--lang={options.lang}")
    if options.case is not None:
        arguments.append(f"--case={options.case}")
    if options.show:
        arguments.append("--show")
    status = int(pytest.main([*arguments, *rest], plugins=ahead))
    # What is left is given back as a whole: to look for garbage in it first would take its time.
    gc.freeze()
    end_in_order()
    if options.html and status != EXIT_CONFIGURATION and "--plan" not in rest:
        directory = Path(options.report_dir or resources.reports()) / (
            "case" if options.case else ""
        )
        try:
            failed = _report(directory, options.lang or _language_of_run(directory))
        except KeyboardInterrupt:
            failed = EXIT_INTERRUPTED
        # The run's own verdict is what CI acts on; a report that fails must not hide it.  That nothing is
        # wrong with the settings and the target is told by its own status.
        status = status or (EXIT_INTERNAL if failed == EXIT_CONFIGURATION else failed)
    return status


def _language_of_run(directory: Path) -> str | None:
    """Return the language of the statement, which a target may have chosen; None without one."""
    try:
        found = json.loads((directory / "statement.json").read_text(encoding="utf-8"))["language"]
    except (OSError, ValueError, KeyError):
        return None
    return str(found)


def _pytest_configuration(root: Path) -> Path:
    return root / "pyproject.toml"


def _report(directory: Path, language: str | None) -> int:
    from ...i18n.catalogue import chosen_language, word
    from ...reports.header_html import verdict_section
    from ...reports.history import former_runs, target_name
    from ...reports.html_report.build import build_html
    from ...reports.html_report.errors import ReportError
    from ...reports.title import read_statement, report_title
    from ...runner.requests import contract_check

    chosen = chosen_language(language)
    try:
        statement = read_statement(directory)
        # The results say what they say in the language of the run.
        chosen = chosen_language(language or statement["language"])
        title = report_title(statement, chosen)
        runs = former_runs(directory, target_name(statement["target"]))
        section = verdict_section(statement, contract_check.load(), runs, chosen)
        built = build_html(
            directory / "allure-results",
            directory / "report.html",
            title=title,
            language=chosen,
            history=directory / "history.jsonl",
            section=section,
        )
    except ReportError as error:
        print(f"esignon-conformance report: {error}", file=sys.stderr)
        return EXIT_CONFIGURATION if error.is_about_the_folder else EXIT_INTERNAL
    print(word("written", chosen, paths=resources.shown_path(built.absolute())))
    return 0


def _explain(options: argparse.Namespace) -> int:
    from .explain import explain

    return explain(options.clause, options.lang)


if __name__ == "__main__":
    sys.exit(main())
