"""A member that some successes have and others lack: of many batches, or processes, one clause tells it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...checks.deviation import Deviation
from ...contract.model import Clause, Contract
from ...i18n.message import say
from .tally import ClauseTally, Evidence

_STEADY = "steady-success"
_OF_MEMBERS = frozenset({"success-member", "success-equals", "success-date"})


def tell_once(contract: Contract, tallies: Mapping[str, ClauseTally]) -> None:
    """Let SUC-8 alone tell of a member that is absent now and then, whoever saw it and whoever did not."""
    # "SUC-8 fails where right logins differ: in outcome, or in having a member at all on some and not on
    # others, and REQ-1 and SUC-1 to SUC-5 then say nothing about it; what is wrong on every one is REQ-1
    # or SUC-1 to SUC-5."
    steady = [tallies[one.id] for one in contract.clauses.values() if one.check == _STEADY]
    for pointer in sorted({_pointer(one) for one in _of_members(contract)}) if steady else ():
        clauses = [one for one in _of_members(contract) if _pointer(one) == pointer]
        if any(_lacks_now_and_then(tallies[one.id]) for one in clauses):
            _move(clauses, pointer, tallies, steady[0])


def _of_members(contract: Contract) -> Iterator[Clause]:
    clauses = contract.clauses.values()
    found = (one for one in clauses if one.check in _OF_MEMBERS)
    yield from (one for one in found if _pointer(one).startswith("/body/"))


def _pointer(clause: Clause) -> str:
    return str(clause.parameters["pointer"])


def _absent(tally: ClauseTally) -> list[tuple[tuple[object, ...], Evidence]]:
    return [row for row in tally.evidence.items() if row[1].deviation.got.key == "absent"]


def _lacks_now_and_then(tally: ClauseTally) -> bool:
    lacking = sum(one.count for _, one in _absent(tally))
    return 0 < lacking < tally.judged


def _move(
    clauses: list[Clause], pointer: str, tallies: Mapping[str, ClauseTally], steady: ClauseTally
) -> None:
    deviation = Deviation(say("on-every-login"), say("absent-sometimes"), pointer)
    moved: Evidence | None = None
    for tally in (tallies[one.id] for one in clauses):
        for likeness, evidence in _absent(tally):
            del tally.evidence[likeness]
            tally.judged -= evidence.count
            if moved is None or moved.count < evidence.count:
                moved = Evidence(deviation, evidence.cases, evidence.count, evidence.kept)
    if moved is not None:
        steady.judged += moved.count
        steady.evidence[deviation.likeness] = moved
