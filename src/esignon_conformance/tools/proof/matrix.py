"""Which cases show which known-bad server: a file that `prove --matrix` makes and `make test` checks."""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ...contract.model import DRAW, Contract
from ...i18n.errors import ConfigurationError
from ..reference.faults import FAULTS, Fault
from .score import Result

LEAST_SHOULD_FAULTS = 3
# In a clone; an installed suite is without its own tests.
MATRIX = Path("selftest") / "shown.jsonl.gz"


@dataclass(frozen=True)
class Row:
    """What one known-bad server showed at a depth: by clause, the cases that deviated."""

    depth: str
    shown: Mapping[str, tuple[str, ...]]

    @property
    def cases(self) -> set[str]:
        """Return every case that showed something."""
        return {case for cases in self.shown.values() for case in cases}


Matrix = Mapping[str, Row]


def read(path: Path) -> dict[str, Row]:
    """Return the rows of a matrix by server, none where there is no file.

    Raises `ConfigurationError` for a file that is no matrix.
    """
    if not path.exists():
        return {}
    try:
        rows = gzip.decompress(path.read_bytes()).decode("utf-8").splitlines()
        return dict(_read_row(json.loads(row)) for row in rows)
    except (OSError, EOFError, ValueError, LookupError, TypeError, AttributeError) as error:
        raise ConfigurationError(f"The matrix {path.name} cannot be read: {error}") from error


def _read_row(row: Mapping[str, Any]) -> tuple[str, Row]:
    shown = {clause: tuple(cases) for clause, cases in row["shown"].items()}
    return row["server"], Row(row["depth"], shown)


def stored(matrix: Matrix) -> bytes:
    """Return a matrix as the bytes of its file, equal for equal matrices."""
    rows = [
        {"server": name, "depth": row.depth, "shown": dict(row.shown)}
        for name, row in sorted(matrix.items())
    ]
    text = "".join(json.dumps(row, sort_keys=True) + "\n" for row in rows)
    return gzip.compress(text.encode("utf-8"), mtime=0)


def merge(path: Path, contract: Contract, results: Iterable[Result], depth: str) -> None:
    """Write what results show into a matrix; what is no server or case any more leaves it."""
    matrix = merged(read(path), results, depth, FAULTS, contract.cases)
    path.parent.mkdir(parents=True, exist_ok=True)
    scratch = path.with_name(path.name + ".part")
    scratch.write_bytes(stored(matrix))
    scratch.replace(path)


def merged(
    matrix: Matrix,
    results: Iterable[Result],
    depth: str,
    servers: Collection[str],
    cases: Collection[str],
) -> dict[str, Row]:
    """Return a matrix with the rows of these results in the place of older ones.

    A result without a verdict changes nothing.
    """
    new = {
        one.name: Row(depth, {clause: tuple(sorted(found)) for clause, found in one.cases.items()})
        for one in results
        if not one.problem
    }
    known = {name: row for name, row in {**matrix, **new}.items() if name in servers}
    return {name: Row(row.depth, _known(row.shown, cases)) for name, row in known.items()}


def _known(
    shown: Mapping[str, tuple[str, ...]], cases: Collection[str]
) -> dict[str, tuple[str, ...]]:
    found = {
        clause: tuple(one for one in names if one in cases or one.startswith(f"{DRAW}-"))
        for clause, names in shown.items()
    }
    return {clause: names for clause, names in sorted(found.items()) if names}


@dataclass(frozen=True)
class Exceptions:
    """Clauses that no known-bad server can break here and cases that none can show, with the reasons."""

    clauses: Mapping[str, str]
    cases: Mapping[str, str]


def gaps(
    contract: Contract, faults: Mapping[str, Fault], matrix: Matrix, exceptions: Exceptions
) -> Iterator[str]:
    """Yield a sentence for each clause, case and server that the collection does not cover.

    An exception that is needed no longer, and a name that there is not, are told, too.
    """
    yield from _clauses_without_server(contract, faults, exceptions)
    yield from _cases_without_server(contract, faults, matrix, exceptions)
    for name in sorted(faults.keys() - matrix.keys()):
        yield f"{name} is not in the matrix"
    for name in sorted(matrix.keys() - faults.keys()):
        yield f"{name} is in the matrix and no known-bad server"


def _clauses_without_server(
    contract: Contract, faults: Mapping[str, Fault], exceptions: Exceptions
) -> Iterator[str]:
    for clause in contract.clauses.values():
        if clause.level == "observe":
            continue
        count = sum(one.clauses[0] == clause.id for one in faults.values())
        enough = count >= (LEAST_SHOULD_FAULTS if clause.level == "should" else 1)
        if not enough and clause.id not in exceptions.clauses:
            yield f"{clause.id} has {count} known-bad servers"
        if enough and clause.id in exceptions.clauses:
            yield f"{clause.id} is an exception and has its known-bad servers"
    for clause_id in sorted(exceptions.clauses.keys() - contract.clauses.keys()):
        yield f"{clause_id} is an exception and no clause"


def _cases_without_server(
    contract: Contract, faults: Mapping[str, Fault], matrix: Matrix, exceptions: Exceptions
) -> Iterator[str]:
    shown = {
        (clause, case)
        for name, row in matrix.items()
        if name in faults
        for clause, cases in row.shown.items()
        for case in cases
    }
    named = {case for row in matrix.values() for case in row.cases}
    for case in contract.cases.values():
        if contract.clauses[case.clause].level == "observe":
            continue
        # A burst is recorded as what it mixes.
        parts = case.burst.get("mix", (case.id,))
        seen = all((case.clause, part) in shown for part in parts)
        if not seen and case.id not in exceptions.cases:
            yield f"no known-bad server makes {case.id} deviate from {case.clause}"
        if seen and case.id in exceptions.cases:
            yield f"{case.id} is an exception and a known-bad server makes it deviate"
    for name in sorted(exceptions.cases.keys() - contract.cases.keys()):
        yield f"{name} is an exception and no case"
    for name in sorted(named - contract.cases.keys()):
        if not name.startswith(f"{DRAW}-"):
            yield f"{name} is in the matrix and no case"
