"""Makes Allure's page smaller without taking anything away that it shows."""

from __future__ import annotations

import base64
import re

# What the page carries of earlier runs and its program never reads: each test has its own history.
_UNREAD = re.compile(r'd\("data/history/[^"]+","[A-Za-z0-9+/=]*"\),?')
_DATA = re.compile(r'd\("(widgets/[^"]+)","([A-Za-z0-9+/=]{40,})"\)')
_PROGRAM = re.compile(r'<script\s+src="data:text/javascript;base64,([A-Za-z0-9+/=]+)">\s*</script>')
# Neither may stand in a script inside a page; \x3c is the same character in a string and a pattern.
_NOT_IN_A_SCRIPT = re.compile(r"<(?=!--|/?script)", re.IGNORECASE)
MARK = '<script id="program">'


def shrink(page: str) -> str:
    """Return the page with its program as text, and with the same data once."""
    page = _UNREAD.sub("", page)
    known: dict[str, str] = {}

    def once(match: re.Match[str]) -> str:
        name, value = match[1], match[2]
        if value in known:
            return f'd("{name}",window.allureReportData["{known[value]}"])'
        known[value] = name
        return match[0]

    return _PROGRAM.sub(_as_text, _DATA.sub(once, page), count=1)


def _as_text(match: re.Match[str]) -> str:
    program = base64.b64decode(match[1]).decode()
    # A carriage return in the text of a page is read as a line feed, and here may stand in a string.
    escaped = _NOT_IN_A_SCRIPT.sub(r"\\x3c", program).replace("\r", "\\r")
    return f"{MARK}{escaped}</script>"
