"""How far a run has come: one kind of step for cases, draws and tests, and what shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, get_args

Stage = Literal["cases", "drawing", "draws", "shrinking", "judging"]
STAGES: tuple[Stage, ...] = get_args(Stage)


@dataclass(frozen=True)
class Step:
    """`done` of `all` parts of a stage; `all` is 0 where nobody knows how many there will be."""

    stage: Stage
    done: int
    all: int


class Display(Protocol):
    """What shows the progress of a run."""

    def show(self, step: Step) -> None:
        """Show a step.  `end` takes it away again."""

    def end(self) -> None:
        """Leave nothing on the screen."""


class NoDisplay:
    """Shows nothing: for output that is read later."""

    def show(self, step: Step) -> None:
        """Show nothing."""

    def end(self) -> None:
        """Nothing was shown."""
