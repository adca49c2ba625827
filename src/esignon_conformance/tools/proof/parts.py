"""All known-bad and known-good servers, and the parts of them that one proof takes."""

from __future__ import annotations

from collections.abc import Mapping

from ..reference.faults import FAULTS
from ..reference.liberties import LIBERTIES
from .judged_server import Server

# No part has fewer of the liberties than one in so many: whom to blame is the worst mistake.
_MOST_PARTS_OF_LIBERTIES = 4


def all_servers() -> dict[str, Server]:
    """Return every known-bad and known-good server by name.  Raises `ValueError` for a name twice."""
    both = set(FAULTS) & set(LIBERTIES)
    if both:
        raise ValueError(f"faults and liberties have the same names: {', '.join(sorted(both))}")
    return {**FAULTS, **LIBERTIES}


def part_of(servers: Mapping[str, Server], part: int, parts: int) -> set[str]:
    """Return the names of every so many-th fault, across all clauses, and of such a part of the liberties.

    However small the part is, it has a quarter of the liberties.
    """
    known = [name for name in FAULTS if name in servers]
    faults = sorted(known, key=lambda name: FAULTS[name].clauses[0])
    liberties = [name for name in servers if name not in FAULTS]
    step = min(parts, _MOST_PARTS_OF_LIBERTIES)
    return {*faults[part - 1 :: parts], *liberties[(part - 1) % step :: step]}


def part_number(text: str) -> tuple[int, int]:
    """Return the K and the N of a text `K/N`.  Raises `ValueError` for any other text."""
    part, _, parts = text.partition("/")
    if not 1 <= int(part) <= int(parts):
        raise ValueError(text)
    return int(part), int(parts)
