"""Whether a plain password stands in a text, in any of its forms: most are plain, and stand in none.

To write down all forms of a password takes longer than to see that a text holds none of them.
"""

from __future__ import annotations

import binascii
import html
import re
from urllib.parse import quote

from ..redaction.unescape import unescaped

# It looks the same in JSON and with its escapes undone; no part of it spells out another text.
_PLAIN = re.compile(r"[A-Za-z0-9!#$%&()*+./;=?@^_`{|}~-]{8,64}")
# With what follows it, one of these may be an escape.
_MAY_ESCAPE = ("%", "&")
_BETWEEN = ('","', '", "')


def is_plain(password: str) -> bool:
    """Tell whether a password has 8 characters or more, of ASCII that only URLs and HTML escape."""
    if _PLAIN.fullmatch(password) is None:
        return False
    return not any(one in password for one in _MAY_ESCAPE) or unescaped(password) == password


def may_hold(password: str, lowered: str) -> bool:
    """Tell whether a plain password stands in a text of small letters, in any form."""
    data = password.encode("ascii")
    if password.lower() in lowered or data.hex() in lowered:
        return True
    if any(f"{password[0]}{one}{password[1]}".lower() in lowered for one in _BETWEEN):
        # An array of its characters.
        return True
    if "\\u00" in lowered:
        return True
    if "&" in password and html.escape(password).lower() in lowered:
        return True
    if _holds_base64_of(data, lowered):
        return True
    quoted = quote(password, safe="")
    if quoted == password:
        return False
    return ("%" in lowered and quoted.lower() in lowered) or _holds_base64_of(
        quoted.encode("ascii"), lowered
    )


def _holds_base64_of(data: bytes, lowered: str) -> bool:
    """Tell whether the characters of base64 stand there that some bytes alone decide, at any offset."""
    for offset, first in enumerate((0, 2, 3)):
        written = binascii.b2a_base64(b"\0" * offset + data, newline=False).decode("ascii")
        form = written[first : len(written) - (0, 3, 2)[(offset + len(data)) % 3]].lower()
        if form in lowered:
            return True
        if ("+" in form or "/" in form) and form.replace("+", "-").replace("/", "_") in lowered:
            return True
    return False
