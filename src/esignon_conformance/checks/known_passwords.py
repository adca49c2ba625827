"""The passwords that a run knows, and which of them must not stand in the answer to a request."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ..contract.model import Contract
from ..redaction.encodings import forms_of, needles_of
from ..target.target import Target
from ..transport.messages import Exchange
from .request_texts import said_by

SHORTEST_REAL = 8
# One that was not sent: so long, of letters, of digits and of something else.
_SHORTEST_UNSENT = 12
_KINDS = (re.compile(r"[^\W\d_]"), re.compile(r"\d"), re.compile(r"[\W_]"))
_WINDOW = 12
_MADE_UP = "made-up"
_LONGEST = 64


@dataclass(frozen=True)
class Passwords:
    """The passwords of a run: the made-up one, and the real ones that are plain secrets."""

    made_up: str
    real: frozenset[str]
    # What an answer may say of itself.
    public: str

    @cached_property
    def unmistakable(self) -> frozenset[str]:
        """Return the real ones that are no word, no date and no number that an answer may have."""
        return frozenset(
            one
            for one in self.real
            if len(one) >= _SHORTEST_UNSENT and all(kind.search(one) for kind in _KINDS)
            if one.lower() not in self.public
        )

    @cached_property
    def shortest(self) -> int:
        """Return how long the shortest form of these is."""
        return min(map(len, self.forms_of(self.unmistakable)), default=_LONGEST)

    @classmethod
    def of(cls, contract: Contract, target: Target) -> Passwords:
        """Return the passwords of the accounts of a target."""
        accounts = target.accounts
        made_up = accounts[_MADE_UP].password.get_secret_value()
        real = frozenset(one.password.get_secret_value() for one in accounts.values()) - {made_up}
        emails = [account.email.get_secret_value() for account in accounts.values()]
        return cls(made_up, real, "\n".join([*emails, *contract.all_texts]).lower())

    def passwords_in(self, exchange: Exchange) -> frozenset[str]:
        """Return which passwords must not come back to a request."""
        request, sent = exchange.request, "\n".join(said_by(exchange))
        known = (request.company.lower(), request.said("memb_email").lower(), self.public)
        passwords = {request.said("password"), *(one for one in self.real if one and one in sent)}
        found = {
            one
            for one in passwords
            if one != self.made_up and len(one) >= SHORTEST_REAL
            if not any(one.lower() in text for text in known)
        }
        # A body that is cut inside the password has sent a part of it.
        return frozenset({*found, self.made_up} if self.made_up[:_WINDOW] in sent else found)

    def others_in(self, exchange: Exchange) -> frozenset[str]:
        """Return which passwords were not sent, and can stand in an answer to it by no chance."""
        request, sent = exchange.request, "\n".join(said_by(exchange))
        said = f"{request.company}\n{request.said('memb_email')}".lower()
        return frozenset(
            one for one in self.unmistakable if one not in sent and one.lower() not in said
        )

    def forms_of(self, passwords: Iterable[str]) -> frozenset[str]:
        """Return, in lower case, what must not come back where some passwords must not."""
        return _lowered_forms_of_all(frozenset(passwords), self.made_up)

    def every(self) -> frozenset[str]:
        """Return, in lower case, what must not come back to whatever request."""
        real = [one for one in self.real if len(one) >= SHORTEST_REAL]
        return self.forms_of([self.made_up, *real])


# The same few are asked for by most answers.
@lru_cache(maxsize=64)
def _lowered_forms_of_all(passwords: frozenset[str], made_up: str) -> frozenset[str]:
    forms = frozenset[str]().union(*map(_lowered_forms_of, passwords))
    # A long random marker, or 12 characters of it in a row.
    return forms | _windows_of(made_up) if made_up in passwords else forms


@lru_cache(maxsize=64)
def _windows_of(marker: str) -> frozenset[str]:
    lowered = marker.lower()
    windows = {lowered[at : at + _WINDOW] for at in range(len(lowered) - _WINDOW + 1)}
    return frozenset({*windows, lowered[::-1]})


@lru_cache(maxsize=512)
def _lowered_forms_of(secret: str) -> frozenset[str]:
    forms = {*forms_of(secret), *(one.text for one in needles_of(secret))}
    return frozenset(form.lower() for form in forms)
