"""Hashes of a secret, in the forms in which stores keep them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping
from types import MappingProxyType


def _hexadecimal(algorithm: str) -> Callable[[str], str]:
    return lambda value: hashlib.new(algorithm, value.encode(), usedforsecurity=False).hexdigest()


# By the name that cases give them; takes the secret.
HASHES: Mapping[str, Callable[[str], str]] = MappingProxyType(
    {
        **{name: _hexadecimal(name) for name in ("md5", "sha1", "sha256", "sha512")},
        # As BitConverter of .NET and HASHBYTES of SQL Server write it.
        "md5-upper-case": lambda value: _hexadecimal("md5")(value).upper(),
        "sha256-base64": lambda value: base64.b64encode(
            hashlib.sha256(value.encode()).digest()
        ).decode(),
    }
)
