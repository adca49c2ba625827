"""Characters that nobody sees in a secret, and that come along with it from files and clipboards.  Pure."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

Place = Literal["first", "last", "inside"]
# Unicode's Default_Ignorable_Code_Point, and the blank of braille: nothing of them is shown.
_IGNORABLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\U0001bca0-\U0001bca3\U0001d173-\U0001d17a"
    "\U000e0000-\U000e0fff]"
)
# Controls, formats, blanks other than the common one, ends of lines; and bytes that are not UTF-8.
_CATEGORIES = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp", "Cs"})
_BYTE_ORDER_MARK = "\ufeff"


def without_ends(text: str) -> str:
    """Return what a variable or a file holds without what no form can send at its ends.

    A byte order mark at the beginning is the file's and not the text's; a field of one line takes no
    end of a line (HTML, *strip newlines*).
    """
    return text.removeprefix(_BYTE_ORDER_MARK).strip("\r\n").removeprefix(_BYTE_ORDER_MARK)


def found_in(text: str) -> tuple[str, Place] | None:
    """Return the first character that nobody sees and its place; None where every one is seen.

    A common blank counts where it stands first or last.
    """
    for at, one in enumerate(text):
        at_an_end = at in (0, len(text) - 1)
        is_unseen = (unicodedata.category(one) in _CATEGORIES and one != " ") or _IGNORABLE.match(
            one
        )
        if is_unseen or (one == " " and at_an_end):
            return named(one), "first" if at == 0 else "last" if at_an_end else "inside"
    return None


def named(one: str) -> str:
    """Return a character by its number and its name."""
    name = "a byte that is not UTF-8" if unicodedata.category(one) == "Cs" else ""
    name = name or unicodedata.name(one, "")
    number = f"U+{ord(one):04X}"
    return f"{number} {name}".rstrip()
