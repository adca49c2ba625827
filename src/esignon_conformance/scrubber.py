"""The one scrubber that everything written or printed passes: it masks secrets by their values."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Iterable
from urllib.parse import quote, quote_plus

_GRAM = 6
_SHORTEST = 3


class Scrubber:
    """Replaces every known secret in a text by a name such as ``<main password>``.

    A secret is found in plain, JSON-escaped, percent-encoded, HTML-escaped and base64 form, in any
    letter case.  Equal secrets get equal names; the longest match at a place wins.
    """

    def __init__(self) -> None:
        self._index: dict[str, list[tuple[str, str]]] = {}
        self._short: dict[str, str] = {}
        self._known: dict[str, str] = {}
        self._tokens = 0

    def register(self, secret: object, name: str) -> None:
        """Make a secret known.  Values other than text, and texts under 3 characters, are no secret."""
        if not isinstance(secret, str) or len(secret) < _SHORTEST or secret in self._known:
            return
        self._known[secret] = f"<{name}>"
        for form in forms_of(secret):
            needle = _fold(form)
            if len(needle) < _GRAM:
                self._short[needle] = f"<{name}>"
                continue
            rows = self._index.setdefault(needle[:_GRAM], [])
            rows.append((needle, f"<{name}>"))
            rows.sort(key=lambda row: -len(row[0]))

    def register_token(self, token: object) -> None:
        """Make a token seen in an answer known; equal tokens get equal numbers."""
        if isinstance(token, str) and len(token) >= _GRAM and token not in self._known:
            self._tokens += 1
            self.register(token, f"token {self._tokens}")

    def name_of(self, secret: str) -> str:
        """Return the name that stands for a secret, or the text itself when it is none."""
        return self._known.get(secret, secret)

    def scrub(self, text: str) -> str:
        """Return `text` with every known secret replaced by its name."""
        folded = _fold(text)
        index, pieces, start, position = self._index, [], 0, 0
        last = len(folded) - _GRAM
        if not self._short and index.keys().isdisjoint(
            [folded[at : at + _GRAM] for at in range(last + 1)]
        ):
            return text
        while position <= last:
            rows = index.get(folded[position : position + _GRAM])
            match = _first_match(rows, folded, position) if rows else None
            if match is None:
                position += 1
                continue
            pieces += [text[start:position], match[1]]
            position += len(match[0])
            start = position
        result = "".join([*pieces, text[start:]]) if pieces else text
        for needle, name in self._short.items():
            result = _replace_folded(result, needle, name)
        return result

    def scrub_bytes(self, data: bytes) -> str:
        r"""Return bytes as text, undecodable ones as ``\xNN``, with every known secret masked."""
        return self.scrub(data.decode("utf-8", errors="backslashreplace"))


def _first_match(
    rows: Iterable[tuple[str, str]], text: str, position: int
) -> tuple[str, str] | None:
    return next((row for row in rows if text.startswith(row[0], position)), None)


def _replace_folded(text: str, needle: str, name: str) -> str:
    folded, pieces, start = _fold(text), [], 0
    while (found := folded.find(needle, start)) >= 0:
        pieces += [text[start:found], name]
        start = found + len(needle)
    return "".join([*pieces, text[start:]])


def _fold(text: str) -> str:
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    # A few letters grow when lowered, which would shift every position after them.
    return "".join(one.lower() if len(one.lower()) == 1 else one for one in text)


def forms_of(secret: str) -> set[str]:
    """Return the forms in which a secret may stand in a text."""
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
    encoded = {whole, whole.rstrip("=")}
    # Beside other text only the characters that the secret alone decides are the same, at each offset.
    for offset in range(3):
        padded = base64.b64encode(b"\0" * offset + data).decode()
        first, last = (0, 2, 3)[offset], (0, 3, 2)[(offset + len(data)) % 3]
        encoded.add(padded[first : len(padded) - last])
    forms |= encoded | {form.replace("+", "-").replace("/", "_") for form in encoded}
    return {form for form in forms if len(form) >= _SHORTEST}
