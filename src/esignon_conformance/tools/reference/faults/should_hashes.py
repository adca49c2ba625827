"""SEC-7: near misses of a password that a hash or SASLprep takes for it, by way of the real components."""

from __future__ import annotations

import hashlib
import stringprep
import unicodedata
from collections.abc import Callable
from typing import TypeAlias

from ..login import STEPS
from ..pipeline import Json, LoginRequest
from ..world import Account
from .registry import add, changed

# What is compared in place of a password.
Made: TypeAlias = Callable[[str], object]

_SALT = b"a salt of sixteen"
_LONGEST_BCRYPT = 72


def _bytes(password: str) -> bytes:
    return password.encode("utf-8", "surrogatepass")


def _as_bcrypt(password: str) -> bytes:
    """Return the 72 bytes that bcrypt makes of a password: it repeats, NUL after each time."""
    whole = _bytes(password) + b"\0"
    return (whole * _LONGEST_BCRYPT)[:_LONGEST_BCRYPT]


def _saslprep(password: str) -> str:
    """Return a password as RFC 4013 §2.1 and §2.2 have it, what they prohibit included."""
    mapped = (
        " " if stringprep.in_table_c12(one) else one
        for one in password
        if stringprep.in_table_c12(one) or not stringprep.in_table_b1(one)
    )
    return unicodedata.normalize("NFKC", "".join(mapped))


# fmt: off
MADE: tuple[tuple[str, str, Made], ...] = (
    ("pbkdf2", "Passwords are stored as PBKDF2, which pads them with NUL.",
     lambda given: hashlib.pbkdf2_hmac("sha256", _bytes(given), _SALT, 1)),
    ("scrypt", "Passwords are stored as scrypt, which pads them with NUL.",
     lambda given: hashlib.scrypt(_bytes(given), salt=_SALT, n=2, r=1, p=1)),
    ("bcrypt", "Passwords are stored as bcrypt, which repeats them with NUL between.", _as_bcrypt),
    ("saslprep", "Passwords go through SASLprep, as in PostgreSQL's SCRAM.", _saslprep),
    ("no-soft-hyphens", "Soft hyphens are taken out of passwords.",
     lambda given: given.replace("\u00ad", "")),
    ("no-format-characters", "Format characters are taken out of passwords.",
     lambda given: "".join(one for one in given if unicodedata.category(one) != "Cf")),
    ("no-zero-width-blanks", "Zero-width blanks are taken out of passwords.",
     lambda given: given.replace("\u200b", "")),
)
# fmt: on


def _compared(made: Made) -> Callable[..., bool]:
    def password_matches(request: LoginRequest, account: Account, given: Json) -> bool:
        exact = STEPS.password_matches(request, account, given)
        return exact or (isinstance(given, str) and made(given) == made(account.memb_pwd))

    return password_matches


for _name, _sentence, _made in MADE:
    _build = changed(password_matches=_compared(_made))
    add(f"stores-{_name}", "SEC-7", _sentence, _build, level="should")
