"""Verdicts on exchanges that were written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from esignon_conformance.checks import exchange_check
from esignon_conformance.checks.view import View
from esignon_conformance.contract.model import Contract
from esignon_conformance.contract.skip_reason import Reason
from esignon_conformance.recording.recording import Recording
from esignon_conformance.redaction.scrubber import Scrubber
from esignon_conformance.target.target import Target
from esignon_conformance.transport.messages import Exchange
from esignon_conformance.verdicts.judge import judge
from esignon_conformance.verdicts.model import Verdict
from selftest.support.exchanges import LOGINS, TARGET, conforming, contract


def recording(
    exchanges: Iterable[Exchange], unsent: Mapping[str, Reason] | None = None
) -> Recording:
    """Return a recording of exchanges."""
    made = Recording(Scrubber())
    for exchange in exchanges:
        made.add(exchange)
    made.unsent.update(unsent or {})
    return made


def view(*exchanges: Exchange, target: Target = TARGET) -> View:
    """Return what a check sees of these exchanges."""
    return View(contract(), target, recording(exchanges), exchange_check)


def verdicts(
    exchanges: Iterable[Exchange],
    *,
    target: Target = TARGET,
    unsent: Mapping[str, Reason] | None = None,
    only: Sequence[str] | None = None,
    of: Contract | None = None,
) -> dict[str, Verdict]:
    """Return the verdicts on a hand-written recording by clause."""
    judged = judge(of or contract(), target, recording(exchanges, unsent), only)
    return {verdict.clause: verdict for verdict in judged}


def verdict(clause_id: str, *exchanges: Exchange, target: Target = TARGET) -> Verdict:
    """Return the verdict of one clause on these exchanges and those that it builds on."""
    return verdicts([*basis(), *exchanges], target=target, only=[clause_id])[clause_id]


@cache
def basis() -> tuple[Exchange, ...]:
    """Return what most clauses build on: right logins, and the plainest refusals of each kind."""
    names = (*LOGINS.values(), "wrong-password", "unknown-email", "unknown-company")
    return tuple(conforming(name) for name in names)


def failing(judged: Mapping[str, Verdict]) -> set[str]:
    """Return the clauses that fail or are advisories."""
    return {name for name, one in judged.items() if one.verdict in ("fails", "advisory")}


def got(one: Verdict) -> list[str]:
    """Return the keys of what the findings of a verdict got."""
    return [finding.got.key for finding in one.findings]
