"""What an answer says is a secret: in its JSON, in what no parser reads, in its head, and packed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any

from ..redaction.long_text import ends_of
from ..redaction.packed_text import inflated, is_packed, runs_of, unpacked
from ..redaction.scrubber import Scrubber
from ..redaction.secret_names import is_secret, secrets_in, secrets_of_header
from ..redaction.unescape import layers
from ..transport.json_reader import numbers, strings, values_after
from ..transport.messages import Exchange
from .response import read

# What `read_json` says of a text behind the first.
_MORE = "text-after-value"
# Of a longer text nothing is kept.
_SHORT = 256


def register_secrets(exchange: Exchange, scrubber: Scrubber) -> None:
    """Make known what an answer says is a secret: tokens, sessions, cookies, keys."""
    reading, answer = read(exchange), exchange.answer
    following = values_after(reading.content) if reading.text.problem == _MORE else ()
    for json_value in (reading.text.value, *following):
        for secret in _in_json(json_value):
            scrubber.register_token(secret)
    if not reading.text.is_whole:
        # Cut short, say, or a second JSON text behind the first.
        register_secrets_of_bytes(reading.content, scrubber)
    for name, value in (*answer.headers, *answer.trailers) if answer is not None else ():
        for secret in (*secrets_of_header(name, value), *_in_text(value)):
            scrubber.register_token(secret)
        _register_packed(value, scrubber)
    if answer is not None:
        register_secrets_of_bytes(answer.reason.encode("utf-8", errors="replace"), scrubber)
    if exchange.fault is not None:
        register_secrets_of_bytes(exchange.fault.came, scrubber)
        register_secrets_of_bytes(exchange.fault.detail.encode("utf-8", errors="replace"), scrubber)
    _register_packed(reading.content.decode("utf-8", errors="replace"), scrubber)


def register_secrets_of_bytes(data: bytes, scrubber: Scrubber) -> None:
    """Make known the secrets in what no parser reads."""
    for piece in (data, *(inflated(data) if is_packed(data) else ())):
        # UTF-16 and UTF-32 put NUL between the characters.
        text = piece.decode("utf-8", errors="backslashreplace").replace("\0", "")
        for secret in _in_text(text):
            scrubber.register_token(secret)
        _register_packed(text, scrubber)


def _in_json(value: Any) -> Iterator[str]:
    for pointer, text in strings(value):
        is_name = text == pointer.rpartition("/")[2]
        if not is_name and is_secret(pointer, text):
            yield text
        yield from _in_text(text)
    # A number is a secret by its name as a string is.
    for pointer, text in numbers(value):
        if is_secret(pointer, text):
            yield text


def _in_text(text: str) -> Iterable[str]:
    """Yield the secrets in a text; of a long one the escapes are undone where it is shown."""
    if "=" not in text and ":" not in text and ">" not in text and "%" not in text:
        return ()
    return _secrets_of_short(text) if len(text) <= _SHORT else _secrets_of(text)


# Header fields and texts of the page come again in every answer.
@lru_cache(maxsize=1024)
def _secrets_of_short(text: str) -> tuple[str, ...]:
    return tuple(_secrets_of(text))


def _secrets_of(text: str) -> Iterator[str]:
    yield from secrets_in(text)
    for end in ends_of(text):
        for layer in layers(end)[0 if end is not text else 1 :]:
            yield from secrets_in(layer)


def _register_packed(text: str, scrubber: Scrubber) -> None:
    """Make known the runs of base64 in which a secret is packed, deflated say, or packed again.

    So is the secret itself.
    """
    for run in _runs_of_short(text) if len(text) <= _SHORT else _runs_of(text):
        if scrubber.knows(run):
            continue
        insides = unpacked(run)
        secrets = [secret for inside in insides for secret in secrets_in(inside)]
        for secret in secrets:
            scrubber.register_token(secret)
        if secrets or any(scrubber.scrub(inside) != inside for inside in insides):
            scrubber.register_token(run)


@lru_cache(maxsize=1024)
def _runs_of_short(text: str) -> frozenset[str]:
    return frozenset(_runs_of(text))


def _runs_of(text: str) -> set[str]:
    return {run for end in ends_of(text) for layer in layers(end) for run in runs_of(layer)}
