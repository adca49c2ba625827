"""Whether an answer lets somebody in, be it by an envelope that no clause takes for one."""

from __future__ import annotations

import re

from ..contract.model import Codes
from ..transport.messages import Exchange
from .response import Outcome, outcome, read

# A member of that name with a long random text: one that stands for nothing ("none", "NOT_AUTHORIZED")
# has no digit. PHP writes `/` as `\/`.
_TOKEN = re.compile(
    rb"""(?i:access[_-]?token)\\*"\s*:\s*\\*"(?=[^"]*[0-9])[\w.~+/=\\-]{12,}\\*\"""", re.ASCII
)
# An envelope has no more bytes before its token.
_FAR_ENOUGH = 65_536


def outcome_to_client(exchange: Exchange, tags: frozenset[str], codes: Codes) -> Outcome:
    """Return what an answer comes to for whoever sent the request: *issued* where there is a token.

    `tags` are the tags of the case.  An answer without a documented code (a number, another word, another
    name of the member) has no outcome for the clauses, and lets its client in all the same.
    """
    # "The grave is not hidden by the slight": whoever has a token was let in, whatever the code is.
    found = outcome(exchange, tags, codes)
    answer = exchange.answer
    if found != "broken" or codes.outcomes == "status" or answer is None or answer.missing:
        return found
    # UTF-16 and UTF-32 have a NUL in each ASCII character.
    text = read(exchange).content[:_FAR_ENOUGH].replace(b"\0", b"")
    return "issued" if _TOKEN.search(text) is not None else "broken"
