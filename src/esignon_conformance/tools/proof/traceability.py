"""`traceability.json`: from each clause to its place, its cases, the servers that prove it, this run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import chain, islice
from typing import Any

from ... import __version__
from ...contract.model import Clause, Contract
from ...i18n.language import Language
from ...runner.run import Run
from ..reference.faults import FAULTS, Fault
from ..reference.liberties import LIBERTIES
from .matrix import Matrix

FORMAT = 1
# A known-bad server may be shown by hundreds of cases, and each of them proves it.
_MOST_NAMED = 3


def traceability(run: Run, matrix: Matrix, language: Language) -> dict[str, Any]:
    """Return the rows of a run, every secret masked.

    `matrix` says which cases show which known-bad server; it is empty where the suite is installed
    without its own tests.
    """
    contract = run.contract
    sent = Counter(one.case for one in run.recording.exchanges)
    # The servers are those of the suite's own contract, and prove nothing of another one.
    faults = FAULTS if run.contract_folder is None else {}
    liberties = LIBERTIES if run.contract_folder is None else {}
    document = {
        "format": FORMAT,
        "suite": {"name": "esignon-conformance", "version": __version__},
        "contract": {"operation": contract.operation.id, "sha256": contract.fingerprint},
        "page": {"edition": contract.edition, "sha256": contract.page_sha256},
        "complete": run.complete,
        "known_good": [
            {"server": one.name, "freedom": one.docstring} for one in liberties.values()
        ],
        "clauses": [
            {
                **_promise(clause, language),
                "cases": _cases(contract, clause, sent),
                "known_bad": _known_bad(contract, clause, faults, matrix),
                "run": _in_run(run, clause.id),
            }
            for clause in contract.clauses.values()
        ],
    }
    masked: dict[str, Any] = run.scrubber.scrub_all(document)
    return masked


def _promise(clause: Clause, language: Language) -> dict[str, Any]:
    return {
        "id": clause.id,
        "level": clause.level,
        "title": clause.title[language],
        "basis": clause.basis,
        "reference": clause.reference or None,
        "place": clause.place,
        "check": clause.check,
        "depends_on": list(clause.depends_on),
    }


def _cases(contract: Contract, clause: Clause, sent: Mapping[str, int]) -> list[dict[str, Any]]:
    """Return the cases that are a clause's own, each with how often it was sent."""
    return [{"id": one.id, "sent": sent.get(one.id, 0)} for one in contract.cases_of(clause.id)]


def _known_bad(
    contract: Contract, clause: Clause, faults: Mapping[str, Fault], matrix: Matrix
) -> list[dict[str, Any]]:
    """Return the servers that break a clause, with the cases by which a proof has seen it."""
    rows = []
    own = {one.id for one in contract.cases_of(clause.id)}
    for fault in faults.values():
        if fault.clauses[0] != clause.id:
            continue
        row = matrix.get(fault.name)
        shown = row.shown.get(clause.id, ()) if row is not None else ()
        # The clause's own cases first: those of others show it by the way.  A matrix has them sorted.
        mine = (name for name in shown if name in own)
        others = (name for name in shown if name not in own)
        named = list(islice(chain(mine, others), _MOST_NAMED))
        rows.append(
            {
                "server": fault.name,
                "breaks": fault.docstring,
                "shown_by": named,
                "shown_by_in_all": len(shown),
            }
        )
    return rows


def _in_run(run: Run, clause_id: str) -> dict[str, Any]:
    verdict = run.by_clause[clause_id]
    return {
        "verdict": verdict.verdict,
        "exchanges": verdict.exchanges,
        "evidence": sorted(
            {name for one in verdict.findings for name in one.exchanges}, key=_number
        ),
    }


def _number(exchange_id: str) -> int:
    return int(exchange_id.lstrip("e") or 0)
