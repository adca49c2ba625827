"""Whether 95% of the answers of a situation came within a budget, as far as that can be told.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# Of fewer answers the 95th of a hundred is one or two of them, and chance decides.
LEAST_ANSWERS = 100
_ALLOWED = 0.05
# Of waits that are so long on average one in twenty is three times as long (if they come by chance).
_LATE = 3.0

Word = Literal["within", "over", "few", "busy"]


@dataclass(frozen=True)
class Measured:
    """A situation: its budget and its 95th percentile in milliseconds, and what that comes to.

    ``few``: there were fewer than `LEAST_ANSWERS`; ``busy``: what came late may have been late by the
    sender's own doing.
    """

    situation: str
    budget: float
    p95: float
    count: int
    over: int
    word: Word

    @property
    def budget_text(self) -> str:
        """Return the budget as it is shown."""
        return f"{self.budget:g}"

    @property
    def p95_text(self) -> str:
        """Return the 95th percentile as it is shown."""
        return f"{self.p95:.1f}" if self.p95 < 10 else f"{self.p95:.0f}"


def measured(
    situation: str, budget: float, p95: float, counts: tuple[int, int], doubts: tuple[int, float]
) -> Measured:
    """Return what a situation comes to: how many answers there were, and how many took too long.

    `doubts` are how many answers came while a sender was busy itself, and by how many milliseconds one
    was late on average at other times.
    """
    count, over = counts
    doubtful, late_ms = doubts
    word: Word = "within"
    if count < LEAST_ANSWERS:
        word = "few"
    elif over > _ALLOWED * count:
        # Even if each answer of those seconds had been in time, and all others had been looked at late.
        is_sure = over - doubtful > _ALLOWED * count and p95 - _LATE * late_ms > budget
        word = "over" if is_sure else "busy"
    return Measured(situation, budget, p95, count, over, word)
