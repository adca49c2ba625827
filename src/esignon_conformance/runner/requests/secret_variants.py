"""Values derived from a secret: each near miss of an email, a password or a company id."""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

from .hashes import HASHES
from .other_characters import NotApplicable, another_of, at, mark_of, other_character, replaced

# Cyrillic letters by the Latin ones that they look like (U+0430 to U+0445).
_CYRILLIC = dict(zip("aeopcyx", "\u0430\u0435\u043e\u0440\u0441\u0443\u0445", strict=True))

# Providers that deliver what has a tag behind a plus to the mailbox itself, so that it is no other email:
# validator.js' normalizeEmail() takes the tag off there.
_TAGGED = frozenset(
    {"gmail.com", "googlemail.com", "hotmail.com", "icloud.com", "live.com", "outlook.com"}
)

# Of these a dot in the local part makes no other mailbox.
_WITHOUT_DOTS = frozenset({"gmail.com", "googlemail.com"})


def _exchange_two(value: str) -> str:
    for index in range(len(value) - 1):
        if value[index] != value[index + 1]:
            return value[:index] + value[index + 1] + value[index] + value[index + 2 :]
    raise NotApplicable("all-alike")


def _as_number(value: str) -> int:
    if not value.isascii() or not value.isdigit() or (value[0] == "0" and len(value) > 1):
        raise NotApplicable("no-number")
    return int(value)


def _other_high_byte(value: str) -> str:
    # The lowest bit of that byte: a syllable of Hangul becomes another, and never half a pair.
    return chr(ord(value[0]) ^ 0x100) + value[1:]


def _zero_before(value: str) -> str:
    if not value.isascii() or not value.isdigit():
        raise NotApplicable("no-number")
    return f"0{value}"


def _swap_last_case(value: str) -> str:
    for index in range(len(value) - 1, 0, -1):
        if value[index].swapcase() != value[index]:
            return value[:index] + value[index].swapcase() + value[index + 1 :]
    raise NotApplicable("no-case-but-first")


def _swap_first_case(value: str) -> str:
    return value[0].swapcase() + value[1:]


def _swap_first_cases(value: str) -> str:
    return value[:3].swapcase() + value[3:]


def _swap_inner_case(value: str) -> str:
    middle = len(value) // 2
    for index in (*range(middle, len(value) - 1), *range(1, middle)):
        if value[index].swapcase() != value[index]:
            return value[:index] + value[index].swapcase() + value[index + 1 :]
    raise NotApplicable("no-case-inside")


def _swap_case(value: str) -> str:
    swapped = value.swapcase()
    if swapped == _swap_first_case(value):
        # NIST SP 800-63B-4 lets a verifier forgive the first letter alone: that is another clause.
        raise NotApplicable("only-first-case")
    return swapped


def _beyond_first_case(change: Callable[[str], str]) -> Callable[[str], str]:
    def changed(value: str) -> str:
        if change(value) == _swap_first_case(value):
            raise NotApplicable("only-first-case")
        return change(value)

    return changed


def _domain(value: str) -> str:
    return value.rpartition("@")[2]


def _email_and_first(value: str) -> str:
    """Return, of an email and a password with NUL between, the email and the password's first character."""
    email, _, password = value.partition("\0")
    return email + password[:1]


def _subdomain_added(value: str) -> str:
    local, _, domain = value.rpartition("@")
    return f"{local}@sub.{domain}"


def _digit_tag(value: str) -> str:
    local, _, domain = value.rpartition("@")
    return f"{local}7@{domain}"


def _inside(text: str) -> Callable[[str], str]:
    """Return how to put a text into the middle of a value."""
    return lambda value: f"{value[: len(value) // 2]}{text}{value[len(value) // 2 :]}"


def _local_part_with(text: str) -> Callable[[str], str]:
    """Return how to put a text into the middle of an email's local part."""

    def changed(value: str) -> str:
        local = value.rpartition("@")[0] or value
        return _inside(text)(local) + value[len(local) :]

    return changed


def _star_inside(value: str) -> str:
    """Return an email whose local part ends in * instead of its last character."""
    local = value.rpartition("@")[0]
    if len(local) < 2:
        raise NotApplicable("no-such-character")
    return f"{local[:-1]}*{value[len(local) :]}"


def _dot_inside(value: str) -> str:
    """Return an email with one inner character of its local part replaced by a dot.

    No dot stands beside another or at an end, so that it is an email that every validator takes.
    """
    for index in range(1, value.rfind("@") - 1):
        if "." not in value[index - 1 : index + 2]:
            return f"{value[:index]}.{value[index + 1 :]}"
    raise NotApplicable("no-such-character")


def _homoglyph(value: str) -> str:
    """Return a value with one Latin letter replaced by the Cyrillic one that looks like it."""
    for index, character in enumerate(value):
        if character in _CYRILLIC:
            return value[:index] + _CYRILLIC[character] + value[index + 1 :]
    raise NotApplicable("no-cyrillic-double")


def _accent(value: str) -> str:
    """Return a value with one Latin letter under an acute accent: a vowel, where it has one.

    A collation that is blind to accents takes the two for one (`_ai` in MySQL, `_AI` in SQL Server).
    """
    vowels = [index for index, character in enumerate(value) if character in "aeiouAEIOU"]
    for index in (*vowels, *range(len(value))):
        accented = unicodedata.normalize("NFC", f"{value[index]}\u0301")
        if value[index].isascii() and value[index].isalpha() and len(accented) == 1:
            return value[:index] + accented + value[index + 1 :]
    raise NotApplicable("no-accent")


def _html_entity(value: str) -> str:
    """Return a value whose first character is written as HTML writes any character."""
    return f"&#{ord(value[0])};{value[1:]}"


def _unicode_escape(value: str) -> str:
    """Return a value whose first character is written as JSON escapes any, in UTF-16."""
    units = value[0].encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)) + value[1:]


def _dot_added(value: str) -> str:
    """Return an email with a dot more behind the first character of its local part."""
    local, _, domain = value.rpartition("@")
    if domain.lower() in _WITHOUT_DOTS:
        raise NotApplicable("same-mailbox")
    if len(local) < 2 or "." in local[:2]:
        raise NotApplicable("no-such-character")
    return f"{local[0]}.{local[1:]}@{domain}"


def _plus_tag(value: str) -> str:
    local, _, domain = value.rpartition("@")
    if domain.lower() in _TAGGED:
        raise NotApplicable("same-mailbox")
    return f"{local}+tag@{domain}"


DERIVATIONS: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "same": lambda value: value,
        "swap-case": _swap_case,
        "upper": _beyond_first_case(str.upper),
        "lower": _beyond_first_case(str.lower),
        "swap-first-case": _swap_first_case,
        "swap-last-case": _swap_last_case,
        "swap-first-cases": _beyond_first_case(_swap_first_cases),
        "swap-inner-case": _swap_inner_case,
        "cut-last": lambda value: value[:-1],
        "cut-first": lambda value: value[1:],
        "cut-middle": lambda value: value[: len(value) // 2] + value[len(value) // 2 + 1 :],
        "first-1": lambda value: value[:1],
        "first-8": lambda value: value[:8],
        "first-half": lambda value: value[: len(value) // 2],
        "middle": lambda value: value[2:-2],
        "double": lambda value: value + value,
        "reverse": lambda value: value[::-1],
        # An ampersand first: whoever passes passwords on as a form, and does not encode them, cuts there.
        "pad-72": lambda value: value + ("&" + "x" * 71)[: max(0, 72 - len(value.encode()))],
        "all-other": lambda value: "".join(other_character(character) for character in value),
        "replace-first": lambda value: at(value, 0),
        "replace-middle": lambda value: at(value, len(value) // 2),
        "replace-last": lambda value: at(value, len(value) - 1),
        "replace-digit": lambda value: replaced(value, str.isdigit),
        "replace-punctuation": lambda value: replaced(value, mark_of(value)),
        "letters-and-digits": lambda value: "".join(filter(str.isalnum, value)),
        "exchange-two": _exchange_two,
        "blank-inside": _inside(" "),
        "backslash-inside": _inside("\\"),
        "control-inside": _inside("\x01"),
        # What filters against scripts and SQL take out of a text.
        "quote-inside": _inside("'"),
        "tag-inside": _inside("<b></b>"),
        # What RFC 3454 B.1 maps to nothing: a soft hyphen, a zero-width blank, a zero-width joiner.
        "soft-hyphen-inside": _inside("\u00ad"),
        "zero-width-blank-inside": _inside("\u200b"),
        "zero-width-joiner-inside": _inside("\u200d"),
        # As bcrypt repeats a password, with the NUL that ends it.
        "nul-and-itself": lambda value: f"{value}\0{value}",
        "html-entity": _html_entity,
        "url-encoded": lambda value: quote(value, safe=""),
        "base64": lambda value: base64.b64encode(value.encode()).decode(),
        "base64url": lambda value: base64.urlsafe_b64encode(value.encode()).decode().rstrip("="),
        "hex": lambda value: value.encode().hex(),
        **HASHES,
        "as-number": _as_number,
        # Of each character the low byte alone, as Node's latin1 keeps it.
        "other-high-byte": _other_high_byte,
        # What a column of another character set does not know is kept as a question mark.
        "other-beyond-ascii": another_of(lambda one: "\x7f" < one <= "\uffff"),
        "other-beyond-bmp": another_of(lambda one: one > "\uffff"),
        "thai-for-question-mark": lambda value: value.replace("?", "\u0e01"),
        # As the same number: PHP's ==, and columns of numbers, compare it so.
        "zero-before": _zero_before,
        "in-array": lambda value: [value],
        "in-nested-array": lambda value: [[value]],
        "in-object": lambda value: {"value": value},
        "in-array-of-guesses": lambda value: ["guess-1", value, "guess-2"],
        "characters": list,
        "bytes": lambda value: list(value.encode()),
        "local-part": lambda value: value.rpartition("@")[0],
        "domain": _domain,
        "plus-tag": _plus_tag,
        "digit-tag": _digit_tag,
        "dot-added": _dot_added,
        "subdomain-added": _subdomain_added,
        # Emails in their form, which a query made of text reads as the right one.
        "concatenation-inside": _local_part_with("'||'"),
        "addition-inside": _local_part_with("'+'"),
        "star-inside": _star_inside,
        "dot-inside": _dot_inside,
        "homoglyph": _homoglyph,
        "accent": _accent,
        "unicode-escape": _unicode_escape,
        # Of email and password, which no NUL stands in.
        "email-colon-password": lambda value: value.replace("\0", ":", 1),
        "email-and-first": _email_and_first,
        "first-underscore": lambda value: "_" + value[1:],
    }
)


def derive(value: str, recipe: Mapping[str, Any]) -> Any:
    """Return the value that `recipe` (`as`, `prefix`, `suffix`) makes of a secret.

    Raises `NotApplicable` when it cannot be made, is empty, or equals the right value.
    """
    name = recipe.get("as", "same")
    derived = DERIVATIONS[name](value)
    affixes = (recipe.get("prefix", ""), recipe.get("suffix", ""))
    if any(affixes):
        derived = f"{affixes[0]}{derived}{affixes[1]}"
    if (name != "same" or any(affixes)) and derived in (value, ""):
        raise NotApplicable("equal-or-empty")
    return derived


def recipe_name(recipe: Mapping[str, Any]) -> str:
    """Return a short name for a recipe, such as ``password: cut-last``; it holds no secret."""
    field = str(recipe["field"])
    parts = [f"as {recipe['as']}"] if recipe.get("as", "same") != "same" else []
    parts += ["with text before"] if recipe.get("prefix") else []
    parts += ["with text after"] if recipe.get("suffix") else []
    return f"{recipe['account']} {field}" + (": " + ", ".join(parts) if parts else "")
