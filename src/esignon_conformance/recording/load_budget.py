"""Whether 95% of the answers of a situation came within a budget, as far as that can be told.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from .load_strain import MOST_LATE_MS

# Of fewer answers the 95th of a hundred is one or two of them, and chance decides.
LEAST_ANSWERS = 100
_ALLOWED = 0.05
# A sender that is late by more than this share of the budget does not measure it any more.
_LATE = 0.1

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


def most_late_ms(budget: float) -> float:
    """Return by how much a sender may look at answers late and still measure a budget."""
    return min(MOST_LATE_MS, _LATE * budget)


def measured(
    situation: str, budget: float, p95: float, counts: tuple[int, int], doubtful: int
) -> Measured:
    """Return what a situation comes to: how many answers there were, and how many took too long.

    `doubtful` are those that came while a sender was busy itself.
    """
    count, over = counts
    word: Word = "within"
    if count < LEAST_ANSWERS:
        word = "few"
    elif over > _ALLOWED * count:
        # Even if each answer of those seconds had been in time.
        word = "over" if over - doubtful > _ALLOWED * count else "busy"
    return Measured(situation, budget, p95, count, over, word)
