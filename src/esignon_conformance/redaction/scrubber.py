"""The one scrubber that everything written or printed passes: it masks secrets by their values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from .encodings import PLAIN, hashes_of, needles_of, within_base64
from .kept_names import KeptNames
from .needle import GRAM, Match, Needle, extent_of, folded_of, match_of
from .unescape import View, views

_SHORTEST = 3
_TOKEN_PIECE = 16
# So many needles may share a gram with their pieces: all tokens of a kind may begin alike.
_MOST_ALIKE = 4
# A text that was clean is looked through anew only for what became known since, if that is not much.
_MOST_NEW = 64
_MOST_CLEAN, _MOST_CLEAN_SIZE = 4096, 16 * 1024 * 1024
# Of a longer token the two ends are looked for: no more of it is shown anywhere.
_LONGEST_TOKEN = 32 * 1024
# Encoded once more it is looked for up to this length; what is longer is unpacked where it stands.
_LONGEST_ENCODED = 4 * 1024
# Characters: more than any text has.
_LONGEST_NEEDLE = 1 << 40


class Scrubber:
    r"""Replaces every known secret in a text by a name such as ``<main password: as base64>``.

    A secret is found in any letter case, under any mix and nesting of escapes (`\uXXXX`, `\xNN`,
    `%NN`, HTML's entities), and at every offset of base64; a password or an email also as hexadecimal
    digits, as an array of its characters and as a common hash; and of a password a piece of 6
    characters, of a token one of 16.  The longest match at a
    place wins, and equal secrets get equal names.

    `public` is text that the suite shows anyway.  A piece of a password that stands there ("passwo" of
    "password-7431", say) is no secret, since masking it would make reports unreadable and tell by its
    place what it is.  The whole password is masked even then.
    """

    def __init__(self, public: str = "") -> None:
        self._public = _words_of(public)
        self.kept_names = KeptNames()
        self._emails = ""
        # By gram each needle that holds it, by its number, and where: one number for the two, since a long
        # run needs more memory for this than for anything else.
        self._needles: list[Needle] = []
        self._index: dict[str, tuple[int, ...] | int] = {}
        self._short: list[Needle] = []
        self._known: set[str] = set()
        self._hashes: set[str] = set()
        self._tokens = 0
        # What a text must hold before anything is found in it, in the order of becoming known; and, of
        # texts in which nothing was found, how much of that was known then, and their folded views.
        self._clues: list[str] = []
        # Whether a secret may go on after the end of a line.
        self._spans_lines = False
        self._clean: dict[str, tuple[int, list[str]]] = {}
        self._clean_size = 0

    def register(self, value: object, name: str) -> None:
        """Make a value that was made of a secret known, and every piece of 6 characters of it.

        Not a value that is public (the domain of an email may be the target's host), a value other than
        text, nor a text under 3 characters.
        """
        if not isinstance(value, str) or folded_of(value) in self._public:
            return
        if folded_of(value) not in self._hashes:
            self.register_password(value, name)
        elif self._is_new(value):
            # A piece of a hash tells nothing, and may stand in any other: in that of the contract, say.
            self._add(value, name, len(value))
            self._known.add(value)

    def register_password(self, secret: str, name: str) -> None:
        """Make a password known, whatever it is, and every piece of 6 characters of it."""
        if not self._is_new(secret):
            return
        for text, least, form in needles_of(secret):
            self._add(text, name, least, form)
        self._add_hashes(secret, name)
        self._known.add(secret)

    def register_email(self, secret: str, name: str) -> None:
        """Make an email known as a whole.  Its pieces are no secret: its domain is public."""
        if not self._is_new(secret):
            return
        self._emails += f" {folded_of(secret)}"
        for text, _, form in needles_of(secret):
            self._add(text, name, len(text), form)
        self._add_hashes(secret, name)
        self._known.add(secret)

    def _add_hashes(self, secret: str, name: str) -> None:
        for text, least, form in hashes_of(secret):
            self._hashes.add(folded_of(text))
            self._add(text, name, least, form)

    def register_token(self, token: object) -> None:
        """Make a token seen in an answer known; equal tokens get equal numbers."""
        if isinstance(token, str) and len(token) >= GRAM and self._is_new(token):
            name = f"token {self._tokens + 1}"
            # What reads a form or a query string makes a blank of each plus sign of standard base64.
            spaced = {token, token.replace("+", " ")}
            data = token.encode("utf-8", errors="surrogatepass")
            encoded = within_base64(data) if len(token) <= _LONGEST_ENCODED else ()
            for text in (*sorted(spaced), *encoded):
                half = _LONGEST_TOKEN // 2
                pieces = (text,) if len(text) <= _LONGEST_TOKEN else (text[:half], text[-half:])
                for piece in pieces:
                    self._add(piece, name, min(len(piece), _TOKEN_PIECE))
            self._known.add(token)
            self._tokens += 1

    def knows(self, secret: str) -> bool:
        """Tell whether a secret is looked for as a whole."""
        return secret in self._known

    def scrub(self, text: str) -> str:
        """Return `text` with every known secret replaced by its name."""
        if "\n" not in text or self._spans_lines:
            return self._scrubbed(text)
        # Line by line, since the lines of a report come again and again, and are known to be clean.
        lines = text.split("\n")
        masked = [self._scrubbed(line) for line in lines]
        return text if masked == lines else "\n".join(masked)

    def _scrubbed(self, text: str) -> str:
        if self._is_clean(text):
            return text
        looked = [(view, folded_of(view.text)) for view in views(text)]
        found = (match for view, folded in looked for match in self._matches(text, view, folded))
        is_kept = self.kept_names.is_inside_one
        matches = [one for one in found if not is_kept(text, one.start, one.end)]
        if not matches:
            self._note_clean(text, [folded for _, folded in looked])
            return text
        matches.sort(key=lambda one: (one.start, -one.end, not one.is_whole, not one.is_exact))
        pieces, done = [], 0
        for match in matches:
            if match.start >= done:
                pieces += [text[done : match.start], match.name]
            # What overlaps the match before leaves nothing of itself, either.
            done = max(done, match.end)
        return "".join([*pieces, text[done:]])

    def _note_clean(self, text: str, folded: list[str]) -> None:
        size = len(text) + sum(map(len, folded))
        if len(self._clean) >= _MOST_CLEAN or self._clean_size + size > _MOST_CLEAN_SIZE:
            self._clean.clear()
            self._clean_size = 0
        self._clean[text] = len(self._clues), folded
        self._clean_size += size

    def scrub_bytes(self, data: bytes) -> str:
        r"""Return bytes as text, undecodable ones as ``\xNN``, with every known secret masked."""
        return self.scrub(data.decode("utf-8", errors="backslashreplace"))

    def scrub_all(self, value: Any) -> Any:
        """Return plain data with every text in it masked, but for the names of members: they are ours.

        Before it is written as JSON, that is: what is masked in JSON may take a quotation mark along.
        """
        if isinstance(value, str):
            return self.scrub(value)
        if isinstance(value, Mapping):
            return {name: self.scrub_all(one) for name, one in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.scrub_all(one) for one in value]
        return value

    def _is_new(self, secret: object) -> bool:
        """Tell whether a secret is not known.

        It is known when all of it is looked for, and not before: an order to end may come in between.
        """
        return isinstance(secret, str) and len(secret) >= _SHORTEST and secret not in self._known

    def _is_clean(self, text: str) -> bool:
        """Tell whether nothing was found in a text before, and nothing that became known since is in it."""
        before = self._clean.get(text)
        if before is None:
            return False
        count, folded = before
        if count < len(self._clues):
            new = self._clues[count:]
            if len(new) > _MOST_NEW or any(clue in one for one in folded for clue in new):
                return False
            self._clean[text] = len(self._clues), folded
        return True

    def _add(self, text: str, name: str, least: int, form: str = PLAIN) -> None:
        folded = folded_of(text)
        self._spans_lines |= "\n" in folded
        whole = Needle(folded, text, name, len(folded), form)
        if len(folded) < GRAM:
            if len(folded) >= _SHORTEST:
                self._short.append(whole)
                self._clues.append(folded)
            return
        piece = whole._replace(least=least)
        added = False
        # A piece of that length holds one of the grams that begin this far apart.
        for offset in range(0, len(folded) - GRAM + 1, least - GRAM + 1):
            gram = folded[offset : offset + GRAM]
            is_public = least == GRAM and (gram in self._public or gram in self._emails)
            if not is_public and len(_places(self._index.get(gram, ()))) < _MOST_ALIKE:
                self._put(gram, piece, offset)
                added = True
        if not added or least < _TOKEN_PIECE:
            # Found as a whole also where its pieces are public or alike, and so named by its own name.
            self._put(folded[:GRAM], whole, 0)

    def _put(self, gram: str, needle: Needle, offset: int) -> None:
        if not self._needles or self._needles[-1] is not needle:
            self._needles.append(needle)
        place = (len(self._needles) - 1) * _LONGEST_NEEDLE + offset
        before = self._index.get(gram)
        if before is None:
            self._clues.append(gram)
        self._index[gram] = place if before is None else (*_places(before), place)

    def _matches(self, source: str, view: View, folded: str) -> Iterator[Match]:
        index = self._index
        # An automaton (pyahocorasick) needs a third of the time, but 30 ms anew after most answers.
        places = [at for at in range(len(folded) - GRAM + 1) if folded[at : at + GRAM] in index]
        # Up to where each needle has been found. A text that repeats itself, as an echoed password of
        # 5,000 characters does, would else be compared whole at each of its places.
        found: dict[int, int] = {}
        for at in places:
            for place in _places(index[folded[at : at + GRAM]]):
                number, offset = divmod(place, _LONGEST_NEEDLE)
                needle = self._needles[number]
                if at + GRAM <= found.get(id(needle), 0):
                    continue
                start, end = extent_of(folded, at, needle, offset)
                if end - start >= needle.least:
                    found[id(needle)] = end
                    yield match_of(source, view, start, end, needle)
        for needle in self._short:
            start = folded.find(needle.folded)
            while start >= 0:
                yield match_of(source, view, start, start + len(needle.folded), needle)
                start = folded.find(needle.folded, start + 1)


@lru_cache(maxsize=8)
def _words_of(public: str) -> str:
    """Return each word of a public text once: they are searched for every piece of every secret."""
    return " ".join(sorted(set(folded_of(public).split())))


def _places(found: tuple[int, ...] | int) -> tuple[int, ...]:
    return (found,) if isinstance(found, int) else found
