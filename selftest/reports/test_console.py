"""What a person at a terminal sees: a real pseudo-terminal of 80 and 120 columns, in both languages."""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import struct
import termios
from collections.abc import Mapping
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from esignon_conformance.files import write_json
from esignon_conformance.i18n.catalogue import word
from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.redaction.scrubber import Scrubber
from esignon_conformance.reports.console import (
    Terminal,
    is_terminal,
    pace_text,
    print_line,
    takes_colours,
)
from esignon_conformance.reports.final_screen import lines
from esignon_conformance.reports.statement import statement
from esignon_conformance.reports.styled_text import Line, cell_width, line_of
from esignon_conformance.runner.progress import STAGES, Stage, Step
from selftest.support import warm_start
from selftest.support.command import COMMAND, python
from selftest.support.exchanges import basis
from selftest.support.written_runs import run_of

_PIECES = re.compile(r"\n|\r|\x1b\[[0-9;?]*[A-Za-z]|[^\n\r\x1b]+")


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


def left(written: str) -> list[str]:
    """Return the lines that stay on the screen, without colours."""
    lines, row, column = [""], 0, 0
    for piece in _PIECES.findall(written):
        if piece == "\n":
            row, column = row + 1, 0
            lines += [""] * (row + 1 - len(lines))
        elif piece == "\r":
            column = 0
        elif piece == "\x1b[2K":
            lines[row] = ""
        elif piece.startswith("\x1b"):
            row -= int(piece[2:-1]) if piece.endswith("A") else 0
        else:
            lines[row] = lines[row][:column].ljust(column) + piece
            column += len(piece)
    return lines


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


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Say so."""
        return True


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


# ---- progress --------------------------------------------------------------------------------------


@pytest.fixture
def colours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the terminal of whoever runs the tests decide nothing."""
    for name in ("NO_COLOR", "COLUMNS", "LINES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


@pytest.mark.usefixtures("colours")
@pytest.mark.parametrize("language", LANGUAGES)
def test_progress_tells_the_stage_how_far_it_is_and_a_limited_pace(language: Language) -> None:
    stream, interval = Screen(), [0.0]
    terminal = Terminal(stream, language, lambda: interval[0])
    terminal.show(Step("cases", 3, 40))
    terminal.show(Step("cases", 17, 40))
    unlimited = terminal_text(terminal)
    assert word("stage-cases", language) in unlimited
    assert "17/40" in unlimited
    assert pace_text(0.25, language) not in unlimited
    interval[0] = 0.25
    assert pace_text(0.25, language, 23) in terminal_text(terminal)
    terminal.show(Step("shrinking", 5, 0))
    other = terminal_text(terminal)
    assert word("stage-shrinking", language) in other
    assert word("stage-cases", language) not in other
    terminal.end()
    assert stream.getvalue().rstrip().endswith("\x1b[2K")


@pytest.mark.usefixtures("colours")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", STAGES)
def test_progress_is_one_line_of_80_columns(language: Language, stage: Stage) -> None:
    terminal = Terminal(Screen(), language, lambda: 1 / 45)
    terminal.show(Step(stage, 3999, 4000))
    shown = terminal_text(terminal, 80)
    terminal.end()
    assert shown.count("\n") == 1
    assert cell_len(shown.rstrip("\n")) <= 80
    left = 1 if stage in ("cases", "draws") else 0
    assert pace_text(1 / 45, language, left) in shown


@pytest.mark.usefixtures("colours")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("stage", ["cases", "draws"])
def test_progress_is_one_line_of_60_columns(
    language: Language, stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    terminal = Terminal(Screen(), language, lambda: 1 / 5)
    terminal.show(Step(stage, 0, 4000))
    shown = terminal_text(terminal, 60)
    terminal.end()
    assert shown.count("\n") == 1
    assert cell_len(shown.rstrip("\n")) <= 60
    assert "0/4000" in shown
    assert "13:20" in shown


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_table_that_does_not_fit_is_a_line_a_group(tmp_path: Path, language: Language) -> None:
    run = run_of(tmp_path, basis())
    wide, narrow = (
        [one.text for one in lines(run, 0, language, (), width=width)] for width in (120, 40)
    )
    group = word("group-SEC", language)
    (row,) = [one for one in narrow if one.startswith(f"{group}: ")]
    assert word("verdict-holds", language) in row
    assert "·  " not in row
    assert any(one.startswith(f"{group}  ") for one in wide)


def terminal_text(terminal: Terminal, width: int = 120) -> str:
    """Return what the progress of a terminal shows at this moment."""
    assert terminal._progress is not None
    console = Console(width=width, file=io.StringIO())
    with console.capture() as capture:
        console.print(terminal._progress.get_renderable())
    return capture.get()


def test_the_pace_is_told_in_requests_a_second() -> None:
    assert pace_text(0.25, "en") == "4.0/s (the target's limit)"
    assert pace_text(0.0, "en") == ""


# ---- lines -----------------------------------------------------------------------------------------


def printed(line: Line, width: int) -> list[str]:
    """Return the lines of the screen that a line takes."""
    console = Console(width=width, file=io.StringIO(), color_system=None, highlight=False)
    with console.capture() as capture:
        print_line(console, line)
    return capture.get().rstrip("\n").split("\n")


@pytest.mark.parametrize("width", [40, 80])
def test_a_long_line_goes_on_under_its_beginning(width: int) -> None:
    text = "      실제: " + " ".join(["한글 낱말과 words"] * 9)
    lines = printed(line_of(text), width)
    assert len(lines) > 1
    assert all(cell_len(one) <= width for one in lines)
    assert lines[0].startswith("      실제: 한글")
    assert all(one.startswith("        ") and one[8] != " " for one in lines[1:])
    assert " ".join(one.strip() for one in lines).split() == text.split()


def test_what_is_to_be_copied_is_never_wrapped() -> None:
    text = "      See it again: esignon-conformance run " + "--option=value " * 9
    assert printed(Line(((text, "plain"),), wraps=False), 80) == [text]


def test_what_a_server_sends_is_no_markup_of_the_terminal() -> None:
    assert printed(line_of("[bold red]x[/] :smile: [link=http://a.invalid]y"), 80) == [
        "[bold red]x[/] :smile: [link=http://a.invalid]y"
    ]


@pytest.mark.parametrize("text", ["", "abc", "한글 a", "ｗｉｄｅ", "é·→"])
def test_the_width_of_a_text_is_that_of_the_terminal(text: str) -> None:
    assert cell_width(text) == cell_len(text) == Text(text).cell_len


def test_a_secret_across_two_parts_of_a_line_is_masked() -> None:
    scrubber = Scrubber()
    scrubber.register("Kx4!vTnZr8", "pwd")
    line = Line((("it is Kx4!v", "faint"), ("TnZr8, is it", "bad")))
    assert line.scrubbed(scrubber.scrub).text == "it is <pwd>, is it"
    inside = Line((("it is ", "faint"), ("Kx4!vTnZr8", "bad")))
    assert inside.scrubbed(scrubber.scrub).parts == (("it is ", "faint"), ("<pwd>", "bad"))
    assert line_of("nothing").scrubbed(scrubber.scrub) == line_of("nothing")
