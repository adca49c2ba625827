"""SEC-2: every way of comparing passwords that is not whole and exact."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html import unescape
from typing import TypeAlias
from urllib.parse import quote, unquote

from ..application import Application, application
from ..login import STEPS
from ..pipeline import Decision, Json, LoginRequest, Reason, Steps
from ..request_reader import check_members, has_member, member
from ..world import Account, World
from .registry import add, changed, fault
from .when import without_accents

# Takes the right password and what was sent, a string.
Compare: TypeAlias = Callable[[str, str], object]


def _without(pattern: str) -> Compare:
    return lambda right, given: re.sub(pattern, "", right) == re.sub(pattern, "", given)


def _one_off(right: str, given: str) -> bool:
    differences = sum(one != other for one, other in zip(right, given, strict=False))
    return len(right) == len(given) and differences <= 1


def _cut_at(length: int) -> Compare:
    return lambda right, given: right[:length] == given[:length]


# fmt: off
COMPARISONS: tuple[tuple[str, str, Compare], ...] = (
    ("letter-case", "Letter case makes no difference.",
     lambda right, given: right.lower() == given.lower()),
    ("last-letter-case", "The case of the last letter makes no difference.",
     lambda right, given: right[:-2] == given[:-2] and right.lower() == given.lower()),
    ("first-letters-case", "The case of the first three characters makes no difference.",
     lambda right, given: right[3:] == given[3:] and right[:3].lower() == given[:3].lower()),
    ("inner-letters-case", "Only the first and the last letter have a case.",
     lambda right, given: right.lower() == given.lower() and right[:3] == given[:3]
     and right[-3:] == given[-3:]),
    ("accents", "Accents make no difference, as in a collation that has case and is blind to them.",
     lambda right, given: without_accents(given) == right),
    ("unicode-escapes", "Escapes in the text of the password are decoded once more.",
     lambda right, given: "\\u" in given and json.loads(f'"{given}"') == right),
    ("upper-case", "The password in upper case is taken, too.",
     lambda right, given: given == right.upper()),
    ("swapped-case", "The password with caps lock on is taken, too.",
     lambda right, given: given == right.swapcase()),
    ("first-8", "Only the first eight characters are compared.", _cut_at(8)),
    ("first-12", "Only the first twelve characters are compared.", _cut_at(12)),
    ("first-1", "Only the first character is compared.", _cut_at(1)),
    ("all-but-last", "The last character is not compared.",
     lambda right, given: given[:-1] == right[:-1]),
    ("all-but-first", "The first character is not compared.",
     lambda right, given: given[1:] == right[1:]),
    ("all-but-middle", "The character in the middle is not compared.",
     lambda right, given: _one_off(right, given)
     and given[len(given) // 2] != right[len(given) // 2]),
    ("length-of-given", "Only as much as was sent is compared.",
     lambda right, given: right.startswith(given)),
    ("length-of-right", "What follows the password is not compared.",
     lambda right, given: given.startswith(right)),
    ("shorter-length", "Only as much as both have is compared.",
     lambda right, given: all(one == other for one, other in zip(right, given, strict=False))),
    ("backslashes-stripped", "Backslashes are taken off the password sent.",
     lambda right, given: given.replace("\\", "") == right),
    ("quotes-stripped", "Quotation marks are taken out of the password sent.",
     lambda right, given: re.sub("['\"]", "", given) == right),
    ("tags-stripped", "HTML tags are taken out of the password sent.",
     lambda right, given: re.sub(r"<[^<>]*>", "", given) == right),
    ("entities-undone", "HTML entities in the password sent are decoded.",
     lambda right, given: unescape(given) == right),
    ("c-string", "What follows NUL is not compared.",
     lambda right, given: given.partition("\0")[0] == right),
    ("utf-8-of-three-bytes", "What follows a character of four bytes is not compared.",
     lambda right, given: re.split("[\U00010000-\U0010ffff]", given)[0] == right),
    ("ascii", "Characters that are not ASCII make no difference.",
     lambda right, given: given.encode("ascii", "ignore").decode() == right),
    ("ends-with", "What stands before the password is not compared.",
     lambda right, given: given.endswith(right)),
    ("end-of-right", "Only the end of the password need be sent.",
     lambda right, given: len(given) > 3 and right.endswith(given)),
    ("contains", "A text with the password in it is taken.", lambda right, given: right in given),
    ("contained", "A part of the password is taken.", lambda right, given: given in right),
    ("contained-8", "A part of the password of eight characters is taken.",
     lambda right, given: len(given) >= 8 and given in right),
    ("one-character-off", "One wrong character is forgiven.", _one_off),
    ("sorted", "The order of characters makes no difference.",
     lambda right, given: sorted(right) == sorted(given)),
    ("neighbours", "Two neighbours that are exchanged are forgiven.",
     lambda right, given: len(right) == len(given) and sorted(right) == sorted(given)
     and sum(one != other for one, other in zip(right, given, strict=True)) == 2),
    ("backwards", "The password backwards is taken.",
     lambda right, given: right in (given, given[::-1])),
    ("repeated", "The password several times in a row is taken.",
     lambda right, given: bool(given) and given.replace(right, "") == ""),
    ("letters-and-digits", "Punctuation makes no difference.", _without(r"[^A-Za-z0-9]")),
    ("punctuation-alike", "All punctuation is alike.",
     lambda right, given: re.sub(r"[^\w\s]", "?", right) == re.sub(r"[^\w\s]", "?", given)),
    ("digits-alike", "All digits are alike.",
     lambda right, given: re.sub(r"\d", "0", right) == re.sub(r"\d", "0", given)),
    ("trailing-punctuation", "Punctuation at the end makes no difference.",
     lambda right, given: right.rstrip("!.?") == given.rstrip("!.?")),
    ("trailing-digits", "Digits at the end make no difference.", _without(r"\d+$")),
    ("control-characters", "Control characters make no difference.", _without(r"[\x00-\x1f\x7f]")),
    ("blanks", "Blanks inside make no difference.", _without(r"\s")),
    ("empty", "The empty password is taken.", lambda right, given: given == ""),
    ("blank", "A blank alone is taken.", lambda right, given: given == " "),
    ("null-word", "The word null is taken.", lambda right, given: given == "null"),
    ("percent-decoded", "A percent-encoded password is decoded.",
     lambda right, given: right in (given, unquote(given)) or given == quote(right, safe="")),
    ("base64", "The password in base64 is taken.",
     lambda right, given: given == base64.b64encode(right.encode()).decode()),
    ("md5", "The MD5 of the password is taken.",
     lambda right, given: given == hashlib.md5(right.encode(), usedforsecurity=False).hexdigest()),
    ("md5-upper-case", "The MD5 of the password in upper case is taken.",
     lambda right, given: given
     == hashlib.md5(right.encode(), usedforsecurity=False).hexdigest().upper()),
    ("one-time-code", "Six digits after the password are taken for a one-time code.",
     lambda right, given: re.fullmatch(re.escape(right) + r"\d{6}", given)),
    ("inner-left-out", "One inner character may be left out.",
     lambda right, given: given in [right[:at] + right[at + 1 :] for at in range(1, len(right) - 1)]),
    ("base64url", "The password in base64url is taken.",
     lambda right, given: given
     == base64.urlsafe_b64encode(right.encode()).decode().rstrip("=")),
    ("hex", "The password in hexadecimal is taken.",
     lambda right, given: given == right.encode().hex()),
    ("noop", "What names how the password is stored is taken off.",
     lambda right, given: given == "{noop}" + right),
    ("basic", "The password after the email and a colon is taken, as Basic authentication has it.",
     lambda right, given: given.partition("@")[2].partition(":")[2] == right),
    ("surrogates-lost", "Lone surrogates in the password are left out.",
     lambda right, given: given.encode("utf-8", "ignore").decode() == right),
    ("first-word", "What follows a blank is not compared.",
     lambda right, given: given.partition(" ")[0] == right),
    ("first-line", "What follows a line end is not compared.",
     lambda right, given: given.partition("\n")[0] == right),
    ("first-part", "What follows a colon is not compared.",
     lambda right, given: given.partition(":")[0] == right),
    ("low-bytes", "Of each character of the password the low byte alone is hashed, as by latin1.",
     lambda right, given: [ord(one) & 255 for one in right] == [ord(one) & 255 for one in given]),
    ("sha1", "The SHA-1 of the password is taken.",
     lambda right, given: given == hashlib.sha1(right.encode(), usedforsecurity=False).hexdigest()),
    ("sha512", "The SHA-512 of the password is taken.",
     lambda right, given: given == hashlib.sha512(right.encode()).hexdigest()),
    ("sha256-base64", "The SHA-256 of the password in base64 is taken.",
     lambda right, given: given
     == base64.b64encode(hashlib.sha256(right.encode()).digest()).decode()),
    ("quoted", "Quotation marks around the password are taken off.",
     lambda right, given: given == f'"{right}"'),
    ("sha256", "The SHA-256 of the password is taken.",
     lambda right, given: given == hashlib.sha256(right.encode()).hexdigest()),
    ("padded-to-72", "What is filled up to 72 bytes is not compared.",
     lambda right, given: len(given) > 72 and given.startswith(right)),
)
# fmt: on


def _compared(compare: Compare, *roles: str) -> Callable[[LoginRequest, Account, Json], bool]:
    def password_matches(request: LoginRequest, account: Account, given: Json) -> bool:
        if STEPS.password_matches(request, account, given):
            return True
        is_meant = not roles or account.role in roles
        return is_meant and isinstance(given, str) and bool(compare(account.memb_pwd, given))

    return password_matches


for _name, _sentence, _compare in COMPARISONS:
    add(f"compares-{_name}", "SEC-2", _sentence, changed(password_matches=_compared(_compare)))


# Another company may have a store of its own.
for _name, _sentence, _compare in COMPARISONS:
    for _role, _whose, _names in (
        (
            "other",
            "the account of another company",
            ("empty", "letter-case", "md5", "length-of-given"),
        ),
        ("second", "the second account", ("md5",)),
    ):
        if _name in _names:
            add(
                f"compares-{_name}-for-{_role}",
                "SEC-2",
                f"{_sentence[:-1]} for {_whose}.",
                changed(password_matches=_compared(_compare, _role)),
            )

# Takes the right password and what was sent, which is no string.
Loose: TypeAlias = Callable[[str, Json], object]


def _array(test: Callable[[str, list[Json]], object]) -> Loose:
    return lambda right, given: isinstance(given, list) and test(right, given)


# fmt: off
TYPES: tuple[tuple[str, str, Loose], ...] = (
    ("null", "null is taken.", lambda right, given: given is None),
    ("true", "true is taken.", lambda right, given: given is True),
    ("false", "false is taken.", lambda right, given: given is False),
    ("number", "Any number but 0 is taken.",
     lambda right, given: type(given) is float and given != 0),
    ("zero", "0 is taken, as where texts are compared as numbers.",
     lambda right, given: type(given) is float and given == 0),
    ("array", "The password in an array is taken.", _array(lambda right, given: given == [right])),
    ("nested-array", "The password in an array in an array is taken.",
     _array(lambda right, given: given == [[right]])),
    ("array-of-guesses", "An array with the password among others is taken.",
     _array(lambda right, given: right in given)),
    ("array-of-characters", "An array of the password's characters is taken.",
     _array(lambda right, given: given == list(right))),
    ("empty-array", "An empty array is taken.", _array(lambda right, given: not given)),
    ("empty-object", "An empty object is taken.", lambda right, given: given == {}),
    ("object", "An object with the password in it is taken.",
     lambda right, given: isinstance(given, dict) and right in given.values()),
    ("any-object", "Any object is taken.",
     lambda right, given: isinstance(given, dict) and bool(given)),
    ("any-type", "Whatever is no string is taken.", lambda right, given: given is not None),
)
# fmt: on


def _typed(loose: Loose, *roles: str) -> dict[str, Callable[..., object]]:
    def checked(request: LoginRequest, document: Json) -> object:
        if not has_member(document, "body/memb_pwd"):
            return check_members(request, document)
        return check_members(request, document, unchecked={"body/memb_pwd"})

    def decide(request: LoginRequest, steps: Steps) -> Decision:
        right = STEPS.decide(request, steps)
        given = right.credentials.memb_pwd if right.credentials else ""
        if right.reason is Reason.WRONG_PASSWORD and not isinstance(given, str):
            # An honest refusal of the form, where the fault does not take it.
            return Decision(Reason.WRONG_TYPE)
        return right

    def password_matches(request: LoginRequest, account: Account, given: Json) -> bool:
        if isinstance(given, str):
            return STEPS.password_matches(request, account, given)
        is_meant = not roles or account.role in roles
        return is_meant and bool(loose(account.memb_pwd, given))

    return {"check_members": checked, "decide": decide, "password_matches": password_matches}


for _name, _sentence, _loose in TYPES:
    # Operators are objects: where any object is taken, SEC-3 may be named for it.
    add(f"takes-{_name}", "SEC-2 SEC-3 REJ-8", _sentence, changed(**_typed(_loose)))

add(
    "takes-null-for-second",
    "SEC-2",
    "null is taken for one account, which has an older hash.",
    changed(**_typed(lambda right, given: given is None, "second")),
)


@fault("SEC-2")
def no_password_binds_as_nobody(world: World) -> Application:
    """An empty password, null and none are taken, as by a directory for which they are no login."""

    def read(request: LoginRequest) -> Json:
        document = STEPS.read(request)
        sent = member(document, "body")
        if isinstance(document, dict) and isinstance(sent, dict):
            given = sent.get("memb_pwd")
            document |= {"body": {**sent, "memb_pwd": "" if given is None else given}}
        return document

    def password_matches(request: LoginRequest, account: Account, given: Json) -> bool:
        # RFC 4513, 5.1.2: a bind with a name and no password succeeds as anonymous.
        return given == "" or STEPS.password_matches(request, account, given)

    return application(world, replace(STEPS, read=read, password_matches=password_matches))


@fault("SEC-2", step="password_matches")
def password_of_main_cut(request: LoginRequest, account: Account, given: Json) -> bool:
    """Of passwords with more than 15 characters the sixteenth is not compared."""
    return (
        isinstance(given, str)
        and given[:15] == account.memb_pwd[:15]
        and len(given) == len(account.memb_pwd)
    )
