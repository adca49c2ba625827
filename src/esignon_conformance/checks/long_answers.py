"""SEC-1 and SEC-4 on what is long: looked through once, however often it comes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..contract.model import Contract
from ..recording.condensed_answers import Seen, digest_of
from ..redaction.long_text import ends_of
from ..target.target import Target
from ..transport.messages import Exchange
from .answer_texts import all_texts, texts_around_phrases
from .internals import internals_in
from .known_passwords import Passwords
from .leaks import TOKEN_POINTER, holds_lowered, where_in_url
from .request_texts import said_by

# Characters of long texts whose escapes are undone; of what comes then, the two ends.
_MOST_IN_ALL = 16 * 1024 * 1024
_MOST_KNOWN = 1024


@dataclass
class _Known:
    """What is known of a text: which forms of passwords are not in it, and which insides are."""

    free_of: frozenset[str]
    # As far as was looked: to the first that was of use, unless `is_all` says that there are no more.
    internals: tuple[tuple[str, str], ...] = ()
    is_all: bool = False


class LongAnswers:
    """Looks through long texts.

    Of one that has come before it is known which passwords it does not hold.
    """

    def __init__(self, contract: Contract, target: Target) -> None:
        self._passwords = Passwords.of(contract, target)
        self._every = self._passwords.every()
        self._method = contract.operation.method
        self._netloc = target.parts.netloc
        self._known: dict[str, _Known] = {}
        self._left = _MOST_IN_ALL

    def __call__(self, exchange: Exchange, texts: Sequence[tuple[str, str]]) -> Seen:
        """Return what long texts of an answer, each with its JSON pointer, show."""
        password, internal = "", None
        said = "\n".join([self._netloc, *said_by(exchange)])
        for pointer, text in texts:
            key = digest_of(text)
            known = self._known.get(key)
            if known is None:
                known = _Known(frozenset())
                if len(self._known) < _MOST_KNOWN:
                    self._known[key] = known
            passwords = self._passwords.passwords_in(exchange) | self._passwords.others_in(exchange)
            wanted = self._passwords.forms_of(passwords)
            if not wanted <= known.free_of:
                # With time left for every form in which it may be packed, for all that may be asked of it.
                sought = wanted | self._every if self._left > len(text) else wanted
                views = self._views(text)
                if not any(holds_lowered(sought, one) for one in views):
                    known.free_of |= sought
                elif any(holds_lowered(wanted, one) for one in views):
                    password = password or self._place(exchange, wanted, text)
            if internal is None and pointer != TOKEN_POINTER:
                internal = self._internal(known, text, said)
        return Seen(password, internal)

    def _place(self, exchange: Exchange, wanted: frozenset[str], text: str) -> str:
        is_login = exchange.request.method == self._method
        return "body" if is_login else where_in_url(exchange, wanted, (text,)) or "body"

    def _views(self, text: str) -> tuple[str, ...]:
        """Return the views of a text in small letters."""
        self._left -= len(text)
        if self._left > 0:
            return tuple(one.lower() for one in all_texts(text))
        ends = (one for end in ends_of(text) for one in all_texts(end))
        return tuple(one.lower() for one in (text, *ends))

    def _internal(self, known: _Known, text: str, said: str) -> tuple[str, str] | None:
        """Return the first sign of the inside in a text that had not been said by the request."""
        new = next((one for one in known.internals if one[1] not in said), None)
        if new is None and not known.is_all:
            found = []
            for one in self._internals(text):
                found.append(one)
                if one[1] not in said:
                    new = one
                    break
            known.internals, known.is_all = tuple(dict.fromkeys(found)), new is None
        return (new[0], new[1][:80]) if new is not None else None

    def _internals(self, text: str) -> Iterator[tuple[str, str]]:
        pieces = (text,) if self._left > 0 else ends_of(text)
        layers = dict.fromkeys(layer for piece in pieces for layer in texts_around_phrases(piece))
        for layer in (text, *(one for one in layers if one != text)):
            yield from internals_in.__wrapped__(layer)
