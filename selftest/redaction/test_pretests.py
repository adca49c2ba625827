"""What lets a long search be left out never leaves out what it would have found."""

from __future__ import annotations

import zlib
from random import Random

from esignon_conformance.checks import internals
from esignon_conformance.redaction import packed_text, unescape

_RANDOM = Random(7)  # noqa: S311 - no secret is drawn
_LISTED = (
    "12",
    "7",
    "0x4f",
    "-9",
    "255",
    "4f",
    "ab",
    '"a"',
    "'b'",
    "'\\n'",
    "a",
    "",
    "]",
    "[",
    "x1",
)
_BETWEEN = (", ", ",", " ", ":", " ,\n", "\n, ", "  ", "")


def _text_like_lists() -> str:
    one, between = _RANDOM.choice(_LISTED), _RANDOM.choice(_BETWEEN)
    pieces = [
        (one if _RANDOM.random() < 0.9 else _RANDOM.choice(_LISTED))
        + (between if _RANDOM.random() < 0.95 else _RANDOM.choice(_BETWEEN))
        for _ in range(_RANDOM.randrange(5, 12))
    ]
    return _RANDOM.choice(("", "[", "a [", "x")) + "".join(pieces) + _RANDOM.choice(("", "]", "1"))


def test_every_list_has_the_items_that_are_looked_for_first() -> None:
    lists = [
        text for text in (_text_like_lists() for _ in range(20_000)) if unescape._LISTS.search(text)
    ]
    kinds = {match.lastgroup for text in lists if (match := unescape._LISTS.search(text))}
    assert len(lists) > 2000
    assert kinds >= {"pairs", "numbers", "bare"}
    assert not [text for text in lists if not unescape._ITEMS.search(text)]


def test_nothing_comes_of_what_may_be_no_deflated_stream() -> None:
    for number in range(30_000):
        data = _RANDOM.randbytes(_RANDOM.randrange(1, 40))
        if number % 3 == 0:
            stream = zlib.compressobj(_RANDOM.randrange(10), wbits=-zlib.MAX_WBITS)
            data = (stream.compress(data) + stream.flush())[: _RANDOM.randrange(1, 60)]
        if not packed_text._may_be_bare(data):
            assert not packed_text._stream(data, -zlib.MAX_WBITS), data


def test_every_file_that_is_found_ends_in_what_is_looked_for_first() -> None:
    endings = [
        "c",
        "h",
        "hs",
        "hpp",
        "java",
        "py",
        "pyx",
        "js",
        "mjs",
        "jsx",
        "php",
        "php8",
        "cgi",
        "pm",
        "cr",
        "so",
        "jar",
        "war",
        "dll",
        "exe",
        "class",
        "x",
        "txt",
    ]
    folders = ("", "/", "/usr/lib/", "/srv/app/", "C:\\app\\", "src/", "lib/a/", '"file": "')
    behind = ("", ":12", ":12:3", '"', " ", "(", "/", "x")
    patterns = [internals._compiled(sign.pattern) for sign in internals._SIGNS if not sign.clues]
    found = 0
    for folder in folders:
        for ending in endings:
            for end in behind:
                text = f" {folder}app/main.{ending}{end}"
                is_found = any(pattern.search(text) for pattern in patterns)
                found += is_found
                assert not is_found or internals._EXTENSION.search(text), text
    assert found > 100
