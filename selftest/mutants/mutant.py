"""What a mutant is, and what names it: the text that changed, not the number of its line."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeGuard

# A line from 1 and a column from 0, both of characters.
Position = tuple[int, int]
Documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, order=True, slots=True)
class Name:
    """What names a mutant for as long as its own line stays as it is.

    `where` is the innermost function or class, dotted, empty at the top of the file.  `before` and
    `after` are the lines that differ, in one line.  `nth` counts from 1 where a definition has several
    mutants of the same two texts.
    """

    file: str
    where: str
    before: str
    after: str
    nth: int = 1

    def __str__(self) -> str:
        place = f"{self.file}: {self.where}" if self.where else self.file
        number = f" [{self.nth}]" if self.nth > 1 else ""
        return f"{place}: {self.before} -> {self.after or '(nothing)'}{number}"


@dataclass(frozen=True, slots=True)
class Change:
    """A text that one operator, at its so-many-th place, has made of a whole file."""

    operator: str
    occurrence: int
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Mutant:
    """A changed file of the server in the box, its name, and the number of its line today."""

    name: Name
    line: int
    change: Change


def mutants_of(file: str, source: str, changes: Iterable[Change]) -> Iterator[Mutant]:
    """Yield what is another program than the source, each program once."""
    places = definitions(source)
    seen, counts = {program(source)}, Counter[tuple[str, str, str]]()
    for change in changes:
        try:
            made = program(change.text)
        except SyntaxError:
            continue
        if made in seen:
            continue
        seen.add(made)
        line, before, after = difference(source, change.text)
        key = (places.get(line, ""), before, after)
        counts[key] += 1
        yield Mutant(Name(file, *key, counts[key]), line, change)


def difference(source: str, changed: str) -> tuple[int, str, str]:
    """Return the number of the first line that differs, and the lines that differ on either side."""
    old, new = source.splitlines(), changed.splitlines()
    first = next(
        (number for number, pair in enumerate(zip(old, new, strict=False)) if pair[0] != pair[1]),
        min(len(old), len(new)),
    )
    last = 0
    while last < min(len(old), len(new)) - first and old[-1 - last] == new[-1 - last]:
        last += 1
    ends = len(old) - last, len(new) - last
    before, after = _in_one_line(old[first : ends[0]]), _in_one_line(new[first : ends[1]])
    # A decorator goes with the blank lines above it, and those belong to nobody.
    while first + 1 < ends[0] and not old[first].strip():
        first += 1
    return first + 1, before, after


def _in_one_line(lines: Iterable[str]) -> str:
    """Join lines without their comments, which may change and leave the mutant what it is."""
    stripped = (line.strip() for line in lines)
    return " ".join(line for line in stripped if line and not line.startswith("#"))


def definitions(source: str) -> dict[int, str]:
    """Return for each line inside a function or class the dotted name of the innermost one."""
    names: dict[int, str] = {}

    def visit(node: ast.AST, outer: tuple[str, ...]) -> None:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                inner = (*outer, child.name)
                first = min([child.lineno, *(each.lineno for each in child.decorator_list)])
                for line in range(first, (child.end_lineno or child.lineno) + 1):
                    names[line] = ".".join(inner)
                visit(child, inner)
            else:
                visit(child, outer)

    visit(ast.parse(source), ())
    return names


def annotated(source: str) -> frozenset[Position]:
    """Return every position inside an annotation."""
    lines = source.splitlines()
    positions = set[Position]()
    for node in ast.walk(ast.parse(source)):
        for name in ("annotation", "returns"):
            part = getattr(node, name, None)
            if isinstance(part, ast.expr):
                ends = part.end_lineno or part.lineno, part.end_col_offset or part.col_offset
                for line in range(part.lineno, ends[0] + 1):
                    first = part.col_offset if line == part.lineno else 0
                    last = ends[1] if line == ends[0] else len(lines[line - 1])
                    positions |= {(line, column) for column in range(first, last)}
    return frozenset(positions)


def program(source: str) -> str:
    """Return what Python runs of a source: without types, docstrings and comments.

    Every file of the server puts off the evaluation of its annotations.
    """
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.AnnAssign):
            if isinstance(node.annotation, ast.Name) and node.annotation.id == "TypeAlias":
                node.value = None
            node.annotation = ast.Constant(None)
        elif isinstance(node, ast.arg):
            node.annotation = None
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            node.returns = None
        if has_docstring(node):
            node.body = node.body[1:] or [ast.Pass()]
    return ast.dump(tree)


def has_docstring(node: ast.AST) -> TypeGuard[Documented]:
    """Tell whether a node begins with a docstring."""
    return isinstance(node, Documented) and ast.get_docstring(node) is not None
