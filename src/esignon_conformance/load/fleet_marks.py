"""What the master compares of all processes: tokens, codes, bodies, and what stands in refusals.

It sees numbers under the fleet's key and the names of accounts: no token, no email, no body.
"""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..tools.traffic.fleet_facts import ANOTHERS
from ..tools.traffic.shared_bodies import SharedBodies
from ..tools.traffic.steadiness import is_unsteady

# So many exchanges of a clause are asked of each process; the others are counted.
_MOST_SHOWN = 10
# Bodies, and texts of refusals, that are remembered of all processes together: those of seconds.
_MOST_REMEMBERED = 50_000
_ACROSS = ("REQ-9", "SUC-10", "REJ-10", "REJ-11")


class Wanted(NamedTuple):
    """A login that deviates beside others: whose it is, and the text that names the others."""

    process: int
    clause: str
    number: int
    others: str


@dataclass
class FleetMarks:
    """Takes the numbers of each process, and tells which logins deviate beside those of others."""

    _owners: dict[int, tuple[int, int]] = field(default_factory=dict)
    _codes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    # Bad requests that got several codes.
    _unsteady: set[int] = field(default_factory=set)
    _names: dict[int, str] = field(default_factory=dict)
    _judged: Counter[str] = field(default_factory=Counter)
    _found: Counter[str] = field(default_factory=Counter)
    _asked: Counter[tuple[str, int]] = field(default_factory=Counter)
    # Each pair once, since a fleet has few of them: an owner takes little more room than a number.
    _pairs: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    _rows: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    _bodies: SharedBodies = field(default_factory=lambda: SharedBodies(_MOST_REMEMBERED))
    # Texts of refusals that are no token so far, and in whose refusal each stood first.
    _texts: OrderedDict[int, int] = field(default_factory=OrderedDict)

    def take(self, process: int, marks: Mapping[str, Any]) -> list[Wanted]:
        """Return which logins of which processes are to be shown."""
        self._names.update({identity: name for identity, name in marks["names"].items() if name})
        found = [self._token(process, number, owner) for number, owner in marks["tokens"]]
        found += [self._later_token(process, number) for number, _ in marks["tokens"]]
        found += [self._refusal(process, number, code) for number, code in marks["refusals"]]
        found += [self._body(process, *row) for row in marks["bodies"]]
        found += [self._text(process, number) for number in marks["texts"]]
        wanted = []
        for one in found:
            if one is None:
                continue
            self._found[one.clause] += 1
            if self._asked[one.clause, one.process] < _MOST_SHOWN:
                self._asked[one.clause, one.process] += 1
                wanted.append(one)
        return wanted

    def missed(self, process: int, clauses: Mapping[str, int]) -> None:
        """Note how many logins a process was asked for too late: others may be asked for instead."""
        for name, count in clauses.items():
            self._asked[name, process] -= count

    def counted(self) -> dict[str, Any]:
        """Return as a frame for the judge what was judged, what deviated, and who got tokens.

        Of what deviated it says how many no process was asked to show; `unsteady` are the requests that got
        several codes.
        """
        asked: Counter[str] = Counter()
        for (name, _), count in self._asked.items():
            asked[name] += count
        clauses = [
            [name, self._judged[name], self._found[name], self._found[name] - asked[name]]
            for name in _ACROSS
        ]
        accounts = sorted({identity for identity, _ in self._pairs} - {ANOTHERS})
        unsteady = sorted(self._unsteady)
        return {"say": "across", "clauses": clauses, "accounts": accounts, "unsteady": unsteady}

    def _token(self, process: int, number: int, identity: int) -> Wanted | None:
        # SUC-10: two accounts never get the same token.
        pair = self._pairs.setdefault((identity, process), (identity, process))
        owner, its_process = self._owners.setdefault(number, pair)
        if identity == ANOTHERS:
            return None
        self._judged["SUC-10"] += 1
        if owner == ANOTHERS:
            owner, its_process = self._owners[number] = pair
        if owner == identity:
            return None
        one, other = sorted((self._named(owner, its_process), self._named(identity, process)))
        if one == other:
            # The same line of two files of accounts.
            one, other = f"{one} ({its_process + 1})", f"{other} ({process + 1})"
        return Wanted(process, "SUC-10", number, f"{one}, {other}")

    def _named(self, identity: int, process: int) -> str:
        return self._names.get(identity, f"account of process {process + 1}")

    def _later_token(self, process: int, number: int) -> Wanted | None:
        # REJ-10: an answer with a failure code carries no non-empty `access_token`, wherever.
        # Those of one process are compared by its own judge.
        holder = self._texts.pop(number, process)
        return Wanted(holder, "REJ-10", number, "") if holder != process else None

    def _text(self, process: int, number: int) -> Wanted | None:
        # REJ-10, as above: here the token came before the refusal.
        pair = self._owners.get(number)
        if pair is None:
            self._texts.setdefault(number, process)
            if len(self._texts) > _MOST_REMEMBERED:
                self._texts.popitem(last=False)
            return None
        return Wanted(process, "REJ-10", number, "") if pair[1] != process else None

    def _body(
        self, process: int, number: int, others: int, unreadable: int, is_of_login: int
    ) -> Wanted | None:
        # REQ-9: different requests are answered each for itself, whichever process sends them.
        proof = self._bodies.take(number, others, unreadable, is_of_login=bool(is_of_login))
        return Wanted(process, "REQ-9", number, str(proof)) if proof is not None else None

    def _refusal(self, process: int, number: int, code: str) -> Wanted | None:
        # REJ-11: the same bad request gets the same code each time.
        before = self._codes.get(number, ())
        if code not in before:
            row = (*before, code)
            self._codes[number] = self._rows.setdefault(row, row)
        if not before:
            return None
        self._judged["REJ-11"] += 1
        if not is_unsteady(before, code):
            return None
        self._unsteady.add(number)
        return Wanted(process, "REJ-11", number, " ".join((*before, code)))
