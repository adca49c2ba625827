"""The files of a configuration, by their paths in its folder."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TypeAlias

Files: TypeAlias = Mapping[str, str]


def as_json(value: Any) -> str:
    """Return a value as the text of a JSON file."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
