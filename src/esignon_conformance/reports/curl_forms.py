"""How a shell makes what a case derives from a secret, so that a line of curl can send it.  Pure.

The commands are those of POSIX, and `base64`, `rev`, `openssl` and `md5sum` with its like.  They take a
character for a byte, so that only secrets of printable ASCII are derived by them.  What would tell a
character of a secret by the line (another one in its place, its number) has no commands here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True)
class Made:
    """A piece of what is derived: what a command makes of a variable; `{name}` in it is the variable's."""

    command: str = ""
    of: int = 0


Pieces = tuple[Made | str, ...]

_WHOLE = Made()
_HALF = "$((${{#{name}}} / 2))"
_FIRST_HALF = Made("cut -c-" + _HALF)
_SECOND_HALF = Made("cut -c$((${{#{name}}} / 2 + 1))-")
_OTHER_CASE = "tr a-zA-Z A-Za-z"
_BASE64 = "base64 | tr -d '\\n'"


def _inside(text: str) -> Pieces:
    return _FIRST_HALF, text, _SECOND_HALF


def _before_domain(text: str) -> Made:
    """Return what puts a text in the place of the last at sign of an email."""
    return Made(rf"sed 's/@\([^@]*\)$/{text}\1/'")


_PIECES: Mapping[str, Pieces] = MappingProxyType(
    {
        "same": (_WHOLE,),
        "swap-case": (Made(_OTHER_CASE),),
        "upper": (Made("tr a-z A-Z"),),
        "lower": (Made("tr A-Z a-z"),),
        "swap-first-case": (Made(f"cut -c1 | {_OTHER_CASE}"), Made("cut -c2-")),
        "swap-first-cases": (Made(f"cut -c1-3 | {_OTHER_CASE}"), Made("cut -c4-")),
        "cut-last": (Made("sed 's/.$//'"),),
        "cut-first": (Made("cut -c2-"),),
        "cut-middle": (_FIRST_HALF, Made("cut -c$((${{#{name}}} / 2 + 2))-")),
        "first-1": (Made("cut -c1"),),
        "first-8": (Made("cut -c1-8"),),
        "first-half": (_FIRST_HALF,),
        "middle": (Made("sed 's/^..//; s/..$//'"),),
        "double": (_WHOLE, _WHOLE),
        "reverse": (Made("rev"),),
        "letters-and-digits": (Made("tr -cd A-Za-z0-9"),),
        "blank-inside": _inside(" "),
        "backslash-inside": _inside("\\"),
        "control-inside": _inside("\x01"),
        "quote-inside": _inside("'"),
        "tag-inside": _inside("<b></b>"),
        "soft-hyphen-inside": _inside("\u00ad"),
        "zero-width-blank-inside": _inside("\u200b"),
        "zero-width-joiner-inside": _inside("\u200d"),
        "nul-and-itself": (_WHOLE, "\0", _WHOLE),
        "base64": (Made(_BASE64),),
        "base64url": (Made(f"{_BASE64} | tr -d = | tr /+ _-"),),
        "hex": (Made("od -An -v -tx1 | tr -d ' \\n'"),),
        "md5": (Made("md5sum | cut -c1-32"),),
        "md5-upper-case": (Made("md5sum | cut -c1-32 | tr a-f A-F"),),
        "sha1": (Made("sha1sum | cut -c1-40"),),
        "sha256": (Made("sha256sum | cut -c1-64"),),
        "sha512": (Made("sha512sum | cut -c1-128"),),
        "sha256-base64": (Made("openssl dgst -sha256 -binary | base64"),),
        "local-part": (Made("sed 's/@[^@]*$//'"),),
        "domain": (Made("sed 's/.*@//'"),),
        "plus-tag": (_before_domain("+tag@"),),
        "digit-tag": (_before_domain("7@"),),
        "subdomain-added": (_before_domain("@sub."),),
        "dot-added": (Made("cut -c1"), ".", Made("cut -c2-")),
        "star-inside": (Made(r"sed 's/.@\([^@]*\)$/*@\1/'"),),
        "first-underscore": ("_", Made("cut -c2-")),
        # Of email and password.
        "email-colon-password": (Made(of=0), ":", Made(of=1)),
        "email-and-first": (Made(of=0), Made("cut -c1", of=1)),
    }
)


def pieces_of(recipe: Mapping[str, Any], secrets: tuple[str, ...]) -> Pieces | None:
    """Return the pieces of what a recipe makes of secrets, None where no shell makes it without telling.

    A text among the pieces stands there as it is.
    """
    pieces = _PIECES.get(recipe.get("as", "same"))
    if pieces is None:
        return None
    derives = any(isinstance(one, Made) and one.command for one in pieces)
    if derives and not all(one.isascii() and one.isprintable() for one in secrets):
        return None
    affixes = recipe.get("prefix", ""), recipe.get("suffix", "")
    return tuple(one for one in (affixes[0], *pieces, affixes[1]) if one != "")
