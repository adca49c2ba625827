"""How much of the contract a run names: its depth, and the bounds of fresh fuzzing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal, get_args

from ..contract.model import Contract
from ..contract.skip_reason import Reason

Depth = Literal["smoke", "quick", "standard", "deep"]
DEPTHS: tuple[Depth, ...] = get_args(Depth)
# Bounds of fresh fuzzing: examples, and seconds for drawing them.
MAX_EXAMPLES = 200
FUZZ_TIME = 20.0


def cases_of(contract: Contract, depth: Depth) -> Collection[str]:
    """Return the cases that a whole run of a depth names."""
    named = contract.order.of_smoke() if depth == "smoke" else frozenset()
    return named or set(contract.cases)


def left_by(contract: Contract, depth: Depth) -> dict[str, Reason]:
    """Return the cases that a whole run of a depth does not name, with that as the reason."""
    named = cases_of(contract, depth)
    return {name: Reason("depth", depth) for name in contract.cases if name not in named}
