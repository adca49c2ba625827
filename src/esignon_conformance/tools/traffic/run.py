"""A run that sends nothing: it reads files of recorded traffic, and judges what they show."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import SplitResult

from ...checks.observations import Seen
from ...contract.model import Contract
from ...contract.waiver import Waiver
from ...files import Journal
from ...i18n.message import Message, say
from ...recording.load import LoadFigures
from ...recording.traffic import Traffic
from ...runner.run import RECORDING_NAME, Run
from ...target.target import Target
from ...transport.messages import Exchange
from . import codes_at_times, steady_members
from .account_history import AccountHistory, share_refused
from .across import Across
from .answer_streaks import AnswerStreaks, Row
from .batch_tallies import BatchTallies
from .batches import BatchJudge
from .cases import traffic_cases
from .codes_in_turn import CodesInTurn, told_in_turn
from .entry import NO_EVIDENCE, NOBODY, OTHER_METHOD, UNREACHED, Entry, Loss
from .exchanges import ExchangeMaker
from .file_secrets import FileSecrets
from .files import read_entries
from .fleet import Fleet
from .judging_processes import Judging, usable_processors
from .load_judge import LoadJudge
from .load_stream import read_stream
from .login_request import KnownAccounts
from .masks import mask
from .observations import told
from .operation_path import OperationPath
from .own_answers import OwnAnswers
from .tally import MOST_KEPT, ClauseTally
from .verdicts import Counted, verdicts_of


@dataclass
class TrafficJudge:
    """Reads files in their order, and counts what each exchange of the operation shows."""

    contract: Contract
    target: Target
    path: OperationPath
    known: KnownAccounts
    traffic: Traffic
    batch: list[Exchange] = field(default_factory=list)
    kept: list[Exchange] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    batch_size: int = 500
    # How many other processes may judge while this one reads.
    processes: int = field(default_factory=lambda: usable_processors() - 1)

    def __post_init__(self) -> None:
        cases = {**self.contract.cases, **traffic_cases(is_load=self.contract.is_of_load)}
        self._judged_by = replace(self.contract, cases=cases)
        self.tallies = {clause_id: ClauseTally() for clause_id in self.contract.clauses}
        self._across = Across(self.tallies, self.contract.cases)
        self._batches = BatchTallies(self.tallies, self._across, self.traffic.codes)
        self._judge = BatchJudge(self._judged_by, self.target)
        self._judging = Judging(self._judge, self._batches, self.processes)
        self._maker = ExchangeMaker(self._judged_by, self.known, cases)
        self._streaks: dict[str, AnswerStreaks] = {}
        self._losses: dict[str, frozenset[Loss]] = {}
        self._other_methods: set[str] = set()
        self.secrets = FileSecrets()
        self.load: LoadJudge | None = None
        self._part_of: Mapping[str, str] = {}
        self.fleet = Fleet(self.tallies, self.traffic, self.seen, self.kept)

    def read(self, files: Iterable[Path]) -> None:
        """Read the files.  Raises `ConfigurationError` where one cannot be read."""
        try:
            for file in files:
                for entry in self._entries_of(file):
                    self.take(entry)
            self.judge_waiting(is_last=True)
        finally:
            self._judging.close()
        self.in_codes.settle()
        self._across.finish(self._judge.view_of([]), self.histories)
        self.finish()

    def finish(self) -> None:
        """Judge what processes show together, and let one clause alone tell of each fault."""
        self.fleet.finish()
        steady_members.tell_once(self.contract, self.tallies)
        share = share_refused(self.histories.values())
        refused = codes_at_times.Refused(self._across.refused, share)
        told = codes_at_times.tell_once(self._judged_by, self.tallies, refused)
        if self._across.is_cache_doubted:
            # REQ-9 holds for nobody where an unreadable body got the answer to a login, which REJ-7 tells.
            told = {**told, "REQ-9": "REJ-7"}
        self._part_of = told_in_turn(self.contract, told, self.in_codes, self.fleet.in_codes)
        if self.load is not None and self.traffic.load is not None:
            self.load.finish(self.traffic.load)
        for server in self.traffic.servers if self.fleet.is_there else ():
            self.target = replace(self.target, base_url=server)

    def judge_waiting(self, *, is_last: bool = False) -> None:
        """Judge what waits for others; with the last ones also what might have been turned away."""
        for streak in self._streaks.values() if is_last else ():
            self._place(streak.end())
        self._judge_batch()
        if is_last:
            self._judging.finish()

    @property
    def in_codes(self) -> CodesInTurn:
        """Return the deviations that wait for later answers to the same request."""
        return self._batches.in_codes

    def _entries_of(self, file: Path) -> Iterable[Entry]:
        if not file.is_socket():
            return read_entries(file)
        figures = self.begin_load()
        return read_stream(file, figures, self.fleet.take)

    def begin_load(self) -> LoadFigures:
        """Judge what comes as a load run; return where its figures are counted."""
        self.traffic.files, self.traffic.load = (), LoadFigures()
        # What is awaited at sockets is judged in the process that has these.
        self._judging = Judging(self._judge, self._batches, 0)
        self.load = self.fleet.load = LoadJudge(
            self.tallies, self.target.p95_ms, OwnAnswers(self.contract.codes.issued)
        )
        self._across.begin_load()
        return self.traffic.load

    @property
    def histories(self) -> dict[str, AccountHistory]:
        """Return what the logins of the accounts of the settings came to."""
        return self._maker.histories

    def take(self, entry: Entry) -> None:
        """Note an entry, and judge it with others once they are many."""
        self.traffic.entries += 1
        match = self.path.match(entry)
        if match is None:
            self._take_other(entry)
            return
        self.traffic.requests += 1
        server = self.path.server_of(match)
        if self.traffic.requests == 1:
            # What an answer may say of itself: the host that was asked.
            self.target = self._judge.target = replace(self.target, base_url=server)
        self.traffic.servers[server] += 1
        if entry.fault is None:
            self.traffic.losses.update(one for one in entry.losses if one not in NO_EVIDENCE)
        for loss in NO_EVIDENCE:
            if loss in entry.losses:
                self.secrets.note(entry)
                self.traffic.set_aside[loss] += 1
                return
        exchange, aside = self._maker.made(entry, match, self.traffic.requests)
        self.secrets.note_login(entry, exchange, self.contract.member_names)
        if aside:
            self.traffic.set_aside[aside] += 1
            return
        self._losses[exchange.id] = entry.losses
        if self.load is not None:
            self.load.add(exchange)
        self._hand_on(entry, exchange, match.url, server)

    def _hand_on(self, entry: Entry, exchange: Exchange, url: SplitResult, server: str) -> None:
        """Place an exchange, where it reached a server, behind those whose answer is still held back."""
        if entry.fault is not None and entry.fault.kind in NOBODY:
            # ENV-10: "the server answers" says nothing of a server that was not reached.
            self._place([(exchange, UNREACHED)])
            return
        self._across.add_transport(exchange, url)
        streak = self._streaks.setdefault(server, AnswerStreaks())
        if entry.body is None:
            # Whoever answered it, nothing but its status is known.
            self._place([(exchange, "")])
        else:
            self._place(streak.add(exchange))

    def _take_other(self, entry: Entry) -> None:
        """Count an entry that is no request to the operation."""
        self.secrets.note(entry)
        self.traffic.others += 1
        is_error = entry.is_error_to_another_method
        if (is_error or not self.traffic.requests) and self.path.is_other_method(entry):
            self._other_methods.add(entry.method)
            self.traffic.set_aside[OTHER_METHOD] += is_error

    def _place(self, rows: Iterable[Row]) -> None:
        for exchange, aside in rows:
            if aside:
                self.traffic.set_aside[aside] += 1
                self._losses.pop(exchange.id, None)
                continue
            self.batch.append(exchange)
            self.seen.add(exchange.case)
            if len(self.kept) < MOST_KEPT:
                self.kept.append(exchange)
        if len(self.batch) >= self.batch_size:
            self._judge_batch()

    def _judge_batch(self) -> None:
        if self.batch:
            losses = {one.id: self._losses[one.id] for one in self.batch}
            self._judging.add(self.batch, losses)
            for name in losses:
                del self._losses[name]
        self.batch = []

    def seen_of_clauses(self) -> Mapping[str, Seen]:
        """Return what was seen of the clauses that only observe."""
        return self.fleet.with_observed(self._batches.observed())

    def counted(self) -> Counted:
        """Return all that the files have shown."""
        return Counted(
            self.contract,
            self.tallies,
            told(self.contract, self.seen_of_clauses()),
            frozenset(self._batches.let_in | self.fleet.let_in),
            unanswered=self.traffic.set_aside["no-answer"],
            between=self.traffic.set_aside["gateway"] + self.traffic.set_aside["between"],
            unreached=self.traffic.set_aside[UNREACHED],
            of_other_methods=self.traffic.set_aside[OTHER_METHOD],
            nothing=self._nothing(),
            load=None if self.load is None else self.load.reasons,
            seen=frozenset(self.seen),
            unshown=self.fleet.unshown,
            part_of=self._part_of,
        )

    def _nothing(self) -> Message | None:
        """Return why nothing can be judged: no request, or none that the application answered."""
        if not self.traffic.requests:
            operation = self.path.operation
            method, path = operation.method, self.path.base_path + operation.path
            methods = ", ".join(sorted(self._other_methods))
            key = "traffic-other-methods" if methods else "traffic-none"
            return say(key, method=method, path=path, methods=methods)
        if not self.tallies["ENV-10"].judged:
            return say("traffic-not-answered", count=self.traffic.requests)
        return None

    def evidence(self) -> list[Exchange]:
        """Return the exchanges that are kept, in their order."""
        found = {one.id: one for one in self.kept}
        for tally in self.tallies.values():
            found |= {one.id: one for one in tally.exchanges()}
        return sorted(found.values(), key=lambda one: int(one.id[1:]))


def traffic_run(
    judge: TrafficJudge,
    files: Sequence[Path],
    report_dir: Path,
    seed: int,
    *,
    waivers: tuple[Waiver, ...] = (),
    fail_on: frozenset[str] = frozenset(),
) -> Run:
    """Return a run with the verdicts on what files hold.  Raises `ConfigurationError`."""
    began = time.monotonic()
    judge.read(files)
    evidence = judge.evidence()
    own = [one for one in evidence if one.id not in judge.fleet.masked]
    judge.traffic.kept = len(evidence)
    seen = {**judge.contract.cases, **traffic_cases(is_load=judge.contract.is_of_load)}
    cases = {name: case for name, case in seen.items() if name in judge.seen}
    run = Run(
        replace(judge.contract, cases=cases),
        judge.target,
        seed,
        report_dir,
        waivers=waivers,
        fail_on=fail_on,
        traffic=judge.traffic,
    )
    run.scrubber.kept_names.add(seen)
    verdicts = verdicts_of(judge.counted(), run.waivers_in_force)
    mask(run.scrubber, judge.secrets, own, verdicts)
    report_dir.mkdir(parents=True, exist_ok=True)
    journal = Journal(report_dir / RECORDING_NAME)
    run.recording.file = journal
    for exchange in evidence:
        run.recording.add(exchange)
    run.recording.file = None
    journal.close()
    if journal.problem is not None:
        run.note_unwritten(journal.problem)
    run.requests = judge.traffic.requests
    run.take_verdicts(verdicts)
    run.seconds = time.monotonic() - began
    return run
