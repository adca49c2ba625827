"""A text of the catalogue by its key, which is rendered where the language is known."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """A text of the catalogue by its key, with the words to fill in; rendered in the chosen language.

    `parts` are filled in like `words`, and are messages themselves.
    """

    key: str
    words: tuple[tuple[str, str], ...] = ()
    parts: tuple[tuple[str, Message], ...] = ()


def joined(messages: Iterable[Message]) -> Message:
    """Return messages as one, with semicolons between."""
    first, *more = messages
    return Message("joined", (), (("one", first), ("more", joined(more)))) if more else first


def say(key: str, **words: object) -> Message:
    """Return the message `key` of the catalogue with `words` filled in, messages among them."""
    parts = tuple((name, word) for name, word in words.items() if isinstance(word, Message))
    plain = ((name, str(word)) for name, word in words.items() if not isinstance(word, Message))
    return Message(key, tuple(plain), parts)
