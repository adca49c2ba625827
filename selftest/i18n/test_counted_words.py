"""What is counted once is told in the singular."""

from __future__ import annotations

import re
import string

import pytest

from esignon_conformance.i18n.catalogue import catalogue, render, word
from esignon_conformance.i18n.message import say
from selftest.support.messages import placeholders

# What the English messages count.
_COUNTED = (
    "accounts|advisories|answers|bytes|cases|characters|clauses|draws|entries|exchanges|findings|lines"
    "|logins|minutes|names|nights|operations|pages|passwords|processes|requests|runs|seconds|times|users"
    "|days"
)
_MANY_OF_ONE = re.compile(rf"\b1 (?:[a-z-]+ ){{0,2}}(?:{_COUNTED})\b|\b1 (?:are|have|were)\b")


def test_no_english_message_says_one_requests() -> None:
    counts = {
        name
        for text in catalogue("en").values()
        for _, name, form, _ in string.Formatter().parse(text)
        if "|" in (form or "")
    }
    said = {
        key: word(key, "en", **{one: "1" if one in counts else "x" for one in placeholders(text)})
        for key, text in catalogue("en").items()
    }
    assert counts > {"count", "requests", "all"}
    assert {key: text for key, text in said.items() if _MANY_OF_ONE.search(text)} == {}


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "1 request in 2.0 s"),
        ("1", "1 request in 2.0 s"),
        (0, "0 requests in 2.0 s"),
        (11, "11 requests in 2.0 s"),
    ],
)
def test_the_number_chooses_the_form_of_what_it_counts(number: object, text: str) -> None:
    assert word("requests-count", "en", requests=number, seconds="2.0") == text
    assert render(say("requests-count", requests=number, seconds="2.0"), "en") == text
