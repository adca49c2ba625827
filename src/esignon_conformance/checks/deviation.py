"""What one exchange did otherwise than its clause promises."""

from __future__ import annotations

from dataclasses import dataclass

from ..i18n.message import Message


@dataclass(frozen=True)
class Deviation:
    """What one exchange did otherwise: where, what was expected, what came.

    Deviations of one clause with the same place and `group` (by default: the same expectation and
    answer) are one finding.  `part_of` is the clause of which it may well be the finding.
    """

    expected: Message
    got: Message
    pointer: str = ""
    group: str = ""
    part_of: str = ""

    @property
    def likeness(self) -> tuple[object, ...]:
        """Return what makes two deviations the same finding."""
        return (self.pointer, self.group or (self.expected, self.got))
