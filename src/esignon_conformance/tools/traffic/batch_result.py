"""What a batch of exchanges shows, as little as another process has to hand back."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from ...checks.deviation import Deviation
from ...checks.observations import Seen
from ...transport.messages import Exchange
from .tally import ClauseTally, Evidence


class AnswerFacts(NamedTuple):
    """What the clauses about several exchanges have to know of an answer; `at` is its place in the batch.

    `body` is the number of its content; `request` that of a request that was refused or came to nothing;
    `token` that of the token of a success, 0 without one, and `length` its length; `values` are those of
    the members of a success that SUC-15 compares.  A refusal `is_clean` where the batch by itself shows no
    token in it; then `texts` are the numbers of its strings that are long enough for one.
    """

    at: int
    result: str
    body: int
    request: int = 0
    token: int = 0
    length: int = 0
    values: tuple[int, ...] = ()
    is_clean: bool = False
    texts: tuple[int, ...] = ()
    # Of a load run alone: a right login got an answer that names another account.
    is_anothers: bool = False


class Shown(NamedTuple):
    """A deviation, how many exchanges of the batch show it, in which cases, and where the first are."""

    deviation: Deviation
    times: int
    cases: tuple[str, ...]
    kept: tuple[int, ...]


class Judged(NamedTuple):
    """What a clause was judged by in the batch."""

    judged: int
    lacking: int
    shown: tuple[Shown, ...]
    lost: Mapping[str, int]
    heard: tuple[str, ...]


class CodeShown(NamedTuple):
    """A deviation of a clause in the code of a refusal, and the place of the exchange in the batch."""

    clause: str
    deviation: Deviation
    at: int


@dataclass(frozen=True)
class BatchResult:
    """All that a batch shows: by clause, across exchanges, and what was observed.

    Deviations in the code of a refusal are not among those of the clauses, but `in_codes`.
    """

    clauses: Mapping[str, Judged]
    answers: Sequence[AnswerFacts]
    codes: Counter[str]
    let_in: frozenset[str]
    observed: Mapping[str, Seen]
    in_codes: Sequence[CodeShown] = ()


def handed_back(tally: ClauseTally, places: Mapping[str, int]) -> Judged:
    """Return what a tally holds, its exchanges as their places in the batch."""
    shown = (
        Shown(one.deviation, one.count, tuple(one.cases), tuple(places[e.id] for e in one.kept))
        for one in tally.evidence.values()
    )
    heard = tuple(sorted(tally.heard))
    return Judged(tally.judged, tally.lacking, tuple(shown), dict(tally.lost), heard)


def taken_back(judged: Judged, exchanges: Sequence[Exchange]) -> ClauseTally:
    """Return the tally that was handed back."""
    evidence = {
        one.deviation.likeness: Evidence(
            one.deviation, dict.fromkeys(one.cases), one.times, [exchanges[at] for at in one.kept]
        )
        for one in judged.shown
    }
    return ClauseTally(
        *(judged.judged, judged.lacking, Counter(judged.lost), set(judged.heard)), evidence=evidence
    )


def number_of(text: str | bytes) -> int:
    """Return a number of 64 bits that stands for a text: what is kept of it where there are many."""
    data = text if isinstance(text, bytes) else text.encode("utf-8", errors="surrogatepass")
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big")


def number_of_request(
    target: str, content_type: str | None, body: bytes, coding: str | None = None
) -> int:
    """Return the number of a request: those of the same target, form and body have the same.

    `coding` is the transfer coding.  A server that reads no chunks sees another request (REQ-2), and
    may well answer it by another code.
    """
    text = body.decode("utf-8", errors="surrogateescape")
    return number_of(f"{target}\n{content_type}{coding or ''}\n{text}")
