"""Examples as pages write them: JSON, or hardly: what is mended is told, with its line.

The mends stand in `MENDS`.  A certain one leaves no doubt about a fact: a comment, quotation marks as
in print.  Of the others the page has to be looked at: what was read is likely, and not said.
"""

from __future__ import annotations

import html
import re
from typing import Any

from .example_reading import ExampleError, Mend, Read
from .example_tokens import Scanner, Token

_DEEPEST = 40
_LONGEST = 64 * 1024
_MOST_MENDS = 200
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,30})(?:\.\d{1,30})?(?:[eE][+-]?\d{1,3})?\Z")
_WORDS: dict[str, Any] = {"true": True, "false": False, "null": None, "none": None}
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$.-]*\Z")
_COLON = re.compile(r"\s*[:=：]")
# What may stand before the first bracket: the head of an HTTP message, or an assignment.
_HEAD = re.compile(
    r"(?:HTTP/[\d.]+ .*\n|[A-Z]+ /\S*(?: HTTP/[\d.]+)?\n|[A-Za-z-]+:[ \t][^{\[\n]*\n|\s+|//.*\n"
    r"|(?:(?:const|let|var)[ \t]+)?[A-Za-z_]\w*[ \t]*=[ \t]*(?=[{\[]))*"
)
_PLACE_NAME = re.compile(r"\$?\{.*\}\Z|<.*>\Z")


def read_example(text: str) -> Read:
    """Read an example.  Raises `ExampleError` where there is nothing of JSON in it."""
    if len(text) > _LONGEST:
        raise ExampleError(f"{len(text)} characters")
    if '"' not in text and "&quot;" in text:
        text = html.unescape(text)
    reader = _Reader(text)
    value = reader.whole()
    if not isinstance(value, dict | list):
        raise ExampleError("no object")
    if not value and reader.mends:
        raise ExampleError(f"no member ({reader.mends[0].kind})")
    return Read(value, reader.lines, tuple(reader.untyped), tuple(dict.fromkeys(reader.mends)))


class _Reader:
    """A reader by descent that goes on where JSON's would give up, and notes what it took for granted."""

    def __init__(self, text: str) -> None:
        head = _HEAD.match(text)
        self.first = head.end() if head is not None else 0
        self.scanner = Scanner(text)
        self.lines: dict[str, int] = {}
        self.untyped: list[str] = []
        self.mends: list[Mend] = []
        # The open brackets around the reader.
        self.open: list[str] = []

    def whole(self) -> Any:
        """Read the whole text: its first value, and nothing of note behind it."""
        if self.first:
            self.scanner.go(self.first)
        token = self.scanner.peek()
        self.lines[""] = token.line
        if token.kind == "}" and self.scanner.is_followed_by(re.compile(r"\s*[\"“”'A-Za-z_]")):
            self._mend("wrong-bracket", self._take())
            value: Any = self._object("", bracket=True)
        elif token.kind == "string" and self.scanner.is_followed_by(_COLON):
            self._mend("wrong-bracket", token)
            value = self._object("", bracket=False)
        elif token.kind in ("{", "["):
            value = self._value("")
        else:
            raise ExampleError(f"it begins with {token.value[:20]!r}" if token.value else "empty")
        self._behind()
        return value

    def _behind(self) -> None:
        while (token := self._take()).kind != "end":
            if token.kind in ("}", "]"):
                self._mend("stray-bracket", token)
            elif token.kind in ("{", "["):
                self._mend("second-value", token)
                return
            elif token.kind not in ("left-out", ","):
                self._mend("stray-text", token)
                self.scanner.rest_of_line()

    def _take(self) -> Token:
        token = self.scanner.take()
        for kind in token.mends:
            self._mend(kind, token)
        return token

    def _mend(self, kind: str, token: Token) -> None:
        if len(self.mends) >= _MOST_MENDS:
            raise ExampleError(f"{_MOST_MENDS} mends")
        self.mends.append(Mend(kind, token.line))

    # ---- values ----------------------------------------------------------------------------------

    def _value(self, pointer: str) -> Any:
        if len(self.open) > _DEEPEST:
            raise ExampleError(f"deeper than {_DEEPEST}")
        token = self.scanner.peek()
        if place := self._place():
            self.untyped.append(pointer)
            return place
        match token.kind:
            case "{":
                self._take()
                return self._object(pointer, bracket=True)
            case "[":
                self._take()
                return self._array(pointer)
            case "string":
                return self._take().value
            case "word":
                return self._word(pointer)
        self.untyped.append(pointer)
        if token.kind == "left-out":
            self._take()
            self._mend("left-out", token)
        else:
            self._mend("no-value", token)
        return None

    def _place(self) -> str:
        """Return the place left open that begins here, without what a comment adds; empty for none."""
        if self.scanner.peek().kind not in ("{", "word"):
            return ""
        token = self.scanner.take_place()
        if token is None:
            return ""
        self._mend("bare-placeholder", token)
        words = token.value.strip("${}<> \t").partition("//")
        return f"{{{(words[0] or words[2]).strip()}}}"

    def _word(self, pointer: str) -> Any:
        token = self._take()
        plain = token.value.rstrip(";")
        if plain.lower() in _WORDS:
            return _WORDS[plain.lower()]
        if _NUMBER.match(plain):
            return float(plain) if re.search(r"[.eE]", plain) else int(plain)
        self._mend("bare-text", token)
        self.untyped.append(pointer)
        return f"{{{f'{token.value} {self.scanner.rest_of_line()}'.strip()}}}"

    def _between(self, *, may_follow: bool) -> bool:
        """Go past a comma or what is left out; tell whether another value may follow."""
        token = self._take()
        if token.kind == "left-out":
            self._mend("left-out", token)
            return may_follow
        if may_follow:
            self._mend("extra-comma", token)
        return True

    # ---- objects ---------------------------------------------------------------------------------

    def _object(self, pointer: str, *, bracket: bool) -> dict[str, Any]:
        found: dict[str, Any] = {}
        self.open.append("{")
        may_follow = True
        while True:
            token = self.scanner.peek()
            if token.kind == "end":
                if bracket:
                    self._mend("unclosed", token)
                break
            if token.kind == "}":
                self._take()
                break
            if token.kind == "]":
                if "[" in self.open:
                    self._mend("unclosed", token)
                    break
                self._mend("stray-bracket", self._take())
            elif token.kind in (",", "left-out"):
                may_follow = self._between(may_follow=may_follow)
            elif self._pair(pointer, found, token, missing_comma=not may_follow):
                may_follow = False
        self.open.pop()
        return found

    def _pair(
        self, pointer: str, found: dict[str, Any], token: Token, *, missing_comma: bool
    ) -> bool:
        """Read a member into an object; tell whether one stood here."""
        name = self._name(token)
        if name is None:
            return False
        if missing_comma:
            self._mend("missing-comma", token)
        if name in found and not _PLACE_NAME.match(name):
            self._mend("name-twice", token)
        at = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
        self.lines[at] = token.line
        found[name] = self._value(at)
        return True

    def _name(self, token: Token) -> str | None:
        """Return the name of the member that begins here, and go behind its colon; None for none."""
        if token.kind in ("{", "word") and (place := self._place()):
            if self.scanner.peek().kind == ":":
                self._take()
                return place
            return None
        if token.kind in ("string", "word") and self.scanner.is_followed_by(_COLON):
            self._take()
            if token.kind == "word":
                known = _IDENTIFIER.match(token.value) is not None
                self._mend("name-unquoted" if known else "bare-text", token)
            self._take()
            return token.value
        self._skip(token)
        return None

    def _skip(self, token: Token) -> None:
        """Go past what is no member: a value without its name, or text that stands there astray."""
        if token.kind in ("{", "["):
            self._mend("no-pair", token)
            lines, untyped = dict(self.lines), list(self.untyped)
            self._value("")
            self.lines, self.untyped = lines, untyped
        elif token.kind == "string":
            self._mend("no-pair", self._take())
        else:
            self._mend("stray-text", self._take())
            self.scanner.rest_of_line()

    # ---- arrays ----------------------------------------------------------------------------------

    def _array(self, pointer: str) -> list[Any]:
        found: list[Any] = []
        self.open.append("[")
        may_follow = True
        while True:
            token = self.scanner.peek()
            if token.kind == "end":
                self._mend("unclosed", token)
                break
            if token.kind == "]":
                self._take()
                break
            if token.kind == "}":
                if not self.scanner.is_followed_by(re.compile(r"\s*\]")) and "{" in self.open:
                    self._mend("unclosed", token)
                    break
                self._mend("stray-bracket", self._take())
            elif token.kind in (",", "left-out"):
                may_follow = self._between(may_follow=may_follow)
            elif token.kind == ":" or (found and token.kind == "word" and not may_follow):
                self._mend("stray-text", self._take())
                self.scanner.rest_of_line()
            else:
                self._item(f"{pointer}/{len(found)}", found, token, missing_comma=not may_follow)
                may_follow = False
        self.open.pop()
        return found

    def _item(self, at: str, found: list[Any], token: Token, *, missing_comma: bool) -> None:
        if token.kind in ("string", "word") and self.scanner.is_followed_by(_COLON):
            # Pairs without their brackets are the members of one object.
            last = found[-1] if found else None
            if not isinstance(last, dict):
                self._mend("pairs-in-array", token)
                last = {}
                found.append(last)
                self.lines[at] = token.line
            self._pair(
                f"{at.rpartition('/')[0]}/{len(found) - 1}", last, token, missing_comma=False
            )
            return
        if missing_comma:
            self._mend("missing-comma", token)
        self.lines[at] = token.line
        found.append(self._value(at))
