"""`run --target a --target b`: one run a target, one after the other, and a matrix of them."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import cast

from ...i18n.catalogue import chosen_language, word
from ...i18n.errors import ConfigurationError
from ...reports.statement import STATEMENT_NAME
from ...target.targets_file import chosen_file, entry_named
from ...verdicts.exit_status import (
    EXIT_CONFIGURATION,
    EXIT_CONFORMS,
    EXIT_COULD_NOT_JUDGE,
    EXIT_FAILS,
    EXIT_INTERNAL,
    EXIT_INTERRUPTED,
    EXIT_NOTHING_RAN,
    EXIT_WAIVERS,
)

_OPTION, _FILE_OPTION = "--target", "--targets-file"
# The first that any of the runs ended with, as of one run.
_ORDER = (
    *(EXIT_CONFIGURATION, EXIT_INTERNAL, EXIT_INTERRUPTED, EXIT_FAILS),
    *(EXIT_COULD_NOT_JUDGE, EXIT_WAIVERS, EXIT_NOTHING_RAN, EXIT_CONFORMS),
)


def split_targets(arguments: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the targets that arguments name, each once, and the other arguments."""
    names: dict[str, None] = {}
    rest: list[str] = []
    given = iter(arguments)
    for one in given:
        if one == _OPTION:
            names[next(given, "")] = None
        elif one.startswith(f"{_OPTION}="):
            names[one.partition("=")[2]] = None
        else:
            rest.append(one)
    return list(names), rest


def _file_of(rest: Sequence[str]) -> str | None:
    """Return the file that the arguments name; of two the last one counts."""
    parser = argparse.ArgumentParser(add_help=False, allow_abbrev=False)
    parser.add_argument(_FILE_OPTION)
    return cast("str | None", parser.parse_known_args(rest)[0].targets_file)


def run_each(names: Sequence[str], rest: Sequence[str], directory: Path, lang: str | None) -> int:
    """Judge each target in a process of its own, into a folder of its name; return the exit status.

    A name that the file does not have is told before any of them is sent anything.
    """
    # Imported here, since a run on one target does without it.
    from ...reports.matrix import matrix_of  # noqa: PLC0415 - see the line above
    from .matrix import columns_of, write_matrix  # noqa: PLC0415 - as above

    language = chosen_language(lang)
    try:
        for name in names:
            entry_named(name, chosen_file(_file_of(rest)))
    except ConfigurationError as error:
        print(f"ERROR: {error.text(language)}", file=sys.stderr)
        return EXIT_CONFIGURATION
    statuses, folders = [], []
    for name in names:
        folder = directory / name
        (folder / STATEMENT_NAME).unlink(missing_ok=True)
        command = [
            *(sys.executable, "-m", "esignon_conformance.app.cli.main", "run"),
            *(f"--report-dir={folder}", f"{_OPTION}={name}"),
            *((f"--lang={lang}",) if lang else ()),
        ]
        print(word("run-of-target", language, target=name), flush=True)
        statuses.append(subprocess.run([*command, *rest], check=False).returncode)
        if (folder / STATEMENT_NAME).exists():
            folders.append(folder)
        if statuses[-1] == EXIT_INTERRUPTED:
            break
    if folders:
        try:
            write_matrix(directory, matrix_of(columns_of(folders)), language)
        except ConfigurationError as error:
            print(error.text(language), file=sys.stderr)
            statuses.append(EXIT_INTERNAL)
    return next((one for one in _ORDER if one in statuses), EXIT_INTERNAL)
