"""How what the suite writes as HTML and SVG looks: a style sheet each, read when it is needed."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def style(name: str) -> str:
    """Return a style sheet of this folder without its line ends, since it is part of many a page."""
    text = resources.files(__package__).joinpath(f"{name}.css").read_text(encoding="utf-8")
    return " ".join(line.strip() for line in text.splitlines() if not line.startswith("/*"))
