"""Progress, tables and lines as a terminal of some width shows them."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from esignon_conformance.i18n.catalogue import word
from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.redaction.scrubber import Scrubber
from esignon_conformance.reports.console import (
    Terminal,
    pace_text,
    print_line,
)
from esignon_conformance.reports.final_screen import lines
from esignon_conformance.reports.styled_text import Line, cell_width, line_of
from esignon_conformance.runner.progress import STAGES, Stage, Step
from selftest.support.judged import basis
from selftest.support.terminals import Screen
from selftest.support.written_runs import run_of

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


def test_what_a_server_sends_moves_no_cursor_and_begins_no_line() -> None:
    sent = "a\x1b[2J\r\n::error::b\x9b31m\u202e\u2028\ud800\t가 👩\u200d💻"
    line = Line((("Got: ", "faint"), (sent, "plain")))
    seen = r"a\x1b[2J\x0d\x0a::error::b\x9b31m\u202e\u2028\ud800" + "\t가 👩\u200d💻"
    assert line.text == f"Got: {seen}"
    scrubber = Scrubber()
    token = "of\x1bsome\r\nbody-7\u202eqwzx-4711"
    scrubber.register_token(token)
    assert line_of(f"<{token}>").scrubbed(scrubber.scrub).text == "<<token 1>>"
