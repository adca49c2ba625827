"""The note beside a contract that it was found right, so that it is not checked at each start."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .. import __version__
from .yaml_document import Document

# The fingerprint of the contract that was found right; any other is checked whenever it is read.
CHECKED = "checked.sha256"


def text_of(schemas: Mapping[str, Any]) -> bytes:
    """Return schemas as the text that is part of a fingerprint."""
    return json.dumps(schemas, sort_keys=True).encode()


def fingerprint_of(files: Iterable[Document], schemas: bytes) -> str:
    """Return the SHA-256 of all that a contract is read from, in hexadecimal digits.

    `schemas` are its schemas as `text_of` gives them: the contracts of one folder share them.
    """
    digest = hashlib.sha256()
    for file in files:
        digest.update(file.text.encode())
    digest.update(schemas)
    return digest.hexdigest()


def note(fingerprint: str) -> str:
    """Return the text that says of a contract, by its fingerprint, that it was found right."""
    # Another version of the suite may know other checks.
    return f"{fingerprint} by {__version__}\n"


def is_noted(path: Path, fingerprint: str) -> bool:
    """Tell whether a file says that a contract was found right by this version of the suite."""
    try:
        return path.read_text(encoding="ascii") == note(fingerprint)
    except (OSError, ValueError):
        return False
