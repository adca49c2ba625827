"""What a person at a terminal sees: colours, wrapped lines and progress; else plain text.

`rich` is imported only for a terminal, since a tenth of a second is long for a run of two.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TextIO

from ..i18n.catalogue import word
from ..i18n.language import Language
from ..runner.progress import Step
from .styled_text import Line, Style, cell_width

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

_STYLES: Mapping[Style, str] = {
    "plain": "",
    "good": "green",
    "bad": "bold red",
    "warning": "yellow",
    "title": "bold",
    "faint": "dim",
}
# The names are rich's own, for the parts of its progress bar.
_THEME = {
    "bar.complete": "cyan",
    "bar.finished": "cyan",
    "bar.pulse": "cyan",
    "progress.download": "none",
    "progress.elapsed": "dim",
}
_TIMES_A_SECOND = 8
_BAR_WIDTH = 16
_NARROWEST = 40
_HANGING = 2


def is_terminal(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether a stream may get more than plain text.

    It may not with NO_COLOR set to anything (https://no-color.org), nor on a terminal that says that
    it can do nothing.
    """
    if environment.get("NO_COLOR") or environment.get("TERM") in ("dumb", "unknown"):
        return False
    return stream.isatty()


class Terminal:
    """A terminal that may get colours and progress."""

    def __init__(
        self, stream: TextIO, language: Language, pace: Callable[[], float] = lambda: 0.0
    ) -> None:
        """Prepare to write to `stream`; `pace` gives the seconds between requests, 0 for no limit."""
        from rich.console import Console  # noqa: PLC0415 - see the module's docstring
        from rich.theme import Theme  # noqa: PLC0415 - see the module's docstring

        self._console: Console = Console(file=stream, highlight=False, theme=Theme(_THEME))
        self._language = language
        self._pace = pace
        self._progress: Progress | None = None
        self._stage = ""

    def show(self, step: Step) -> None:
        """Show how far a stage has come, in the last line of the screen."""
        progress = self._progress or self._started()
        text = word(f"stage-{step.stage}", self._language)
        total = step.all or None
        if self._stage != step.stage:
            self._stage = step.stage
            for task in list(progress.task_ids):
                progress.remove_task(task)
            progress.add_task(text, total=total, completed=step.done)
            return
        progress.update(progress.task_ids[0], completed=step.done, total=total)

    def end(self) -> None:
        """Take the progress off the screen."""
        if self._progress is not None:
            self._progress.stop()
            self._progress = None
            self._stage = ""

    def print(self, lines: Iterable[Line]) -> None:
        """Print lines in colour; one that is too long goes on under its own beginning."""
        self.end()
        for line in lines:
            print_line(self._console, line)

    def _started(self) -> Progress:
        from rich.progress import (  # noqa: PLC0415 - see the module's docstring
            BarColumn,
            MofNCompleteColumn,
            Progress,
            ProgressColumn,
            Task,
            TextColumn,
            TimeElapsedColumn,
        )
        from rich.text import Text  # noqa: PLC0415 - see the module's docstring

        pace, language = self._pace, self._language

        class PaceColumn(ProgressColumn):
            """The pace that the target's limit allows; nothing where there is none."""

            def render(self, task: Task) -> Text:
                return Text(pace_text(pace(), language), style=_STYLES["warning"])

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=_BAR_WIDTH),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            PaceColumn(),
            console=self._console,
            transient=True,
            refresh_per_second=_TIMES_A_SECOND,
            # pytest has its own hands on both streams.
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._progress.start()
        return self._progress


def pace_text(interval: float, language: Language) -> str:
    """Return the pace in words, empty without a limit; `interval` is in seconds between requests."""
    return word("pace", language, rate=f"{1 / interval:.1f}") if interval > 0 else ""


def print_line(console: Console, line: Line) -> None:
    """Print a line in colour, wrapped with its continuation indented."""
    from rich.text import Text  # noqa: PLC0415 - see the module's docstring

    text = Text.assemble(*((part, _STYLES[style]) for part, style in line.parts))
    if not line.wraps or console.width < _NARROWEST or cell_width(line.text) <= console.width:
        console.print(text, soft_wrap=True)
        return
    indent = len(line.text) - len(line.text.lstrip(" "))
    width = console.width - indent - _HANGING
    for number, piece in enumerate(text[indent:].wrap(console, width)):
        piece.rstrip()
        margin = " " * (indent + (_HANGING if number else 0))
        console.print(Text.assemble(margin, piece), soft_wrap=True)
