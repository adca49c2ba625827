"""The one catalogue of words and messages, in Korean and English, that serves every output."""

from __future__ import annotations

import locale
import os
from collections.abc import Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

import yaml

from .language import LANGUAGES, Language
from .message import Message
from .outside import OUTSIDE, translated

_FOLDER = Path(__file__).parent / "words"


class _Word(str):
    """A word to fill in: `{count:request|requests}` is the form that the number `count` asks for."""

    __slots__ = ()

    def __format__(self, form: str) -> str:
        """Return the first of two forms where the word is the number 1, else the second."""
        one, between, many = form.partition("|")
        if not between:
            return super().__format__(form)
        return one if self == "1" else many


@cache
def catalogue(language: Language) -> Mapping[str, str]:
    """Return the messages of a language by key."""
    text = (_FOLDER / f"{language}.yaml").read_text(encoding="utf-8")
    words: dict[str, str] = yaml.load(text, Loader=yaml.CSafeLoader)
    return words


def render(message: Message, language: Language) -> str:
    """Return a message in a language.  Raises `KeyError` when the catalogue lacks it."""
    if message.key == OUTSIDE:
        return translated(dict(message.words)["text"], language)
    parts = {name: render(part, language) for name, part in message.parts}
    return word(message.key, language, **dict(message.words), **parts)


def language_of_arguments(given: Sequence[str]) -> Language:
    """Return the language that a command line asks for, before it is read as a whole."""
    # `serve --lang` is the language of the answers that it gives.
    options = [] if given[:1] == ["serve"] else [*given, ""]
    asked = None
    for one, after in pairwise(options):
        name, sign, value = one.partition("=")
        if name == "--lang":
            asked = value if sign else after
    return chosen_language(asked if asked in LANGUAGES else None)


def word(key: str, language: Language, **words: object) -> str:
    """Return the message `key` with `words` filled in."""
    return catalogue(language)[key].format(**{name: _Word(value) for name, value in words.items()})


def chosen_language(option: str | None) -> Language:
    """Return the language: the option, else ``ESIGNON_LANG``, else Korean where the locale is."""
    wanted = option or os.environ.get("ESIGNON_LANG", "")
    if wanted in ("ko", "en"):
        return "ko" if wanted == "ko" else "en"
    named = locale.getlocale()[0] or os.environ.get("LC_ALL") or os.environ.get("LANG") or ""
    return "ko" if named.lower().startswith(("ko", "korean")) else "en"
