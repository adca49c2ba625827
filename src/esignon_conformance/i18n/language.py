"""The languages of the suite's own output."""

from __future__ import annotations

from typing import Literal

LANGUAGES: tuple[Language, ...] = ("ko", "en")
Language = Literal["ko", "en"]
