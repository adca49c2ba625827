"""When codes that one request gets in turn prove something: the same for a file and for a fleet."""

from __future__ import annotations

from collections.abc import Collection

# Refusals that a change of the account or of its company brings about: its plan ends, say.
_OF_THE_WORLD = frozenset({"10", "95"})


def is_unsteady(before: Collection[str], code: str) -> bool:
    """Tell whether a code differs from those that the same bad request got before, for no reason."""
    # REJ-11: the same bad request gets the same code each time.
    return code not in before and not {*before, code} <= _OF_THE_WORLD
