"""Two statements beside each other: which verdicts changed, and what was observed otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from ..contract.model import Level
from ..i18n.language import Language
from ..verdicts.model import VerdictWord
from .observed_text import flat_observed


class _Part(BaseModel):
    """What of a statement is compared; a newer suite may say more."""

    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class SuiteOf(_Part):
    """Which suite wrote a statement."""

    name: Literal["esignon-conformance"]
    version: str


class TargetOf(_Part):
    """Which server a statement is about."""

    kind: str
    base_url: str
    name: str = ""


class ContractOf(_Part):
    """Which contract a server was held against."""

    sha256: str


class WaiverOf(_Part):
    """A waiver of the run, and what became of it; the finding that it covers names no more than these."""

    reason: str
    owner: str
    ticket: str
    until: str
    clause: str | None = None
    case: str | None = None
    standing: str = ""
    stale: bool = False


class FindingOf(_Part):
    """A finding, in the words of the statement's language."""

    case: str
    pointer: str
    expected: str
    got: str
    cases: list[str] = []
    waiver: WaiverOf | None = None


class LeftOutOf(_Part):
    """Cases that a clause was not judged by."""

    cases: list[str]


class ClauseOf(_Part):
    """What a clause came to."""

    id: str
    level: Level
    verdict: VerdictWord
    reason: str | None
    observed: dict[str, Any] | None
    findings: list[FindingOf]
    cases: list[str] = []
    left_out: list[LeftOutOf] = []


class LatencyOf(_Part):
    """How long the answers of one situation and code took under load."""

    situation: str
    code: str
    count: int
    p50: float
    p95: float


class SenderOf(_Part):
    """How busy the processes that sent were themselves."""

    busy_seconds: int = 0


class LoadOf(_Part):
    """What a load run measured, and how large the load was."""

    users: int = 0
    workers: int = 0
    sender: SenderOf = SenderOf()
    requests: int
    failures: int
    lost_workers: int
    requests_per_second: float
    latency_ms: list[LatencyOf]


class TrafficOf(_Part):
    """What was judged where no run of the suite was: of a load run, its figures."""

    load: LoadOf | None = None


class Statement(_Part):
    """A statement, as far as it is compared."""

    format: Literal[1]
    complete: bool
    depth: str
    seed: int
    started: str
    language: Language
    suite: SuiteOf
    target: TargetOf
    contract: ContractOf
    clauses: list[ClauseOf]
    not_sent: list[LeftOutOf] = []
    waivers: list[WaiverOf] = []
    traffic: TrafficOf | None = None


@dataclass(frozen=True)
class VerdictChange:
    """A clause and what it came to in either statement, None where that does not know it."""

    clause: str
    level: Level
    before: ClauseOf | None
    after: ClauseOf | None

    def only_in(self, side: ClauseOf | None) -> tuple[str, ...]:
        """Return the cases that deviate in one statement alone, of those that both judged the clause by."""
        other = self.after if side is self.before else self.before
        if side is None or other is None or side.verdict != other.verdict:
            return ()
        judged, known = _judged(side) & _judged(other), set(_deviating(other))
        return tuple(one for one in _deviating(side) if one in judged and one not in known)


def _judged(clause: ClauseOf) -> set[str]:
    return {*clause.cases}.difference(*(one.cases for one in clause.left_out))


def _deviating(clause: ClauseOf) -> tuple[str, ...]:
    return tuple(dict.fromkeys(case for one in clause.findings for case in one.cases))


@dataclass(frozen=True)
class ObservedChange:
    """Something that was observed, by its name and what it is of (a code, say), in either statement."""

    clause: str
    name: str
    of: str
    before: str | None
    after: str | None


@dataclass(frozen=True)
class Comparison:
    """What differs between two statements.

    `differences` are of the runs themselves (``contract``, ``suite``, ``depth``, ``complete``, ``load``,
    ``kind``, ``busy``), which may be why the rest differs; `findings` are clauses with one verdict but
    other findings, or the same by other cases.
    """

    differences: tuple[str, ...]
    verdicts: tuple[VerdictChange, ...]
    findings: tuple[VerdictChange, ...]
    observed: tuple[ObservedChange, ...]
    alike: int

    @property
    def musts(self) -> int:
        """Return how many must verdicts differ."""
        return sum(1 for one in self.verdicts if one.level == "must")


def compare(before: Statement, after: Statement) -> Comparison:
    """Compare two statements, clause by clause, in the order in which they name them."""
    first = {one.id: one for one in before.clauses}
    second = {one.id: one for one in after.clauses}
    pairs = [(name, first.get(name), second.get(name)) for name in {**first, **second}]
    changed, found, observed, alike = [], [], list[ObservedChange](), 0
    is_one_language = before.language == after.language
    for name, one, other in pairs:
        level = (other or one).level  # type: ignore[union-attr]  # one of them has it
        change = VerdictChange(name, level, one, other)
        if one is None or other is None or one.verdict != other.verdict:
            changed.append(change)
            continue
        alike += 1
        has_other_cases = any(change.only_in(side) for side in (one, other))
        if has_other_cases or _likeness(one, is_one_language) != _likeness(other, is_one_language):
            found.append(change)
        observed += _observed(one, other)
    observed += _load_changes(before, after)
    return Comparison(
        tuple(_differences(before, after)), tuple(changed), tuple(found), tuple(observed), alike
    )


def _differences(before: Statement, after: Statement) -> Iterator[str]:
    for name in ("contract", "suite", "depth", "complete"):
        # What has no depth is compared by other things; older versions of the suite wrote one all the same.
        is_sent = name != "depth" or before.traffic is None or after.traffic is None
        if is_sent and getattr(before, name) != getattr(after, name):
            yield name
    loads = _load(before), _load(after)
    sizes = [None if one is None else (one.users, one.workers) for one in loads]
    if sizes[0] != sizes[1]:
        yield "kind" if None in sizes else "load"
    if any(one is not None and one.sender.busy_seconds for one in loads):
        yield "busy"


def _likeness(clause: ClauseOf, is_one_language: bool) -> set[tuple[str, ...]]:
    """Return what makes the findings of a clause what they are; words compare in one language only."""
    if is_one_language:
        return {(one.pointer, one.expected, one.got) for one in clause.findings}
    return {(one.pointer,) for one in clause.findings}


def _observed(one: ClauseOf, other: ClauseOf) -> Iterator[ObservedChange]:
    before, after = (
        dict(flat_observed(one.observed or {})),
        dict(flat_observed(other.observed or {})),
    )
    for name, of in {**before, **after}:
        values = before.get((name, of)), after.get((name, of))
        if values[0] != values[1]:
            yield ObservedChange(one.id, name, of, *values)


def _load_changes(before: Statement, after: Statement) -> Iterator[ObservedChange]:
    """Yield what two load runs measured otherwise; nothing where one of the two is none."""
    one, other = _load(before), _load(after)
    if one is None or other is None:
        return
    first, second = _figures(one), _figures(other)
    for name, of in {**first, **second}:
        values = first.get((name, of)), second.get((name, of))
        if values[0] != values[1]:
            yield ObservedChange("load", name, of, *values)


def _load(statement: Statement) -> LoadOf | None:
    return statement.traffic.load if statement.traffic is not None else None


def _figures(load: LoadOf) -> dict[tuple[str, str], str]:
    found = {
        ("users", ""): str(load.users),
        ("requests_per_second", ""): str(load.requests_per_second),
        ("failures", ""): f"{load.failures} / {load.requests}",
        ("lost_workers", ""): str(load.lost_workers),
    }
    for one in load.latency_ms:
        of = f"{one.situation} {one.code}"
        found["p50_ms", of], found["p95_ms", of] = str(one.p50), str(one.p95)
    return found
