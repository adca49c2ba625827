"""The forms in which a secret may stand in a text: escaped, encoded, spelled out, hashed."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Iterator
from functools import lru_cache
from itertools import repeat
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import NamedTuple
from urllib.parse import quote

from .unescape import unescaped

_SHORTEST = 3
# A piece of six characters of a secret, as base64 and as hexadecimal digits; and spelled as an array.
_PIECE, _BASE64_PIECE, _HEX_PIECE, _SPELLED_PIECE = 6, 7, 12, 21
_HASHES = ("md5", "sha1", "sha256", "sha512")
# The forms that a mask names, by the names that the derivations of the cases have, too.
PLAIN, BASE64, BASE64_OF_URLS, HEX, CHARACTERS = "", "base64", "base64url", "hex", "characters"


class Written(NamedTuple):
    """How a secret may be written: the text, the shortest piece of it that tells, the form's name.

    Escapes have no name: they are how the text around writes any value.
    """

    text: str
    least: int
    form: str = PLAIN


@lru_cache(maxsize=512)
def forms_of(secret: str) -> frozenset[str]:
    """Return the plain forms of a secret, each escaped or encoded as a whole."""
    data, as_json, as_ascii, quoted = _written(secret)
    units = secret.encode("utf-16-be", errors="surrogatepass").hex()
    forms = {
        secret,
        as_ascii,
        as_json,
        "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)),
        repr(secret)[1:-1],
        html.escape(secret),
        quoted,
        quoted.replace("%20", "+"),
        data.hex(),
    }
    encoded = set(_base64_of(data))
    forms |= encoded | {form.replace("+", "-").replace("/", "_") for form in encoded}
    return frozenset(form for form in forms if len(form) >= _SHORTEST)


def needles_of(secret: str) -> Iterator[Written]:
    """Yield what to look for in texts whose escapes are undone, each with the shortest piece that tells.

    A piece is as short as one of six characters of the secret.  Case and the two alphabets of base64
    are left to the one who looks.
    """
    data, as_json, as_ascii, quoted = _written(secret)
    plain = unescaped(secret)
    yield Written(secret, _PIECE)
    if plain != secret:
        yield Written(plain, _PIECE)
        # Its own escapes are undone along with those of JSON.
        yield Written(as_json, _PIECE)
    if " " in secret:
        # As form data has it.
        yield Written(secret.replace(" ", "+"), _PIECE)
    yield Written(data.hex(), _HEX_PIECE, HEX)
    # An array of its characters.
    for between in ('","', '", "'):
        yield Written(between.join(secret), _SPELLED_PIECE, CHARACTERS)
    if not secret.isascii():
        yield from (Written(form, _PIECE) for form in _misread(secret, data))
    written = {
        data,
        as_ascii.encode(),
        as_json.encode("utf-8", errors="surrogatepass"),
        quoted.encode(),
    }
    for one in written:
        whole, unpadded, *within = _base64_of(one)
        yield Written(whole, _BASE64_PIECE, BASE64)
        # RFC 4648 §5: in the alphabet of URLs the padding may be left out.
        yield Written(unpadded, _BASE64_PIECE, BASE64 if unpadded == whole else BASE64_OF_URLS)
        yield from map(Written, within, repeat(_BASE64_PIECE), repeat(BASE64))


@lru_cache(maxsize=64)
def _written(secret: str) -> tuple[bytes, str, str, str]:
    """Return a secret as bytes, in a string of JSON, in one of ASCII alone, and in a URL."""
    data = secret.encode("utf-8", errors="surrogatepass")
    as_json, as_ascii = encode_basestring(secret)[1:-1], encode_basestring_ascii(secret)[1:-1]
    return data, as_json, as_ascii, quote(data, safe="")


@lru_cache(maxsize=64)
def _base64_of(data: bytes) -> tuple[str, ...]:
    whole = base64.b64encode(data).decode()
    return whole, whole.rstrip("="), *within_base64(data)


def hashes_of(secret: str) -> Iterator[Written]:
    """Yield the common hashes of a secret, as digits and in base64: who has one can try passwords."""
    data = secret.encode("utf-8", errors="surrogatepass")
    for name in _HASHES:
        digest = hashlib.new(name, data, usedforsecurity=False).digest()
        in_base64 = base64.b64encode(digest).decode()
        for text, form in (
            (digest.hex(), name),
            (in_base64, f"{name}-{BASE64}"),
            (in_base64.rstrip("="), f"{name}-{BASE64}"),
        ):
            yield Written(text, len(text), form)


def within_base64(data: bytes) -> Iterator[str]:
    """Yield, for each offset, the characters that the data alone decides beside other text."""
    for offset in range(3):
        padded = base64.b64encode(b"\0" * offset + data).decode()
        first, last = (0, 2, 3)[offset], (0, 3, 2)[(offset + len(data)) % 3]
        yield padded[first : len(padded) - last]


def _misread(secret: str, data: bytes) -> Iterator[str]:
    """Yield how a secret that is not ASCII looks where its bytes were taken for another encoding."""
    yield data.decode("latin-1")
    for encoding in ("cp949", "utf-16-le", "utf-16-be"):
        try:
            other = secret.encode(encoding)
        except UnicodeEncodeError:
            continue
        yield unescaped(other.decode("utf-8", errors="backslashreplace"))
