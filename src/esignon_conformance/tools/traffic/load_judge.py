"""Judges what only a load run shows: the budget, latency that grows, 429 without Retry-After."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Mapping
from dataclasses import dataclass, field

from ...checks.deviation import Deviation
from ...i18n.message import Message, say
from ...recording.load import Latencies, LoadFigures
from ...recording.load_budget import Measured, measured
from ...recording.load_growth import Growth, growth_of
from ...transport.messages import Exchange
from .own_answers import OwnAnswers
from .tally import MOST_KEPT, ClauseTally, Evidence

BUDGET, GROWTH, WAIT = "LOAD-1", "LOAD-2", "LOAD-3"
_TOO_MANY, _SERVER_ERROR = 429, 500
_MOST_LATEST = 3


@dataclass
class LoadJudge:
    """Looks at each exchange of a load run, and at its figures when it is over.

    `budget` is the milliseconds within which 95% of the answers of a situation have to come; `reasons`
    says by clause why it is not judged.
    """

    tallies: Mapping[str, ClauseTally]
    budget: Mapping[str, float]
    own_answers: OwnAnswers
    reasons: dict[str, Message] = field(default_factory=dict)
    latencies: dict[str, Latencies] = field(default_factory=dict)
    over: Counter[str] = field(default_factory=Counter)
    late: dict[str, list[Exchange]] = field(default_factory=dict)
    latest: deque[Exchange] = field(default_factory=lambda: deque(maxlen=_MOST_LATEST))

    def add(self, exchange: Exchange) -> None:
        """Judge an answer by itself, and count it."""
        self.own_answers.add(exchange)
        answer, fault = exchange.answer, exchange.fault
        status = answer.status if answer is not None else 0
        if status == _TOO_MANY:
            self._add_limited(exchange)
        timed_out = fault is not None and fault.kind == "timed-out"
        if not timed_out and (answer is None or status == _TOO_MANY or status >= _SERVER_ERROR):
            return
        if exchange.situation == "right" and not timed_out:
            self.latest.append(exchange)
        self._add_latency(exchange)

    def _add_limited(self, exchange: Exchange) -> None:
        # LOAD-3: an answer 429 says in Retry-After how long to wait.
        deviation = None
        if exchange.answer is not None and exchange.answer.header("Retry-After") is None:
            deviation = Deviation(say("a-retry-after"), say("no-retry-after"))
        self.tallies[WAIT].add(exchange, deviation)

    def _add_latency(self, exchange: Exchange) -> None:
        situation = exchange.situation
        budget = self.budget.get(situation)
        if budget is None:
            return
        milliseconds = (exchange.ended - exchange.began) * 1000
        self.latencies.setdefault(situation, Latencies()).add(milliseconds)
        if milliseconds > budget:
            self.over[situation] += 1
            kept = self.late.setdefault(situation, [])
            if len(kept) < MOST_KEPT:
                kept.append(exchange)

    def finish(self, figures: LoadFigures) -> None:
        """Judge the run as a whole."""
        if not self.tallies[WAIT].judged:
            self.reasons[WAIT] = say("load-no-429")
        self.own_answers.finish(self.tallies)
        self._judge_growth(growth_of(figures))
        figures.budget = [self._measured(figures, *one) for one in self.budget.items()]
        self._judge_budget(figures.budget)

    def _measured(self, figures: LoadFigures, situation: str, budget: float) -> Measured:
        latencies = self.latencies.get(situation, Latencies())
        busy = figures.strains.busy
        doubtful = (one.answered[situation] for at, one in figures.seconds.items() if at in busy)
        counts = (latencies.count, self.over[situation])
        doubts = (sum(doubtful), figures.strains.late_ms)
        return measured(situation, budget, latencies.percentile(95), counts, doubts)

    def _judge_growth(self, growth: Growth) -> None:
        # LOAD-2: under a load that stays the same, right logins do not take longer and longer.
        medians = " → ".join(f"{one:.0f}" for one in growth.medians)
        if growth.why_not is not None or not self.latest:
            why_not = growth.why_not or "few"
            self.reasons[GROWTH] = say(
                f"load-growth-{why_not}", seconds=growth.seconds, medians=medians
            )
            return
        got = say("latency-grew", seconds=growth.seconds, medians=medians)
        deviation = Deviation(say("latency-levels-off"), got)
        for exchange in self.latest:
            self.tallies[GROWTH].add(exchange, deviation)

    def _judge_budget(self, rows: list[Measured]) -> None:
        # LOAD-1: under load, 95% of the answers of each situation come within the target's budget.
        if not rows:
            self.reasons[BUDGET] = say("load-no-budget")
            return
        tally = self.tallies[BUDGET]
        for one in rows:
            if one.word != "over":
                continue
            words = {"situation": say(f"situation-{one.situation}"), "budget": one.budget_text}
            numbers = {"count": one.count, "p95": one.p95_text, "over": one.over}
            deviation = Deviation(
                say("within-budget", **words),
                say("over-budget", **words, **numbers),
                group=one.situation,
            )
            kept = self.late[one.situation]
            cases = dict.fromkeys(exchange.case for exchange in kept)
            tally.evidence[deviation.likeness] = Evidence(deviation, cases, one.over, kept)
        unjudged = [one for one in rows if one.word in ("few", "busy")]
        if unjudged and not tally.evidence:
            situations = ", ".join(one.situation for one in unjudged)
            key = "load-budget-busy" if unjudged[0].word == "busy" else "load-budget-few"
            self.reasons[BUDGET] = say(key, situations=situations)
            return
        tally.judged = sum(one.count for one in rows)
