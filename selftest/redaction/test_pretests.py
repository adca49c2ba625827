"""What lets a long search be left out never leaves out what it would have found."""

from __future__ import annotations

import base64
import json
import sys
import zlib
from collections.abc import Callable
from random import Random

import pytest

from esignon_conformance.checks import internals
from esignon_conformance.checks.answer_texts import all_texts, head_of, unescaped_texts
from esignon_conformance.checks.head_lines import lines_of
from esignon_conformance.redaction import packed_text, unescape
from esignon_conformance.transport.messages import Answer

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
_BETWEEN = (", ", ",", " ", ":", "-", " ,\n", "\n, ", "  ", "")


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


# ---- what holds no word ----------------------------------------------------------------------------

_WORD = "Kim-743i"


def _hidden(word: str) -> bytes:
    """Return a word in upper case as a search of small letters finds it, in one form or another."""
    upper = word.upper()

    def _listed(between: str, item: Callable[[str], str]) -> str:
        return between.join(item(one) for one in upper)

    forms = (
        upper,
        upper.replace("K", "\N{KELVIN SIGN}"),
        upper[:-1] + "\u0130",
        "\0".join(upper),
        "\x1b[0m".join(upper),
        "\x1b\\u005b0m".join(upper),
        "\x1b%5B1;7m".join(upper),
        "\x1b&#91;m".join(upper),
        "\x1b\0[m".join(upper),
        "".join(f"\\u{ord(one):04x}" for one in upper),
        "".join(f"%{ord(one):02x}" for one in upper),
        "".join(f"&#{ord(one)};" for one in upper),
        _listed("\n,\t", lambda one: str(ord(one))),
        _listed("\u2003,\xa0", lambda one: str(ord(one))),
        _listed(",\u3000", json.dumps),
        _listed("\u1680,\x1c", lambda one: hex(ord(one))),
        upper[:3] + " " + ",\n".join(str(ord(one)) for one in upper),
    )
    data = _RANDOM.choice(forms).encode()
    return zlib.compress(data) if _RANDOM.random() < 0.2 else data


def _run(data: bytes) -> str:
    return _RANDOM.choice(
        (
            data.hex(),
            base64.b64encode(data).decode(),
            base64.urlsafe_b64encode(data).decode(),
            base64.b32encode(data).decode(),
            base64.b32encode(zlib.compress(data)).decode().lower().rstrip("="),
            base64.b64encode(base64.b64encode(data)).decode(),
            base64.b64encode(zlib.compress(data)[2:]).decode(),
            # A small window has a header of its own.
            base64.b64encode(zlib.compress(data, wbits=9)).decode(),
        )
    )


def _says(word: str, texts: list[str]) -> bool:
    layers = (layer for text in texts for layer in unescape.layers(text))
    return any(word.lower() in layer.lower() for layer in layers)


@pytest.mark.parametrize("word", [_WORD, "Kim-743i-Bada", "Kim-743i-Bada-Haneul-1"])
def test_no_run_in_which_a_word_stands_is_left_out(word: str) -> None:
    said = left_out = 0
    for _ in range(4000):
        noise = [_RANDOM.randbytes(_RANDOM.randrange(40)) for _ in range(2)]
        run = _run(noise[0] + (_hidden(word) if _RANDOM.random() < 0.7 else b"") + noise[1])
        packed_text._kept.clear()
        words = packed_text.packed(run, len(word))
        packed_text._kept.clear()
        everything = packed_text.packed(run)
        said += _says(word, everything)
        left_out += len(words) < len(everything)
        assert _says(word, everything) == _says(word, words), run
    # Both ways are gone, and often.
    assert said > 1000
    assert left_out > 500


def test_letters_that_are_small_ones_of_ascii_are_known() -> None:
    grown = {
        chr(one)
        for one in range(0x80, sys.maxunicode + 1)
        if any(small.isascii() for small in chr(one).lower())
    }
    assert grown == {"\N{KELVIN SIGN}", "\u0130"}


# ---- heads line by line ----------------------------------------------------------------------------

_NAMES = ("Server", "x-debug", "X-Old.Id", "3", '"x', "(dart", "at", ": ", "<b", "x y", "*x", "[x")
_VALUES = (
    "nginx",
    "KeyError",
    "Traceback (most recent call last)",
    "/srv/app/login.py",
    "#0 ",
    "main (dart:core)",
    "(package:a)",
    "while executing",
    "stack traceback:",
    "{badarg,",
    "<i",
    "b> x",
    "<b>ORA-</b>00001",
    "&lt;b",
    '"a", "b", "c",',
    '"d", "e", "f"',
    "75, 73, 77, 45,",
    "A" * 60,
    "S2ltLTc0M2k",
    "KIM-743I",
    "KIM-",
    "743I",
    "%4bIM-743I",
    "a.b.c.SomeError",
)


# What no line has by itself.
_OVER_LINES = (
    (("x-debug", '"K", "I", "M", "-", "7",'), ('"4", "3", "I"', "x")),
    (("x-debug", "75, 73, 77, 45, 55, 52, 51,"), ("73", "x")),
    (("x-debug", "<b>KIM-<i"), ("x-old", "b>743I")),
    (("x-debug", "&lt;b&gt;KIM-&lt;i"), ("x-old", "b>743I")),
    (("x-debug", "A" * 60), ("S2ltLTc0M2k", "x")),
)


def _head() -> Answer:
    if _RANDOM.random() < 0.1:
        return Answer(200, "OK", "HTTP/1.1", _RANDOM.choice(_OVER_LINES), b"")
    fields = tuple(
        (_RANDOM.choice(_NAMES[: _RANDOM.choice((3, 12))]), _RANDOM.choice(_VALUES))
        for _ in range(_RANDOM.randrange(1, 6))
    )
    return Answer(200, _RANDOM.choice(("OK", "", *_VALUES)), "HTTP/1.1", fields, b"")


def test_what_stands_in_a_head_stands_in_a_line_of_it_or_it_has_no_lines() -> None:
    shown = said = by_lines = 0
    for _ in range(4000):
        answer = _head()
        head, lines = head_of(answer), lines_of(answer)
        shows = any(internals.internals_in(layer) for layer in unescaped_texts(head))
        says = any(_WORD.lower() in text.lower() for text in all_texts(head))
        shown, said, by_lines = shown + shows, said + says, by_lines + (lines is not None)
        if lines is not None:
            assert not (shows and all(one.is_clean for one in lines)), head
            assert not (says and all(_WORD.lower() not in one.lowered for one in lines)), head
    assert min(shown, said, by_lines) > 500
