"""A known deviation that is tolerated for a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Waiver:
    """A deviation that is known and borne with for a time: of a clause, of a case, or of both together.

    `until` is the last day on which it waives.  `may_hold` says that the deviation comes and goes;
    `send` is False for a case that harms the target and is left out.  `place` is file and line.
    """

    reason: str
    owner: str
    ticket: str
    until: date
    clause: str = ""
    case: str = ""
    may_hold: bool = False
    send: bool = True
    place: str = ""

    @property
    def about(self) -> str:
        """Return what is waived: a clause, a case, or a case under a clause."""
        return " ".join(one for one in (self.clause, self.case) if one)
