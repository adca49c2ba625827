"""The order of an operation's cases, measured on the known-bad servers: `make order` writes it."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ... import resources
from ...contract.model import Case, Contract
from ...contract.sending_order import ORDER_NAME
from ...files import write_text
from ...i18n.errors import ConfigurationError
from ...runner.requests import contract_check
from ...runner.requests.builder import MissingAccount, build
from ...runner.requests.other_characters import NotApplicable
from ...runner.requests.sent_where import case_before
from ...runner.schedule.dry_run import requests_of
from ...runner.schedule.executor import EVERY
from ...runner.schedule.selection import Fitting, most_that_fit, needed_to_judge
from ...runner.schedule.sparing import kept_for_findings, spared
from ...target.limits import ELSEWHERE, SMOKE_REQUESTS
from ...target.settings import Options, box_target
from ...target.target import REAL_ACCOUNTS, Target
from ...transport.lockout_guard import AccountGuard
from ..reference.faults import FAULTS, Fault
from ..reference.faults.absent_members import COMMON
from ..reference.rehearsal import Rehearsal
from .greedy_cover import OF_COMMON, OF_SHOULD, Candidate, Place, cover
from .matrix import MATRIX, Matrix, read

_SEED = 20210407
_MARK = (
    "Made by `make order` from selftest/shown.jsonl.gz: what it says is measured and not written."
)


@dataclass(frozen=True)
class Measured:
    """What the cases were seen to show.

    `shown` holds by server the cases that show it; `at_once` are the servers that the plain right logins
    show, which every run begins with; `weights` say what each server counts.
    """

    shown: Mapping[str, frozenset[str]]
    at_once: frozenset[str]
    weights: Mapping[str, float]


def measured(contract: Contract, matrix: Matrix, faults: Mapping[str, Fault]) -> Measured:
    """Return what a matrix says of the known-bad servers that are in it, by clauses of their level."""
    shown, at_once = dict[str, frozenset[str]](), set[str]()
    bursts = {case.id: set(case.burst["mix"]) for case in contract.cases.values() if case.burst}
    plain = {case.id for case in contract.cases.values() if case.is_plain_right_login}
    under_load = {contract.cases[name].clause for name in bursts}
    for name in sorted(matrix.keys() & faults.keys()):
        found = set[str]()
        for clause_id, cases in matrix[name].shown.items():
            clause = contract.clauses.get(clause_id)
            if clause is None or clause.level != faults[name].level:
                continue
            if clause_id in under_load:
                # A burst is recorded as what it mixes.
                found |= {burst for burst, mix in bursts.items() if mix <= set(cases)}
            else:
                found |= set(cases)
        if found & plain:
            at_once.add(name)
        shown[name] = frozenset(found - plain)
    weights = {name: _weight(name, faults[name]) for name in shown}
    return Measured(shown, frozenset(at_once), weights)


def _weight(name: str, fault: Fault) -> float:
    """Return what a server counts: one of a kind that is common counts for several."""
    if fault.level != "must":
        return OF_SHOULD
    return OF_COMMON if name in COMMON else 1.0


def trial_target() -> Target:
    """Return a target on this machine with the limits of one elsewhere, by which requests are counted."""
    target = box_target("http://127.0.0.1:1", _SEED, Options())
    return replace(target, limits=replace(ELSEWHERE, requests=None))


def costs(contract: Contract, target: Target) -> dict[str, float]:
    """Return by case how many requests it takes, the right logins between counted as parts of one."""
    guard = AccountGuard(target.accounts, target.limits)
    rehearsal = Rehearsal(target)
    try:
        return {
            case.id: _cost(spared(case), contract, target, guard, rehearsal)
            for case in contract.cases.values()
        }
    finally:
        rehearsal.end()


def _cost(
    case: Case, contract: Contract, target: Target, guard: AccountGuard, rehearsal: Rehearsal
) -> float:
    between = 1 / EVERY + case.tagged("after-login") + (case.needs == "token")
    if case.burst:
        return int(case.burst["size"]) * int(case.burst["rounds"]) + between
    try:
        request = build(case, contract, target, lambda _secret, _name: None)
    except (NotApplicable, MissingAccount):
        return case.repeat + between
    # Each request that names an account and is not let in counts against it: after so many in a row a
    # right login has to come.
    is_real = any(name in REAL_ACCOUNTS for name in guard.named(request))
    answer = rehearsal.send(request).answer
    lets_in = answer is not None and _code(answer.body) == contract.codes.issued
    guarded = 1 / target.limits.wrong_passwords_in_a_row if is_real and not lets_in else 0.0
    return case.repeat * (1 + guarded) + between


def _code(body: bytes) -> str | None:
    try:
        code = json.loads(body)["header"]["result_code"]
    except (ValueError, LookupError, TypeError):
        return None
    return code if isinstance(code, str) else None


def candidates(contract: Contract, found: Measured, target: Target) -> list[Candidate]:
    """Return the cases beside the plain right logins as the cover sees them."""
    showing: dict[str, set[str]] = {name: set() for name in contract.cases}
    for server, cases in found.shown.items():
        for name in cases & showing.keys():
            showing[name].add(server)
    requests = costs(contract, target)
    return [
        Candidate(case.id, requests[case.id], frozenset(showing[case.id]), _kinds(contract, case))
        for case in contract.cases.values()
        if not case.is_plain_right_login
    ]


def _kinds(contract: Contract, case: Case) -> frozenset[str]:
    """Return what a case is like: its clause, its clause and situation, how its name begins."""
    names = case.shares or (case.id,)
    begins = {"-".join(name.split("-")[:2]) for name in names}
    clauses = {contract.cases[name].clause for name in names} | {case.clause}
    return frozenset({*clauses, *begins, *(f"{one} {case.situation}" for one in clauses)})


def places_of(
    contract: Contract, found: Measured, target: Target, servers: Collection[str] | None = None
) -> list[Place]:
    """Return the order of the cases, made by these servers or by all."""
    chosen = found.weights.keys() if servers is None else servers
    return _after_what_they_hang_on(
        contract,
        cover(
            candidates(contract, found, target),
            {name: found.weights[name] for name in sorted(chosen)},
            first=needed_to_judge(contract, list(contract.cases.values())),
            shown=found.at_once,
        ),
    )


def _after_what_they_hang_on(contract: Contract, places: Sequence[Place]) -> list[Place]:
    """Return the order with each case directly after the one that it hangs on, where that comes later.

    The first cases of an order are what is sent under a limit.
    """
    hanging: dict[str, list[Place]] = {}
    ordered: list[Place] = []
    done = {case.id for case in contract.cases.values() if case.is_plain_right_login}
    for place in places:
        before = case_before(contract.cases[place.candidate.name])
        if before is not None and before not in done:
            hanging.setdefault(before, []).append(place)
            continue
        row = [place]
        while row:
            one = row.pop(0)
            ordered.append(one)
            done.add(one.candidate.name)
            row[:0] = hanging.pop(one.candidate.name, [])
    return ordered


def smoke_size(contract: Contract, names: Sequence[str], target: Target) -> int:
    """Return how many of the first cases of an order smoke has room for."""
    most = SMOKE_REQUESTS - kept_for_findings(SMOKE_REQUESTS)
    plain = sum(contract.cases[name].is_plain_right_login for name in names)

    def count(number: int) -> int:
        part = Fitting(frozenset(names[:number]), is_sparing=True)
        return requests_of(contract, target, part, Rehearsal)

    return most_that_fit(most, plain, len(names), count)


def document(contract: Contract, matrix: Matrix, faults: Mapping[str, Fault]) -> dict[str, Any]:
    """Return the order as the data of its file."""
    found, target = measured(contract, matrix, faults), trial_target()
    places = places_of(contract, found, target)
    plain = [case.id for case in contract.cases.values() if case.is_plain_right_login]
    needed = needed_to_judge(contract, list(contract.cases.values()))
    logins = Counter(found.at_once)
    rows = [
        {
            "case": name,
            "requests": 1.0,
            "shows": len(logins),
            "reason": "Every run begins with it, and everything builds on it.",
        }
        for name in plain
    ]
    rows += [
        {
            "case": place.candidate.name,
            "requests": round(place.candidate.requests, 2),
            "shows": len(place.candidate.shows),
            "reason": _reason(contract, place, place.candidate.name in needed, faults),
        }
        for place in places
    ]
    names = [str(row["case"]) for row in rows]
    return {"comment": _MARK, "smoke": smoke_size(contract, names, target), "cases": rows}


def _reason(contract: Contract, place: Place, is_needed: bool, faults: Mapping[str, Fault]) -> str:
    case = contract.cases[place.candidate.name]
    parts = [f"{case.clause} is not judged without it or its like."] if is_needed else []
    if place.new:
        example = f"{place.example} ({faults[place.example].clauses[0]})"
        more = f", such as {example}" if place.new > 1 else f": {example}"
        servers = "server" if place.new == 1 else "servers"
        parts.append(f"The first to show {place.new} known-bad {servers}{more}.")
    elif place.candidate.shows:
        parts.append("It shows only what earlier ones show, too.")
    elif case.shares:
        parts.append(f"It was not measured yet, and holds what {len(case.shares)} cases hold.")
    else:
        parts.append("It shows no known-bad server.")
    return " ".join(parts)


def stored(value: Mapping[str, Any]) -> str:
    """Return an order as the text of its file, a line for each case."""
    return "".join(_lines(value))


def _lines(value: Mapping[str, Any]) -> Iterator[str]:
    yield "{\n"
    for name in ("comment", "smoke"):
        yield f" {json.dumps(name)}: {json.dumps(value[name], ensure_ascii=False)},\n"
    rows = [f"  {json.dumps(row, ensure_ascii=False)}" for row in value["cases"]]
    yield ' "cases": [\n' + ",\n".join(rows) + "\n ]\n}\n"


def main() -> int:
    """Make the order of the login's cases anew from the matrix."""
    root = resources.data_root()
    contract = contract_check.load()
    path = resources.contracts() / contract.operation.id / ORDER_NAME
    try:
        matrix = read(root / MATRIX)
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 1
    value = document(contract, matrix, FAULTS)
    write_text(path, stored(value))
    print(
        f"{path.relative_to(root)}: {len(value['cases'])} cases, {value['smoke']} of them for smoke"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
