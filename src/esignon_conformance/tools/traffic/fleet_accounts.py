"""What the right logins of each account came to in all processes of a fleet, and which went on at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...checks.deviation import Deviation
from ...transport.messages import Exchange
from .fleet_wire import deviation_of
from .tally import ClauseTally

# Seconds: two machines do not agree on the time by less.
_SAME_TIME = 1.0
_MOST_REFUSED = 2000
MakeExchange = Callable[[dict[str, Any], float], Exchange]


@dataclass
class _Refused:
    """A right login that was refused: when, by which process, and how it deviates from REQ-1."""

    at: float
    process: int
    case: str
    deviation: Deviation | None
    exchange: Exchange | None


@dataclass
class _Account:
    """When each process was let in for the first and the last time, and what was refused."""

    successes: int = 0
    times: dict[int, tuple[float, float]] = field(default_factory=dict)
    refused: list[_Refused] = field(default_factory=list)

    def is_between(self, one: _Refused) -> bool:
        """Tell whether the account was let in before and after a refusal."""
        slack = {number: 0.0 if number == one.process else _SAME_TIME for number in self.times}
        before = any(first + slack[n] < one.at for n, (first, _) in self.times.items())
        after = any(last - slack[n] > one.at for n, (_, last) in self.times.items())
        return before and after


@dataclass
class FleetAccounts:
    """The accounts of a fleet by their numbers, added up from the reports of its processes."""

    accounts: dict[int, _Account] = field(default_factory=dict)

    def take(self, process: int, offset: float, row: list[Any], made: MakeExchange) -> None:
        """Add what a process reports of an account; `made` makes an exchange of plain data."""
        identity, successes, times, refused = row
        account = self.accounts.setdefault(identity, _Account())
        account.successes += successes
        if times:
            account.times[process] = (times[0] + offset, times[1] + offset)
        for at, case, deviation, plain in refused:
            if len(account.refused) < _MOST_REFUSED:
                exchange = made(plain, offset) if plain is not None else None
                found = deviation_of(deviation) if deviation is not None else None
                account.refused.append(_Refused(at + offset, process, case, found, exchange))

    def finish(self, tallies: Mapping[str, ClauseTally]) -> None:
        """Judge which accounts were never, or not always, let in."""
        for account in self.accounts.values():
            _judge(account, tallies)

    def beside_others(self, wanted: Collection[str]) -> Iterator[str]:
        """Yield those of some accounts whose logins went on while those of another process did.

        They are let in before and after logins of another account in another process.
        """
        # SUC-9: "under concurrent logins".
        rows = [
            (identity, process, *times)
            for identity, account in self.accounts.items()
            for process, times in account.times.items()
        ]
        for identity, process, first, last in (row for row in rows if str(row[0]) in wanted):
            others = (one for one in rows if one[0] != identity and one[1] != process)
            if any(min(last, end) - max(first, start) > _SAME_TIME for _, _, start, end in others):
                yield str(identity)


def _judge(account: _Account, tallies: Mapping[str, ClauseTally]) -> None:
    # REQ-1: right credentials: HTTP status 200 and "00"; of one that was let in at some time, SUC-8:
    # "every one of many logins is a full success".
    tallies["REQ-1"].judged += account.successes
    clause_id = "SUC-8" if account.successes else "REQ-1"
    for one in account.refused:
        if one.deviation is not None and (not account.successes or account.is_between(one)):
            _count(tallies[clause_id], one.deviation, one.case, one.exchange)


def _count(tally: ClauseTally, deviation: Deviation, case: str, exchange: Exchange | None) -> None:
    if exchange is not None:
        tally.add(exchange, deviation)
        return
    found = tally.evidence.get(deviation.likeness)
    if found is not None:
        tally.judged += 1
        found.count += 1
        found.cases[case] = None
