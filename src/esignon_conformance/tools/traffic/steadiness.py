"""When codes that one request gets in turn prove something: the same for a file and for a fleet."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from ...checks.deviation import Deviation
from ...i18n.message import say

# What begins the group of requests that get several codes; the codes follow.
UNSTEADY = "unsteady"
# Refusals that a change of the account or of its company brings about: its plan ends, say.
_OF_THE_WORLD = frozenset({"10", "95"})


def is_unsteady(before: Collection[str], code: str) -> bool:
    """Tell whether a code differs from those that the same bad request got before, for no reason."""
    # REJ-11: the same bad request gets the same code each time.
    return code not in before and not {*before, code} <= _OF_THE_WORLD


def codes_in_turn(codes: Sequence[str]) -> Deviation:
    """Return the deviation of a bad request that got these codes one after the other."""
    group = " ".join((UNSTEADY, *sorted(set(codes))))
    got = say("codes-in-turn", codes=", ".join(one.join('""') for one in codes))
    return Deviation(say("same-code-each-time"), got, group=group)
