"""What recorded traffic can prove of each clause, and what it needs for it: a table."""

from __future__ import annotations

from collections.abc import Mapping

from ...transport.messages import Exchange
from .entry import Loss

# Only what the suite itself sends shows these: bursts, other methods, the same value written otherwise,
# attacks, pairs of requests that differ in one thing.
NEVER: frozenset[str] = frozenset({"REQ-2", "REQ-5", "REQ-6", "SUC-9", "SEC-3", "REJ-3"})
# A file shows a deviation from these, and never that they hold; the text says why.
DEVIATIONS_ONLY: Mapping[str, str] = {
    "ENV-1": "traffic-no-bytes",
    "SUC-8": "traffic-no-steadiness",
    "SEC-2": "traffic-some-variants",
    "SEC-6": "traffic-some-variants",
    "SEC-7": "traffic-some-variants",
}
# These are judged over the whole file, in `across.py`.
ACROSS: frozenset[str] = frozenset({"REQ-1", "REQ-9", "SUC-8", "SUC-10", "REJ-11", "SEC-5"})
# These by the figures of a load run, in `load_judge.py`.
OF_LOAD: frozenset[str] = frozenset({"LOAD-1", "LOAD-2", "LOAD-3"})
# Of a fleet of processes these are judged over all of them, in `fleet.py`; each tells of its own part.
FLEET: frozenset[str] = frozenset({"REQ-1", "REQ-9", "SUC-8", "SUC-10", "REJ-11"})
# They look at requests that are told from others by whose credentials they carry.
BY_CREDENTIALS: frozenset[str] = frozenset(
    {
        *("REQ-1", "REQ-3", "REQ-4", "REJ-1", "REJ-2", "REJ-4", "REJ-5", "REJ-6", "REJ-14"),
        *("SEC-2", "SEC-6", "SEC-7"),
    }
)
# They look at the status alone, so that a body which was not kept is no loss.
BY_STATUS: frozenset[str] = frozenset({"ENV-10"})
# What a clause needs beside the body of the answer.
_NEEDS: Mapping[str, frozenset[Loss]] = {
    "ENV-1": frozenset({"clear-values"}),
    "ENV-2": frozenset({"answer-headers"}),
    "SUC-4": frozenset({"time"}),
    "SUC-5": frozenset({"clear-values", "request-body"}),
    "SUC-11": frozenset({"answer-headers"}),
    "SUC-14": frozenset({"clear-values"}),
    "SEC-1": frozenset({"clear-values", "request-body"}),
}
# Of every other clause each exchange is evidence.
WITH_NEEDS = frozenset(_NEEDS)
_NOTHING: frozenset[Loss] = frozenset()
_SHORTEST_PASSWORD, _LONG_PASSWORD = 8, 16


def is_evidence(clause_id: str, exchange: Exchange, losses: frozenset[Loss]) -> bool:
    """Tell whether a clause can be judged by an exchange, whatever it comes to."""
    needs = _NEEDS.get(clause_id, _NOTHING)
    if clause_id == "SUC-4" and exchange.answer is not None and exchange.answer.header("Date"):
        needs = _NOTHING
    if needs & losses:
        return False
    return clause_id != "SEC-1" or is_telling(exchange.request.said("password"))


def is_telling(password: str) -> bool:
    """Tell whether a password that stands in an answer can only stand there because it was sent.

    A word, a date or a run of digits may stand there by chance.
    """
    # SEC-1: "the real one only if it has 8 characters or more and is no part of the email, the company or
    # a documented text".  Those of a file were chosen by people.
    if len(password) < _SHORTEST_PASSWORD:
        return False
    has_letter = any(one.isalpha() for one in password)
    is_mixed = has_letter and any(not one.isalpha() for one in password)
    return is_mixed or (has_letter and len(password) >= _LONG_PASSWORD)
