"""What nobody sees in a request or an answer is shown, and what everybody sees stays."""

from __future__ import annotations

import pytest

from esignon_conformance.reports.unseen_characters import shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("<main password>\0", "<main password>␀"),
        ("\x1b[31mred\x7f", "␛[31mred␡"),
        ("\u00a0<main password>\u3000", "⟨U+00A0⟩<main password>⟨U+3000⟩"),
        ("\u202e<main email>", "⟨U+202E⟩<main email>"),
        ("\u3164a\u00adb\u200bc", "⟨U+3164⟩a⟨U+00AD⟩b⟨U+200B⟩c"),
        ("old\rMac", "old␍Mac"),
    ],
)
def test_what_nobody_sees_is_shown(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        '{"a": " 성공 "}',
        "two\nlines\r\n\tand a tab",
        "é ß 漢字 😀 ␀",
        "\\u0000 \\xff",
        "<b>&amp;</b>",
    ],
)
def test_what_everybody_sees_stays(text: str) -> None:
    assert shown(text) == text
