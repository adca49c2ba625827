"""Texts that other programs say in English (the system, OpenSSL, argparse, parsers), in Korean."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import yaml

from .language import Language
from .message import Message

# The key of a message whose text somebody else wrote.
OUTSIDE = "outside"
_FILE = Path(__file__).with_name("outside.ko.yaml")
# A text in English may be a pattern: what stands at `{name}` goes to the same name of the Korean one.
_Pattern = tuple[re.Pattern[str], str]


def outside(text: str) -> Message:
    """Return what another program says in English as a message, which is Korean where it is known."""
    return Message(OUTSIDE, (("text", text),))


def translated(text: str, language: Language) -> str:
    """Return a text of another program in a language: as it is where no translation is known."""
    if language == "en" or not text:
        return text
    exact, patterns = _texts()
    if text in exact:
        return exact[text]
    for pattern, korean in patterns:
        found = pattern.fullmatch(text)
        if found is not None:
            return korean.format(**found.groupdict())
    return text


@cache
def sections() -> Mapping[str, Mapping[str, str]]:
    """Return the Korean texts by who says them and by the text in English."""
    loaded: dict[str, dict[str, str]] = yaml.load(
        _FILE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return loaded


@cache
def _texts() -> tuple[Mapping[str, str], tuple[_Pattern, ...]]:
    exact: dict[str, str] = {}
    patterns: list[_Pattern] = []
    for texts in sections().values():
        for english, korean in texts.items():
            if "{" in english:
                patterns.append((re.compile("".join(_parts(english)), re.DOTALL), korean))
            else:
                exact[english] = korean
    return exact, tuple(patterns)


def _parts(english: str) -> Iterator[str]:
    for literal, name, _, _ in string.Formatter().parse(english):
        yield re.escape(literal)
        if name is not None:
            yield f"(?P<{name}>.+?)"


def reason_of(error: Exception) -> Message:
    """Return why something of the system failed, without the file's name, which the caller says."""
    return outside(getattr(error, "strerror", None) or str(error) or type(error).__name__)
