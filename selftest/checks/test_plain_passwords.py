"""What is quickly said of a plain password is what all its forms say."""

from __future__ import annotations

from random import Random

import pytest

from esignon_conformance.checks.known_passwords import Passwords
from esignon_conformance.checks.plain_passwords import is_plain, may_hold
from esignon_conformance.redaction.packed_text import are_words
from esignon_conformance.redaction.unescape import unescaped

_CHARACTERS = (
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+./;=?@^_`{|}~-"
)
_NO_PASSWORDS = Passwords("Nobody-Has-This-1", frozenset(), "")


def _drawn(length: int) -> str:
    return "".join(Random(length).choices(_CHARACTERS, k=length))  # noqa: S311 - no secret


@pytest.mark.parametrize("length", range(8, 65))
def test_a_plain_password_is_seen_in_each_of_its_forms_alone(length: int) -> None:
    password = _drawn(length)
    # An escape that happens to be drawn is none of these.
    password = password.replace("%", "_") if unescaped(password) != password else password
    assert is_plain(password)
    forms = _NO_PASSWORDS.forms_of([password])
    assert are_words(forms)
    for form in forms:
        assert may_hold(password, f"x{form}x"), form
    others = _NO_PASSWORDS.forms_of([_drawn(length + 100)])
    assert not may_hold(
        password, "\n".join(one for one in others if "\\" not in one and '"' not in one)
    )


@pytest.mark.parametrize("password", ["Bada-12345%", "Bada%Wolf-1", "Bada&Namu-1", "Bada+Namu-1&"])
def test_a_password_with_a_sign_that_urls_and_html_escape_is_plain(password: str) -> None:
    assert is_plain(password)
    for form in _NO_PASSWORDS.forms_of([password]):
        assert may_hold(password, f"x{form}x"), form


@pytest.mark.parametrize(
    "password",
    ["short-1", "a" * 65, "quoted\"mark", "back\\slash", "a&amp;b-cd", "per%41cent", "blank in it",
     "1,2,3,4,5,6", "61:62:63:64:65", "열린문-12345", "it's-a-one", "<b>bold</b>", "tab\there-1"],
)  # fmt: skip
def test_a_password_that_some_text_writes_otherwise_is_not_plain(password: str) -> None:
    assert not is_plain(password)
