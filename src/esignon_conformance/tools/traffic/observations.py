"""What was observed of the same thing at several times, as one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...checks import CHECKS
from ...checks.observations import Seen
from ...contract.model import Contract

# Of more values than this it is told that they are many, however many there are.
_MOST_VALUES = 64


def joined(one: Any, other: Any) -> Any:
    """Return what two batches, or two processes, have seen as one: lists, by whatever names.

    Of too many values the same ones are left, whichever came first.
    """
    if isinstance(one, dict) and isinstance(other, dict):
        return {
            name: joined(one[name], other[name])
            if name in one and name in other
            else one.get(name, other.get(name))
            for name in sorted({*one, *other})
        }
    return sorted({*one, *other})[:_MOST_VALUES]


def told(contract: Contract, seen: Mapping[str, Seen]) -> dict[str, dict[str, Any]]:
    """Return by clause what is told of all that was seen."""
    checks = {clause_id: CHECKS[contract.clauses[clause_id].check] for clause_id in seen}
    return {
        clause_id: check.observation.told(seen[clause_id])
        for clause_id, check in checks.items()
        if check.observation is not None
    }
