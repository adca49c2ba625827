"""Texts that only try to read as true, and what each is believed to mean."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable
from typing import TypeAlias

# Takes the value that is known and the text sent in its place.
Believe: TypeAlias = Callable[[str, str], object]


def _always_true(quote: str) -> Believe:
    """Believe SQL that closes a string and adds what is true."""
    pattern = rf"{quote}\)?\s*(?i:or)\s*\(?\s*(?:1=1|{quote}(\w*){quote}={quote}\1)"
    return lambda known, given: re.search(pattern, given)


def fits_like(known: str, given: str) -> bool:
    """Tell whether a text has wildcards of LIKE and fits a value."""
    if not set(given) & set("%_"):
        return False
    pattern = re.escape(given).replace("%", ".*").replace("_", ".")
    return re.fullmatch(pattern, known) is not None


def _glob(known: str, given: str) -> bool:
    # As bash, Tcl and fnmatch(3) read it: after a backslash a letter stands for itself.
    plain = re.sub(r"\\(\w)", r"\1", given)
    return ("*" in given or plain != given) and fnmatch.fnmatchcase(known, plain)


def _pattern(known: str, given: str) -> bool:
    try:
        return given != "" and re.fullmatch(given, known) is not None
    except (re.error, OverflowError, RecursionError):
        return False


def _ldap(known: str, given: str) -> bool:
    return given.startswith(("*)", f"{known})("))


def _template(known: str, given: str) -> bool:
    return "{{" in given and "}}" in given


# fmt: off
TEXTS: tuple[tuple[str, str, Believe], ...] = (
    ("sql", "SQL with a single quote", _always_true("'")),
    ("xpath", "XPath that is always true", lambda known, given: "' or ''='" in given),
    ("sql-backslash", "SQL after a backslash that takes the quote's meaning away",
     lambda known, given: re.search(r"\\'\s*(?i:or)\s+1=1", given)),
    ("sql-double-quotes", "SQL with a double quote", _always_true('"')),
    ("sql-without-quotes", "SQL without a quote",
     lambda known, given: re.match(r"\w+ (?i:or) 1=1", given)),
    ("like", "a LIKE wildcard", fits_like),
    ("underscore", "the LIKE wildcard for one character",
     lambda known, given: "_" in given and "%" not in given and fits_like(known, given)),
    ("glob", "the wildcard *", _glob),
    ("pattern", "a regular expression",
     lambda known, given: ".*" in given and _pattern(known, given)),
    ("ldap", "an LDAP filter", _ldap),
    ("template", "a template", _template),
)
# fmt: on
