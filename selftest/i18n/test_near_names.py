"""A name that is none of those known is told with what it was to be, or that nothing is like it."""

from __future__ import annotations

import pytest

from esignon_conformance.i18n.catalogue import render
from esignon_conformance.i18n.language import Language
from esignon_conformance.i18n.near_names import near_names

MANY = [f"token-{one}" for one in "abcdefghijkl"] + ["wrong-password"]


@pytest.mark.parametrize(
    ("name", "known", "language", "told"),
    [
        ("wrong-pasword", MANY, "en", "wrong-password"),
        ("TOKEN-A", MANY, "en", "token-"),
        ("password", MANY, "en", "wrong-password"),
        ("zzz", MANY, "en", "none of 13 names is like it"),
        ("zzz", MANY, "ko", "13개 가운데 없음"),
        ("zzz", MANY[:2], "en", "none is like it; there are token-a, token-b"),
        ("zzz", MANY[:2], "ko", "없음(있는 이름: token-a, token-b)"),
        ("", MANY, "en", "none of 13 names is like it"),
    ],
)
def test_what_a_name_may_have_been_to_be(
    name: str, known: list[str], language: Language, told: str
) -> None:
    assert render(near_names(name, known), language).startswith(told)


def test_of_many_names_that_hold_the_given_one_the_first_are_told() -> None:
    assert render(near_names("n-", MANY), "en") == "token-a, token-b, token-c and 9 more"
