"""`esignon-conformance matrix FOLDER…`: one page from the statements of many targets."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ...files import write_text
from ...i18n.catalogue import chosen_language, word
from ...i18n.errors import ConfigurationError
from ...i18n.language import Language
from ...i18n.message import say
from ...i18n.outside import reason_of
from ...reports.history import former_runs, target_name
from ...reports.matrix import Column, Matrix, matrix_document, matrix_of
from ...reports.matrix_pages import matrix_html, matrix_markdown, matrix_notes
from ...reports.statement_diff import Statement
from ...resources import shown_path
from ...runner.requests.contract_check import load
from ...verdicts.exit_status import EXIT_CONFIGURATION, EXIT_CONFORMS, EXIT_FAILS
from .statement_file import read_statement

NAME = "matrix"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the folders and what is to be the same."""
    parser.description = (
        "Write matrix.html, matrix.md and matrix.json: clauses by targets, each with its verdict and its "
        "last runs, what differs from the first target marked."
    )
    parser.epilog = (
        "exit status: 1 where a must verdict differs within --same; 4 where a file is no statement"
    )
    parser.add_argument(
        "folders", nargs="+", metavar="FOLDER", help="a report folder, or a statement.json"
    )
    parser.add_argument(
        "--same",
        action="append",
        default=[],
        metavar="A,B",
        help="targets by name whose must verdicts have to be the same (repeatable)",
    )
    parser.add_argument("--output", metavar="DIR", default=".", help="where it is written (.)")
    parser.add_argument("--lang", choices=("ko", "en"), default=None, help="language of the pages")


def main(options: argparse.Namespace) -> int:
    """Write the matrix; return the exit status."""
    language = chosen_language(options.lang)
    try:
        columns = columns_of([Path(one) for one in options.folders])
        same = [_group(one, columns) for one in options.same]
        matrix = matrix_of(columns, same)
        write_matrix(Path(options.output), matrix, language)
    except ConfigurationError as error:
        print(f"esignon-conformance matrix: {error.text(language)}", file=sys.stderr)
        return EXIT_CONFIGURATION
    return EXIT_FAILS if matrix.unlike else EXIT_CONFORMS


def columns_of(folders: Sequence[Path]) -> list[Column]:
    """Return a column a statement; two of one name are told apart by their folders."""
    statements = [(folder, read_statement(folder)) for folder in folders]
    names = Counter(_name(statement) for _, statement in statements)
    found = []
    for folder, statement in statements:
        name = _name(statement)
        if names[name] > 1:
            name = f"{name} ({shown_path(folder)})"
        directory = folder if folder.is_dir() else folder.parent
        about = {"kind": statement.target.kind, "base_url": statement.target.base_url}
        found.append(Column(name, statement, former_runs(directory, target_name(about))))
    return found


def _name(statement: Statement) -> str:
    about = {"kind": statement.target.kind, "base_url": statement.target.base_url}
    return statement.target.name or target_name(about)


def _group(text: str, columns: Sequence[Column]) -> list[str]:
    names = [one.strip() for one in text.split(",")]
    known = {one.name for one in columns}
    if len(names) < 2 or not known.issuperset(names):  # a group of one is always the same
        raise ConfigurationError(say("config-same", same=text, names=", ".join(sorted(known))))
    return names


def write_matrix(directory: Path, matrix: Matrix, language: Language) -> None:
    """Write the three files, and print where they are and what is not the same."""
    contract = load()
    document = json.dumps(matrix_document(matrix), ensure_ascii=False, indent=2)
    pages = {
        "html": matrix_html(matrix, contract, language),
        "md": matrix_markdown(matrix, contract, language),
        "json": f"{document}\n",
    }
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for ending, text in pages.items():
            write_text(directory / f"{NAME}.{ending}", text)
    except OSError as error:
        where, reason = shown_path(directory), reason_of(error)
        raise ConfigurationError(say("output-unwritable", path=where, reason=reason)) from None
    for line in matrix_notes(matrix, language):
        print(line)
    paths = ", ".join(shown_path(directory / f"{NAME}.{ending}") for ending in pages)
    print(word("written", language, paths=paths))
