"""`esignon-conformance waivers --from STATEMENT`: the waivers with which that run would have passed."""

from __future__ import annotations

import argparse
import errno
import os
import re
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from ...files import write_text
from ...i18n.catalogue import chosen_language, word
from ...i18n.errors import ConfigurationError
from ...i18n.message import say
from ...i18n.outside import reason_of
from ...reports.waivers_of_run import Signature, entries_of, file_text
from ...resources import shown_path
from ...verdicts.exit_status import EXIT_CONFIGURATION, EXIT_CONFORMS
from .statement_file import read_statement

# As schemas/waivers.json has it.
_TICKET = re.compile(r"https?://\S+")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the statement, and what a waiver has to say."""
    parser.description = (
        "Write the waivers with which a run would have passed: one a failed clause. What waivers of the "
        "run still cover is kept, and what they cover no longer is marked."
    )
    parser.epilog = "exit status: 0; 4 if a file is no statement, or an option is wrong"
    parser.add_argument(
        "--from",
        dest="statement",
        required=True,
        metavar="STATEMENT",
        help="a statement.json, or the folder it lies in",
    )
    parser.add_argument("--owner", required=True, help="who sees to it")
    parser.add_argument("--ticket", required=True, metavar="URL", help="where it is worked on")
    parser.add_argument(
        "--until", required=True, metavar="YYYY-MM-DD", help="the last day on which they waive"
    )
    parser.add_argument(
        "--advisories",
        action="store_true",
        help="for runs with --fail-on advisory: waive these, too",
    )
    parser.add_argument("--output", metavar="FILE", help="write it there (printed)")
    parser.add_argument("--lang", choices=("ko", "en"), default=None, help="language of the text")


def main(options: argparse.Namespace) -> int:
    """Write the waivers; return the exit status."""
    language = chosen_language(options.lang)
    try:
        signature = _signature(options)
        statement = read_statement(Path(options.statement))
        entries = entries_of(statement, signature, language, advisories=options.advisories)
        heading = word("waivers-heading", language, started=statement.started)
        text = file_text(entries, heading)
        if options.output is None:
            print(text, end="")
        else:
            _write(Path(options.output), text)
    except ConfigurationError as error:
        print(f"esignon-conformance waivers: {error.text(language)}", file=sys.stderr)
        return EXIT_CONFIGURATION
    return EXIT_CONFORMS


def _signature(options: argparse.Namespace) -> Signature:
    try:
        until = date.fromisoformat(options.until)
    except ValueError:
        until = None
    is_date = until is not None and re.fullmatch(r"\d{4}-\d{2}-\d{2}", options.until)
    if until is None or not is_date or until < datetime.now(UTC).date():
        raise ConfigurationError(say("config-until", until=options.until))
    if not _TICKET.fullmatch(options.ticket):
        raise ConfigurationError(say("config-ticket", ticket=options.ticket))
    if not options.owner.strip():
        raise ConfigurationError(say("config-owner"))
    return Signature(options.owner.strip(), options.ticket, options.until)


def _write(path: Path, text: str) -> None:
    try:
        if path.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        write_text(path, text)
    except OSError as error:
        where, reason = shown_path(path), reason_of(error)
        raise ConfigurationError(say("output-unwritable", path=where, reason=reason)) from None
