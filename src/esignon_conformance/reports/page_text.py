"""The text of a page that something in front of the application wrote, in whatever coding.  Pure."""

from __future__ import annotations

import codecs
import re

_NAMED = re.compile(rb"charset=[\"']?([A-Za-z0-9_-]{2,20})", re.IGNORECASE)
_FAR_ENOUGH, _FEW = 2048, 3
# What a Korean firewall writes that names no coding.
_KOREAN = "cp949"


def page_text(content: bytes, media_type: str | None) -> str:
    """Return a page's text: as UTF-8, else in the coding that it names, else in that of Korean Windows."""
    names = _NAMED.findall((media_type or "").encode() + b" " + content[:_FAR_ENOUGH])
    for name in ("utf-8", *(one.decode() for one in names[:_FEW]), _KOREAN):
        try:
            # Only here Python looks whether a name is that of a coding of text.
            b"text".decode(name)
            # The last character may be cut, where not all of a page is looked at.
            text: str = codecs.getincrementaldecoder(name)().decode(content)
        except (LookupError, ValueError):
            continue
        return text
    return content.decode("utf-8", "replace")
