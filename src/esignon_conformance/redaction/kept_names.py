"""The names of cases and clauses: they stay whole in a text, whatever some secret is."""

from __future__ import annotations

import re
from collections.abc import Iterable

_OUTSIDE = re.compile(r"[^\w-]")
_OUTSIDE_BEFORE = re.compile(r"[\w-]*\Z")


class KeptNames:
    """Names that the suite shows anyway, such as `wrong-type-header-null`, where they stand as whole words.

    A secret that is a piece of one ("null") is not masked there: it would tell by its place what it is,
    and waivers and history go by the name.  A secret that is the whole name is masked there as elsewhere.
    """

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._longest = 0

    def add(self, names: Iterable[str]) -> None:
        """Keep names whole from here on."""
        self._names.update(names)
        self._longest = max(map(len, self._names), default=0)

    def is_inside_one(self, text: str, start: int, end: int) -> bool:
        """Tell whether a piece of a text is a piece, and not all, of a name that stands there."""
        if end - start >= self._longest:
            return False
        before = _OUTSIDE_BEFORE.search(text[max(0, start - self._longest) : start])
        first = start - (len(before[0]) if before is not None else 0)
        after = _OUTSIDE.search(text, end, end + self._longest)
        last = after.start() if after is not None else min(len(text), end + self._longest)
        return (first, last) != (start, end) and text[first:last] in self._names
