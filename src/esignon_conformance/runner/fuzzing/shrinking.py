"""Makes a body smaller as long as it shows the same: members first, then bytes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from ...transport.json_reader import read_json, written

_PLAINER: tuple[Any, ...] = (0, "", None)


def shrunk(body: bytes, shows: Callable[[bytes], bool], most: int) -> bytes:
    """Return the smallest body found that shows the same, after `most` questions at most."""
    asked: set[bytes] = {body}
    smaller = True
    while smaller:
        smaller = False
        for candidate in _candidates(body):
            if candidate in asked:
                continue
            if len(asked) > most:
                return body
            asked.add(candidate)
            if shows(candidate):
                body, smaller = candidate, True
                break
    return body


def _candidates(body: bytes) -> Iterator[bytes]:
    """Yield bodies that are smaller, those that are smaller by most first."""
    text = read_json(body)
    if text.is_whole:
        plain = written(text.value).encode("utf-8", errors="surrogatepass")
        if len(plain) < len(body):
            yield plain
        for value in _plainer(text.value):
            candidate = written(value).encode("utf-8", errors="surrogatepass")
            if len(candidate) < len(body):
                yield candidate
    length = len(body) // 2
    while length:
        for at in range(0, len(body), length):
            yield body[:at] + body[at + length :]
        length //= 2


def _plainer(value: Any) -> Iterator[Any]:
    """Yield a value with one part taken away, or one scalar replaced by a plain one."""
    if isinstance(value, dict):
        for name in value:
            yield {other: child for other, child in value.items() if other != name}
    elif isinstance(value, list):
        for index in range(len(value)):
            yield value[:index] + value[index + 1 :]
    keys: list[Any] = list(value) if isinstance(value, dict) else []
    keys = list(range(len(value))) if isinstance(value, list) else keys
    for key in keys:
        for child in (*_plainer(value[key]), *_PLAINER):
            changed = copy.copy(value)
            changed[key] = child
            yield changed
