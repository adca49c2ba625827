"""SEC-6: passwords that are not quite the right one and are taken, as NIST lets a verifier do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from ..login import STEPS
from ..pipeline import Json, LoginRequest
from ..world import Account
from .registry import add, changed

# What a forgiving verifier makes of the password sent, before it compares once more.
Forgive: TypeAlias = Callable[[str], str]


def _after_first(change: Callable[[str], str]) -> Forgive:
    return lambda given: change(given[:1]) + given[1:]


# fmt: off
FORGIVEN: tuple[tuple[str, str, Forgive], ...] = (
    ("password-stripped", "Any white space around the password is taken off.", str.strip),
    ("password-stripped-before", "White space before the password is taken off.", str.lstrip),
    ("password-stripped-after", "White space after the password is taken off.", str.rstrip),
    ("password-blanks-trimmed", "Blanks around the password are taken off, as by SQL's TRIM.",
     lambda given: given.strip(" ")),
    ("password-line-end-cut", "A line end after the password is taken off, as by chomp.",
     lambda given: given.rstrip("\r\n")),
    ("password-trimmed-to-ascii", "Blanks and control characters around it go, as by Java's trim.",
     lambda given: given.strip("".join(map(chr, range(0x21))))),
    ("password-first-letter-any-case", "The password's first letter is taken in either case.",
     _after_first(str.swapcase)),
    ("password-first-letter-raised", "The password is tried once more with a capital.",
     _after_first(str.upper)),
)
# fmt: on


def _forgiving(forgive: Forgive) -> Callable[..., bool]:
    def password_matches(request: LoginRequest, account: Account, given: Json) -> bool:
        tried = [given, forgive(given)] if isinstance(given, str) else [given]
        return any(STEPS.password_matches(request, account, each) for each in tried)

    return password_matches


for _name, _sentence, _forgive in FORGIVEN:
    _build = changed(password_matches=_forgiving(_forgive))
    add(_name, "SEC-6", _sentence, _build, level="should")
