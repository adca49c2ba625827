"""`esignon-conformance report`: the HTML report from the results of the last run."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from ... import resources
from ...i18n.catalogue import chosen_language, word
from ...reports.header_html import verdict_section
from ...reports.history import former_runs, target_name
from ...reports.html_report.build import build_html
from ...reports.html_report.errors import ReportError
from ...reports.load_tables import load_of
from ...reports.paper import document, paper
from ...reports.pdf import write_pdf
from ...reports.title import read_statement, report_title
from ...runner.requests import contract_check
from ...verdicts.exit_status import EXIT_CONFIGURATION, EXIT_INTERNAL


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folder of the results and the language."""
    parser.epilog = "exit status: 0; 3 if it cannot be built; 4 if DIR holds no results of a run"
    parser.add_argument("--report-dir", default=None, metavar="DIR", help="(reports/)")
    parser.add_argument("--lang", choices=("ko", "en"), default=None, help="language of the report")
    parser.add_argument(
        "--pdf",
        action="store_true",
        help="write DIR/report.pdf, too: verdict, failures, waivers, versions (needs Chromium)",
    )


def main(options: argparse.Namespace) -> int:
    """Build the report; return the exit status."""
    return build(Path(options.report_dir or resources.reports()), options.lang, pdf=options.pdf)


def build(directory: Path, language: str | None, *, pdf: bool = False) -> int:
    """Build `directory`/report.html, and report.pdf where it is asked for.

    Return 3 where one cannot be built, 4 without results of a run.
    """
    chosen = chosen_language(language)
    try:
        statement = read_statement(directory)
        # The results say what they say in the language of the run.
        chosen = chosen_language(language or statement["language"])
        title = report_title(statement, chosen)
        runs = former_runs(directory, target_name(statement["target"]))
        contract = contract_check.load()
        if load_of(statement) is not None:
            contract = contract.under_load()
        section = verdict_section(statement, contract, runs, chosen)
        printed = paper(directory, statement, contract, title, chosen)
        built = build_html(
            directory / "allure-results",
            directory / "report.html",
            title=title,
            language=chosen,
            history=directory / "history.jsonl",
            section=section,
            printed=printed,
        )
        paths = [resources.shown_path(built.absolute())]
        if pdf:
            write_pdf(document(printed, title, chosen), directory / "report.pdf")
            paths.append(resources.shown_path((directory / "report.pdf").absolute()))
    except ReportError as error:
        print(f"esignon-conformance report: {error.text(chosen)}", file=sys.stderr)
        return EXIT_CONFIGURATION if error.is_about_the_folder else EXIT_INTERNAL
    print(word("written", chosen, paths=", ".join(paths)))
    if chosen != statement["language"]:
        # The findings were written down in words when the run ended.
        is_korean = statement["language"] == "ko"
        told = word("report-of-ko", chosen) if is_korean else word("report-of-en", chosen)
        print(told, file=sys.stderr)
    return 0
