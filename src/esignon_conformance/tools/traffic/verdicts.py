"""From what was counted to the verdict of each clause: nothing that says more than was judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import TopologicalSorter

from ...checks import CHECKS
from ...contract.model import Clause, Contract
from ...contract.waiver import Waiver
from ...i18n.message import Message, say
from ...verdicts.differing_logins import without_ticks_where_logins_differ
from ...verdicts.model import Finding, Verdict, VerdictWord
from ...verdicts.set_aside import let_in_by
from ...verdicts.waivers import excused_by_waivers, is_blocked, waiver_of
from .cases import REFUSAL, SPELLING, SUCCESS
from .load_reasons import ONE_KIND_SENT, in_load
from .proof import BY_CREDENTIALS, DEVIATIONS_ONLY, NEVER
from .tally import ClauseTally, Evidence
from .without_outcome import is_too_little, why_nothing, why_too_little

# What the verdict of another clause is built on although that one fails: some of its exchanges were right.
_CARRY = frozenset({"logins-succeed"})


@dataclass(frozen=True)
class Counted:
    """All that a file has shown: by clause, what was judged; what was observed, and who was let in.

    `unanswered` is how many requests have no answer, and `between` how many were answered by something
    that stands before the application; `unreached` is how many found nobody.  `nothing` says why nothing
    was judged, if nothing was.  `load` says of a load run why clauses of it are not judged; None where
    files were read.  `seen` are the cases of all exchanges.
    """

    contract: Contract
    tallies: Mapping[str, ClauseTally]
    observed: Mapping[str, Mapping[str, object]]
    let_in: frozenset[str]
    unanswered: int = 0
    between: int = 0
    unreached: int = 0
    # Requests on the path by other methods that got an error: they are not kept.
    of_other_methods: int = 0
    nothing: Message | None = None
    load: Mapping[str, Message] | None = None
    seen: frozenset[str] = frozenset()
    # Of a fleet: clauses from which logins deviate that no process could show.
    unshown: Mapping[str, Message] = field(default_factory=dict)
    # Clauses of which another one has told all that deviates.
    part_of: Mapping[str, str] = field(default_factory=dict)

    @property
    def has_strangers(self) -> bool:
        """Tell whether there are logins of which nobody knows whose they are."""
        return not self.seen.isdisjoint((SUCCESS, REFUSAL))


def verdicts_of(counted: Counted, waivers: Sequence[Waiver]) -> list[Verdict]:
    """Return the verdict of every clause, in the order of the registry."""
    contract = counted.contract
    found: dict[str, Verdict] = {}
    for clause_id in _order(contract):
        clause = contract.clauses[clause_id]
        found[clause_id] = _verdict(clause, counted, found, waivers)
    in_order = [found[clause_id] for clause_id in contract.clauses]
    verdicts = without_ticks_where_logins_differ(contract, in_order)
    if counted.load is not None:
        verdicts = in_load(verdicts, counted.load)
    return excused_by_waivers(contract, verdicts) if waivers else verdicts


def _order(contract: Contract) -> Iterable[str]:
    graph = {
        one.id: {*one.depends_on, *let_in_by(one).values(), *_overriding(contract, one)}
        for one in contract.clauses.values()
    }
    return TopologicalSorter(graph).static_order()


def _overriding(contract: Contract, clause: Clause) -> set[str]:
    """Return the clauses whose failure leaves another unjudged: each spares some, and itself."""
    return {
        one.id
        for one in contract.clauses.values()
        if "spares" in one.parameters
        and one is not clause
        and not {clause.id, clause.group}.intersection(one.parameters["spares"])
    }


def _verdict(
    clause: Clause, counted: Counted, found: Mapping[str, Verdict], waivers: Sequence[Waiver]
) -> Verdict:
    if counted.nothing is not None:
        return Verdict(clause.id, clause.level, "could-not-judge", counted.nothing)
    if clause.level == "observe":
        observed = counted.observed.get(clause.id) or {}
        if observed:
            return Verdict(clause.id, clause.level, "observed", observed=observed, exchanges=1)
        return Verdict(clause.id, clause.level, "not-judged", say("traffic-no-request"))
    blocking = _blocking(clause, counted, found)
    if blocking is not None:
        return Verdict(clause.id, clause.level, "not-judged", blocking)
    tally = counted.tallies[clause.id]
    if tally.evidence:
        return _deviating(clause, tally, waivers)
    if clause.id in counted.part_of:
        reason = say("builds-on-failed", clause=counted.part_of[clause.id])
        return Verdict(clause.id, clause.level, "not-judged", reason)
    if clause.id in counted.unshown:
        reason = counted.unshown[clause.id]
        return Verdict(clause.id, clause.level, "could-not-judge", reason)
    return _without_deviation(clause, tally, counted)


def _blocking(clause: Clause, counted: Counted, found: Mapping[str, Verdict]) -> Message | None:
    """Return why a clause is not judged: what it builds on fails, or everybody was let in.

    That what it builds on was not judged is no such reason here: a file holds what it holds.
    """
    for other in _overriding(counted.contract, clause):
        if found[other].findings:
            return say("builds-on-failed", clause=other)
    for other in clause.depends_on:
        verdict = found[other]
        if verdict.verdict == "waived" and verdict.blocks:
            return say("builds-on-waived", clause=other)
        is_broken = verdict.verdict == "fails" or (
            verdict.reason is not None and verdict.reason.key == "builds-on-failed"
        )
        if is_broken and not verdict.carries:
            return say("builds-on-failed", clause=other)
        # REJ-3, REJ-14 to REJ-16: what a rest of the refusals holds is no more a verdict than on its base.
        base = CHECKS[counted.contract.clauses[other].check]
        if is_too_little(verdict.reason) and base.needs_outcome:
            return say("builds-on-unjudged", clause=other)
    for other in let_in_by(clause).values():
        if other in counted.let_in:
            return say("builds-on-failed", clause=other)
    return None


def _without_deviation(clause: Clause, tally: ClauseTally, counted: Counted) -> Verdict:
    if not tally.judged:
        return Verdict(clause.id, clause.level, "not-judged", _why_not(clause, counted))
    if clause.id in DEVIATIONS_ONLY:
        reason = say(DEVIATIONS_ONLY[clause.id], count=tally.judged)
        return Verdict(clause.id, clause.level, "not-judged", reason, exchanges=tally.judged)
    if counted.load is not None and clause.id in ONE_KIND_SENT:
        reason = say("load-one-kind", count=tally.judged)
        return Verdict(clause.id, clause.level, "not-judged", reason, exchanges=tally.judged)
    if clause.id == "ENV-10" and counted.unreached:
        # A server that went away and one that turns a crowd off at its door look alike.
        reason = say("load-unreached", count=counted.unreached)
        return Verdict(clause.id, clause.level, "could-not-judge", reason, exchanges=tally.judged)
    if clause.id == "ENV-10" and counted.unanswered + counted.between:
        reason = say("traffic-unanswered", count=counted.unanswered + counted.between)
        # A file holds what it holds; a load run sent them itself, and did not learn whose doing they are.
        word: VerdictWord = "not-judged" if counted.load is None else "could-not-judge"
        return Verdict(clause.id, clause.level, word, reason, exchanges=tally.judged)
    # ENV-10: "whatever is sent, the server answers: no HTTP 5xx. Not this clause: 501 to another method".
    if clause.id == "ENV-10" and counted.of_other_methods:
        reason = say("aside-other-method", count=counted.of_other_methods)
        return Verdict(clause.id, clause.level, "not-judged", reason, exchanges=tally.judged)
    lacking = why_too_little(clause, tally)
    if lacking is not None:
        return Verdict(clause.id, clause.level, "not-judged", lacking)
    lost = tally.lost.total()
    return Verdict(clause.id, clause.level, "holds", exchanges=tally.judged, without_outcome=lost)


def _why_not(clause: Clause, counted: Counted) -> Message:
    """Return the most telling reason why a clause was judged by nothing."""
    if clause.id in NEVER and counted.load is None:
        # The file may hold such requests all the same, as this suite's own recording does.
        return say("traffic-never")
    if clause.id == "SUC-10":
        return say("traffic-one-account")
    if clause.id == "SUC-8":
        return say(DEVIATIONS_ONLY[clause.id], count=0)
    nothing = why_nothing(counted.tallies[clause.id])
    if nothing is not None:
        return nothing
    lacking = counted.tallies[clause.id].lacking
    if lacking:
        key = "traffic-weak-passwords" if clause.id == "SEC-1" else "traffic-not-kept"
        return say(key, count=lacking)
    if clause.id == "SEC-5" and counted.tallies["ENV-10"].judged:
        return say("traffic-loopback")
    if counted.has_strangers and counted.load is None and clause.id in BY_CREDENTIALS:
        return say("traffic-no-known-request")
    if clause.group == "SUC" and SPELLING in counted.seen:
        # "The email in another case or with blanks is observed and exempt from SUC-5".
        return say("traffic-spelled-otherwise")
    return say("traffic-no-request")


def _deviating(clause: Clause, tally: ClauseTally, waivers: Sequence[Waiver]) -> Verdict:
    findings = tuple(_finding(clause, one, waivers) for one in tally.evidence.values())
    unwaived = [one for one in findings if one.waiver is None]
    severe: VerdictWord = "fails" if clause.level == "must" else "advisory"
    cases = tuple(dict.fromkeys(case for one in findings for case in one.cases))
    return Verdict(
        clause=clause.id,
        level=clause.level,
        verdict=severe if unwaived else "waived",
        findings=findings,
        cases=cases,
        exchanges=tally.judged,
        waiver=findings[0].waiver if not unwaived else None,
        blocks=not unwaived and clause.level == "must" and is_blocked(clause.id, findings, cases),
        carries=clause.check in _CARRY
        and tally.judged > sum(one.count for one in tally.evidence.values()),
    )


def _finding(clause: Clause, evidence: Evidence, waivers: Sequence[Waiver]) -> Finding:
    cases = tuple(evidence.cases)
    return Finding(
        case=cases[0],
        cases=cases,
        pointer=evidence.deviation.pointer,
        expected=evidence.deviation.expected,
        got=evidence.deviation.got,
        exchanges=tuple(one.id for one in evidence.kept),
        more=evidence.count - len(evidence.kept),
        waiver=waiver_of(waivers, clause.id, cases[0]),
    )
