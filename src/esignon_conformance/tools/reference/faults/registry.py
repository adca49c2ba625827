"""What a known-bad server is: its name, the clauses that may be named, how it is built."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias, TypeVar

from ..application import Application, application
from ..login import STEPS
from ..world import World
from .wire_server import WireServer

Served: TypeAlias = Application | WireServer
Build: TypeAlias = Callable[[World], Served]
LeastDepth = Literal["quick", "standard", "never"]
Level = Literal["must", "should"]
F = TypeVar("F", bound=Callable[..., Any])

# What a run waits for an answer, in seconds; servers that never answer are given less.
PATIENCE = 15.0


@dataclass(frozen=True, slots=True)
class Fault:
    """A server that breaks one promise and is right in everything else.

    `clauses` are those that may be named for it, the one expected first.  `least_depth` is that of
    a run that can find it: ``quick`` where a case shows it, ``standard`` where only drawn requests do,
    and ``never`` where looking for it would break a rule that keeps accounts safe.  `level` is that of
    its clauses: one that breaks a should is advised of and fails nothing.
    """

    name: str
    clauses: tuple[str, ...]
    docstring: str
    build: Build
    least_depth: LeastDepth = "quick"
    answer_timeout: float = PATIENCE
    level: Level = "must"


FAULTS: dict[str, Fault] = {}


def add(
    name: str,
    clauses: str,
    sentence: str,
    build: Build,
    *,
    least_depth: LeastDepth = "quick",
    answer_timeout: float = PATIENCE,
    level: Level = "must",
) -> None:
    """Register a fault; `clauses` stand in one string, blanks between.  No name may come twice."""
    if name in FAULTS:
        raise ValueError(f"two faults have the name {name}")
    FAULTS[name] = Fault(
        name, tuple(clauses.split()), sentence, build, least_depth, answer_timeout, level
    )


def fault(
    clauses: str, *, step: str = "", least_depth: LeastDepth = "quick", level: Level = "must"
) -> Callable[[F], F]:
    """Register a function: as the step that it replaces, else as what builds a server.

    Its name, with hyphens, is the fault's name and its docstring the fault's sentence.
    """

    def register(function: F) -> F:
        name, sentence = function.__name__.replace("_", "-"), function.__doc__ or ""
        build = changed(**{step: function}) if step else function
        add(name, clauses, sentence, build, least_depth=least_depth, level=level)
        return function

    return register


def changed(**steps: Any) -> Build:
    """Return how to build the server in the box with some of its steps replaced."""
    return lambda world: application(world, replace(STEPS, **steps))
