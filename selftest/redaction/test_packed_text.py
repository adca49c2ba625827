"""What is packed in a text: base64, hexadecimal digits, deflated, and all of that in one another."""

from __future__ import annotations

import base64
import gzip
import random
import zlib

import pytest

from esignon_conformance.redaction.packed_text import is_noise, packed
from esignon_conformance.redaction.unescape import layers, views

SECRET = "Zq7!eYtUvBpXnKaMhDcWsRfL"
DATA = b'{"memb_email": "nobody@conformance.invalid", "memb_pwd": "' + SECRET.encode() + b'"}'


def url_safe(data: bytes) -> str:
    """Return base64url without its padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def bare(data: bytes) -> bytes:
    """Return a deflated stream without a header."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


FORMS: dict[str, str] = {
    "itsdangerous": f".{url_safe(zlib.compress(DATA))}.aSh4pQ.q8Wl0aTn4XhYpRk2",
    "Django": f".{url_safe(zlib.compress(DATA, 1))}:1tabcd:q8Wl0aTn4XhYpRk2",
    "gzip": base64.b64encode(gzip.compress(DATA)).decode(),
    "bare": url_safe(bare(DATA)),
    "hexadecimal": zlib.compress(DATA).hex(),
    "base32": base64.b32encode(DATA).decode(),
    "base32 in small letters": base64.b32encode(zlib.compress(DATA)).decode().lower().rstrip("="),
    "base64 in base32": base64.b32encode(base64.b64encode(DATA)).decode(),
    "twice": url_safe(zlib.compress(url_safe(zlib.compress(DATA)).encode())),
    "base64 of base64": url_safe(url_safe(DATA).encode()),
    "behind a nonce": url_safe(bytes(range(16)) + zlib.compress(DATA)),
    "behind a word": f"session_v1_{url_safe(zlib.compress(DATA))}",
    "a public PASETO": f"v4.public.{url_safe(DATA + bytes(range(128, 192)))}",
    "in lines": base64.encodebytes(bare(DATA + bytes(range(256)))).decode(),
    "cut short": url_safe(zlib.compress(DATA + bytes(range(256))))[:-40],
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_what_is_packed_is_found(text: str) -> None:
    assert SECRET not in text
    assert any(SECRET in inside for inside in packed(f'{{"state": "{text}"}}'))


def test_a_bomb_is_not_inflated_to_its_end() -> None:
    bomb = url_safe(zlib.compress(url_safe(zlib.compress(b"A" * (64 << 20))).encode() * 50))
    assert sum(len(one) for one in packed(bomb)) < 10 << 20


@pytest.mark.parametrize("size", [2500, 5000, 60_000])
def test_what_stands_amid_noise_is_found_as_it_is(size: int) -> None:
    noise = random.Random(3).randbytes(size)  # noqa: S311 - no secret
    text = url_safe(noise + DATA + noise)
    assert any(SECRET in inside for inside in packed(text))
    assert any(is_noise(inside) for inside in packed(text)) == (2 * size > 16 * 1024)


def test_what_is_packed_twice_amid_noise_is_found_unless_there_is_very_much_of_it() -> None:
    noise = random.Random(3).randbytes(5000)  # noqa: S311 - no secret
    text = url_safe(noise + b" " + url_safe(DATA).encode() + b" " + noise)
    assert any(SECRET in inside for inside in packed(text))


@pytest.mark.parametrize(
    "text", ["Text. " * 9000, "글자\n" * 9000, "T\0e\0x\0t\0" * 9000, "été" * 9000, "\r\n\t" * 9000]
)
def test_a_long_text_is_no_noise(text: str) -> None:
    assert not is_noise(text)
    assert not is_noise(text.encode().decode("latin-1"))


def test_what_is_no_text_is_no_harm() -> None:
    for text in ("", "short", "A" * 17, "=" * 40, "-_" * 40, "H4sI" * 10, "eJw" * 30):
        assert all(SECRET not in inside for inside in packed(text))


OCTETS = SECRET.encode()
SPELLED: dict[str, str] = {
    "an Erlang binary": f"<<{','.join(map(str, OCTETS))}>>",
    "an array": str(list(OCTETS)),
    "an array in lines": ",\n    ".join(map(str, OCTETS)),
    "Go's bytes": f"[{' '.join(map(str, OCTETS))}]",
    ".NET's bytes": OCTETS.hex("-").upper(),
    "Node's buffer": f"<Buffer {OCTETS.hex(' ')}>",
    "hexadecimal numbers": ", ".join(map(hex, OCTETS)),
    "octal numbers": "".join(f"\\{one:03o}" for one in OCTETS),
    "Java's characters": f"[{', '.join(SECRET)}]",
    "quoted characters": str(list(SECRET)),
    "Perl's numbers": "".join(f"\\x{{{one:x}}}" for one in OCTETS),
    "every mark behind a backslash": SECRET.replace("!", "\\!"),
}


@pytest.mark.parametrize("text", SPELLED.values(), ids=SPELLED)
def test_a_text_that_is_spelled_out_is_read_and_its_place_is_known(text: str) -> None:
    source = f"no account: {text}."
    assert any(SECRET in one for one in layers(source))
    assert tuple(view.text for view in views(source)) == layers(source)
    view = next(one for one in views(source) if SECRET in one.text)
    at = view.text.index(SECRET)
    start, end = view.span(at, at + len(SECRET))
    masked = source[:start] + source[end:]
    assert all(SECRET[:6] not in one for one in layers(masked))


@pytest.mark.parametrize(
    "text",
    ["1, 2, 3, 4, 5, 6, 7", "2026 11 28 10 11 12 13", "10:11:12", "2026-11-28-10-11-12-13"],
)
def test_other_lists_stay_as_they_are(text: str) -> None:
    assert layers(text) == (text,)
