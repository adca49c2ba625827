"""What a person at a terminal sees: a real pseudo-terminal of 80 and 120 columns, in both languages."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import struct
import termios
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.cells import cell_len

from esignon_conformance.files import write_json
from esignon_conformance.i18n.catalogue import word
from esignon_conformance.i18n.language import Language
from esignon_conformance.reports.console import (
    is_terminal,
    takes_colours,
)
from esignon_conformance.reports.statement import statement
from selftest.support import warm_start
from selftest.support.command import COMMAND, python
from selftest.support.judged import basis
from selftest.support.terminals import Screen, left
from selftest.support.written_runs import run_of


def seen(
    *arguments: str, columns: int = 80, settings: Mapping[str, str] | None = None
) -> tuple[int, str]:
    """Run the command in a pseudo-terminal; return its exit status and all that it wrote there."""
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("ESIGNON_") and name not in ("NO_COLOR", "COLUMNS")
    }
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    process = warm_start.start(
        *(COMMAND, arguments, {**environment, "TERM": "xterm-256color", **(settings or {})}),
        (theirs, theirs, theirs),
    )
    os.close(theirs)
    written = b""
    try:
        while piece := os.read(ours, 65536):
            written += piece
    except OSError:
        pass  # How Linux says that nobody holds the other end any more.
    os.close(ours)
    return process.wait(60), written.decode("utf-8").replace("\r\n", "\n")


# ---- a run -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("columns", "language", "depth", "part"),
    [
        (60, "en", "smoke", ""),
        pytest.param(80, "ko", "quick", "", marks=pytest.mark.slow),
        pytest.param(120, "ko", "quick", "", marks=pytest.mark.slow),
        (80, "ko", "quick", "REJ-1"),
        pytest.param(120, "ko", "quick", "REJ-1", marks=pytest.mark.slow),
    ],
)
def test_a_run_shows_progress_and_ends_with_a_screen_that_fits(
    tmp_path: Path, columns: int, language: Language, depth: str, part: str
) -> None:
    # A part has as many cases as it takes to show progress.
    status, written = seen(
        *("run", "--report-dir", str(tmp_path), "--lang", language, "--depth", depth),
        *(("-k", part) if part else ()),
        columns=columns,
    )
    assert status == 0, written
    for stage in ("cases", "judging"):
        assert word(f"stage-{stage}", language) in written
    lines = left(written)
    assert [line for line in lines if cell_len(line) > columns] == []
    screen = "\n".join(lines)
    for stage in ("cases", "judging"):
        assert word(f"stage-{stage}", language) not in screen
    headline = word("headline-part" if part else "headline-conforms", language)
    assert (headline if part else f"\x1b[32m{headline}") in written
    for name in ("summary.md", "statement.json", "junit.xml", "exchanges.har"):
        assert str(tmp_path / name) in screen.replace("\n  ", "")
    # The cursor, hidden while there was progress, is shown again.
    assert written.rfind("\x1b[?25h") > written.rfind("\x1b[?25l") >= 0


@pytest.mark.parametrize(
    ("settings", "more"),
    [({"NO_COLOR": "1"}, ()), ({"TERM": "dumb"}, ()), ({}, ("--color=no",))],
)
def test_a_plain_terminal_gets_plain_text(
    tmp_path: Path, settings: dict[str, str], more: tuple[str, ...]
) -> None:
    arguments = ("run", "--report-dir", str(tmp_path), "--lang", "en", "-k", "SUC-1", *more)
    status, written = seen(*arguments, settings=settings)
    assert status == 0
    assert "\x1b" not in written
    assert "\r" not in written
    assert word("headline-part", "en") in written


def test_what_is_no_terminal_gets_plain_text_and_never_rich(tmp_path: Path) -> None:
    code = f"import sys\ntry:\n    {COMMAND.replace('; ', chr(10) + '    ')}\nfinally:\n"
    code += "    print('rich' in sys.modules, file=sys.stderr)\n"
    ran = python(code, "run", "-k", "SUC-1", "--report-dir", str(tmp_path))
    assert ran.returncode == 0
    assert ran.stderr.split() == ["False"]
    assert "\x1b" not in ran.stdout


def test_pytest_itself_in_a_terminal_has_the_screen_and_no_progress(tmp_path: Path) -> None:
    status, written = seen(
        *("run", "-v", "-v", "-v", "--report-dir", str(tmp_path), "--lang", "en", "-k", "SUC-1")
    )
    assert status == 0
    assert word("stage-cases", "en") not in written
    assert word("headline-part", "en") in written
    assert "test_clause[SUC-1]" in written


def test_diff_is_in_colour_in_a_terminal(tmp_path: Path) -> None:
    run = run_of(tmp_path, basis())
    write_json(tmp_path / "statement.json", statement(run, 0, "en"))
    status, written = seen("diff", str(tmp_path), str(tmp_path), "--lang", "ko")
    assert status == 0
    assert f"\x1b[32m{word('diff-no-must', 'ko')}" in written


# ---- whether to use it -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, True),
        ({"TERM": "xterm"}, True),
        ({"NO_COLOR": ""}, True),
        ({"NO_COLOR": "0"}, True),
        ({"TERM": "dumb"}, False),
    ],
)
def test_lines_are_wrapped_for_terminals_that_know_their_width(
    environment: dict[str, str], expected: bool
) -> None:
    assert is_terminal(Screen(), environment) is expected
    assert is_terminal(io.StringIO(), environment) is False
    assert takes_colours(environment) is (environment.get("NO_COLOR", "") == "")
