"""Situations × result codes: what the page documents for each, what came, and what deviates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from ..contract.model import SITUATIONS, Case, Contract
from ..recording.response import outcome
from ..runner.run import Run

Documented = Literal["always", "sometimes"]
TURNED_AWAY, BROKEN = "turned-away", "broken"


def documented_codes(contract: Contract) -> dict[str, dict[str, Documented]]:
    """Return by situation the codes that the page allows: in each of its cases, or in some of them.

    What must clauses allow in every case of a situation is *always*; what any clause allows in at
    least one is *sometimes*.
    """
    found: dict[str, dict[str, Documented]] = {}
    for situation in SITUATIONS:
        always: set[str] | None = None
        sometimes: set[str] = set()
        for case in contract.cases.values():
            allowed = _allowed(contract, case) if case.situation == situation else None
            if allowed is None:
                continue
            sometimes |= allowed
            if contract.clauses[case.clause].level == "must":
                always = allowed if always is None else always & allowed
        codes = {**dict.fromkeys(sorted(sometimes), "sometimes")}
        found[situation] = {**codes, **dict.fromkeys(sorted(always or ()), "always")}  # type: ignore[dict-item]  # the words are of the type
    return found


def _allowed(contract: Contract, case: Case) -> set[str] | None:
    """Return the codes that a case may come to, None for one that is judged by something else."""
    if case.is_drawn:
        return None
    if case.is_plain_right_login:
        return {contract.codes.issued}
    outcomes: Iterable[str] = case.expect or contract.clauses[case.clause].parameters.get(
        "outcomes", ()
    )
    groups = {"issued": {contract.codes.issued}, "refused": set(contract.codes.refused)}
    codes: set[str] = set()
    for one in outcomes:
        codes |= groups.get(one, {one})
    return codes or None


def seen_codes(run: Run) -> dict[str, dict[str, dict[str, int]]]:
    """Return by situation and code how many exchanges came to it, and how many of them deviate.

    An answer of the HTTP layer is *turned-away*; one that is no outcome at all is *broken*.  Requests
    of another method than the documented one are left out.
    """
    deviating = {
        name
        for verdict in run.verdicts
        for finding in verdict.findings
        if verdict.level != "observe" and _is_about_outcomes(finding.got.key)
        for name in finding.exchanges
    }
    seen: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    for exchange in run.recording.exchanges:
        if exchange.request.method != run.contract.operation.method or exchange.gave_up:
            continue
        codes = run.contract.codes
        result = outcome(exchange, run.contract.cases[exchange.case].tags, codes)
        code = codes.issued if result == "issued" else result
        seen[exchange.situation, code] += 1
        wrong[exchange.situation, code] += exchange.id in deviating
    found: dict[str, dict[str, dict[str, int]]] = {}
    for (situation, code), count in sorted(seen.items()):
        cell = {"seen": count, "deviating": wrong[situation, code]}
        found.setdefault(situation, {})[code] = cell
    return found


def _is_about_outcomes(key: str) -> bool:
    is_one = key in ("code", "outcome-over-status", "turned-away", "codes-in-turn")
    return is_one or key.startswith("read-")


def columns(contract: Contract, seen: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return the codes to show: the documented ones, *turned-away*, and *broken* where any came."""
    broken = any(BROKEN in codes for codes in seen.values())
    return [*contract.documented_texts, TURNED_AWAY, *([BROKEN] if broken else [])]
