"""A secret or a token is masked in every form and every mix of escapes that it is written in."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esignon_conformance.redaction.scrubber import Scrubber
from esignon_conformance.redaction.unescape import layers, views
from selftest.support.scrubbers import PLAIN, SECRET, forms, scrubber


@pytest.mark.parametrize(
    "secret", [SECRET, PLAIN, "abcdef", "가나다라마바", "p😀ssw😀rd", "1234567890"]
)
@pytest.mark.parametrize("form", forms(PLAIN))
def test_a_secret_is_masked_in_every_form(secret: str, form: str) -> None:
    text = forms(secret)[form]
    how = form_in_base64(secret, text) if form.startswith("base64") else NAMED.get(form)
    named = f"<pwd: as {how}>" if how else "<pwd>"
    assert scrubber(pwd=secret).scrub(f"it is {text}, is it?") == f"it is {named}, is it?"


def form_in_base64(secret: str, text: str) -> str:
    """Return the form of a secret in base64: that of URLs by its alphabet or its lack of padding."""
    standard = base64.b64encode(secret.encode()).decode()
    if text != standard and set(text) & set("-_"):
        return "base64url"
    is_unpadded = text != standard and not set(text) & set("+/")
    return "base64url" if is_unpadded else "base64"


# The forms that a mask names; escapes are how the text around writes any value.
NAMED = {
    "hexadecimal": "hex",
    "hexadecimal in capitals": "hex",
    "an array of characters": "characters",
    "a dense array": "characters",
    "MD5": "md5",
    "SHA-256": "sha256",
    "SHA-512 in base64": "sha512-base64",
}

ESCAPED = (
    *(r"%41", r"%C3%A9", r"%ff", r"%00", r"\x41", r"\xff", r"\u0041", r"\ud83d\ude00"),
    *(r"\101", "\\", "&amp;", "%", "a", "[65, 66, 67, 68]"),
)
ESCAPES = st.lists(st.sampled_from([*ESCAPED, "\0", "\x1b[1m"]), max_size=12).map("".join)


@given(ESCAPES)
def test_layers_are_the_texts_of_the_views(text: str) -> None:
    assert list(layers(text)) == [view.text for view in views(text)]


def by_turns(secret: str, *ways: Callable[[str], str]) -> str:
    """Return a secret with its characters escaped in one way after the other."""
    return "".join(ways[index % len(ways)](one) for index, one in enumerate(secret))


def unit(character: str) -> str:
    return json.dumps(character)[1:-1] if ord(character) > 0x7E else f"\\u{ord(character):04x}"


def percent(character: str) -> str:
    return "".join(f"%{octet:02X}" for octet in character.encode())


def itself(character: str) -> str:
    return json.dumps(character, ensure_ascii=False)[1:-1]


MIXES: dict[str, Callable[[str], str]] = {
    "units by turns": lambda text: by_turns(text, unit, itself),
    "percent by turns": lambda text: by_turns(text, percent, str),
    "percent and units": lambda text: by_turns(text, percent, unit, itself),
    "entities by turns": lambda text: by_turns(text, lambda one: f"&#{ord(one)};", html.escape),
    "hexadecimal entities": lambda text: "".join(f"&#x{ord(one):X};" for one in text),
    "JSON in JSON": lambda text: json.dumps(json.dumps(text))[3:-3],
    "JSON in JSON in JSON": lambda text: json.dumps(json.dumps(json.dumps(text)))[7:-7],
    "a URL in a URL": lambda text: quote(quote(text, safe=""), safe=""),
    "HTML in HTML": lambda text: html.escape(html.escape(text)),
    "JSON in a page": lambda text: html.escape(json.dumps(text)[1:-1]),
    "JSON in a URL": lambda text: quote(json.dumps(text)[1:-1], safe=""),
    "octets of Python": lambda text: repr(text.encode())[2:-1],
    "octets one by one": lambda text: "".join(f"\\x{octet:02x}" for octet in text.encode()),
    "NUL between": "\0".join,
    "NUL between, in JSON": lambda text: json.dumps("\0".join(text))[1:-1],
    "an array of characters": lambda text: json.dumps(list(text), ensure_ascii=False)[2:-2],
    "a dense array": lambda text: json.dumps(list(text), separators=(",", ":"))[2:-2],
    "UTF-8 read as Latin-1": lambda text: text.encode().decode("latin-1"),
    "UTF-16": lambda text: text.encode("utf-16-le").decode(errors="backslashreplace"),
    "MD5": lambda text: hashlib.md5(text.encode(), usedforsecurity=False).hexdigest().upper(),
    "SHA-256": lambda text: hashlib.sha256(text.encode()).hexdigest(),
    "SHA-512 in base64": lambda text: base64.b64encode(
        hashlib.sha512(text.encode()).digest()
    ).decode(),
}


@pytest.mark.parametrize(
    "secret", [SECRET, PLAIN, "가나다라마바", "p😀ssw😀rd", "50%41&amp;\\u0041\\n"]
)
@pytest.mark.parametrize("mix", MIXES)
def test_a_secret_is_masked_in_every_mix_of_escapes(secret: str, mix: str) -> None:
    masked = scrubber(pwd=secret).scrub(f"[{MIXES[mix](secret)}]")
    named = f"<pwd: as {NAMED[mix]}>" if mix in NAMED else "<pwd>"
    assert masked.replace("\0", "") == f"[{named}]"


@pytest.mark.parametrize("secret", ["abcdefg", "abc>>?defgh", "ab?>>?cdefghi", SECRET])
def test_base64_is_named_by_its_alphabet_and_its_padding(secret: str) -> None:
    known = scrubber(pwd=secret)
    standard = base64.b64encode(secret.encode()).decode()
    of_urls = base64.urlsafe_b64encode(secret.encode()).decode().rstrip("=")
    assert known.scrub(f"[{standard}]") == "[<pwd: as base64>]"
    assert known.scrub(f"[{of_urls}]") == (
        "[<pwd: as base64>]" if of_urls == standard else "[<pwd: as base64url>]"
    )


def test_a_form_of_what_was_made_of_a_secret_is_named_behind_it() -> None:
    known = scrubber(**{"pwd: as reverse": PLAIN[::-1]})
    assert known.scrub(PLAIN[::-1].encode().hex()) == "<pwd: as reverse, as hex>"
    assert known.scrub(PLAIN[::-1].encode().hex()[:16]) == "<part of pwd: as reverse, as hex>"


@pytest.mark.parametrize("nothing", ["\0", "\\u0000", "\\\\u0000", "%00", "%2500", "\\x00", "&#0;"])
def test_a_nul_behind_a_secret_stays_in_sight(nothing: str) -> None:
    known = scrubber(pwd=PLAIN)
    # One that stands before it makes the text be read without them.
    for before in ("", "\\u0041 "):
        assert known.scrub(f"{before}({PLAIN}{nothing})") == f"{before}(<pwd>{nothing})"
        assert known.scrub(f"{before}{PLAIN}{nothing}{PLAIN}") == f"{before}<pwd>{nothing}<pwd>"


@pytest.mark.parametrize("encoding", ["cp949", "utf-16-le", "utf-16-be"])
def test_a_secret_is_masked_in_bytes_of_another_encoding(encoding: str) -> None:
    data = "비밀번호-한글-17".encode(encoding)
    assert "<pwd>" in scrubber(pwd="비밀번호-한글-17").scrub_bytes(b"\xff" + data)


# In each of the forms in which standard base64 with + / = is written.
TOKEN_FORMS: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "JSON with its slashes escaped": lambda token: token.replace("/", "\\/"),
    "JSON in JSON": lambda token: json.dumps(json.dumps(token)).replace("/", "\\/"),
    "JSON with units": lambda token: token.replace("+", "\\u002b").replace("=", "\\u003D"),
    "a URL": lambda token: quote(token, safe=""),
    "a URL in a URL": lambda token: quote(quote(token, safe=""), safe=""),
    "a form": quote_plus,
    "a form, read wrongly": lambda token: token.replace("+", " "),
    "HTML": html.escape,
    "HTML with numbers": lambda token: token.replace("+", "&#43;").replace("/", "&#x2F;"),
    "HTML with names": lambda token: token.replace("+", "&plus;").replace("=", "&equals;"),
    "the other alphabet": lambda token: token.replace("+", "-").replace("/", "_").rstrip("="),
    "a line of a shell": lambda token: f"-H 'Authorization: Bearer {token}'",
}


@pytest.mark.parametrize("form", TOKEN_FORMS)
def test_a_token_of_standard_base64_is_masked_in_every_form(form: str) -> None:
    # Long stretches between its signs, and signs that stand close.
    token = "aB3xQ9+k/L2m+/pZ7wYtR5vN8c+D4e/F6g+h1J" + "Ux0yKs2WqLzP" * 8 + "+Tn/Gb="
    scrubber = Scrubber()
    scrubber.register_token(token)
    masked = scrubber.scrub(f"x {TOKEN_FORMS[form](token)} y")
    assert "<token 1>" in masked or "<part of token 1>" in masked
    for piece in ("aB3xQ9", "L2m", "pZ7wYtR5", "D4e", "h1J", "Ux0yKs", "Gb"):
        assert piece not in masked


def test_tokens_that_begin_alike_are_told_apart_and_their_pieces_are_masked() -> None:
    made, head = Scrubber(), "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJ"
    ends = [hashlib.sha256(str(number).encode()).hexdigest() for number in range(50)]
    for end in ends:
        made.register_token(head + end)
    for number, end in enumerate(ends, 1):
        assert made.scrub(f"({head}{end})") == f"(<token {number}>)"
        assert made.scrub(f"({end[5:30]}…)") == f"(<part of token {number}>…)"
        assert made.scrub(head) != head
