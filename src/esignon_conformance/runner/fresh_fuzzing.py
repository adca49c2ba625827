"""`--depth deep`: fresh draws are sent, and what only they show is shrunk, sent again and written."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from ..checks import judged_by_case
from ..contract.model import DRAW, Case, Contract
from ..recording.recording import Recording
from ..target.limits import Budget
from ..transport.client import Transport
from ..verdicts.judge import judge
from ..verdicts.model import Finding, Verdict
from .fuzzing.draws import Draw, drawn, with_draws
from .fuzzing.fresh import fresh_draws
from .fuzzing.shrinking import shrunk
from .run import Run
from .schedule.draw_room import Needs, examples_within
from .schedule.executor import Executor

FOLDER = "findings"
# Bounds of what fuzzing asks of a target beside the draws themselves.
_MOST_FINDINGS = 4
_MOST_QUESTIONS = 120
_MOST_TRIED_AGAIN = 3
_SECONDS_TO_SHRINK = 8.0


@dataclass
class FreshFuzzing:
    """The fuzzing of one run, after its cases and its corpus have been sent."""

    run: Run
    transport: Transport
    _questions: int = 0

    def go(self) -> None:
        """Draw, send, and look closer at what no case and no draw of the corpus has shown."""
        run = self.run
        for path in (run.report_dir / FOLDER).glob(f"*-{DRAW}-*.yaml"):
            path.unlink()
        before = {one.clause for one in self.run.judge() if one.findings}
        kept = _kept_for_a_closer_look(self.transport.budget)
        progress = run.progress("drawing")
        draws = fresh_draws(run.contract, run.seed, *self._bounds(kept), progress)
        by_id = {draw.id: draw for draw in draws if is_wanted(run, draw)}
        self._add(by_id.values())
        self._send(run.contract, by_id, run.recording, kept)
        new = [
            (verdict, finding)
            for verdict in self.run.judge()
            for finding in verdict.findings
            if verdict.clause not in before and finding.case in by_id
        ]
        for verdict, finding in new[:_MOST_FINDINGS]:
            self._look_closer(verdict, finding, by_id)

    def _bounds(self, kept: Needs) -> tuple[int, float]:
        """Return how many examples are drawn, in how many seconds: so many as the limits leave room for."""
        budget, seconds = self.transport.budget, self.run.fuzz_time
        seconds = max(0.0, min(seconds, budget.left / 2))
        kept = replace(kept, seconds=kept.seconds + seconds)
        interval = self.transport.pace.interval
        return examples_within(budget, self.run.max_examples, interval, kept), seconds

    def _add(self, draws: Iterable[Draw]) -> None:
        self.run.contract = with_draws(self.run.contract, draws)
        self.run.fresh |= {draw.id for draw in draws}

    def _send(
        self,
        contract: Contract,
        names: Iterable[str],
        recording: Recording,
        kept: Needs | None = None,
    ) -> None:
        run = self.run
        progress = run.progress("draws")
        if recording is not run.recording:
            # One draw at a time, as shrinking asks: how many there will be nobody knows.
            self._questions += 1
            run.progress("shrinking")(self._questions, 0)
            progress = _no_progress
        sending = Executor(contract, run.target, self.transport, recording, progress)
        sending.kept = kept or Needs()
        sending.send_all(names)
        if recording.is_turned_away:
            run.recording.ended = recording.ended

    def _look_closer(self, verdict: Verdict, finding: Finding, draws: dict[str, Draw]) -> None:
        tried = [draws[name] for name in finding.cases if name in draws][:_MOST_TRIED_AGAIN]
        draw, was_asked = None, False
        for one in tried:
            shown = self._shows(one, verdict, finding)
            was_asked |= shown is not None
            if shown:
                draw = one
                break
        if draw is None and was_asked:
            self.run.recording.unstable |= set(finding.exchanges)
            return
        # Where nothing could be asked again, what was shown once stands as it is.
        draw = draw or tried[0]
        schema, kind = self.run.contract.operation.request_schema, draw.kind
        ends = time.monotonic() + _SECONDS_TO_SHRINK

        def shows(body: bytes) -> bool:
            # What falls under another clause, or names another account, is another story; and where
            # the answer never comes, each question takes long.
            made = drawn(body, "shrunk", schema)
            is_in_time = time.monotonic() < ends
            is_alike = made.kind == kind and is_in_time and was_asked
            return is_alike and bool(self._shows(made, verdict, finding))

        smallest = drawn(shrunk(draw.body, shows, _MOST_QUESTIONS), "shrunk", schema)
        if smallest.body != draw.body:
            self._add([smallest])
            self._send(self.run.contract, [smallest.id], self.run.recording)
        else:
            smallest = draw
        path = self.run.report_dir / FOLDER / f"{verdict.clause}-{smallest.id}.yaml"
        try:
            write_case(path, smallest.as_case(), self.run)
        except OSError as error:
            self.run.note_unwritten(error)
        else:
            self.run.found[smallest.id] = path

    def _shows(self, draw: Draw, verdict: Verdict, finding: Finding) -> bool | None:
        """Send a draw beside the recording, and tell whether it shows a finding of the same clause.

        None where it could not be sent: a limit was reached, say, or the target is gone.
        """
        run = self.run
        contract = with_draws(run.contract, [draw])
        beside = Recording(run.scrubber)
        self._send(contract, [draw.id], beside)
        if not any(beside.of_case(draw.id)):
            return None
        (judged,) = [
            one
            for one in judge(contract, run.target, beside, {verdict.clause})
            if one.clause == verdict.clause
        ]
        return any(
            (one.pointer, one.expected.key, one.got.key)
            == (finding.pointer, finding.expected.key, finding.got.key)
            for one in judged.findings
            if one.case == draw.id
        )


def _kept_for_a_closer_look(budget: Budget) -> Needs:
    """Return what draws leave of the limits, so that what they find can be sent again and made small."""
    left = budget.requests_left
    requests = 0 if left is None else min(left // 4, _MOST_FINDINGS * _MOST_QUESTIONS)
    return Needs(requests, max(0.0, min(budget.left / 4, _MOST_FINDINGS * _SECONDS_TO_SHRINK)))


def _no_progress(_done: int, _all: int) -> None:
    """Show nothing."""


def is_wanted(run: Run, draw: Draw) -> bool:
    """Tell whether a draw has to do with the clauses that a run was asked for."""
    clauses = run.contract.clauses
    every_answer = any(not judged_by_case(clauses[name]) for name in run.draws)
    return run.is_whole or every_answer or draw.kind.clause in run.draws


def write_case(path: Path, case: Case, run: Run) -> None:
    """Write a case as a file that is ready for `contracts/login/cases/`."""
    found: dict[str, Any] = {
        "id": case.id.replace(DRAW, "found", 1),
        "clause": case.clause,
        "situation": case.situation,
        "account": case.account,
        "raw": [dict(one) for one in case.raw],
        "title": dict(case.title),
    }
    optional: dict[str, Any] = {
        "expect": list(case.expect),
        "same_as": case.same_as,
        "tags": sorted(case.tags - {DRAW}),
    }
    found |= {name: value for name, value in optional.items() if value}
    folder = f"contracts/{run.contract.operation.id}/cases"
    head = (
        f"# Found by esignon-conformance run --depth deep --seed {run.seed}. Keep it as a case:\n"
        f"# cp {path} {folder}/{found['id']}.yaml\n"
    )
    body = yaml.safe_dump({"cases": [found]}, allow_unicode=True, sort_keys=False, width=100)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(head + run.scrubber.scrub(body), encoding="utf-8")
