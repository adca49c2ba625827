"""Clauses by targets: what several statements come to, beside each other.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..contract.model import Contract, Level
from .history import FormerRun
from .statement_diff import Statement

FORMAT = 1
# So many earlier runs of a target are shown of each clause.
MOST_RUNS = 10


@dataclass(frozen=True)
class Column:
    """A target: its statement, and what its earlier runs came to, oldest first."""

    name: str
    statement: Statement
    former: Sequence[FormerRun] = ()

    def verdict(self, clause: str) -> str | None:
        """Return the verdict of a clause, None where the statement has none of it."""
        return next((one.verdict for one in self.statement.clauses if one.id == clause), None)

    def trend(self, clause: str) -> list[str | None]:
        """Return what the last runs came to, oldest first."""
        return [one.verdicts.get(clause) for one in self.former[-MOST_RUNS:]]


@dataclass(frozen=True)
class Cell:
    """The verdict of a clause for a target, and whether it is another than the first target's."""

    verdict: str | None
    differs: bool
    trend: tuple[str | None, ...]


@dataclass(frozen=True)
class Row:
    """A clause, and its verdict for each target in their order."""

    clause: str
    level: Level
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Matrix:
    """All clauses of several statements, and which of them differ where they have to be the same."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    # By clause of level must, the names of the targets that are to be the same and are not.
    unlike: Mapping[str, tuple[str, ...]]


def matrix_of(columns: Sequence[Column], same: Iterable[Sequence[str]] = ()) -> Matrix:
    """Return the matrix of targets; `same` names groups of them whose verdicts have to be the same."""
    levels: dict[str, Level] = {}
    for column in columns:
        for clause in column.statement.clauses:
            levels.setdefault(clause.id, clause.level)
    rows = tuple(_row(clause, level, columns) for clause, level in levels.items())
    groups = [[one for one in columns if one.name in group] for group in same]
    unlike = {
        clause: tuple(one.name for one in group)
        for clause, level in levels.items()
        if level == "must"
        for group in groups
        if len({one.verdict(clause) for one in group}) > 1
    }
    return Matrix(tuple(columns), rows, unlike)


def _row(clause: str, level: Level, columns: Sequence[Column]) -> Row:
    first = columns[0].verdict(clause)
    cells = []
    for column in columns:
        verdict = column.verdict(clause)
        cells.append(Cell(verdict, verdict != first, tuple(column.trend(clause))))
    return Row(clause, level, tuple(cells))


def matrix_document(matrix: Matrix) -> dict[str, Any]:
    """Return a matrix as plain data: `schemas/matrix.json`."""
    return {
        "format": FORMAT,
        "targets": [
            {
                "name": one.name,
                "kind": one.statement.target.kind,
                "base_url": one.statement.target.base_url,
                "started": one.statement.started,
                "complete": one.statement.complete,
                "depth": one.statement.depth,
                "suite": one.statement.suite.version,
                "contract": one.statement.contract.sha256,
            }
            for one in matrix.columns
        ],
        "clauses": [
            {
                "id": row.clause,
                "level": row.level,
                "verdicts": [
                    {"verdict": cell.verdict, "differs": cell.differs, "trend": list(cell.trend)}
                    for cell in row.cells
                ],
            }
            for row in matrix.rows
        ],
        "unlike": {clause: list(names) for clause, names in matrix.unlike.items()},
    }


def titles_of(contract: Contract, clause: str) -> Mapping[str, str]:
    """Return the titles of a clause; its id where this suite does not know it (a statement of another)."""
    known = contract.known_clauses.get(clause)
    return known.title if known is not None else {"en": clause, "ko": clause}
