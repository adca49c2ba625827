"""What the order of the cases is worth: made by one half of the known-bad servers, scored on the other.

`python -m esignon_conformance.tools.proof.order_score` prints the figures and draws `docs/requests.svg`.
Nothing is sent: whom a case shows is what the matrix says.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

from ... import resources
from ...contract.model import Contract
from ...contract.sending_order import SendingOrder
from ...files import write_text
from ...runner.requests import contract_check
from ...runner.schedule.dry_run import requests_of
from ...runner.schedule.selection import Fitting, by_telling
from ...runner.schedule.sparing import kept_for_findings
from ..reference.faults import FAULTS, Fault
from ..reference.rehearsal import Rehearsal
from .case_order import Measured, candidates, measured, places_of, trial_target
from .greedy_cover import cover
from .matrix import MATRIX, read
from .requests_picture import Curve, Point, picture

PICTURE = Path("docs") / "requests.svg"
TOLD_AT = (50, 100, 150, 250, 400, 600)
_MOST = 600
_STEPS = 12
# What issue 18 measured on 108 faulty servers that this project has not seen, before the order was made.
_ELSEWHERE = (
    Point("schemathesis and two hand-written checks", 129, 78 / 108),
    Point("this suite before the order was measured", 147, 91 / 108),
    Point("", 400, 94 / 108),
)


@dataclass(frozen=True)
class Series:
    """By number of requests, which part of so many servers an order finds."""

    name: str
    servers: int
    found: Mapping[int, float]


def halves(faults: Mapping[str, Fault], names: Collection[str]) -> tuple[list[str], list[str]]:
    """Return two halves of known-bad servers with as many of each clause in either."""
    known = sorted(names, key=lambda name: (faults[name].clauses[0], name))
    return known[::2], known[1::2]


def sizes(
    contract: Contract, names: Sequence[str], count: Callable[[Sequence[str]], int]
) -> Callable[[int], int]:
    """Return what says how many of the first cases so many requests suffice for.

    What the first cases come to is counted for some numbers of them, and lies evenly between.
    """
    plain = sum(contract.cases[name].is_plain_right_login for name in names)
    numbers = sorted({plain + (len(names) - plain) * step // _STEPS for step in range(_STEPS + 1)})
    counted = [(number, count(names[:number])) for number in numbers]

    def size(requests: int) -> int:
        most = requests - kept_for_findings(requests)
        for (few, least), (many, greatest) in pairwise(counted):
            if least <= most < greatest:
                return few + (many - few) * (most - least) // (greatest - least)
        return len(names) if most >= counted[-1][1] else 0

    return size


def found_by(
    names: Sequence[str], found: Measured, servers: Collection[str], size: Callable[[int], int]
) -> dict[int, float]:
    """Return by number of requests which part of the servers the first cases of an order show."""
    rank = {name: place for place, name in enumerate(names)}
    never = len(names)
    # The place of the first case that shows a server.
    first = [
        0 if one in found.at_once else min((rank[case] for case in found.shown[one]), default=never)
        for one in servers
    ]
    sent = {step: size(step) for step in range(10, _MOST + 1, 10)}
    return {step: sum(at < many for at in first) / len(first) for step, many in sent.items()}


def series(contract: Contract, found: Measured, faults: Mapping[str, Fault]) -> Iterator[Series]:
    """Yield the curves: the order scored on the other half, the bound of a cover, and the order before."""
    target = trial_target()
    plain = [case.id for case in contract.cases.values() if case.is_plain_right_login]
    musts = [name for name in found.weights if faults[name].level == "must"]

    def count(names: Sequence[str]) -> int:
        return requests_of(contract, target, Fitting(frozenset(names), is_sparing=True), Rehearsal)

    def order(servers: Collection[str]) -> list[str]:
        places = places_of(contract, found, target, servers)
        return [*plain, *(one.candidate.name for one in places)]

    size = sizes(contract, order(found.weights), count)
    several = [name for name in musts if name in found.at_once or len(found.shown[name]) > 1]
    one, other = halves(faults, list(found.weights))
    # Each half, and the order that the other one makes.
    scored_by = [(half, order(made_by)) for half, made_by in ((one, other), (other, one))]
    for name, servers in (
        ("order made by the other half", musts),
        ("the same, servers that two cases show", several),
    ):
        parts = [([each for each in servers if each in half], names) for half, names in scored_by]
        found_in = [found_by(names, found, part, size) for part, names in parts]
        yield Series(name, len(servers), _mean(found_in, [len(part) for part, _ in parts]))
    bounds = [
        found_by([*plain, *_best(contract, found, part)], found, part, size)
        for half in (one, other)
        if (part := [each for each in half if each in musts])
    ]
    yield Series(
        "greedy cover of the scored half itself", len(musts), _mean(bounds, [1] * len(bounds))
    )
    yield Series(
        "order made by all, scored on all",
        len(musts),
        found_by(order(found.weights), found, musts, size),
    )
    unmeasured = [case.id for case in by_telling(_without_order(contract), contract.cases.values())]
    yield Series(
        "order by kind, nothing measured",
        len(musts),
        found_by(unmeasured, found, musts, sizes(contract, unmeasured, count)),
    )


def _best(contract: Contract, found: Measured, servers: Collection[str]) -> list[str]:
    weights = dict.fromkeys(sorted(servers), 1.0)
    cases = [
        one for one in candidates(contract, found, trial_target()) if one.shows & weights.keys()
    ]
    return [place.candidate.name for place in cover(cases, weights, shown=found.at_once)]


def _without_order(contract: Contract) -> Contract:
    return replace(contract, order=SendingOrder())


def _mean(found: Sequence[Mapping[int, float]], weights: Sequence[int]) -> dict[int, float]:
    rows = list(zip(found, weights, strict=True))
    return {
        step: sum(one[step] * weight for one, weight in rows) / sum(weights) for step in found[0]
    }


def lines(curves: Sequence[Series]) -> Iterator[str]:
    """Yield the figures as a table."""
    widest = max(len(one.name) for one in curves)
    yield f"{'requests':{widest}}  servers" + "".join(f"{step:>8}" for step in TOLD_AT)
    for one in curves:
        cells = "".join(f"{100 * one.found[step]:7.1f}%" for step in TOLD_AT)
        yield f"{one.name:{widest}}  {one.servers:7}{cells}"


def main() -> int:
    """Print the figures and draw the picture."""
    root, contract = resources.data_root(), contract_check.load()
    found = measured(contract, read(root / MATRIX), FAULTS)
    curves = list(series(contract, found, FAULTS))
    print("\n".join(lines(curves)))
    drawn = [Curve(f"{one.name} ({one.servers} servers)", one.found) for one in curves]
    write_text(root / PICTURE, picture(drawn, _ELSEWHERE))
    print(f"written: {PICTURE}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
