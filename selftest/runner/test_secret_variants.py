"""Near misses of a secret: each is what its name says, and none is the right value itself."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest

from esignon_conformance.runner.requests.other_characters import NotApplicable
from esignon_conformance.runner.requests.secret_variants import (
    DERIVATIONS,
    derive,
    recipe_name,
)

PASSWORD = "Kx4!vTn_Zr8.mWd9Q"
EMAIL = "nari.ok@gaon.invalid"


def made(value: str, name: str = "same", **affixes: str) -> Any:
    """Return what a recipe makes of a value."""
    return derive(value, {"as": name, **affixes})


DERIVED: dict[str, tuple[str, Any]] = {
    "swap-case": (PASSWORD, "kX4!VtN_zR8.MwD9q"),
    "upper": (PASSWORD, "KX4!VTN_ZR8.MWD9Q"),
    "lower": (PASSWORD, "kx4!vtn_zr8.mwd9q"),
    "swap-first-case": (PASSWORD, "kx4!vTn_Zr8.mWd9Q"),
    "swap-last-case": (PASSWORD, "Kx4!vTn_Zr8.mWd9q"),
    "swap-first-cases": (PASSWORD, "kX4!vTn_Zr8.mWd9Q"),
    "swap-inner-case": (PASSWORD, "Kx4!vTn_zr8.mWd9Q"),
    "cut-last": (PASSWORD, "Kx4!vTn_Zr8.mWd9"),
    "cut-first": (PASSWORD, "x4!vTn_Zr8.mWd9Q"),
    "first-1": (PASSWORD, "K"),
    "first-8": (PASSWORD, "Kx4!vTn_"),
    "first-half": (PASSWORD, "Kx4!vTn_"),
    "middle": (PASSWORD, "4!vTn_Zr8.mWd"),
    "double": (PASSWORD, PASSWORD * 2),
    "reverse": (PASSWORD, "Q9dWm.8rZ_nTv!4xK"),
    "pad-72": (PASSWORD, PASSWORD + "&" + "x" * 54),
    "all-other": ("aZ9 !", "hG2++"),
    "replace-first": (PASSWORD, "Rx4!vTn_Zr8.mWd9Q"),
    "replace-middle": (PASSWORD, "Kx4!vTn_Gr8.mWd9Q"),
    "replace-last": (PASSWORD, "Kx4!vTn_Zr8.mWd9X"),
    "replace-digit": (PASSWORD, "Kx7!vTn_Zr8.mWd9Q"),
    "replace-punctuation": (PASSWORD, "Kx4!vTn_Zr8+mWd9Q"),
    "letters-and-digits": (PASSWORD, "Kx4vTnZr8mWd9Q"),
    "exchange-two": ("aabc", "abac"),
    "blank-inside": ("abcd", "ab cd"),
    "backslash-inside": ("abcd", "ab\\cd"),
    "control-inside": ("abcd", "ab\x01cd"),
    "soft-hyphen-inside": ("abcd", "ab\u00adcd"),
    "zero-width-blank-inside": ("abcd", "ab\u200bcd"),
    "zero-width-joiner-inside": ("abcd", "ab\u200dcd"),
    "nul-and-itself": ("abcd", "abcd\0abcd"),
    "quote-inside": ("abcd", "ab'cd"),
    "tag-inside": ("abcd", "ab<b></b>cd"),
    "concatenation-inside": ("ab.cd@x.kr", "ab'||'.cd@x.kr"),
    "addition-inside": ("ab.cd@x.kr", "ab'+'.cd@x.kr"),
    "star-inside": ("ab.cd@x.kr", "ab.c*@x.kr"),
    "dot-inside": ("ab.cde@x.kr", "ab.c.e@x.kr"),
    "html-entity": ("Kx4", "&#75;x4"),
    "url-encoded": ("a!b/c d", "a%21b%2Fc%20d"),
    "base64": ("abc", "YWJj"),
    "md5": ("abc", "900150983cd24fb0d6963f7d28e17f72"),
    "md5-upper-case": ("abc", "900150983CD24FB0D6963F7D28E17F72"),
    "sha1": ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    "sha256-base64": ("abc", "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="),
    "sha512": (
        "abc",
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
        "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    ),
    "sha256": ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    "as-number": ("12345678", 12345678),
    "zero-before": ("12345678", "012345678"),
    "other-high-byte": ("Kx4", "ŋx4"),
    "other-beyond-ascii": ("Kx😀은4하", "Kx😀읂4하"),
    "other-beyond-bmp": ("은Kx😀4😀", "은Kx😂4😀"),
    "thai-for-question-mark": ("K?x4?", "Kกx4ก"),
    "in-array": (PASSWORD, [PASSWORD]),
    "in-object": (PASSWORD, {"value": PASSWORD}),
    "in-array-of-guesses": (PASSWORD, ["guess-1", PASSWORD, "guess-2"]),
    "characters": ("abc", ["a", "b", "c"]),
    "bytes": ("a힘", [97, 237, 158, 152]),
    "local-part": (EMAIL, "nari.ok"),
    "domain": (EMAIL, "gaon.invalid"),
    "plus-tag": (EMAIL, "nari.ok+tag@gaon.invalid"),
    "digit-tag": (EMAIL, "nari.ok7@gaon.invalid"),
    "homoglyph": (EMAIL, "n\u0430ri.ok@gaon.invalid"),
    "accent": (EMAIL, "n\u00e1ri.ok@gaon.invalid"),
    "dot-added": (EMAIL, "n.ari.ok@gaon.invalid"),
    "unicode-escape": ("😀x", "\\ud83d\\ude00x"),
    "first-underscore": (EMAIL, "_ari.ok@gaon.invalid"),
    "cut-middle": ("abcd", "abd"),
    "base64url": ("a>>?", "YT4-Pw"),
    "hex": ("aZ힘", "615aed9e98"),
    "in-nested-array": (PASSWORD, [[PASSWORD]]),
    "subdomain-added": (EMAIL, "nari.ok@sub.gaon.invalid"),
    "email-colon-password": (f"{EMAIL}\0abc", f"{EMAIL}:abc"),
    "email-and-first": (f"{EMAIL}\0abc", f"{EMAIL}a"),
}


@pytest.mark.parametrize(("name", "value", "expected"), [(k, *v) for k, v in DERIVED.items()])
def test_a_derivation_is_what_its_name_says(name: str, value: str, expected: Any) -> None:
    assert made(value, name) == expected


@pytest.mark.parametrize("name", sorted(DERIVATIONS))
@pytest.mark.parametrize("password", ["힘내자-1!aB", "\U0010ffffmade-up"])
def test_whatever_a_password_begins_with_a_derivation_can_be_sent(name: str, password: str) -> None:
    with contextlib.suppress(NotApplicable):
        json.dumps(DERIVATIONS[name](password), ensure_ascii=False).encode("utf-8")


def test_every_derivation_stands_in_the_table() -> None:
    assert set(DERIVED) == set(DERIVATIONS) - {"same"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("swap-case", "12345678"),
        ("swap-case", "!@#$"),
        ("swap-case", "비밀번호"),
        ("swap-case", "k1234567"),  # the first letter alone is another clause's
        ("upper", "KX4!VTN"),
        ("upper", "kX4!VTN"),
        ("lower", "kx4!vtn"),
        ("lower", "Kx4!vtn"),
        ("swap-first-case", "4Kx"),
        ("swap-last-case", "k1234567"),
        ("swap-first-cases", "k12Xyz"),
        ("swap-first-cases", "123Xyz"),
        ("swap-inner-case", "k12345X"),
        ("cut-last", "x"),
        ("cut-first", "x"),
        ("first-1", "x"),
        ("first-8", "Kx4!vTn_"),
        ("first-8", "short"),
        ("first-half", "x"),
        ("middle", "abcd"),
        ("reverse", "abcba"),
        ("pad-72", "x" * 72),
        ("replace-digit", "password"),
        ("replace-punctuation", "passw0rd"),
        ("letters-and-digits", "passw0rd"),
        ("letters-and-digits", "!!!!"),
        ("exchange-two", "aaaa"),
        ("url-encoded", "passw0rd"),
        ("as-number", "passw0rd"),
        ("as-number", "0123"),
        ("as-number", "１２３"),
        ("other-beyond-ascii", "Kx4😀"),
        ("other-beyond-bmp", "Kx4은"),
        ("thai-for-question-mark", "Kx4!"),
        ("zero-before", "passw0rd"),
        ("zero-before", "１２３"),
        ("local-part", "no-at-sign"),
        ("domain", "no-at-sign"),
        ("homoglyph", "12@34.kr"),
        ("accent", "12@34-56"),
        ("dot-added", "nari@gmail.com"),
        ("dot-added", "n.ari@gaon.invalid"),
        ("plus-tag", "nari@Gmail.com"),
        ("first-underscore", "_ab"),
        ("star-inside", "a@x.kr"),
        ("dot-inside", "ab.c.de@x.kr"),
    ],
)
def test_a_variant_that_equals_the_right_value_is_not_applicable(name: str, value: str) -> None:
    with pytest.raises(NotApplicable):
        made(value, name)


@pytest.mark.parametrize("name", sorted(DERIVED))
def test_no_derivation_is_the_right_value(name: str) -> None:
    for value in (PASSWORD, EMAIL, "a1!b2@c3", "Passw0rd", "비밀번호12!가나다"):
        with contextlib.suppress(NotApplicable):
            assert made(value, name) not in (value, "")


def test_a_number_is_what_its_digits_say() -> None:
    assert made("0", "as-number") == 0
    assert made("9007199254740993", "as-number") == 9007199254740993


@pytest.mark.parametrize(
    ("affixes", "expected"),
    [
        ({"suffix": "x"}, PASSWORD + "x"),
        ({"prefix": " "}, " " + PASSWORD),
        ({"prefix": "\u00a0", "suffix": "\u3000"}, f"\u00a0{PASSWORD}\u3000"),
        ({"suffix": "\0x"}, PASSWORD + "\0x"),
    ],
)
def test_text_may_stand_before_and_after(affixes: dict[str, str], expected: str) -> None:
    assert made(PASSWORD, **affixes) == expected


def test_text_after_a_derivation() -> None:
    assert made(PASSWORD, "first-8", suffix="Zz9") == "Kx4!vTn_Zz9"
    # A password of 8 characters followed by others is a near miss too.
    assert made("Kx4!vTn_", "first-8", suffix="Zz9") == "Kx4!vTn_Zz9"


def test_an_affix_that_makes_the_right_value_again_is_not_applicable() -> None:
    with pytest.raises(NotApplicable):
        made("abcdefghZz9", "first-8", suffix="Zz9")


def test_the_right_value_itself_may_be_asked_for() -> None:
    assert made(PASSWORD) == PASSWORD
    assert derive(PASSWORD, {"account": "main", "field": "password"}) == PASSWORD


@pytest.mark.parametrize(
    ("recipe", "name"),
    [
        ({}, "main password"),
        ({"as": "same"}, "main password"),
        ({"as": "cut-last"}, "main password: as cut-last"),
        ({"suffix": "x"}, "main password: with text after"),
        ({"as": "first-8", "prefix": "a", "suffix": "b"}, None),
    ],
)
def test_the_name_of_a_recipe_holds_no_secret(recipe: dict[str, str], name: str | None) -> None:
    given = recipe_name({"account": "main", "field": "password", **recipe})
    if name is None:
        name = "main password: as first-8, with text before, with text after"
    assert given == name
