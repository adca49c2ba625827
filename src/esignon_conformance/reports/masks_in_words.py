"""The names that stand for masked values, in the language of the reader.

A recording holds one name for each in every language, such as ``<main password: as cut-last>``.
"""

from __future__ import annotations

import re
from functools import partial
from html import escape

from ..i18n.catalogue import word
from ..i18n.language import Language
from ..runner.requests.secret_variants import DERIVATIONS
from ..target.target import REAL_ACCOUNTS

_MASK = re.compile(
    rf"<(?P<part>part of )?(?:(?P<account>{'|'.join((*REAL_ACCOUNTS, 'made-up'))}) "
    r"(?P<field>email|password|both|company)"
    r"|(?P<of>email|password)(?: (?P<nth>\d+))? of (?P<who>[a-z0-9-]+(?: [a-z0-9-]+)*)"
    r"|token (?P<number>\d+))(?:: (?P<how>[a-z0-9-]+(?:[ ,]+[a-z0-9-]+)*))?>"
)
# What a mask may name beside what the cases derive: hashes that come back in base64.
FORMS = frozenset({*DERIVATIONS, "md5-base64", "sha1-base64", "sha512-base64"}) - {"same"}
_WITH = {"with text before": "mask-text-before", "with text after": "mask-text-after"}


def masks_in_words(text: str, language: Language) -> str:
    """Return a text with the names of masked values in a language; what is no such name stays."""
    return _MASK.sub(partial(_named, language=language), text)


def masks_as_text(page: str) -> str:
    """Return HTML in which a mask that was put there as it is, is text: no browser shows ``<token 3>``."""
    return _MASK.sub(lambda mask: escape(mask[0]), page)


def _named(mask: re.Match[str], language: Language) -> str:
    if mask["number"]:
        named = word("mask-token", language, number=mask["number"])
    elif mask["of"]:
        # Of recorded traffic, whose accounts have no other names.
        named = word(f"mask-{mask['of']}-of", language, who=mask["who"], nth=mask["nth"] or "")
        named = " ".join(named.split())
    else:
        account = word(f"env-account-{mask['account']}", language)
        named = word(f"mask-{mask['field']}", language, account=account)
    if mask["part"]:
        named = word("mask-part", language, of=named)
    if mask["how"] is None:
        return f"<{named}>"
    told = []
    for part in mask["how"].split(", "):
        recipe = part.removeprefix("as ")
        if part in _WITH:
            told.append(word(_WITH[part], language))
        elif part != recipe and recipe in FORMS:
            told.append(word(f"recipe-{recipe}", language))
        else:
            return mask[0]
    return f"<{named}: {', '.join(told)}>"
