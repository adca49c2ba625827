"""What the messages of the catalogue leave to be filled in."""

from __future__ import annotations

import string


def placeholders(text: str) -> set[str]:
    """Return the names that a message wants filled in."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
