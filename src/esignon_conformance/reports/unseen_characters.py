"""What nobody sees in a text is shown: a NUL behind a password, a no-break space, a change of direction."""

from __future__ import annotations

import re
from functools import lru_cache

from ..redaction.invisible import found_in

# Unicode has a picture of each control character of ASCII, from U+2400 on.
_PICTURES, _DELETE, _PICTURE_OF_DELETE = 0x2400, "\x7f", "\u2421"
_MAY_BE_UNSEEN = re.compile(r"[^\r\n\t\x20-\x7e\uac00-\ud7a3]|\r(?!\n)")


def shown(text: str) -> str:
    """Return a text in which every character is seen: ``<main password>␀``; blanks and lines stay."""
    return _MAY_BE_UNSEEN.sub(lambda one: _shown(one[0]), text)


@lru_cache(maxsize=1024)
def _shown(character: str) -> str:
    if character < " ":
        return chr(_PICTURES + ord(character))
    if character == _DELETE:
        return _PICTURE_OF_DELETE
    # Between two letters, so that what stands at no end counts.
    is_unseen = found_in(f"x{character}x") is not None
    return f"⟨U+{ord(character):04X}⟩" if is_unseen else character
