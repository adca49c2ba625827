"""YAML files with the line of every place in them, so that a problem can name file and line."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from ..i18n.catalogue import render
from ..i18n.language import Language
from ..i18n.message import Message, say
from ..i18n.outside import outside, reason_of
from ..resources import shown_path

Pointer = tuple[str | int, ...]


@dataclass(frozen=True)
class Problem:
    """Something wrong in a data file: where, and what to do about it; a file as a whole has the line 0."""

    file: str
    line: int
    message: str | Message

    def __str__(self) -> str:
        return self.text("en")

    def text(self, language: Language) -> str:
        """Return the problem in a language, with its place before it."""
        message = outside(self.message) if isinstance(self.message, str) else self.message
        return f"{self.place}: {render(message, language)}"

    @property
    def place(self) -> str:
        """Return the file, and the line where there is one."""
        return self.file if not self.line else f"{self.file}:{self.line}"


class ContractError(Exception):
    """The contract's data cannot be used; `problems` lists all that is wrong at once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(self.text("en"))

    def text(self, language: Language) -> str:
        """Return all problems in a language, a line each."""
        return "\n".join(problem.text(language) for problem in self.problems)


class _Loader(yaml.CSafeLoader):
    """PyYAML's safe loader, which also refuses a name that stands twice in one mapping."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                continue  # PyYAML refuses it below: `{{password}}` without quotes, say.
            if key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"the name {key.value!r} stands twice", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def _as_text(loader: _Loader, node: yaml.ScalarNode) -> str:
    return str(loader.construct_scalar(node))


# A date is a text, as in JSON, so that a schema can look at it; and 2026-02-30 is no crash.
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _as_text)


@dataclass(frozen=True)
class Document:
    """A YAML file: its path as shown to people, its text and its value."""

    file: str
    text: str
    value: Any

    def line(self, pointer: Pointer = ()) -> int:
        """Return the line (from 1) at which the place named by `pointer`, or its nearest parent, begins."""
        node = yaml.compose(self.text, Loader=yaml.CSafeLoader)
        mark = node.start_mark if node is not None else None
        for step in pointer:
            child: yaml.Node | None = None
            if isinstance(node, yaml.MappingNode):
                for key, value in node.value:
                    if key.value == str(step):
                        child, mark = value, key.start_mark
            elif isinstance(node, yaml.SequenceNode) and isinstance(step, int):
                child = node.value[step] if step < len(node.value) else None
                mark = child.start_mark if child is not None else mark
            if child is None:
                break
            node = child
        return mark.line + 1 if mark is not None else 1

    def problem(self, message: str | Message, pointer: Pointer = ()) -> Problem:
        """Return a `Problem` of this file at `pointer`."""
        return Problem(self.file, self.line(pointer), message)


def read(path: Path, root: Path, known: dict[str, Any] | None = None) -> Document:
    """Read a YAML file.

    `known` keeps the value of each text: who gives it reads files that are alike once, and changes none
    of the values.

    Raises `ContractError` with one problem when the file is absent, is not UTF-8 or is not YAML.
    """
    shown = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
    try:
        text = path.read_text(encoding="utf-8")
        values = {} if known is None else known
        if text not in values:
            # The loader is PyYAML's safe one: it makes nothing but plain values.
            values[text] = yaml.load(text, Loader=_Loader)  # noqa: S506
        return Document(shown, text, values[text])
    except OSError as error:
        where = shown if path.is_relative_to(root) else shown_path(path)
        raise ContractError([Problem(where, 0, _unreadable(reason_of(error)))]) from error
    except UnicodeDecodeError as error:
        raise ContractError([Problem(shown, 1, say("file-not-utf-8"))]) from error
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 if mark is not None else 1
        raise ContractError([Problem(shown, line, _no_yaml(error.problem or ""))]) from error
    except yaml.YAMLError as error:
        raise ContractError([Problem(shown, 1, _no_yaml(str(error)))]) from error


def _unreadable(reason: Message) -> Message:
    return say("file-unreadable", reason=reason)


def _no_yaml(problem: str) -> Message:
    return say("file-no-yaml", reason=outside(problem))


def problems_of(error: ContractError) -> Message:
    """Return the problems of an error as one message, which is rendered where the language is known."""
    first, *more = error.problems
    said = outside(first.message) if isinstance(first.message, str) else first.message
    key = "problem-and-more" if more else "problem"
    return say(key, place=first.place, said=said, count=len(more))
