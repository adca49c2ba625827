"""Every password, token and cookie of a file: known well enough to be masked, kept as little as can be.

A file has hundreds of thousands, and only few exchanges of it are written.  Of a long secret a number is
kept, by which its beginning is found in what is written; only a short one is kept itself.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache

from ...checks.leaks import TOKEN_POINTER
from ...checks.view import document
from ...redaction.scrubber import Scrubber
from ...redaction.secret_names import is_secret_name, secrets_in, secrets_of_header
from ...redaction.unescape import layers
from ...target.target import MADE_UP_BEGINNING
from ...transport.json_reader import member
from ...transport.messages import Exchange
from .entry import Entry
from .many_numbers import ManyNumbers

_SHORTEST, _LONG = 3, 16
_MOST_AT_A_TIME = 200_000
# What a token may go on with.
_TOKEN = re.compile(r"[\w+/=.~%-]*", re.ASCII)
_NO_TEXT = ("image/", "font/", "audio/", "video/", "text/css", "javascript", "wasm", "octet-stream")
_COOKIES = ("cookie", "set-cookie")
_NAME = "secret of the file"


class FileSecrets:
    """The secrets of all entries of a file, those to other hosts included."""

    def __init__(self) -> None:
        # Exchanges of recordings in which this suite has masked all secrets.
        self.masked: set[str] = set()
        self._short: set[str] = set()
        self._long = ManyNumbers()
        # By account the passwords of what is shown, by their numbers, in order.
        self._numbered: dict[str, dict[int, int]] = {}

    def number_of(self, account: str, password: str) -> int:
        """Return which of an account's passwords that are shown this is: 1 for the first."""
        known = self._numbered.setdefault(account, {})
        return known.setdefault(hash(password), len(known) + 1)

    def note(self, entry: Entry, public: str = "") -> None:
        """Make known the secrets of an entry: in its heads, its URL and its bodies; `public` is none."""
        self.note_heads(entry)
        media_type = next(
            (one for name, one in entry.headers if name.lower() == "content-type"), ""
        )
        has_text = not any(one in media_type.lower() for one in _NO_TEXT)
        for body in (entry.sent_body, entry.body if has_text else None):
            if body:
                found = secrets_in(body.decode("utf-8", errors="replace"))
                self._add(one for one in found if one != public)

    def note_login(self, entry: Entry, exchange: Exchange, names: frozenset[str]) -> None:
        """Make known the secrets of an entry that is a login; `names` are those of documented members.

        Where this suite masked the recording itself, what it left of passwords is of its own making: the
        company as the password, "null", and names such as <main password>.
        """
        is_masked = "clear-values" in entry.losses
        token = only_secret(exchange, names)
        if token is not None:
            self.note_heads(entry)
            self._add([token])
        else:
            self.note(entry, exchange.request.company if is_masked else "")
        if is_masked:
            self.masked.add(exchange.id)
        else:
            self._add([exchange.request.said("password")])

    def note_heads(self, entry: Entry) -> None:
        """Make known the secrets in the heads and the URL of an entry."""
        for name, value in (*entry.sent_headers, *entry.headers):
            if _may_hold_secrets(name):
                self._add(secrets_of_header(name, value))
        if "=" in entry.url:
            self._add(secrets_in(entry.url))

    def _add(self, secrets: Iterable[str]) -> None:
        for secret in secrets:
            if MADE_UP_BEGINNING.startswith(secret):
                # A body of this suite's own that ends within a password: in base32 or the like the piece
                # reads as some word.
                continue
            if len(secret) >= _LONG:
                self._long.add(hash(_folded(secret[:_LONG])))
            elif len(secret) >= _SHORTEST:
                self._short.add(secret)

    def register(self, texts: Iterable[str], scrubber: Scrubber) -> None:
        """Let a scrubber know those of the secrets that stand in texts."""
        seen = {layer for text in dict.fromkeys(texts) for layer in layers(text)}
        for token in self._long_in(sorted(seen)):
            scrubber.register_token(token)
        everything = _folded("\n".join(sorted(seen)))
        for secret in self._short:
            if _folded(secret) in everything:
                scrubber.register_password(secret, _NAME)

    def _long_in(self, texts: Sequence[str]) -> Iterator[str]:
        """Yield the long secrets in texts; so much of these at a time that their numbers take little."""
        begin, size = 0, 0
        for end, text in enumerate(texts, 1):
            size += len(text)
            if size > _MOST_AT_A_TIME or end == len(texts):
                some = texts[begin:end]
                begin, size = end, 0
                numbers = self._long.among(number for one in some for number in _numbers_of(one))
                for one in some if numbers else ():
                    yield from self._secrets_at(one, numbers)

    def _secrets_at(self, text: str, numbers: Collection[int]) -> Iterator[str]:
        folded, at = _folded(text), 0
        while at <= len(folded) - _LONG:
            if hash(folded[at : at + _LONG]) in numbers:
                match = _TOKEN.match(text, at + _LONG)
                end = match.end() if match is not None else at + _LONG
                yield text[at:end]
                at = end
            else:
                at += 1


@lru_cache(maxsize=1024)
def _may_hold_secrets(name: str) -> bool:
    """Tell whether a field of a head is a cookie, or has a secret name."""
    return is_secret_name(name) or name.lower() in _COOKIES


def _numbers_of(text: str) -> Iterator[int]:
    """Yield the number of every piece of a text that is as long as the beginning of a long secret."""
    folded = _folded(text)
    return (hash(folded[at : at + _LONG]) for at in range(len(folded) - _LONG + 1))


def _folded(text: str) -> str:
    lowered = text.lower()
    return lowered if len(lowered) == len(text) else text


def only_secret(exchange: Exchange, names: frozenset[str]) -> str | None:
    """Return the token of an answer that holds no other secret, None where it may hold one."""
    value = document(exchange)
    token = member(value, TOKEN_POINTER)[1]
    if exchange.answer is None or not isinstance(token, str) or set(value) != {"header", "body"}:
        return None
    header, body = value["header"], value["body"]
    is_documented = isinstance(header, dict) and names.issuperset([*header, *body])
    return token if is_documented and header.get("session_id") in ("", None) else None
