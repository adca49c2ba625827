"""What the inside of a server looks like where an answer shows it: frames, errors, SQL, source files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import islice
from typing import NamedTuple

from .internal_signs import DOMAIN_TOO, OF_THE_WEB, PLAIN, ROWS

# In what a name of a file ends, whichever pattern finds it.
_EXTENSION = re.compile(rf"\.(?:{PLAIN}|{DOMAIN_TOO}|{OF_THE_WEB}|h|jar|war|class|so|dll|exe)\b")


class _Sign(NamedTuple):
    kind: str
    clues: tuple[str, ...]
    pattern: str


_SIGNS = tuple(
    _Sign(kind, tuple(clue.replace("·", " ") for clue in clues.split(" ") if clue), row)
    for kind, clues, row in ROWS
)
# All clues by a piece of each that most texts lack; the last ones have none.
_RARE = (
    *("{", "(", "[", "*", ")", "]", "#", "::", "xce", "ck", "rro", "yn", "ed ", " f", "QL", "ql"),
    *("here", "HERE", "=", ".", ":", "_", ""),
)
_CLUES = {
    rare: clues
    for at, rare in enumerate(_RARE)
    if (
        clues := tuple(
            dict.fromkeys(
                clue
                for sign in _SIGNS
                for clue in sign.clues
                if rare in clue and not any(one in clue for one in _RARE[:at])
            )
        )
    )
}
KINDS = tuple(dict.fromkeys(sign.kind for sign in _SIGNS))
# A text longer than this is looked through around the clues only, and around so many characters at most.
_SHORT = 32 * 1024
_AROUND = 500
_MOST_AROUND = 128 * 1024
# A long run of base64 or of escaped bytes is a token, a file or a key: no sign is without a blank, a dot
# or a bracket for so long.
_LONG_RUN, _PLACES = 4 * _AROUND, 16
# Two patterns, each of them quick by itself; characters in full, since `\w` is looked up one by one.
_RUN = re.compile(rf"(?<![A-Za-z0-9_+/=-])[A-Za-z0-9_+/=-]{{{_LONG_RUN},}}+")
_RUN_OF_OCTETS = re.compile(rf"(?<!%[0-9A-Fa-f]{{2}})(?:%[0-9A-Fa-f]{{2}}){{{_LONG_RUN // 3},}}+")
# What is told of one kind: it may be what the request had said, and so no inside.
_MOST_TOLD = 16


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return a pattern that is to be looked for: in most runs few are, since no clue is there."""
    return re.compile(pattern)


@lru_cache(maxsize=512)
def internals_in(text: str) -> tuple[tuple[str, str], ...]:
    """Return what shows the inside of a server in a text: its kind, and the place itself."""
    if _may_have_runs(text):
        text = _RUN.sub(_ends_of_run, text)
        if "%" in text:
            text = _RUN_OF_OCTETS.sub(_ends_of_run, text)
    if not may_show_internals(text):
        return ()
    near_files = _near((), text)
    is_short = len(text) <= _SHORT
    found: list[tuple[str, str]] = []
    for kind, clues, pattern in _SIGNS:
        for clue in clues:
            if clue in text:
                break
        else:
            if clues or not near_files:
                continue
        pieces = near_files if not clues else (text,) if is_short else _near(clues, text)
        compiled = _compiled(pattern)
        matches = (match.group() for piece in pieces for match in compiled.finditer(piece))
        found += ((kind, match) for match in islice(matches, _MOST_TOLD))
    return tuple(dict.fromkeys(found))


def may_show_internals(text: str) -> bool:
    """Tell whether a text holds a piece of any sign: where it does not, nothing is found in it."""
    for rare, clues in _CLUES.items():
        if rare in text:
            for clue in clues:
                if clue in text:
                    return True
    return _EXTENSION.search(text) is not None


def _may_have_runs(text: str) -> bool:
    """Tell whether a text goes on without a blank for as long as a run does, at one of a few places."""
    places = range(0, len(text) - _LONG_RUN + 1, max(_LONG_RUN, len(text) // _PLACES))
    return any(text.find(" ", at, at + _LONG_RUN) < 0 for at in places)


def _ends_of_run(run: re.Match[str]) -> str:
    return f"{run.group()[:_AROUND]}\n{run.group()[-_AROUND:]}"


def _near(clues: tuple[str, ...], text: str) -> Sequence[str]:
    """Return where to look for a sign: the text if a clue is in it, of a long one what is around each."""
    if len(text) > _SHORT:
        # Each by itself, since a search for one word is quicker than for any of several by far.
        there = tuple(clue for clue in clues if clue in text)
        return list(_around_clues(there, text))
    return (text,) if _EXTENSION.search(text) else ()


def _around_clues(clues: tuple[str, ...], text: str) -> Iterator[str]:
    """Yield the pieces of a text in which a clue stands; what overlaps is one piece."""
    begin, end, looked_at = 0, 0, 0
    for start, stop in _places(clues, text):
        if start - _AROUND > end:
            if end:
                yield text[begin:end]
            begin = max(0, start - _AROUND)
        looked_at += stop + _AROUND - max(end, begin)
        end = stop + _AROUND
        if looked_at > _MOST_AROUND:
            break
    if end:
        yield text[begin:end]


def _places(clues: tuple[str, ...], text: str) -> Iterator[tuple[int, int]]:
    pattern = re.compile("|".join(re.escape(clue) for clue in clues)) if clues else _EXTENSION
    return (match.span() for match in pattern.finditer(text))


# A member that names a file, as loggers and serialisers of exceptions write frames.
_OF_A_FILE = re.compile(r"(?i)(?:file|source)_?-?(?:name|path|file)?")
_LONGEST_OF_A_FILE = len("source_-name")
_A_FILE = re.compile(rf"[\w.@+\\/: -]{{0,300}}[\w@+-]\.(?:{PLAIN}|{DOMAIN_TOO}|{OF_THE_WEB})")


def names_source_file(name: str, value: str) -> bool:
    """Tell whether a member says, by its name and its value, in which source file something stands."""
    if len(name) > _LONGEST_OF_A_FILE or not _is_of_a_file(name):
        return False
    return _A_FILE.fullmatch(value) is not None


@lru_cache(maxsize=512)
def _is_of_a_file(name: str) -> bool:
    """Tell whether a member is named for a file: the same few names come again and again."""
    return _OF_A_FILE.fullmatch(name) is not None
