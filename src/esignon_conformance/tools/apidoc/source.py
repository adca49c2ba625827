"""Where a page comes from: a file, standard input, or an address that the user typed."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

from ...i18n.message import say
from ...i18n.outside import outside, reason_of
from ...target.process_environment import without_unwritable_key_log
from .text import LARGEST_HTML, PageError

_CONNECT_TIMEOUT = 5.0
_READ_TIMEOUT = 10.0
_WHOLE_TIMEOUT = 20.0


def page_bytes(source: str) -> bytes:
    """Return the bytes of a page, one byte more than the largest at most.

    `source` is a path, ``-`` for standard input, or an http(s) address, which is fetched once.  Raises
    `PageError` where nothing can be read there.
    """
    if source == "-":
        return sys.stdin.buffer.read(LARGEST_HTML + 1)
    if source.lower().startswith(("http://", "https://")):
        return _fetched(source)
    try:
        with Path(source).open("rb") as file:
            return file.read(LARGEST_HTML + 1)
    except (OSError, ValueError) as error:
        message = say("page-unreadable", source=source, reason=reason_of(error))
        raise PageError(message) from None


def _fetched(address: str) -> bytes:
    # A key log that cannot be written is no reason to read no page.
    without_unwritable_key_log(os.environ)
    # Imported here, since most pages are files.
    import requests  # noqa: PLC0415 - see the line above

    deadline = time.monotonic() + _WHOLE_TIMEOUT
    headers = {"Accept": "text/markdown, text/plain;q=0.9, */*;q=0.1"}
    try:
        with requests.get(
            address, headers=headers, stream=True, timeout=(_CONNECT_TIMEOUT, _READ_TIMEOUT)
        ) as answer:
            if answer.status_code != 200:
                reason = outside(f"HTTP {answer.status_code}")
                raise PageError(say("page-unreadable", source=address, reason=reason))
            found = bytearray()
            for piece in answer.iter_content(16 * 1024):
                found += piece
                if len(found) > LARGEST_HTML:
                    break
                if time.monotonic() > deadline:
                    waited = f"{_WHOLE_TIMEOUT:.0f} s"
                    raise PageError(say("page-unreadable", source=address, reason=waited))
            return bytes(found)
    except (requests.RequestException, ValueError) as error:
        reason = outside(type(error).__name__)
        raise PageError(say("page-unreadable", source=address, reason=reason)) from None
