"""Which deviations weigh most, and which failures to mend first.  Pure.

Failures stand in the order of their consequence and not of the page.  What a clause was not judged for
decides between failures of the same kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args

from ..checks import CHECKS
from ..contract.model import Contract, Impact, ImpactKind
from ..i18n.catalogue import word
from ..i18n.language import Language
from ..verdicts.model import NOTHING_LEFT, Verdict

# Most severe first.
KINDS: tuple[ImpactKind, ...] = get_args(ImpactKind)
# A clause that says nothing of its consequence.
_LEAST = len(KINDS)
# Reasons why a clause was not judged that mending another one takes away.
_BUILDS_ON = NOTHING_LEFT | {
    "builds-on-failed",
    "builds-on-unjudged",
    "refused-as-right-logins",
    "told-by",
    "told-as-injection",
}
# Answers that have no outcome: what an outcome needs is another clause's finding.
_WITHOUT_OUTCOME = frozenset(
    {"no-outcome", "no-outcome-of-errors", "no-outcome-of-none", "no-outcome-of-some"}
)
_NEEDED_BY_OUTCOMES = "ENV-5"
# One more: which failure that is follows from the check that right logins are judged by.
_REFUSED_LOGIN = "reason-first-login-refused"
_BLOCKED = _BUILDS_ON | _WITHOUT_OUTCOME | {_REFUSED_LOGIN}
# So many failures are named at the end; the others stand in the same order above.
_MOST_NAMED = 5
# So many clauses that can be judged then; of more there is the number.
_MOST_UNLOCKED = 12


@dataclass(frozen=True)
class Mending:
    """A clause that fails, and the clauses that can be judged once it and those before it hold."""

    clause: str
    unlocks: tuple[str, ...]


def impact_of(contract: Contract, verdict: Verdict) -> Impact | None:
    """Return what the deviations from a clause mean; None where its contract does not say it."""
    clause = contract.clauses[verdict.clause]
    issued = contract.codes.issued
    if clause.impact_when_issued is not None and any(
        issued in dict(one.got.words).values() for one in verdict.findings
    ):
        return clause.impact_when_issued
    return clause.impact


def deviating(contract: Contract, verdicts: Sequence[Verdict], wanted: str) -> list[Verdict]:
    """Return the clauses of a verdict (*fails*, *advisory*), those with the worst consequence first."""
    blockers = blocking_failures(contract, verdicts)
    chosen = [one for one in verdicts if one.verdict == wanted]
    # Sorting is stable: what weighs the same stays in the order of the page.
    return sorted(chosen, key=lambda one: _weight(contract, one, blockers))


def mending_order(contract: Contract, verdicts: Sequence[Verdict]) -> list[Mending]:
    """Return the must clauses that fail in the order to mend them, and what each of them unlocks.

    A clause that several failures keep from being judged is unlocked by the last of them.
    """
    blockers = blocking_failures(contract, verdicts)
    order = [one.clause for one in deviating(contract, verdicts, "fails")]
    unlocks: dict[str, list[str]] = {one: [] for one in order}
    for unjudged, failures in blockers.items():
        unlocks[max(failures, key=order.index)].append(unjudged)
    return [Mending(one, tuple(unlocks[one])) for one in order]


def mending_lines(order: Sequence[Mending], language: Language) -> Iterator[str]:
    """Yield what to mend first, a line a clause; nothing where there is nothing to choose."""
    if len(order) < 2 and not any(one.unlocks for one in order):
        return
    for number, one in enumerate(order[:_MOST_NAMED], 1):
        line = f"{number}. {one.clause}"
        if one.unlocks:
            key = "mend-unlocks-one" if len(one.unlocks) == 1 else "mend-unlocks"
            named = one.unlocks[:_MOST_UNLOCKED]
            names = ", ".join(named if len(named) == len(one.unlocks) else (*named, "…"))
            line += f": {word(key, language, count=len(one.unlocks), clauses=names)}"
        yield line
    rest = len(order) - _MOST_NAMED
    if rest > 0:
        yield word("mend-rest", language, count=rest)


def blocking_failures(
    contract: Contract, verdicts: Sequence[Verdict]
) -> dict[str, tuple[str, ...]]:
    """Return by clause that was not judged the failures of must clauses that stand in its way."""
    by_clause = {one.clause: one for one in verdicts}
    found = {}
    for verdict in verdicts:
        if verdict.level != "observe" and _is_blocked(verdict):
            failures = _failures_below(contract, by_clause, verdict)
            if failures:
                found[verdict.clause] = failures
    return found


def _is_blocked(verdict: Verdict) -> bool:
    return verdict.verdict == "not-judged" and _key(verdict) in _BLOCKED


def _key(verdict: Verdict) -> str:
    """Return the key of the reason why a clause was not judged, be it that of a part of its cases."""
    reason = verdict.reason
    return dict(reason.parts).get("reason", reason).key if reason is not None else ""


def _failures_below(
    contract: Contract, by_clause: Mapping[str, Verdict], verdict: Verdict
) -> tuple[str, ...]:
    """Return the failures that a clause builds on, through clauses that are not judged for them.

    There are none where something else stands in its way, too, such as an account that is missing.
    """
    seen, waiting = {verdict.clause}, [verdict]
    failures = []
    while waiting:
        current = waiting.pop(0)
        for name in _builds_on(contract, by_clause, current):
            other = by_clause.get(name)
            if other is None or name in seen:
                continue
            seen.add(name)
            if other.verdict == "fails":
                failures.append(name)
            elif _is_blocked(other):
                waiting.append(other)
            elif other.verdict in ("not-judged", "could-not-judge"):
                return ()
    return tuple(failures)


def _builds_on(
    contract: Contract, by_clause: Mapping[str, Verdict], verdict: Verdict
) -> Iterable[str]:
    clause, reason = contract.clauses[verdict.clause], verdict.reason
    if reason is not None and reason.key == _REFUSED_LOGIN:
        logins = (one.id for one in contract.clauses.values() if one.check == "logins-succeed")
        return (*clause.depends_on, *logins)
    key = _key(verdict)
    # ENV-5, and what it builds on: "The outcome of an exchange needs ENV-3's `header` and a documented
    # code (ENV-5)."
    needs_outcome = key in _WITHOUT_OUTCOME or (key in NOTHING_LEFT and not clause.sees)
    named = str(dict(reason.words).get("clause", "")) if reason is not None else ""
    # Whoever is let in is seen by the token. Once nobody is, there are refusals, and those have no outcome.
    lets_in = (
        key == "builds-on-failed"
        and CHECKS[clause.check].needs_outcome
        and _have_refusals_no_outcome(contract, by_clause, named)
    )
    if lets_in and _NEEDED_BY_OUTCOMES in contract.clauses:
        return (*clause.depends_on, named, _NEEDED_BY_OUTCOMES)
    if needs_outcome and _NEEDED_BY_OUTCOMES in contract.clauses:
        needed = contract.clauses[_NEEDED_BY_OUTCOMES]
        return (*clause.depends_on, needed.id, *needed.sees)
    if key in NOTHING_LEFT:
        return (*clause.sees, *clause.depends_on)
    # What the reason names may stand in no list: let_in_by, or REQ-9 under everything.
    return (*clause.depends_on, named)


def _have_refusals_no_outcome(
    contract: Contract, by_clause: Mapping[str, Verdict], name: str
) -> bool:
    """Tell whether what a clause is to be refused with would have no outcome, as far as others show.

    Clauses that ask for the same codes show it first: an unknown email is refused as a wrong password is.
    """
    clause = contract.clauses.get(name)
    if clause is None or not CHECKS[clause.check].needs_outcome:
        return False
    wanted = clause.parameters.get("outcomes")
    others = [
        one
        for one in contract.clauses.values()
        if one.check == clause.check and one.id != name and one.id in by_clause
    ]
    lacking = {one.id for one in others if _key(by_clause[one.id]) in _WITHOUT_OUTCOME}
    alike = [one.id for one in others if one.parameters.get("outcomes") == wanted]
    is_judged = any(by_clause[one].verdict in ("holds", "advisory") for one in alike)
    return bool(lacking) and not is_judged


def _weight(
    contract: Contract, verdict: Verdict, blockers: Mapping[str, Sequence[str]]
) -> tuple[int, int]:
    impact = impact_of(contract, verdict)
    kind = KINDS.index(impact.kind) if impact is not None else _LEAST
    return kind, -sum(verdict.clause in one for one in blockers.values())
