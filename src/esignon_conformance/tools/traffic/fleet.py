"""Adds up what the processes of a fleet have judged, and judges what only all of them show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, MutableMapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ...checks.deviation import Deviation
from ...checks.observations import Seen
from ...checks.own_body import tells_a_cache
from ...i18n.message import Message, say
from ...recording.load import Latencies
from ...recording.traffic import Traffic
from ...transport.messages import Exchange
from .batch_tallies import REPEATED
from .batches import COMPARED
from .codes_in_turn import CodesInTurn, Handed
from .fleet_accounts import FleetAccounts
from .fleet_wire import deviation_of, exchange_of
from .load_frames import Frames
from .load_judge import LoadJudge
from .load_stream import Worker, note_saying
from .observations import joined
from .proof import FLEET
from .tally import MOST_KEPT, ClauseTally, Evidence


class _Counted(NamedTuple):
    """What the master counted of a clause: judged, found, and those that nobody was asked to show."""

    judged: int
    found: int
    unasked: int


@dataclass
class _Path:
    """What the processes got on one path: bodies, later answers, an exchange that shows them."""

    bodies: set[int] = field(default_factory=set)
    later: int = 0
    unreadable: int = 0
    is_same: bool = True
    last: Exchange | None = None


@dataclass
class Fleet:
    """Takes the reports of processes into what a judge counts; `masked` are exchanges of theirs."""

    tallies: Mapping[str, ClauseTally]
    traffic: Traffic
    seen: set[str]
    kept: list[Exchange]
    let_in: set[str] = field(default_factory=set)
    masked: set[str] = field(default_factory=set)
    is_there: bool = False
    load: LoadJudge | None = None
    _observed: dict[str, Any] = field(default_factory=dict)
    _accounts: FleetAccounts = field(default_factory=FleetAccounts)
    _with_tokens: set[int] = field(default_factory=set)
    _paths: dict[int, _Path] = field(default_factory=dict)
    _across: dict[str, _Counted] = field(default_factory=dict)
    _first_values: dict[int, list[int]] = field(default_factory=dict)
    _differing: set[str] = field(default_factory=set)
    # Bad requests that got several codes, by their numbers.
    _unsteady: set[int] = field(default_factory=set)
    # Clauses from which logins deviate that no process could show.
    unshown: dict[str, Message] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Let the code of a refusal wait until it is known which requests got several."""
        self.in_codes = CodesInTurn(self.tallies, self._unsteady)

    def take(self, value: Mapping[str, Any]) -> None:
        """Take a frame: a report of a process, or what the master counted across them."""
        self.is_there = True
        if value["say"] == "across":
            self._across = {name: _Counted(*counts) for name, *counts in value["clauses"]}
            self._with_tokens = set(value["accounts"])
            self._unsteady.update(value["unsteady"])
            return
        (report,) = Frames().add(value["packed"])
        process = int(value["process"])
        offset = float(value["offset"])
        for clause_id, judged, lacking, evidence, lost, heard in report["clauses"]:
            tally = self.tallies[clause_id]
            tally.judged += judged
            tally.lacking += lacking
            tally.lost.update(lost)
            tally.heard.update(heard)
            for row in evidence:
                self._take_evidence(tally, row, offset)
        for row in report["in_codes"]:
            self.in_codes.take(self._handed(row, offset))
        self._take_traffic(report, offset)
        self.seen.update(report["seen"])
        self.let_in.update(report["let_in"])
        self._observed = joined(self._observed, report["observed"])
        for row in report["accounts"]:
            self._accounts.take(process, offset, row, self._exchange)
        for row in report["bodies"]:
            self._take_body(row, offset)
        self._take_values(report["first_values"])
        self._take_load(report["load"], offset)

    def finish(self) -> None:
        """Judge what the processes show together."""
        if not self.is_there:
            return
        for clause_id, counted in self._across.items():
            self._finish_counted(clause_id, counted)
        self.in_codes.settle()
        if len(self._with_tokens) < 2:
            self.tallies["SUC-10"].judged = 0
        self._accounts.finish(self.tallies)
        for path in self._paths.values():
            self._finish_path(path)
        if self.load is not None:
            own_answers = self.load.own_answers
            own_answers.beside.update(self._accounts.beside_others(own_answers.foreign))

    def with_observed(self, observed: Mapping[str, Seen]) -> Mapping[str, Seen]:
        """Return what was seen, by the processes too."""
        if not self.is_there:
            return observed
        found: dict[str, Any] = joined(dict(observed), self._observed)
        repeated = dict(found.get(REPEATED, {}))
        for name in COMPARED:
            # One process may have had the same each time, and another one something else.
            if name in self._differing:
                repeated[name] = ["differs"]
        return {**found, REPEATED: repeated} if repeated else found

    def _finish_counted(self, clause_id: str, counted: _Counted) -> None:
        tally = self.tallies[clause_id]
        if clause_id in FLEET:
            tally.judged = counted.judged
        for one in list(tally.evidence.values())[:1]:
            one.count += counted.unasked
        if counted.found and not tally.evidence:
            self.unshown[clause_id] = say("load-not-shown", count=counted.found)

    def _finish_path(self, path: _Path) -> None:
        # REQ-9: "every later request, whatever its account, password or form (at least 5, two of them
        # unreadable), got the same body byte for byte".
        if not tells_a_cache(path.later, path.unreadable):
            return
        tally = self.tallies["REQ-9"]
        is_same = path.is_same and len(path.bodies) == 1
        # That bodies are shared is told once.
        if is_same and path.last is not None and not tally.evidence:
            got = say("the-same-body", count=path.later)
            tally.add(path.last, Deviation(say("its-own-answer"), got))
        else:
            tally.judged += 1

    def _take_evidence(self, tally: ClauseTally, row: list[Any], offset: float) -> None:
        plain, cases, count, exchanges = row
        deviation = deviation_of(plain)
        found = tally.evidence.setdefault(deviation.likeness, Evidence(deviation))
        found.count += count
        found.cases |= dict.fromkeys(cases)
        for one in exchanges:
            if len(found.kept) < MOST_KEPT:
                found.kept.append(self._exchange(one, offset))

    def _handed(self, row: list[Any], offset: float) -> Handed:
        clause_id, deviation, by_case, kept = row
        counts = {case: dict(rows) for case, rows in by_case.items()}
        shown = [(number, self._exchange(plain, offset)) for number, plain in kept]
        return Handed(clause_id, deviation_of(deviation), counts, shown)

    def _take_traffic(self, report: Mapping[str, Any], offset: float) -> None:
        for name, count in report["traffic"].items():
            setattr(self.traffic, name, getattr(self.traffic, name) + count)
        for name, counts in report["counters"].items():
            getattr(self.traffic, name).update(counts)
        for one in report["kept"]:
            if len(self.kept) < MOST_KEPT:
                self.kept.append(self._exchange(one, offset))
        figures = self.traffic.load
        assert figures is not None  # noqa: S101 - reports come over a socket alone
        for situation, code, ended, milliseconds, failed in report["rows"]:
            figures.add(situation, code, ended + offset, milliseconds, failed=failed)
        limited, without_wait, gone = report["limited"]
        figures.gone += gone
        figures.limited += limited
        figures.without_wait += without_wait
        for one in report["sayings"]:
            note_saying(_moved(one, offset), Worker(), figures)

    def _take_load(self, value: Mapping[str, Any], offset: float) -> None:
        load = self.load
        if load is None:
            return
        judged, own, foreign = value["answers"]
        load.own_answers.judged += judged
        load.own_answers.own.update(map(str, own))
        load.own_answers.foreign.update(map(str, foreign))
        for situation, row in value["situations"].items():
            count, longest, buckets, over, late = row
            latencies = Latencies(count, longest, Counter(buckets))
            load.latencies.setdefault(situation, Latencies()).take(latencies)
            load.over[situation] += over
            kept = load.late.setdefault(situation, [])
            kept += [self._exchange(one, offset) for one in late[: MOST_KEPT - len(kept)]]
        load.latest.extend(self._exchange(one, offset) for one in value["latest"])

    def _take_values(self, row: tuple[int, list[int]] | None) -> None:
        # SUC-15: "whether a repeated login gets the same token, device id and expiry".
        if row is None:
            return
        first = self._first_values.setdefault(row[0], row[1])
        pairs = zip(COMPARED, first, row[1], strict=True)
        self._differing |= {name for name, one, other in pairs if one != other}

    def _take_body(self, row: list[Any], offset: float) -> None:
        number, body, later, unreadable, is_same, last = row
        path = self._paths.setdefault(number, _Path())
        path.bodies.add(body)
        # The first of each process but one came later than another one, too.
        path.later += later + (len(path.bodies) > 1)
        path.unreadable += unreadable
        path.is_same = path.is_same and is_same
        if last is not None:
            path.last = self._exchange(last, offset)

    def _exchange(self, plain: dict[str, Any], offset: float) -> Exchange:
        exchange = exchange_of(plain, f"e{len(self.masked) + 1}", offset)
        self.masked.add(exchange.id)
        return exchange


def _moved(saying: Mapping[str, Any], offset: float) -> MutableMapping[str, Any]:
    """Return what a process said of a moment of its clock, by the clock of this machine."""
    moved = dict(saying)
    if isinstance(moved.get("at"), float):
        moved["at"] += offset
    return moved
