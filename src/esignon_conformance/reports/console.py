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
_BAR_WIDTH = 8
_NARROWEST = 40
# From so many columns on there is room for a bar.
_ROOMY = 80
# The stages in which each step is a request or more.
_SENDING = frozenset({"cases", "draws"})
_HANGING = 2


def is_terminal(stream: TextIO, environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether a person looks at a stream, on a terminal that knows how wide it is."""
    return environment.get("TERM") not in ("dumb", "unknown") and stream.isatty()


def takes_colours(environment: Mapping[str, str] = os.environ) -> bool:
    """Tell whether a terminal may get colours: not with NO_COLOR set to anything (https://no-color.org)."""
    return not environment.get("NO_COLOR")


class Terminal:
    """A terminal that may get colours and progress."""

    def __init__(
        self,
        stream: TextIO,
        language: Language,
        pace: Callable[[], float] = lambda: 0.0,
        *,
        in_colour: bool | None = None,
    ) -> None:
        """Prepare to write to `stream`; `pace` gives the seconds between requests, 0 for no limit."""
        from rich.console import Console  # noqa: PLC0415 - see the module's docstring
        from rich.theme import Theme  # noqa: PLC0415 - see the module's docstring

        coloured = takes_colours() if in_colour is None else in_colour
        self._console: Console = Console(
            file=stream,
            highlight=False,
            theme=Theme(_THEME),
            color_system="auto" if coloured else None,
        )
        self._language = language
        self._pace = pace
        self._progress: Progress | None = None
        self._stage = ""

    @property
    def width(self) -> int:
        """Return how many characters fit in a line."""
        return self._console.width

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

        def sends() -> bool:
            return self._stage in _SENDING

        class PaceColumn(ProgressColumn):
            """The pace that the target's limit allows; nothing where there is none."""

            def render(self, task: Task) -> Text:
                total = task.total or 0 if sends() else 0
                text = pace_text(pace(), language, max(0, int(total - task.completed)))
                return Text(text, style=_STYLES["warning"])

        # A line that is too long would be broken, and each step would leave a piece of it behind.
        roomy = (BarColumn(bar_width=_BAR_WIDTH), TimeElapsedColumn())
        bar, elapsed = ((one,) if self.width >= _ROOMY else () for one in roomy)
        self._progress = Progress(
            TextColumn("{task.description}"),
            *bar,
            MofNCompleteColumn(),
            *elapsed,
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


def pace_text(interval: float, language: Language, left: int = 0) -> str:
    """Return the pace in words, empty without a limit; `interval` is in seconds between requests.

    With `left` requests to send it says how long they take at least.
    """
    if interval <= 0:
        return ""
    rate = f"{1 / interval:.1f}"
    if not left:
        return word("pace", language, rate=rate)
    minutes, seconds = divmod(round(left * interval), 60)
    return word("pace-left", language, rate=rate, left=f"{minutes}:{seconds:02}")


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
