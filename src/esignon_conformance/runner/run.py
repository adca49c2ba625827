"""One conformance run: what was chosen, what was sent, what it comes to."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from ..checks.long_answers import LongAnswers
from ..checks.view import Known
from ..contract.model import Contract
from ..contract.skip_reason import OF_THE_RUN, Reason
from ..contract.waiver import Waiver
from ..files import Journal
from ..i18n.message import Message
from ..i18n.outside import reason_of
from ..recording.condensed_answers import condensed
from ..recording.recording import Recording
from ..recording.traffic import Traffic
from ..target.known_secrets import scrubber_of
from ..target.target import Target
from ..transport.client import Transport
from ..transport.gateway_headers import GatewayHeaders, Sign
from ..transport.messages import Exchange
from ..transport.rate_limit import Pace
from ..verdicts.deviating_cases import deviating_cases, to_send_again
from ..verdicts.judge import judge
from ..verdicts.model import Verdict, is_broken_down
from ..verdicts.waivers import harmful, held_back
from .depth import FUZZ_TIME, MAX_EXAMPLES, Depth, cases_of, left_by
from .progress import Display, NoDisplay, Stage, Step
from .schedule.dry_run import Plan, Rehearse, StandIn, count_all, fitting, planned
from .schedule.executor import Executor
from .schedule.order import needed
from .schedule.selection import Fitting
from .schedule.shared_requests import parts_to_tell_apart
from .token_proof import TokenProof, prove_token

RECORDING_NAME = "exchanges.jsonl"


def _without_fuzzing(_run: Run, _transport: Transport) -> None:
    raise LookupError("This run was given nothing that sends fresh draws.")


def _without_stand_in(_target: Target) -> StandIn:
    raise LookupError("This run was given no stand-in for its target.")


@dataclass
class Run:
    """A run against one target.

    `cases`, `clauses` and, by clause, `draws` are what was chosen; `is_whole` says that nothing was
    left out.  Sending happens once, when the first test asks; judging is pure and happens after it.
    """

    contract: Contract
    target: Target
    seed: int
    report_dir: Path
    cases: frozenset[str] = frozenset()
    clauses: frozenset[str] = frozenset()
    draws: frozenset[str] = frozenset()
    depth: Depth = "quick"
    max_examples: int = MAX_EXAMPLES
    fuzz_time: float = FUZZ_TIME
    fail_on: frozenset[str] = frozenset()
    waivers: tuple[Waiver, ...] = ()
    # The folder of a contract other than the suite's own.
    contract_folder: str | None = None
    # Whether that folder holds other operations, too.
    is_one_of_many: bool = False
    # What fuzzing has drawn, and the file of each draw that shows something new.
    fresh: set[str] = field(default_factory=set)
    found: dict[str, Path] = field(default_factory=dict)
    is_whole: bool = False
    interrupted: bool = False
    internal_error: bool = False
    # Why not all that belongs to the run could be written, empty where it could.
    unwritten: Message | None = None
    # What a plugin adds to the header fields of each request.
    sign: Sign | None = None
    display: Display = field(default_factory=NoDisplay)
    pace: Pace | None = None
    # What sends fresh draws, and what a limit of requests is counted with: handed in, since one loads
    # Hypothesis, and the other the server in the box.
    fuzz: Callable[[Run, Transport], None] = _without_fuzzing
    rehearse: Rehearse = _without_stand_in
    # What the run was judged from where it sends nothing.
    traffic: Traffic | None = None
    started: float = field(default_factory=time.time)
    seconds: float = 0.0
    requests: int = 0
    # How many requests all cases come to, draws aside, where the time was up before they were sent.
    requests_in_all: int | None = None
    # Whether to ask, after the cases, if the issued token works, and what came of it.
    proves_token: bool = False
    token_proof: TokenProof | None = None
    _sent: bool = False
    _known: Known = field(default_factory=Known)

    def __post_init__(self) -> None:
        self.scrubber = scrubber_of(self.target)
        self.scrubber.kept_names.add((*self.contract.cases, *self.contract.clauses))
        look, names = LongAnswers(self.contract, self.target), self.contract.member_names
        self.recording = Recording(
            self.scrubber, condense=lambda exchange: condensed(exchange, look, names)
        )

    @property
    def waivers_in_force(self) -> tuple[Waiver, ...]:
        """Return the waivers that have not expired on the day of the run (UTC)."""
        today = datetime.fromtimestamp(self.started, UTC).date()
        return tuple(one for one in self.waivers if one.until >= today)

    def held_back(self) -> dict[str, Reason]:
        """Return the cases that harm the target, with the reason why they are not sent."""
        return harmful(self.waivers, self.waivers_in_force)

    def send(self) -> None:
        """Send what the chosen cases and clauses need, once."""
        if self._sent:
            return
        self._sent = True
        began = time.monotonic()
        fit = self._fit()
        # Not before: the time of the run begins with it.
        transport = self.transport()
        self.pace = transport.pace
        self.recording.unsent |= {**self._left_by_depth(), **fit.lost}
        self.report_dir.mkdir(parents=True, exist_ok=True)
        journal = Journal(self.report_dir / RECORDING_NAME)
        try:
            self._send(transport, fit, journal)
        except KeyboardInterrupt:
            # What was sent is judged and told as ever: the tests that follow send nothing.
            self.interrupted = True
        finally:
            self.display.end()
            journal.close()
            if journal.problem is not None:
                self.note_unwritten(journal.problem)
            self.requests = transport.requests
            self.seconds = time.monotonic() - began
        if any(reason.word == "time-up" for reason in self.recording.unsent.values()):
            of_run = (self.contract, self.target, self._wanted(), self.held_back(), self.rehearse)
            self.requests_in_all = count_all(*of_run, is_sparing=self.depth == "smoke")

    def _send(self, transport: Transport, fit: Fitting, journal: Journal) -> None:
        self.recording.file = journal
        try:
            progress = self.progress("cases")
            sending = Executor(
                *(self.contract, self.target, transport, self.recording, progress),
                is_sparing=fit.is_sparing,
            )
            sending.held_back = self.held_back()
            sending.send_all(fit.names, confirm=self._deviating, tell_apart=self._parts)
            if self.fuzzes:
                self.fuzz(self, transport)
            if self.proves_token and self.recording.ended is None:
                self.token_proof = prove_token(
                    *(self.contract, self.target, self.recording),
                    lambda request: transport.send(request).answer,
                )
        finally:
            self.recording.file = None

    def progress(self, stage: Stage) -> Callable[[int, int], None]:
        """Return what shows how many of how many parts of a stage are done."""
        return lambda done, of_all: self.display.show(Step(stage, done, of_all))

    def transport(self) -> Transport:
        """Return a transport to the target, whose requests name the run."""
        gateway = GatewayHeaders(
            self.target.headers,
            self.target.header_command,
            self.sign,
            self.scrubber.register_password,
            self.scrubber.register_token,
            first=self.target.fetched_headers,
        )
        return Transport(self.target, f"ec-{self.seed:x}", gateway)

    @property
    def fuzzes(self) -> bool:
        """Tell whether the run sends fresh draws."""
        wanted = self.depth == "deep" and bool(self.is_whole or self.draws)
        return wanted and self.recording.ended is None

    def plan(self) -> Plan:
        """Return what `send` would send, without sending it."""
        return planned(
            *(self.contract, self.target, self._fit(), self.held_back(), self.rehearse),
            left_out=self._left_by_depth(),
        )

    def _fit(self) -> Fitting:
        return fitting(
            *(self.contract, self.target, self._wanted(), self.held_back(), self.rehearse),
            is_sparing=self.depth == "smoke",
        )

    def _wanted(self) -> Collection[str]:
        if self.is_whole:
            return cases_of(self.contract, self.depth)
        # A part that was chosen is sent whole, at whatever depth.
        return needed(self.contract, self.cases, self.clauses, self.draws)

    def _left_by_depth(self) -> dict[str, Reason]:
        return left_by(self.contract, self.depth) if self.is_whole else {}

    def _deviating(self) -> list[str]:
        """Return the cases that deviate or may be broken by chance: they are sent again, to tell."""
        return to_send_again(self.contract, self.target, self.recording, self._known)

    def _parts(self) -> list[str]:
        """Return the cases that have to be sent by themselves, since a request for several deviates."""
        return parts_to_tell_apart(
            self.contract.cases,
            self.recording.unsent,
            lambda: [one for verdict in self.judge() for one in verdict.findings],
        )

    @cached_property
    def verdicts(self) -> list[Verdict]:
        """Return the verdict of every clause.  Sends first what was not sent yet."""
        self.send()
        # A second order to end may have cut off even this.
        self.recording.settle()
        verdicts = self.judge(waivers=self.waivers_in_force)
        self.internal_error |= any(is_broken_down(one) for one in verdicts)
        return verdicts

    def judge(
        self, only: Collection[str] | None = None, waivers: Sequence[Waiver] = ()
    ) -> list[Verdict]:
        """Return the verdicts on what has been recorded so far, as `judging.judge` does."""
        of_run = (self.contract, self.target, self.recording)
        return judge(*of_run, only, waivers=waivers, known=self._known)

    def take_verdicts(self, verdicts: Sequence[Verdict]) -> None:
        """Take the verdicts on what others have sent: the run itself sends nothing."""
        self._sent = True
        self.__dict__["verdicts"] = list(verdicts)

    @property
    def is_judged(self) -> bool:
        """Tell whether there are verdicts already, so that to ask for them sends nothing."""
        return "verdicts" in self.__dict__

    def note_unwritten(self, error: OSError) -> None:
        """Note that something could not be written: a full disk, say.  The first such error is told."""
        self.unwritten = self.unwritten or reason_of(error)

    def give_up(self, reason: Message) -> None:
        """Leave every clause unjudged, for the same reason."""
        self.internal_error = True
        self.__dict__["verdicts"] = [
            Verdict(clause.id, clause.level, "could-not-judge", reason)
            for clause in self.contract.clauses.values()
        ]

    @cached_property
    def by_clause(self) -> dict[str, Verdict]:
        """Return the verdicts by clause id."""
        return {verdict.clause: verdict for verdict in self.verdicts}

    @cached_property
    def deviating(self) -> frozenset[str]:
        """Return the cases that deviate from what their own clause allows, or may well do."""
        found = deviating_cases(self.contract, self.verdicts)
        return held_back(self.recording.unsent).union(found)

    @cached_property
    def exchanges(self) -> dict[str, Exchange]:
        """Return the exchanges by id."""
        return {exchange.id: exchange for exchange in self.recording.exchanges}

    @property
    def complete(self) -> bool:
        """Tell whether all that the depth names was sent, draws aside, and nothing stopped the run.

        What the target's settings give no way to send is told, and takes nothing away.
        """
        ended = self.recording.ended is not None
        stopped = self.interrupted or self.internal_error or ended or self.unwritten
        return self.is_whole and not stopped and not self._lacks_room

    @property
    def _lacks_room(self) -> bool:
        """Tell whether the run's own limit of requests or of time left a case out."""
        return any(
            reason.word in OF_THE_RUN and not self.contract.cases[name].is_drawn
            for name, reason in self.recording.unsent.items()
        )
