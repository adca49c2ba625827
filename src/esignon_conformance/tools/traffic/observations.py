"""What was observed of the same thing at several times, as one."""

from __future__ import annotations

from typing import Any

# What stands where so many different values came that they seem to come by chance; outcomes are fewer.
_MANY, _MOST_VALUES = "(many)", 12


def joined(one: Any, other: Any) -> Any:
    """Return what two batches, or two processes, have shown of the same thing as one."""
    if isinstance(one, dict) and isinstance(other, dict):
        names = sorted({*one, *other})
        return {
            name: joined(one[name], other[name])
            if name in one and name in other
            else one.get(name, other.get(name))
            for name in names
        }
    if isinstance(one, list) and isinstance(other, list):
        return sorted({*one, *other})
    return one if one == other else _few({*str(one).split(", "), *str(other).split(", ")})


def _few(values: set[str]) -> str:
    """Return values as one text, where they are few."""
    is_many = _MANY in values or len(values) > _MOST_VALUES
    return _MANY if is_many else ", ".join(sorted(values))
