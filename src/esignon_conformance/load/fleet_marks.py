"""What the master compares of all processes: which token went to whom, which request got which code.

It sees numbers under the fleet's key and the names of accounts: no token, no email, no body.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..tools.traffic.steadiness import is_unsteady

# So many exchanges of a clause are asked of each process; the others are counted.
_MOST_SHOWN = 10


class Wanted(NamedTuple):
    """A login that deviates beside others: its clause and number, and the text that names the others."""

    clause: str
    number: int
    others: str


@dataclass
class FleetMarks:
    """Takes the numbers of each process, and tells which of its logins deviate beside those before."""

    _owners: dict[int, tuple[int, int]] = field(default_factory=dict)
    _codes: dict[int, tuple[str, ...]] = field(default_factory=dict)
    _names: dict[int, str] = field(default_factory=dict)
    _judged: Counter[str] = field(default_factory=Counter)
    _found: Counter[str] = field(default_factory=Counter)
    _asked: Counter[tuple[str, int]] = field(default_factory=Counter)
    # Each pair once, since a fleet has few of them: an owner takes little more room than a number.
    _pairs: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)
    _rows: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)

    def take(self, process: int, marks: Mapping[str, Any]) -> list[Wanted]:
        """Return which logins of a process are to be shown."""
        self._names.update({identity: name for identity, name in marks["names"].items() if name})
        found = [self._token(process, number, owner) for number, owner in marks["tokens"]]
        found += [self._refusal(number, code) for number, code in marks["refusals"]]
        wanted = []
        for one in found:
            if one is None:
                continue
            self._found[one.clause] += 1
            self._asked[one.clause, process] += 1
            if self._asked[one.clause, process] <= _MOST_SHOWN:
                wanted.append(one)
        return wanted

    def counted(self) -> dict[str, Any]:
        """Return as a frame for the judge what was judged, what deviated, and who got tokens."""
        clauses = [[name, self._judged[name], self._found[name]] for name in ("SUC-10", "REJ-11")]
        accounts = sorted({identity for identity, _ in self._pairs})
        return {"say": "across", "clauses": clauses, "accounts": accounts}

    def _token(self, process: int, number: int, identity: int) -> Wanted | None:
        # SUC-10: two accounts never get the same token.
        self._judged["SUC-10"] += 1
        pair = self._pairs.setdefault((identity, process), (identity, process))
        owner, its_process = self._owners.setdefault(number, pair)
        if owner == identity:
            return None
        one, other = sorted((self._named(owner, its_process), self._named(identity, process)))
        if one == other:
            # The same line of two files of accounts.
            one, other = f"{one} ({its_process + 1})", f"{other} ({process + 1})"
        return Wanted("SUC-10", number, f"{one}, {other}")

    def _named(self, identity: int, process: int) -> str:
        return self._names.get(identity, f"account of process {process + 1}")

    def _refusal(self, number: int, code: str) -> Wanted | None:
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
        return Wanted("REJ-11", number, ", ".join(f'"{one}"' for one in (*before, code)))
