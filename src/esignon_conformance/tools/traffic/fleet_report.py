"""What a process of a fleet reports of its logins since the last time: counted, numbered and masked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from ...checks import exchange_check
from ...checks.deviation import Deviation
from ...checks.success import login_deviation
from ...checks.view import View
from ...i18n.message import Message, say
from ...recording.load import LoadFigures
from ...recording.recording import Recording
from ...target.known_secrets import scrubber_of
from ...transport.messages import Exchange
from .cases import traffic_cases
from .exchanges import ExchangeMaker
from .fleet_facts import ANOTHERS, FleetFacts
from .fleet_wire import Masked
from .last_logins import Noted
from .load_frames import Sent
from .load_stream import entry_of
from .masks import mask
from .proof import FLEET
from .run import TrafficJudge
from .shared_bodies import shared_body
from .steadiness import codes_in_turn
from .tally import ClauseTally

# So many findings of a clause, and so many refused right logins, are reported with an exchange.
_MOST_SHOWN, _MOST_REFUSED = 100, 100


@dataclass
class Timings(LoadFigures):
    """Figures that are reported answer by answer, since the master counts those of all processes."""

    rows: list[list[Any]] = field(default_factory=list)

    def add(
        self, situation: str, code: str, ended: float, milliseconds: float, *, failed: bool
    ) -> None:
        """Note a request."""
        self.rows.append([situation, code, ended, milliseconds, failed])


@dataclass
class FleetReports:
    """Judges the logins of one process, and reports what they show; `number` is that of the process."""

    judge: TrafficJudge
    facts: FleetFacts
    number: int
    timings: Timings = field(default_factory=Timings)
    # What else the process said of itself, handed on as it is.
    sayings: list[dict[str, Any]] = field(default_factory=list)
    # What deviates beside logins of other processes, as the master found.
    _beside: dict[str, ClauseTally] = field(default_factory=dict)
    _shown: dict[str, set[tuple[object, ...]]] = field(default_factory=dict)
    _refused: int = 0
    _late: dict[str, int] = field(default_factory=dict)
    _kept: int = 0
    _entries: int = 0

    def __post_init__(self) -> None:
        cases = {**self.judge.contract.cases, **traffic_cases(is_load=True)}
        self._judged_by = replace(self.judge.contract, cases=cases)
        self._masked = Masked(scrubber_of(self.judge.target), self.number)

    def add(self, sent: Sent) -> None:
        """Judge a login, with others or at the next report."""
        self._entries += 1
        self.facts.add(sent)
        self.judge.take(entry_of(sent, f"process {self.number}#{self._entries}", self.timings))

    def show(self, clause_id: str, number: int, others: str) -> bool:
        """Note that a login deviates from a clause beside those of other processes.

        Returns whether it is still kept.
        """
        noted = self.facts.shown(number)
        if noted is None:
            return False
        deviation = self._deviation(clause_id, noted, number, others)
        tally = self._beside.setdefault(clause_id, ClauseTally())
        tally.add(self._exchange(noted), deviation)
        return True

    def _deviation(self, clause_id: str, noted: Noted, number: int, others: str) -> Deviation:
        match clause_id:
            case "SUC-10":
                got = say("token-of-accounts", accounts=others)
                return Deviation(say("a-token-of-its-own"), got, "/body/access_token", "shared")
            case "REQ-9":
                return shared_body(int(others))
            case "REJ-10":
                got = say("a-token-at", pointer=self.facts.place_of(noted.sent, number))
                return Deviation(say("no-token"), got, group="token")
        return codes_in_turn(others.split())

    def report(self, *, is_last: bool = False) -> dict[str, Any]:
        """Judge what waits, and return what is new."""
        self.judge.judge_waiting(is_last=is_last)
        traffic, counted = self.judge.traffic, self.judge.counted()
        found = {
            "clauses": list(self._clauses()),
            "in_codes": list(self._in_codes()),
            "traffic": {name: getattr(traffic, name) for name in ("entries", "others", "requests")},
            "counters": {
                name: dict(getattr(traffic, name))
                for name in ("servers", "losses", "set_aside", "codes")
            },
            "seen": sorted(self.judge.seen),
            "kept": [self._plain(one) for one in self.judge.kept[self._kept :]],
            "observed": self._masked.all(dict(self.judge.seen_of_clauses())),
            "let_in": sorted(counted.let_in),
            "accounts": list(self._accounts()),
            "bodies": list(self._bodies()) if is_last else [],
            "first_values": self.facts.first_values,
            "load": self._load(is_last=is_last),
            "rows": self.timings.rows,
            "limited": [self.timings.limited, self.timings.without_wait, self.timings.gone],
            "sayings": self.sayings,
        }
        self._kept = len(self.judge.kept)
        for name in ("entries", "others", "requests"):
            setattr(traffic, name, 0)
        for counter in (traffic.servers, traffic.losses, traffic.set_aside, traffic.codes):
            counter.clear()
        self.timings, self.sayings = Timings(), []
        return found

    def marks(self) -> dict[str, Any]:
        """Return the numbers of tokens, refused requests, bodies and texts since the last time."""
        facts = self.facts
        owners = {one for _, one in facts.tokens if one != ANOTHERS}
        names = {one: facts.accounts[one].name for one in owners}
        found = {
            "tokens": facts.tokens,
            "refusals": facts.refusals,
            "bodies": [[number, *row] for number, row in facts.shared.items()],
            "texts": facts.texts,
            "names": names,
        }
        facts.tokens, facts.refusals, facts.shared, facts.texts = [], [], {}, []
        return found

    def _load(self, *, is_last: bool) -> dict[str, Any]:
        load = self.judge.load
        if load is None:
            return {"situations": {}, "latest": [], "answers": [0, [], []]}
        rows = {}
        for situation, one in load.latencies.items():
            all_late = load.late.get(situation, [])
            late = [self._plain(each) for each in all_late[self._late.get(situation, 0) :]]
            self._late[situation] = len(all_late)
            latencies = [one.count, one.longest, dict(one.buckets)]
            rows[situation] = [*latencies, load.over[situation], late]
        load.latencies.clear()
        load.over.clear()
        latest = [self._plain(one) for one in load.latest] if is_last else []
        answers = load.own_answers
        own = [answers.judged, self._identities(answers.own), self._identities(answers.foreign)]
        answers.judged = 0
        return {"situations": rows, "latest": latest, "answers": own}

    def _identities(self, names: Iterable[str]) -> list[int | str]:
        """Return the accounts of some names as the fleet knows them, else as this process alone does."""
        found = {name: self.facts.identity(name) for name in sorted(names)}
        return [
            f"{self.number} {name}" if identity is None else identity
            for name, identity in found.items()
        ]

    def _clauses(self) -> Iterable[list[Any]]:
        for clause_id, tally in self.judge.tallies.items():
            lost = [dict(tally.lost), sorted(tally.heard)]
            if clause_id not in FLEET and (tally.judged or tally.lacking or tally.lost):
                evidence = list(self._evidence(clause_id, tally))
                yield [clause_id, tally.judged, tally.lacking, evidence, *lost]
            elif tally.lost or tally.heard:
                yield [clause_id, 0, 0, [], *lost]
            tally.judged = tally.lacking = 0
            tally.lost.clear()
            tally.heard.clear()
            tally.evidence.clear()
        for clause_id, tally in self._beside.items():
            # How many there are is counted by the master.
            yield [clause_id, 0, 0, list(self._evidence(clause_id, tally)), {}, []]
        self._beside = {}

    def _in_codes(self) -> Iterable[list[Any]]:
        """Yield deviations in the codes of refusals: the master knows which requests got several."""
        for one in self.judge.in_codes.hand_on():
            of_request = self.facts.of_request
            # Some of them may be to requests with several codes, of which another clause tells.
            kept = one.kept if self._is_to_be_shown(one.clause, one.deviation) else ()
            self._learn([each for _, each in kept], (one.deviation.expected, one.deviation.got))
            yield [
                one.clause,
                self._masked.deviation(one.deviation),
                {
                    case: [[of_request(number), times] for number, times in counts.items()]
                    for case, counts in one.counts.items()
                },
                [[of_request(number), self._masked.exchange(each)] for number, each in kept],
            ]

    def _evidence(self, clause_id: str, tally: ClauseTally) -> Iterable[list[Any]]:
        for one in tally.evidence.values():
            is_shown = bool(one.kept) and self._is_to_be_shown(clause_id, one.deviation)
            kept = one.kept[:1] if is_shown else []
            self._learn(kept, (one.deviation.expected, one.deviation.got))
            yield [
                self._masked.deviation(one.deviation),
                list(one.cases),
                one.count,
                [self._masked.exchange(each) for each in kept],
            ]

    def _is_to_be_shown(self, clause_id: str, deviation: Deviation) -> bool:
        """Tell whether a deviation is one of the first of its clause, and the first of its kind."""
        shown = self._shown.setdefault(clause_id, set())
        if deviation.likeness in shown or len(shown) >= _MOST_SHOWN:
            return False
        shown.add(deviation.likeness)
        return True

    def _accounts(self) -> Iterable[list[Any]]:
        for one in self.facts.accounts.values():
            if not one.successes and not one.refused:
                continue
            refused = [self._refusal(each) for each in one.refused]
            times = [one.first, one.last] if one.successes else []
            yield [one.identity, one.successes, times, refused]
            one.successes, one.refused = 0, []

    def _refusal(self, noted: Noted) -> list[Any]:
        self._refused += 1
        exchange = self._exchange(noted)
        recording = Recording.to_judge([exchange])
        view = View(self._judged_by, self.judge.target, recording, exchange_check)
        found = login_deviation(view, self.judge.contract.clauses["REQ-1"], exchange)
        if found is None:
            return [noted.sent.began, exchange.case, None, None]
        self._learn([exchange], (found.expected, found.got))
        is_shown = self._refused <= _MOST_REFUSED
        plain = self._masked.exchange(exchange) if is_shown else None
        return [noted.sent.began, exchange.case, self._masked.deviation(found), plain]

    def _bodies(self) -> Iterable[list[Any]]:
        for path, one in self.facts.bodies.items():
            last = self._plain(self._exchange(one.last)) if one.last is not None else None
            number = self.facts.number(path)
            yield [number, one.body, one.later, one.unreadable, one.is_same, last]

    def _exchange(self, noted: Noted) -> Exchange:
        """Return the exchange of a login, whatever was judged of it before."""
        entry = entry_of(noted.sent, f"process {self.number}#{noted.at}", LoadFigures())
        match = self.judge.path.match(entry)
        assert match is not None  # noqa: S101 - load sends nothing else
        maker = ExchangeMaker(self._judged_by, self.judge.known, self._judged_by.cases)
        return maker.made(entry, match, 1)[0]

    def _plain(self, exchange: Exchange) -> dict[str, Any]:
        self._learn([exchange], ())
        return self._masked.exchange(exchange)

    def _learn(self, exchanges: list[Exchange], messages: Iterable[Message]) -> None:
        """Make known the secrets of what is reported next."""
        mask(self._masked.scrubber, self.judge.secrets, exchanges, ())
        words = [text for message in messages for _, text in message.words]
        self.judge.secrets.register(words, self._masked.scrubber)
