"""Where the vendor's edition of the pages lies, for those who have it: the project holds no prose of it."""

from __future__ import annotations

import os
from pathlib import Path

EDITION = Path(
    os.environ.get("API_PAGES") or Path(__file__).parents[3] / "shared" / "docs" / "pages"
)
