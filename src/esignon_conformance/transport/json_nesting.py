"""JSON that is nested deeper than Python's own reader goes: what is too deep is checked and left empty."""

from __future__ import annotations

import re
from itertools import accumulate

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


_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)
# By byte: one level more, one less, or none.
_STEPS = tuple((one in b"[{") - (one in b"]}") for one in range(256))
_NO_MARKS = bytes(one for one in range(256) if not _STEPS[one])


class NotJson(Exception):
    """The text is no JSON at a position."""

    def __init__(self, position: int) -> None:
        self.position = position
        super().__init__("no JSON")


class _Grammar:
    """The grammar of RFC 8259 §2, one token after the other."""

    def __init__(self) -> None:
        self.open_marks: list[str] = []
        self._expected = _VALUE
        # Nothing has come behind the mark that opened the innermost array or object.
        self._is_empty = False

    def takes(self, mark: str, *, is_string: bool) -> bool:
        """Take a token: a mark, or a scalar where it is empty; return False where none may stand."""
        was_empty, self._is_empty = self._is_empty, False
        if mark in _CLOSES:
            return self._opens(mark)
        if mark in _CLOSES.values():
            return self._closes(mark, was_empty)
        if mark == ",":
            inner = self.open_marks[-1] if self.open_marks else ""
            return self._goes_on(_MORE, _VALUE if inner == "[" else _NAME) and bool(inner)
        if mark == ":":
            return self._goes_on(_COLON, _VALUE)
        if self._expected == _NAME:
            return is_string and self._goes_on(_NAME, _COLON)
        return self._goes_on(_VALUE, _MORE)

    def _opens(self, mark: str) -> bool:
        self._is_empty = True
        self.open_marks.append(mark)
        return self._goes_on(_VALUE, _VALUE if mark == "[" else _NAME)

    def _closes(self, mark: str, was_empty: bool) -> bool:
        is_right = bool(self.open_marks) and mark == _CLOSES[self.open_marks.pop()]
        may_close = was_empty or self._expected == _MORE
        self._expected = _MORE
        return is_right and may_close

    def _goes_on(self, expected: str, then: str) -> bool:
        is_right, self._expected = self._expected == expected, then
        return is_right


def is_deep(data: bytes) -> bool:
    """Tell whether arrays and objects of a text are nested deeper than `MOST_NESTED`."""
    # Bytes are counted in no time, and most texts have but a few.
    if data.count(b"[") + data.count(b"{") <= MOST_NESTED:
        return False
    marks = _STRING.sub(b"", data).translate(None, _NO_MARKS)
    return max(accumulate(map(_STEPS.__getitem__, marks)), default=0) > MOST_NESTED


def flattened(text: str, start: int = 0) -> tuple[str, bool]:
    """Return a text with its first value no deeper than `MOST_NESTED`, and whether anything is left out.

    What is left out is JSON all the same.  Raises `NotJson` where it is none.
    """
    grammar, pieces = _Grammar(), [""]
    done, at = 0, start
    while True:
        depth, token = len(grammar.open_marks), _TOKEN.match(text, at)
        mark = (token["mark"] or "") if token is not None else ""
        if token is None or not grammar.takes(mark, is_string=token["string"] is not None):
            # Where the grammar is broken further out, Python's reader says so, and where.
            if depth > MOST_NESTED:
                raise NotJson(at)
            break
        at, now = token.end(), len(grammar.open_marks)
        if depth == MOST_NESTED < now:
            pieces.append(text[done:at])
        elif now == MOST_NESTED < depth:
            done = token.start("mark")
        elif not now:
            break
    return "".join([*pieces, text[done:]]), len(pieces) > 1
