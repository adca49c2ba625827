"""Another character in the place of one of a secret, of the same kind."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from ...contract.skip_reason import NotMade


class NotApplicable(Exception):
    """The derived value cannot be made, or equals the right one: the case is not sent."""

    def __init__(self, why: NotMade) -> None:
        """Keep why, by its word."""
        super().__init__(why)
        self.why = why


def other_character(character: str) -> str:
    """Return another ASCII character: a digit for a digit, a letter for a letter, else a sign."""
    if character.isdigit():
        return str((int(character) + 3) % 10) if character.isascii() else "4"
    if character.isascii() and character.isalpha():
        shifted = chr((ord(character.lower()) - ord("a") + 7) % 26 + ord("a"))
        return shifted.upper() if character.isupper() else shifted
    return "+" if character != "+" else "="


def replaced(value: str, wanted: Callable[[str], bool]) -> str:
    """Return a value with another ASCII character for the first that is wanted."""
    for index, character in enumerate(value):
        if wanted(character):
            return value[:index] + other_character(character) + value[index + 1 :]
    raise NotApplicable("no-such-character")


def mark_of(value: str) -> Callable[[str], bool]:
    """Return what tells the punctuation marks of a value, or its dots alone, if it has any.

    In a stored password that is taken for a pattern, as by Java's `matches`, a dot is any character.
    """
    return ".".__eq__ if "." in value else lambda one: not one.isalnum()


def at(value: str, index: int) -> str:
    """Return a value with another ASCII character in one place."""
    return value[:index] + other_character(value[index]) + value[index + 1 :]


def of_its_kind(character: str) -> str:
    """Return another character of the same kind, one that no preparation of passwords takes for it.

    Letters stay letters and symbols symbols: a syllable of Hangul becomes another, an emoji another.
    """
    for bit in (2, 4, 8, 16, 32):
        other = chr(ord(character) ^ bit)
        if unicodedata.category(other)[0] == unicodedata.category(character)[0] and (
            unicodedata.normalize("NFKC", other).casefold()
            != unicodedata.normalize("NFKC", character).casefold()
        ):
            return other
    raise NotApplicable("no-such-character")


def another_of(wanted: Callable[[str], bool]) -> Callable[[str], str]:
    """Return how to put another of its kind for the first character that is wanted."""

    def changed(value: str) -> str:
        for index, character in enumerate(value):
            if wanted(character):
                return value[:index] + of_its_kind(character) + value[index + 1 :]
        raise NotApplicable("no-such-character")

    return changed
