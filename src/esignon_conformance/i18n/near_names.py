"""Which of many names a name that is none of them was to be, in words that say so where none is like it."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Sequence

from .message import Message, say

# So many names are told all.
_FEW = 10


def near_names(name: str, known: Collection[str], most: int = 3, alike: float = 0.6) -> Message:
    """Return the names that are spelt much like one, else those that hold it, else that there are none."""
    found = [one for one in known if one.lower() == name.lower()]
    found = found or difflib.get_close_matches(name, known, n=most, cutoff=alike)
    found = found or difflib.get_close_matches(name.upper(), known, n=most, cutoff=alike)
    lowered = name.lower()
    found = found or ([one for one in known if lowered in one.lower()] if lowered else [])
    if found:
        return first_names(found, most)
    if len(known) <= _FEW:
        return say("nothing-near-of", names=", ".join(known))
    return say("nothing-near", count=len(known))


def first_names(names: Sequence[str], most: int) -> Message:
    """Return the first of many names, and how many there are beside them."""
    shown, more = ", ".join(names[:most]), len(names) - most
    return say("and-more", names=shown, count=more) if more > 0 else say("value", value=shown)
