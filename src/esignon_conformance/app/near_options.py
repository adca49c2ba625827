"""What a misspelt option was to be: the options of a command that are spelt much like it."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Iterable

from ..i18n.catalogue import word
from ..i18n.language import Language

_ALIKE = 0.7


def unknown_options(
    parser: argparse.ArgumentParser, given: Iterable[str], language: Language
) -> str:
    """Return in one line that a command has no such options, and which are spelt much like them."""
    names = [name for one in parser._actions for name in one.option_strings]  # noqa: SLF001 - argparse tells them nowhere else
    rest = list(given)
    near = [
        found
        for one in rest
        if one.startswith("-")
        for found in difflib.get_close_matches(one.partition("=")[0], names, n=2, cutoff=_ALIKE)
    ]
    key = "unknown-options-near" if near else "unknown-options"
    return word(*(key, language), given=" ".join(rest), near=", ".join(dict.fromkeys(near)))
