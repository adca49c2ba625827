"""A head line by line: most lines come again in the next head, so that what is in them is known.

What is found in a head as one text is found in one of its lines, but for what goes over the end of a line.
Where anything might, a head has no lines here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from ..transport.messages import Answer
from .answer_texts import is_bare, unescaped_texts, with_packed_words
from .internals import may_show_internals

_MOST_KEPT, _LONGEST = 2048, 1024
# A list, a tag, a token broken into lines and most signs of the inside could go on with any other name.
_PLAIN_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*")
_BASE64_TO_THE_END = re.compile(r"[A-Za-z0-9+/]{60}\r?\Z")
# As many characters as it may be.
_OF_ITS_END = 61


class Line(NamedTuple):
    """A line of a head.

    `lowered` are its texts in small letters, as far as a word (`LEAST_WORD`) may stand in them;
    `is_clean` says that no sign of the inside of a server, nor a part of one, is in it.
    """

    lowered: str
    is_clean: bool


def lines_of(answer: Answer | None) -> Sequence[Line] | None:
    """Return the lines of a head, None where something may go over the end of one."""
    if answer is None:
        return ()
    found = []
    for name, value in (("", answer.reason), *answer.headers):
        line = _line(name, value)
        if line is None:
            return None
        found.append(line)
    return found


@lru_cache(maxsize=_MOST_KEPT)
def _line(name: str, value: str) -> Line | None:
    size = len(value)
    if size > _LONGEST or _BASE64_TO_THE_END.search(value, max(0, size - _OF_ITS_END)):
        return None
    if name and _PLAIN_NAME.fullmatch(name) is None:
        return None
    text = f"{name}: {value}\n" if name else f"{value}\n"
    plain = (text,) if is_bare(text) else unescaped_texts(text)
    if any(one.rfind("<") > one.rfind(">") for one in plain if "<" in one):
        return None
    texts = "\n".join(with_packed_words(plain))
    return Line(texts.lower(), not may_show_internals(texts))
