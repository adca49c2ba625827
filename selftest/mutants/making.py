"""All mutants of the server in the box: by the operators of Cosmic Ray, and by ours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names

from esignon_conformance.tools import reference
from selftest.mutants.mutant import Change, Mutant, annotated, mutants_of
from selftest.mutants.own_operators import own_changes

SERVER = Path(reference.__file__).parent
# A docstring, the options of a command, and what asks a server without a socket: no login is in them.
NOT_SERVED = frozenset({"__init__.py", "__main__.py", "in_process.py"})
# Cosmic Ray 8.7.0 raises AttributeError where the exception has a dotted name.
BROKEN = frozenset({"core/ExceptionReplacer"})


def all_mutants() -> Iterator[Mutant]:
    """Yield every mutant of every file that makes the server."""
    for path in sorted(SERVER.glob("*.py")):
        if path.name not in NOT_SERVED:
            source = path.read_text("utf-8")
            yield from mutants_of(path.name, source, _changes(source))


def _changes(source: str) -> Iterator[Change]:
    dead = annotated(source)
    for name in operator_names():
        operator = get_operator(name)
        # One with arguments is told which variable to put where: by whom, here?  Exceptions: ours.
        if operator.arguments() or name in BROKEN:
            continue
        nodes = ast_nodes(get_ast(source))
        starts = [start for node in nodes for start, _ in operator().mutation_positions(node)]
        for occurrence, start in enumerate(starts):
            # Each takes a tenth of a second to make, and a change of a type is no other program.
            if start not in dead:
                yield Change(name, occurrence, mutate_code(source, operator(), occurrence))
    yield from own_changes(source)
