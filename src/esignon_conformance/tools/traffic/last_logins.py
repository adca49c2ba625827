"""The last logins of one process of a fleet, so that one can be shown where the master asks for it."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from .load_frames import Sent

_LAST, _LAST_BYTES = 5000, 16 * 1024 * 1024


class Noted(NamedTuple):
    """A login, and the how manieth of its process it was."""

    at: int
    sent: Sent


@dataclass
class LastLogins:
    """Keeps logins by the numbers that the master may ask for; both their count and bytes are bounded."""

    _kept: OrderedDict[int, tuple[Noted, tuple[int, ...]]] = field(default_factory=OrderedDict)
    _by_number: dict[int, int] = field(default_factory=dict)
    _bytes: int = 0

    def keep(self, noted: Noted, numbers: Iterable[int]) -> None:
        """Keep a login under those of the numbers that no other one is kept under."""
        new = tuple(one for one in dict.fromkeys(numbers) if one not in self._by_number)
        if not new:
            return
        self._kept[noted.at] = (noted, new)
        self._by_number.update(dict.fromkeys(new, noted.at))
        self._bytes += _size(noted)
        while len(self._kept) > _LAST or (self._bytes > _LAST_BYTES and len(self._kept) > 1):
            _, (first, its_numbers) = self._kept.popitem(last=False)
            self._bytes -= _size(first)
            for number in its_numbers:
                del self._by_number[number]

    def shown(self, number: int) -> Noted | None:
        """Return the login of a number, None where it was too long ago."""
        at = self._by_number.get(number)
        return self._kept[at][0] if at is not None else None


def _size(noted: Noted) -> int:
    return len(noted.sent.body) + len(noted.sent.answer_body)
