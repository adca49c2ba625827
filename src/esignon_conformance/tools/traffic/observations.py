"""What was observed of the same thing at several times, as one."""

from __future__ import annotations

from typing import Any


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
    return (
        one if one == other else ", ".join(sorted({*str(one).split(", "), *str(other).split(", ")}))
    )
