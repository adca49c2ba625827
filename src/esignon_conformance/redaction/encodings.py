"""The forms in which a secret may stand in a text: escaped, encoded, spelled out, hashed."""

from __future__ import annotations

import base64
import hashlib
import html
import json
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote, quote_plus

from .unescape import unescaped

_SHORTEST = 3
# A piece of six characters of a secret, as base64 and as hexadecimal digits; and spelled as an array.
_PIECE, _BASE64_PIECE, _HEX_PIECE, _SPELLED_PIECE = 6, 7, 12, 21
_HASHES = ("md5", "sha1", "sha256", "sha512")


@lru_cache(maxsize=512)
def forms_of(secret: str) -> frozenset[str]:
    """Return the plain forms of a secret, each escaped or encoded as a whole."""
    data = secret.encode("utf-8", errors="surrogatepass")
    units = secret.encode("utf-16-be", errors="surrogatepass").hex()
    forms = {
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4)),
        repr(secret)[1:-1],
        html.escape(secret),
        quote(data, safe=""),
        quote_plus(data),
        data.hex(),
    }
    whole = base64.b64encode(data).decode()
    encoded = {whole, whole.rstrip("="), *within_base64(data)}
    forms |= encoded | {form.replace("+", "-").replace("/", "_") for form in encoded}
    return frozenset(form for form in forms if len(form) >= _SHORTEST)


def needles_of(secret: str) -> Iterator[tuple[str, int]]:
    """Yield what to look for in texts whose escapes are undone, each with the shortest piece that tells.

    A piece is as short as one of six characters of the secret.  Case and the two alphabets of base64
    are left to the one who looks.
    """
    data = secret.encode("utf-8", errors="surrogatepass")
    plain = unescaped(secret)
    yield secret, _PIECE
    if plain != secret:
        yield plain, _PIECE
    if " " in secret:
        # As form data has it.
        yield secret.replace(" ", "+"), _PIECE
    yield data.hex(), _HEX_PIECE
    # An array of its characters.
    for between in ('","', '", "'):
        yield between.join(secret), _SPELLED_PIECE
    if not secret.isascii():
        yield from ((form, _PIECE) for form in _misread(secret, data))
    written = {
        data,
        json.dumps(secret)[1:-1].encode(),
        json.dumps(secret, ensure_ascii=False)[1:-1].encode("utf-8", errors="surrogatepass"),
        quote(data, safe="").encode(),
    }
    for one in written:
        whole = base64.b64encode(one).decode()
        yield whole, _BASE64_PIECE
        yield whole.rstrip("="), _BASE64_PIECE
        yield from ((form, _BASE64_PIECE) for form in within_base64(one))


def hashes_of(secret: str) -> Iterator[str]:
    """Yield the common hashes of a secret, as digits and in base64: who has one can try passwords."""
    data = secret.encode("utf-8", errors="surrogatepass")
    for name in _HASHES:
        digest = hashlib.new(name, data, usedforsecurity=False).digest()
        yield digest.hex()
        yield base64.b64encode(digest).decode()
        yield base64.b64encode(digest).decode().rstrip("=")


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
