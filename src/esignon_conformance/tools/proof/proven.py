"""Which servers a whole proof has found as they should be, and which of them nothing has touched since.

A proof of all servers takes most of an hour, so that a change is proven on a part of them.  A known-bad
server need not be proven again while it, its clauses with their cases, the cases that showed it and the
checks that judge them are those that it was proven with; a known-good one while all cases and checks are.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import MISSING, Field, dataclass, fields
from pathlib import Path
from typing import Any

from ... import resources
from ...checks import CHECKS
from ...checks.view import View
from ...contract.model import Case, Contract
from ...i18n.errors import ConfigurationError
from ...i18n.message import Message, say
from ...verdicts.judging_order import with_dependencies
from ..reference.faults import Fault
from ..reference.faults.registry import changed
from ..reference.liberties import Liberty
from .fingerprints import Fingerprints
from .matrix import Matrix
from .score import Result

Proven = Mapping[str, str]


def fingerprints_of(
    servers: Mapping[str, Fault | Liberty], contract: Contract, matrix: Matrix
) -> dict[str, str]:
    """Return the fingerprint of what the proof of each server rests on, by its name."""
    # The server in the box that they all are changes of is judged by itself, and no verdict hangs on words.
    taken = Fingerprints(changed(), Message, say)
    accounts = (resources.contracts() / "accounts.yaml").read_text(encoding="utf-8")
    # Each once, since many servers rest on the same.
    cases = {one.id: taken.of(_as_sent(one)) for one in contract.cases.values()}
    clauses = {one: _clause(taken, contract, one) for one in contract.clauses}
    whole = taken.of(cases, clauses)
    found: dict[str, str] = {}
    for name, server in servers.items():
        built = (server.build, server.answer_timeout, accounts)
        if isinstance(server, Liberty):
            # Whatever is sent and judged may blame it.
            found[name] = taken.of(*built, whole)
            continue
        shown = matrix[name].cases & cases.keys() if name in matrix else set()
        of_clauses = {case.id for one in server.clauses for case in contract.cases_of(one)}
        expected = (server.clauses, server.level, server.least_depth)
        judged = [clauses[one] for one in server.clauses]
        judged += [cases[one] for one in sorted(shown or of_clauses)]
        found[name] = taken.of(*built, expected, judged)
    return found


# Every verdict hangs on what answers come to, and that on these: see `View.outcome`.
_OF_OUTCOMES = ("ENV-1", "ENV-5")


def _clause(taken: Fingerprints, contract: Contract, clause_id: str) -> str:
    """Return the fingerprint of how a clause is judged, and those without which it is not."""
    ids, before = set[str](), {clause_id, *_OF_OUTCOMES} & contract.clauses.keys()
    while ids != before:
        ids = before
        seen = {one for each in ids for one in contract.clauses[each].sees}
        before = with_dependencies(contract, ids | seen)
    judged = [contract.clauses[one] for one in sorted(ids)]
    kinds = [(one.id, one.level, one.parameters, one.depends_on, one.sees) for one in judged]
    return taken.of(View, kinds, [CHECKS[one.check] for one in judged])


def _as_sent(case: Case) -> dict[str, Any]:
    """Return what makes a case another one: its title does not, nor that cases may now say more."""
    values = {one.name: getattr(case, one.name) for one in fields(case) if one.name != "title"}
    plain = {one.name: _default(one) for one in fields(case)}
    return {name: value for name, value in values.items() if value != plain[name]}


def _default(one: Field[Any]) -> Any:
    return one.default if one.default_factory is MISSING else one.default_factory()


def read(path: Path) -> dict[str, str]:
    """Return the fingerprints that servers were proven with.

    Raises `ConfigurationError` for a file that holds none.
    """
    try:
        document = json.loads(gzip.decompress(path.read_bytes()))
        return {str(name): str(one) for name, one in document.items()}
    except (OSError, EOFError, ValueError, AttributeError) as error:
        raise ConfigurationError(
            f"What was proven cannot be read from {path.name}: {error}"
        ) from error


def stored(proven: Proven) -> bytes:
    """Return what was proven as the bytes of its file, equal for equal proofs."""
    text = json.dumps(proven, sort_keys=True, indent=0)
    return gzip.compress(text.encode("utf-8"), mtime=0)


# Of the servers of a part that nothing has touched one in so many is proven all the same, since what sends
# and keeps accounts safe is in no fingerprint; and of those that were touched, elsewhere, so many at most
# as make the part no larger than so many.
_SPARED = 4
_MOST_ELSEWHERE = 24


@dataclass(frozen=True)
class Chosen:
    """The servers to prove, and how many others are as they were proven, or wait for a whole proof."""

    names: frozenset[str]
    spared: int
    waiting: int


def unless_proven(
    part: Collection[str], number: int, fingerprints: Proven, proven: Proven, sought: Iterable[str]
) -> Chosen:
    """Return which servers to prove beside a part, and which of the part need not be.

    `fingerprints` are those of today, `proven` those that servers were proven with, and `sought` the
    known-bad servers that this depth can find.  `number` is that of the part: another day chooses others.
    """
    touched = {name for name, one in fingerprints.items() if proven.get(name) != one}
    again = sorted(set(part) - touched)[number % _SPARED :: _SPARED]
    elsewhere = [name for name in sought if name in touched and name not in part]
    # New ones have never been proven.
    elsewhere.sort(key=lambda name: name in proven)
    room = max(0, _MOST_ELSEWHERE - len(touched & set(part)))
    step = -(-len(elsewhere) // room) if room and elsewhere else 1
    new = sum(name not in proven for name in elsewhere)
    beside = elsewhere[:room] if new or not room else elsewhere[number % step :: step]
    names = frozenset({*(touched & set(part)), *again, *beside})
    return Chosen(names, len(set(part) - names), len(elsewhere) - len(beside))


def merge(path: Path, fingerprints: Proven, results: Iterable[Result]) -> None:
    """Write into a file which servers were found as they should be; the others leave it."""
    before = read(path) if path.exists() else {}
    right = {one.name: one.is_right for one in results}
    now = {
        name: fingerprints[name] if right.get(name) else before[name]
        for name in fingerprints
        if right.get(name, name in before)
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(stored(now))
