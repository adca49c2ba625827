"""The names that stand for masked values are told in the language of the reader."""

from __future__ import annotations

import pytest

from esignon_conformance.i18n.language import LANGUAGES, Language
from esignon_conformance.reports.masks_in_words import masks_as_text, masks_in_words
from esignon_conformance.runner.requests.secret_variants import DERIVATIONS, recipe_name
from selftest.support.exchanges import contract


@pytest.mark.parametrize(
    ("text", "korean", "english"),
    [
        ("<main password>", "<기본 계정의 비밀번호>", "<main password>"),
        ('"<made-up password>"', '"<임의로 만든 계정의 비밀번호>"', '"<made-up password>"'),
        ("<token 12>", "<토큰 12>", "<token 12>"),
        (
            "<second email: as local-part>",
            "<두 번째 계정의 이메일: @ 앞부분만>",
            "<second email: what stands before the @>",
        ),
        (
            "<main password: as cut-last, with text after>",
            "<기본 계정의 비밀번호: 끝 글자를 뺌, 뒤에 글자를 붙임>",
            "<main password: without its last character, with text after>",
        ),
        (
            "<main password: as base64> <part of second password: as md5-base64>",
            "<기본 계정의 비밀번호: base64로 씀> <두 번째 계정의 비밀번호 일부: MD5(base64)로 씀>",
            "<main password: in base64> <part of second password: as MD5 in base64>",
        ),
        (
            "<email of account 1> <password of account 12: as base64> <password 2 of main>",
            "<account 1의 이메일> <account 12의 비밀번호: base64로 씀> <main의 비밀번호 2>",
            "<email of account 1> <password of account 12: in base64> <password 2 of main>",
        ),
        ("<part of token 3>", "<토큰 3 일부>", "<part of token 3>"),
        (
            "<main password: some words>",
            "<main password: some words>",
            "<main password: some words>",
        ),
        ("<p>token 1</p>", "<p>token 1</p>", "<p>token 1</p>"),
    ],
)
def test_a_mask_is_told_in_words_and_any_other_text_stays(
    text: str, korean: str, english: str
) -> None:
    assert masks_in_words(text, "ko") == korean
    assert masks_in_words(text, "en") == english


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_recipe_of_the_cases_is_told_in_words(language: Language) -> None:
    recipes = [
        change["secret"]
        for case in contract().cases.values()
        for change in case.patch
        if "secret" in change
    ]
    assert recipes
    for recipe in recipes:
        told = masks_in_words(f"<{recipe_name(recipe)}>", language)
        assert not [name for name in DERIVATIONS if f"as {name}" in told]
        assert (language == "en") is not any("가" <= one <= "힣" for one in told)


def test_a_mask_in_html_is_text_and_no_tag() -> None:
    page = "<p><b>&lt;main password&gt;</b> <token 3> <part of main email></p>"
    assert masks_as_text(page) == (
        "<p><b>&lt;main password&gt;</b> &lt;token 3&gt; &lt;part of main email&gt;</p>"
    )
