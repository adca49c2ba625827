"""Names of cases and clauses stay whole, and no secret leaks for that."""

from __future__ import annotations

import pytest

from esignon_conformance.redaction.scrubber import Scrubber

NAMES = ("wrong-type-header-null", "wrong-type-header", "REJ-1")


def scrubber(*secrets: str) -> Scrubber:
    made = Scrubber()
    made.kept_names.add(NAMES)
    for secret in secrets:
        made.register_password(secret, "pwd")
    return made


@pytest.mark.parametrize("secret", ["null", "type", "wrong-type", "header-null", "REJ"])
def test_a_name_stays_whole_where_a_secret_is_a_piece_of_it(secret: str) -> None:
    made = scrubber(secret)
    for text in NAMES:
        assert made.scrub(text) == text
        assert made.scrub(f"test_case[{text}]: see {text}, {text}.") == (
            f"test_case[{text}]: see {text}, {text}."
        )


@pytest.mark.parametrize(
    ("secret", "text", "masked"),
    [
        ("null", "null", "<pwd>"),
        ("null", "memb_pwd=null", "memb_pwd=<pwd>"),
        ("null", "x-wrong-type-header-null", "x-wrong-type-header-<pwd>"),
        ("null", "wrong-type-header-null2", "wrong-type-header-<pwd>2"),
        ("null", "wrong-type-header-null null", "wrong-type-header-null <pwd>"),
        ("wrong-type-header", "wrong-type-header", "<pwd>"),
        ("wrong-type-header-null", "(wrong-type-header-null)", "(<pwd>)"),
        ("header-null!7", "wrong-type-header-null!7", "wrong-type-<pwd>"),
        ("nu", "wrong-type-header-nu", "wrong-type-header-nu"),
    ],
)
def test_outside_of_a_name_a_secret_is_masked(secret: str, text: str, masked: str) -> None:
    assert scrubber(secret).scrub(text) == masked


def test_a_text_that_was_clean_is_looked_at_again_for_a_later_secret() -> None:
    made = scrubber("null")
    assert made.scrub("wrong-type-header-null 7431") == "wrong-type-header-null 7431"
    made.register_password("7431", "other")
    assert made.scrub("wrong-type-header-null 7431") == "wrong-type-header-null <other>"
