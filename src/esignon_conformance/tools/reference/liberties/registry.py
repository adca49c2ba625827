"""What a known-good server is: a name, one sentence, and how to build it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from ..faults.registry import PATIENCE, Build, changed

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Liberty:
    """A server that uses a freedom which the page leaves, and keeps every promise."""

    name: str
    docstring: str
    build: Build
    answer_timeout: float = PATIENCE


LIBERTIES: dict[str, Liberty] = {}


def add(name: str, sentence: str, build: Build) -> None:
    """Register a liberty.  No name may come twice."""
    if name in LIBERTIES:
        raise ValueError(f"two liberties have the name {name}")
    LIBERTIES[name] = Liberty(name, sentence, build)


def liberty(step: str = "") -> Callable[[F], F]:
    """Register a function: as the step that it replaces, else as what builds a server.

    Its name, with hyphens, is the liberty's name and its docstring the liberty's sentence.
    """

    def register(function: F) -> F:
        name, sentence = function.__name__.replace("_", "-"), function.__doc__ or ""
        add(name, sentence, changed(**{step: function}) if step else function)
        return function

    return register
