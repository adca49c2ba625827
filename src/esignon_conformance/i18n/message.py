"""A text of the catalogue by its key, which is rendered where the language is known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """A text of the catalogue by its key, with the words to fill in; rendered in the chosen language."""

    key: str
    words: tuple[tuple[str, str], ...] = ()


def say(key: str, **words: object) -> Message:
    """Return the message `key` of the catalogue with `words` filled in."""
    return Message(key, tuple((name, str(word)) for name, word in words.items()))
