"""The tokens of an example: JSON's, and those of what pages write in their place, read one at a time."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["{", "}", "[", "]", ":", ",", "string", "word", "left-out", "end"]

_SPACE = re.compile(r"\s+")
_COMMENT = re.compile(r"//[^\n]*|/\*.*?(?:\*/|\Z)|<!--.*?(?:-->|\Z)|#(?=\s)[^\n]*", re.DOTALL)
# What a writer adds behind a value for the reader of the page, in brackets.
_REMARK = re.compile(r"[(（][^()（）\n]*[)）]")
_LEFT_OUT = re.compile(r"\.{2,}|…+")
# A quotation mark that closes in the form of print ends the string where JSON could go on after it.
_STRING = re.compile(r'"(?:\\.|[^"\\\n”]|”(?!\s*[,:}\]\n]))*"')
_PRINTED = re.compile(r"[\"“”](?:\\.|[^\"“”\\\n])*[“”\"]")
_SINGLE = re.compile(r"'(?:\\.|[^'\\\n])*'|[‘’][^‘’\n]*[‘’]")
_OPEN_STRING = re.compile(r"[\"“”'‘’][^\n]*")
_WORD = re.compile(r"[^\s{}\[\]:,=\"“”'‘’，：()（）]+")
_END = re.compile(r"[\n,}\]]")
# A place that is left open: {document ID}, ${token}, {{x}}; and <token>.  With a colon it is an object.
_OPEN = r"(?=[^{}]*[^\s{}])[^{}\"“”:\n]*"
_PLACE = re.compile(rf"\{{\{{{_OPEN}\}}\}}|\$?\{{{_OPEN}\}}|<(?!!)[^<>\n]+>")
_PUNCTUATION: dict[str, Kind] = {
    "{": "{",
    "}": "}",
    "[": "[",
    "]": "]",
    ":": ":",
    ",": ",",
    "：": ":",
    "=": ":",
    "，": ",",
}
_NEAR = 20
_JSON_PUNCTUATION = frozenset("{}[]:,")


@dataclass(frozen=True)
class Token:
    """A token: its kind, its value where it is a string or a word, where it ends, and its line from 0.

    `mends` names what was mended to read it.  `begins_line` tells that a line break stands before it.
    """

    kind: Kind
    value: str
    end: int
    line: int
    begins_line: bool = False
    mends: tuple[str, ...] = ()


class Scanner:
    """Reads tokens from a text, one after another; a place left open is read where one may stand."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._at = 0
        self._line = 0
        self._next: Token | None = None

    def peek(self) -> Token:
        """Return the next token and stay before it."""
        if self._next is None:
            self._next = self._scan()
        return self._next

    def take(self) -> Token:
        """Return the next token and go on behind it."""
        token = self.peek()
        self.go(token.end)
        return token

    def take_place(self) -> Token | None:
        """Return the place left open that begins here, None where none does."""
        line = self.peek().line
        match = _PLACE.match(self.text, self._at)
        if match is None:
            return None
        self.go(match.end())
        return Token("word", match[0], match.end(), line, mends=("bare-placeholder",))

    def rest_of_line(self) -> str:
        """Return what stands before the end of the line, a comma or a closing bracket; go behind it."""
        match = _END.search(self.text, self._at)
        end = match.start() if match is not None else len(self.text)
        text = self.text[self._at : end]
        self.go(end)
        return text.strip()

    def is_followed_by(self, pattern: re.Pattern[str]) -> bool:
        """Tell whether what follows the next token begins as a pattern says."""
        return pattern.match(self.text, self.peek().end) is not None

    def go(self, end: int) -> None:
        """Go on at an offset."""
        self._line += self.text.count("\n", self._at, end)
        self._at, self._next = end, None

    def _scan(self) -> Token:
        begins_line, mends = self._between()
        at = self._at
        if at >= len(self.text):
            return Token("end", "", at, self._line, begins_line, mends)
        kind, value, end, more = self._token(at)
        return Token(kind, value, end, self._line, begins_line, (*mends, *more))

    def _between(self) -> tuple[bool, tuple[str, ...]]:
        """Go past white space, comments and remarks; tell of line breaks and what was mended."""
        begins_line, mends = self._at == 0, []
        while True:
            if space := _SPACE.match(self.text, self._at):
                begins_line = begins_line or "\n" in space[0]
                self.go(space.end())
            elif comment := _COMMENT.match(self.text, self._at):
                # A comment behind an opening bracket that hides the closing one is a place left open.
                hides = "}" in comment[0] and self._is_behind_bracket()
                self.go(comment.end())
                begins_line = begins_line or "\n" in comment[0]
                mends += ["stray-text"] if hides else []
            elif remark := _REMARK.match(self.text, self._at):
                self.go(remark.end())
                mends.append("remark")
            else:
                return begins_line, tuple(mends)

    def _is_behind_bracket(self) -> bool:
        return self.text[max(0, self._at - _NEAR) : self._at].rstrip(" \t").endswith("{")

    def _token(self, at: int) -> tuple[Kind, str, int, tuple[str, ...]]:
        text = self.text
        if match := _STRING.match(text, at):
            return "string", _unquoted(match[0]), match.end(), ()
        for pattern in (_PRINTED, _SINGLE):
            if match := pattern.match(text, at):
                mend = ("quotes",) if pattern is _PRINTED else ()
                return "string", _unescaped(match[0][1:-1]), match.end(), mend
        if match := _OPEN_STRING.match(text, at):
            inner = match[0].rstrip().rstrip(",}] \t")
            return "string", inner[1:], at + len(inner), ("string-open",)
        if match := _LEFT_OUT.match(text, at):
            return "left-out", match[0], match.end(), ()
        if text[at] in _PUNCTUATION:
            mend = () if text[at] in _JSON_PUNCTUATION else ("punctuation",)
            return _PUNCTUATION[text[at]], text[at], at + 1, mend
        match = _WORD.match(text, at)
        end = match.end() if match is not None else at + 1
        return "word", text[at:end], end, ()


def _unquoted(text: str) -> str:
    try:
        value: Any = json.loads(text, strict=False)
    except ValueError:
        return _unescaped(text[1:-1])
    return str(value)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)
