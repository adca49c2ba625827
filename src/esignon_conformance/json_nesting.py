"""JSON that is nested deeper than Python's own reader goes: what is too deep is checked and left empty."""

from __future__ import annotations

import re

# RFC 8259 §9 lets every reader set a limit to the depth of nesting, and Python's own hangs on how deep
# the program is at that moment. Of what is nested deeper than this the grammar alone is looked at.
MOST_NESTED = 200

_WHITE = r"[ \t\n\r]*"
_TOKEN = re.compile(
    rf"""{_WHITE}(?:
      (?P<mark>[\[\]{{}},:])
    | (?P<string>"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{{4}})*+")
    | (?P<scalar>-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?(?:[eE][+-]?[0-9]++)?(?![0-9.eE+-])|true|false|null)
    )""",
    re.VERBOSE,
)
_CLOSES = {"[": "]", "{": "}"}
# What may come next, by what came: a value, a name, a colon, or a comma or the end of what is open.
_VALUE, _NAME, _COLON, _MORE = "value", "name", "colon", "more"


class NotJson(Exception):
    """The text is no JSON at a position."""

    def __init__(self, position: int) -> None:
        self.position = position
        super().__init__("no JSON")


def flattened(text: str, start: int = 0) -> tuple[str, bool]:
    """Return a text with its first value no deeper than `MOST_NESTED`, and whether anything is left out.

    What is left out is JSON all the same.  Raises `NotJson` where it is none.
    """
    # Most texts are passed over by counting alone.
    if text.count("[") + text.count("{") <= MOST_NESTED:
        return text, False
    pieces: list[str] = []
    open_marks: list[str] = []
    done, at, expected, may_close = 0, start, _VALUE, False
    while True:
        token = _TOKEN.match(text, at)
        is_deep = len(open_marks) > MOST_NESTED
        if token is None:
            if is_deep:
                raise NotJson(at)
            break
        at = token.end()
        mark = token["mark"] or ""
        if mark in _CLOSES and expected == _VALUE:
            open_marks.append(mark)
            if len(open_marks) == MOST_NESTED + 1:
                pieces.append(text[done:at])
            expected, may_close = (_VALUE if mark == "[" else _NAME), True
            continue
        if open_marks and mark == _CLOSES[open_marks[-1]] and (may_close or expected == _MORE):
            open_marks.pop()
            if len(open_marks) == MOST_NESTED:
                done = token.start("mark")
            expected = _MORE
        elif token["string"] and expected == _NAME:
            expected = _COLON
        elif mark == ":" and expected == _COLON:
            expected = _VALUE
        elif mark == "," and expected == _MORE and open_marks:
            expected = _VALUE if open_marks[-1] == "[" else _NAME
        elif not mark and expected == _VALUE:
            expected = _MORE
        elif is_deep:
            raise NotJson(token.start())
        else:
            break
        may_close = False
        if not open_marks:
            break
    # Where the grammar is broken further out, Python's reader says so, and where.
    if len(open_marks) > MOST_NESTED:
        raise NotJson(at)
    return "".join([*pieces, text[done:]]), bool(pieces)
