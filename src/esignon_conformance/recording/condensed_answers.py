"""Long answers: judged as a whole when they come, and then kept with their long texts shortened.

A run has some thousand answers, and nobody is to blame that their sum fits no memory.  Of a long one are
kept its JSON with every long text as its two ends and a digest, so that equal ones stay equal and others
do not; and what only the whole of it shows (SEC-1, SEC-4).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from ..redaction.long_text import LONGEST, excerpt
from ..redaction.packed_text import inflated
from ..transport.json_reader import JsonText, written
from ..transport.messages import Exchange
from .response import AnswerContent, read

# No email, password or id that is sent is longer, and no token of use.
LONG_TEXT = 8 * 1024
_END_OF_TEXT = 256
# So many values of an answer are kept, and every documented one.
_MOST_VALUES = 1000
_DOCUMENTED_DEPTH = 2


@dataclass(frozen=True)
class Seen:
    """What only the whole of a long answer shows: where the password stands in it, and an inside."""

    password: str = ""
    internal: tuple[str, str] | None = None


@dataclass(frozen=True)
class Condensed:
    """What is kept of a long answer: how long it was, on the wire and unpacked, and what it said."""

    came: int
    size: int
    reading: AnswerContent
    seen: Seen


# Looks through the texts that are not kept whole, each with its JSON pointer.
Look = Callable[[Exchange, Sequence[tuple[str, str]]], Seen]


def condensed(exchange: Exchange, look: Look, names: frozenset[str]) -> Exchange:
    """Return an exchange with a long answer condensed; any other as it is.

    `names` are those of the documented members.
    """
    answer = exchange.answer
    if answer is None or (len(answer.body) <= LONGEST and not answer.header("Content-Encoding")):
        return exchange
    # Not from the cache, which would keep all of it.
    reading = read.__wrapped__(exchange)
    if max(len(answer.body), len(reading.content)) <= LONGEST:
        return exchange
    if reading.text.is_whole:
        texts = [one for one in _texts(reading.text.value) if len(one[1]) > LONG_TEXT]
        value = _Shortener(names).of(reading.text.value)
        content = written(value).encode("utf-8", errors="backslashreplace")
        short = replace(reading.text, value=value)
        is_told = len(content) <= LONGEST
        if not is_told or not texts:
            # What is long is not its texts but how many there are.
            texts.append(("", reading.content.decode("utf-8", errors="replace")))
            content = excerpt(content)
    else:
        is_told = False
        # Coded and not said so, or cut short: what can be unpacked of it is looked through, too.
        pieces = (reading.content, *inflated(answer.body))
        texts = [("", one.decode("utf-8", errors="replace")) for one in pieces]
        content = excerpt(reading.content)
        short = _short(reading.text, names)
    # What is kept of a whole JSON text tells by itself from which it came.
    digest = "" if is_told else hashlib.sha256(reading.content).hexdigest()
    kept = AnswerContent(content, short, reading.coding_problem, digest)
    whole = Condensed(len(answer.body), len(reading.content), kept, look(exchange, texts))
    return replace(exchange, answer=replace(answer, body=answer.body[:LONG_TEXT], condensed=whole))


def _short(text: JsonText, names: frozenset[str]) -> JsonText:
    return replace(text, value=_Shortener(names).of(text.value)) if text.readable else text


@lru_cache(maxsize=4)
def digest_of(text: str) -> str:
    """Return the SHA-256 of a text; it is asked for twice, and takes longest of all."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()


def shortened(text: str) -> str:
    """Return a long text as its two ends, its length and a digest; any other as it is."""
    if len(text) <= LONG_TEXT:
        return text
    left_out = f"[… {len(text)} characters, SHA-256 {digest_of(text)} …]"
    return f"{text[:_END_OF_TEXT]}{left_out}{text[-_END_OF_TEXT:]}"


def _texts(value: Any, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Yield the strings of a value, each once for its place, names of members included."""
    stack: list[tuple[str, Any]] = [(pointer, value)]
    while stack:
        at, current = stack.pop()
        if isinstance(current, str):
            yield at, current
        elif isinstance(current, dict):
            yield from ((at, name) for name in current if len(name) > LONG_TEXT)
            stack += ((f"{at}/{shortened(name)}", child) for name, child in current.items())
        elif isinstance(current, list):
            stack += ((at, child) for child in current)


class _Shortener:
    """Shortens a value: long texts, and what is more than so many values."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._left = _MOST_VALUES

    def of(self, value: Any, depth: int = 0) -> Any:
        """Return a value shortened."""
        self._left -= 1
        if isinstance(value, str):
            return shortened(value)
        if isinstance(value, list):
            return self._list(value, depth)
        if isinstance(value, dict):
            return self._object(value, depth)
        return value

    def _list(self, values: list[Any], depth: int) -> list[Any]:
        kept: list[Any] = []
        for one in values:
            if self._left <= 0:
                return [*kept, f"[… {len(values)} values …]"]
            kept.append(self.of(one, depth + 1))
        return kept

    def _object(self, members: dict[str, Any], depth: int) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for name, child in members.items():
            is_documented = depth < _DOCUMENTED_DEPTH and name in self._names
            if self._left > 0 or is_documented:
                kept[shortened(name)] = self.of(child, depth + 1)
        return kept
