"""Fresh draws: schemathesis' and the mutator's, the same for the same seed and bounds."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from random import Random

from ...contract.model import Contract
from .draws import Draw, drawn
from .generation import Generator
from .mutation import mutations

_LONGEST = 65536


def fresh_draws(
    contract: Contract,
    seed: int | str,
    most: int,
    seconds: float,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> list[Draw]:
    """Return draws that the contract's cases do not have: of `most` examples, and as many mutations.

    Drawing ends after so many seconds, too; only where it does, equal seeds may give fewer draws.
    """
    ends, schema = time.monotonic() + seconds, contract.operation.request_schema
    bodies: dict[bytes, str] = {}

    def goes_on() -> bool:
        progress(len(bodies), 2 * most)
        return time.monotonic() < ends

    chance = Random(f"mutations {seed}")  # noqa: S311 - so that a seed gives the same draws again
    for way, body in itertools.islice(mutations(chance), most):
        bodies.setdefault(body, way)
    for body in Generator(contract.operation).fuzzing(seed, most, goes_on):
        bodies.setdefault(body, "fuzzing")
    draws = [drawn(body, way, schema) for body, way in bodies.items() if len(body) <= _LONGEST]
    return [draw for draw in draws if draw.id not in contract.cases]
