"""Every text that an answer holds: head and body, as they came, unescaped, decoded and inflated."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from ..recording.response import read
from ..redaction.packed_text import LEAST_WORD, inflated, is_noise, is_packed, packed
from ..redaction.unescape import layers, may_be_unescaped
from ..transport.messages import Answer, Exchange

_TAG = re.compile(r"<(?:!--|[!/?]?[A-Za-z])[^<>]{0,2000}>")
_BREAK = re.compile(r"(?i)</?(?:br|p|div|li|ul|ol|dd|dt|tr|pre|h\d|address|section)\b")
# SHA-1 in hexadecimal digits: a frame in base64 is longer.
_LONGEST_ID = 40
# Only short texts are remembered, so that what is remembered is bounded in bytes, too.
_SMALL = 16 * 1024
# Of a longer text the escapes are undone where it begins and where it ends.
_LARGE = 256 * 1024


def has_texts(exchange: Exchange) -> bool:
    """Tell whether anything at all came back: an answer, a part of one, or bytes that are none."""
    came = exchange.fault is not None and exchange.fault.came
    return exchange.answer is not None or bool(exchange.stray) or bool(came)


def head_of(answer: Answer | None) -> str:
    """Return the head of an answer as one text."""
    if answer is None:
        return ""
    return "\n".join([answer.reason, *(f"{name}: {value}" for name, value in answer.headers)])


def trailers_of(answer: Answer | None) -> str:
    """Return the fields behind the last chunk of an answer as one text."""
    trailers = answer.trailers if answer is not None else ()
    return "\n".join(f"{name}: {value}" for name, value in trailers)


def body_of(exchange: Exchange) -> str:
    """Return what came behind the head as one text, stray bytes and what is no HTTP included."""
    reading, answer = read(exchange), exchange.answer
    pieces = [reading.content, exchange.stray]
    is_here = answer is not None and answer.condensed is None
    if answer is not None and is_here and (reading.coding_problem or is_packed(answer.body)):
        # Cut short, or coded and not said so: what can be unpacked of it says enough.
        pieces += inflated(answer.body)
    if exchange.fault is not None:
        pieces.append(exchange.fault.came)
    return "\n".join(one.decode("utf-8", errors="replace") for one in pieces if one)


def is_unread(exchange: Exchange) -> bool:
    """Tell whether the body of an answer is in a coding that nobody here undoes, Brotli say."""
    answer = exchange.answer
    if answer is None or answer.condensed is not None or not read(exchange).coding_problem:
        return False
    return not _is_text(answer.body) and not any(inflated(answer.body))


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def is_bare(text: str) -> bool:
    """Tell whether a text that is not long has no escape, list or tag: then it is all `unescaped_texts`."""
    return "<" not in text and len(text) <= _SMALL and not may_be_unescaped(text)


def unescaped_texts(text: str) -> tuple[str, ...]:
    """Return a text as it is, with its escapes undone layer by layer, and the same without tags."""
    if len(text) <= _SMALL:
        return _unescaped_texts(text)
    # Two clauses in turn ask for the same page of an error.
    return _latest_unescaped(text) if len(text) <= _LARGE else _unescaped_texts.__wrapped__(text)


@lru_cache(maxsize=2)
def _latest_unescaped(text: str) -> tuple[str, ...]:
    return _unescaped_texts.__wrapped__(text)


@lru_cache(maxsize=512)
def _unescaped_texts(text: str) -> tuple[str, ...]:
    if len(text) > _LARGE:
        half = _LARGE // 2
        ends = (
            *_unescaped_texts.__wrapped__(text[:half]),
            *_unescaped_texts.__wrapped__(text[-half:]),
        )
        return (text, *ends)
    if is_bare(text):
        return (text,)
    found = dict.fromkeys(layers(text))
    for layer in tuple(found):
        if "<" in layer:
            # What a frame is made of stands in elements of its own, and one frame in a line.
            plain = _TAG.sub(lambda tag: "\n" if _BREAK.match(tag.group()) else "", layer)
            found |= dict.fromkeys(layers(plain))
    return tuple(found)


def all_texts(text: str) -> tuple[str, ...]:
    """Return what `unescaped_texts` does, and what is packed in it as base64 and the like."""
    return _all_texts(text) if len(text) <= _SMALL else _all_texts.__wrapped__(text)


@lru_cache(maxsize=512)
def _all_texts(text: str) -> tuple[str, ...]:
    plain = unescaped_texts(text)
    return tuple(dict.fromkeys([*plain, *_unpacked(plain, 0)]))


def texts_around_words(text: str, least: int = LEAST_WORD) -> tuple[str, ...]:
    """Return what `all_texts` does, without what is packed and holds no word of at `least` so many."""
    return with_packed_words(unescaped_texts(text), least)


def texts_around_phrases(text: str) -> tuple[str, ...]:
    """Return what `texts_around_words` does, where a packed run is longer than an id or a digest is."""
    plain = unescaped_texts(text)
    longest = max(max(map(len, one.split()), default=0) for one in plain)
    return with_packed_words(plain) if longest > _LONGEST_ID else plain


def with_packed_words(plain: tuple[str, ...], least: int = LEAST_WORD) -> tuple[str, ...]:
    """Return texts whose escapes are undone with what is packed in them and may hold a word."""
    if len(plain) == 1 and not packed(plain[0], least):
        return plain
    inside = list(_unpacked(plain, least))
    return tuple(dict.fromkeys([*plain, *inside])) if inside else plain


def _unpacked(texts: Iterable[str], least: int) -> Iterable[str]:
    seen: set[str] = set()
    for text in texts:
        for inside in packed(text, least):
            if inside not in seen:
                seen.add(inside)
                yield from (inside,) if is_noise(inside) else layers(inside)
