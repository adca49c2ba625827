"""What a run that sent nothing was judged from: files of recorded traffic, counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from .load import LoadFigures

# What an account that is in no settings is called, with a number behind.
STRANGER = "account "


@dataclass
class Traffic:
    """Files of recorded traffic, and how much of it could be judged.

    `others` are requests that were none to the operation: counted, and not kept.  `servers` counts the
    requests to the operation by origin and base path; `losses` says by a word of the catalogue
    (`loss-` before it) of how many of these the file lacks what; `set_aside` by another (`aside-` before
    it) how many were not judged at all.
    """

    files: tuple[str, ...]
    entries: int = 0
    others: int = 0
    requests: int = 0
    servers: Counter[str] = field(default_factory=Counter)
    losses: Counter[str] = field(default_factory=Counter)
    set_aside: Counter[str] = field(default_factory=Counter)
    # How often each code came.
    codes: Counter[str] = field(default_factory=Counter)
    # Exchanges that are no evidence of a deviation are counted and not kept, but for the first ones.
    kept: int = 0
    # Of a load run, whose exchanges were judged while it sent.
    load: LoadFigures | None = None
