"""Known-good servers: each uses a freedom that the page leaves, and the suite must blame none."""

from . import (  # noqa: F401 - each registers its liberties
    answers,
    comparisons,
    conduct,
    default_pages,
    forms_taken,
    requests_taken,
    successes,
)
from .registry import LIBERTIES, Liberty

__all__ = ["LIBERTIES", "Liberty"]
