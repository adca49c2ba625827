"""Numbers of 64 bits by the hundred thousand, in eight bytes each."""

from __future__ import annotations

from array import array
from collections.abc import Iterable

# So many are kept as Python has them, in ten times the room: most that come again come again soon.
_MOST_NEW = 50_000


class ManyNumbers:
    """Numbers of which it is asked, once all are there, which of some are among them."""

    def __init__(self) -> None:
        self._new: set[int] = set()
        self._kept: list[array[int]] = []

    def add(self, number: int) -> None:
        """Add a number of 64 bits with a sign."""
        self._new.add(number)
        if len(self._new) >= _MOST_NEW:
            self._kept.append(array("q", self._new))
            self._new.clear()

    def among(self, numbers: Iterable[int]) -> set[int]:
        """Return those of some numbers that are among these."""
        wanted = set(numbers)
        found = wanted & self._new
        for kept in self._kept:
            found |= wanted.intersection(kept)
        return found
