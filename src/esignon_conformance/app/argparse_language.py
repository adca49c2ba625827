"""Lets argparse speak the chosen language: its own words, and the help of the commands."""

from __future__ import annotations

import argparse
import sys

from ..i18n.catalogue import language_of_arguments, word
from ..i18n.language import Language
from ..i18n.outside import translated


def speak(language: Language) -> None:
    """Let argparse say its own words in a language.

    It takes them through the `_` and `ngettext` that it imports from gettext, for which nobody
    publishes a Korean catalogue.
    """

    def of_one(text: str) -> str:
        return translated(text, language)

    def of_number(one: str, many: str, count: int) -> str:
        return translated(one if count == 1 else many, language)

    vars(argparse).update(_=of_one, ngettext=of_number)


def translate_help(parser: argparse.ArgumentParser, language: Language) -> None:
    """Put the help of a parser and of its options into a language."""
    parser.description = translated(parser.description or "", language) or None
    parser.epilog = translated(parser.epilog or "", language) or None
    for action in parser._actions:  # noqa: SLF001 - argparse tells them nowhere else
        if action.help not in (None, argparse.SUPPRESS):
            action.help = translated(action.help or "", language)
        for one in getattr(action, "_choices_actions", ()):
            one.help = translated(one.help or "", language)


def refusal(key: str, **words: object) -> argparse.ArgumentTypeError:
    """Return what argparse is told of a value that an option does not take."""
    language = language_of_arguments(sys.argv[1:])
    return argparse.ArgumentTypeError(word(key, language, **words))
