"""What an example of a page was read as, and what was mended in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

# Whether a mend is worth telling of; the rest are how pages write JSON everywhere.
MENDS: dict[str, bool] = {
    "remark": False,
    "name-unquoted": False,
    "left-out": False,
    "extra-comma": False,
    "punctuation": True,
    "quotes": True,
    "missing-comma": True,
    "bare-placeholder": True,
    "bare-text": True,
    "no-value": True,
    "no-pair": True,
    "name-twice": True,
    "pairs-in-array": True,
    "stray-text": True,
    "stray-bracket": True,
    "wrong-bracket": True,
    "string-open": True,
    "unclosed": True,
    "second-value": True,
}


class ExampleError(Exception):
    """The text of an example is no JSON, not even nearly; the message says why."""


@dataclass(frozen=True)
class Mend:
    """What was mended in an example: the kind, of `MENDS`, and the line from 0."""

    kind: str
    line: int


@dataclass(frozen=True)
class Read:
    """What an example was read as.

    `lines` has the line of each member by its JSON pointer, from 0; `untyped` the pointers of values
    whose type the example does not show.
    """

    value: Any
    lines: dict[str, int]
    untyped: tuple[str, ...]
    mends: tuple[Mend, ...]


def told(mends: tuple[Mend, ...]) -> Iterator[Mend]:
    """Yield the mends that are worth telling of."""
    yield from (mend for mend in mends if MENDS[mend.kind])
