"""What the proof comes to: which faults were found, advised of and named, which liberties blamed."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, TypeAlias

from ...verdicts.exit_status import EXIT_COULD_NOT_JUDGE

# A fault breaks a must clause, an advisory a should clause, and a liberty none.
Kind: TypeAlias = Literal["fault", "advisory", "liberty"]
# Known-good servers that may end with exit status 6, each with its reason.
MAY_BE_UNJUDGED = {
    "limit-with-envelope": "It limits every 300th request, however slowly that comes, and so perhaps an "
    "essential wrong password, which is never sent a second time.",
}
MOST_FAILED_CLAUSES = 3
LEAST_NAMED = 0.95


@dataclass(frozen=True)
class Shown:
    """What a clause that failed or was advised of rests on: the first case that shows it, what came."""

    clause: str
    case: str
    got: str


@dataclass(frozen=True)
class Result:
    """What the suite made of one server.

    `clauses` are those that may be named, none for a liberty; `shown` has an entry for each finding,
    and `cases` names by clause every case that showed one.
    `problem` says why there is no verdict: the suite broke down or found no end.
    """

    name: str
    kind: Kind
    docstring: str
    clauses: tuple[str, ...] = ()
    least_depth: str = "quick"
    failed: tuple[str, ...] = ()
    advised: tuple[str, ...] = ()
    not_judged: tuple[str, ...] = ()
    exit_status: int = 0
    shown: tuple[Shown, ...] = ()
    cases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    requests: int = 0
    seconds: float = 0.0
    problem: str = ""

    @property
    def told(self) -> tuple[str, ...]:
        """Return the clauses of its level that the run named: failed ones, or those advised of."""
        return self.advised if self.kind == "advisory" else self.failed

    @property
    def found(self) -> bool:
        """Tell whether the server fails, or is advised of where it breaks a should clause."""
        return bool(self.told)

    @property
    def named(self) -> bool:
        """Tell whether one of the clauses that may be named is among those that were."""
        return bool(set(self.clauses) & set(self.told))

    @property
    def blamed(self) -> bool:
        """Tell whether a server that breaks no must clause was said to break one, or had no verdict."""
        stopped = self.exit_status != 0 and not self.unjudgeable
        return self.kind != "fault" and (stopped or bool(self.problem))

    @property
    def is_right(self) -> bool:
        """Tell whether the suite made of this server just what it should."""
        if self.kind == "liberty":
            return not self.blamed
        return self.named and len(self.told) <= MOST_FAILED_CLAUSES and not self.blamed

    @property
    def unjudgeable(self) -> bool:
        """Tell whether a server that is right could not be judged in full, for a reason that is known."""
        return self.name in MAY_BE_UNJUDGED and self.exit_status == EXIT_COULD_NOT_JUDGE


@dataclass(frozen=True)
class Score:
    """The results of a proof, in the order of the registries, and how long it all took.

    A fault that this depth cannot find by design is listed and does not count.
    """

    results: tuple[Result, ...]
    depth: str
    seconds: float
    jobs: int = 1
    faults: tuple[Result, ...] = field(init=False)
    advisories: tuple[Result, ...] = field(init=False)
    liberties: tuple[Result, ...] = field(init=False)

    def __post_init__(self) -> None:
        # Smoke seeks what quick does, with fewer requests.
        every = ("smoke", "quick", "standard", "deep")
        depths = every[: max(every.index("quick"), every.index(self.depth)) + 1]
        counted = [one for one in self.results if one.least_depth in depths]
        faults = tuple(one for one in counted if one.kind == "fault")
        object.__setattr__(self, "faults", faults)
        advisories = tuple(one for one in counted if one.kind == "advisory")
        object.__setattr__(self, "advisories", advisories)
        liberties = tuple(one for one in self.results if one.kind == "liberty")
        object.__setattr__(self, "liberties", liberties)

    @property
    def missed(self) -> tuple[Result, ...]:
        """Return the faults that nothing failed for, and those of a should that nothing was said of."""
        return tuple(one for one in (*self.faults, *self.advisories) if not one.found)

    @property
    def misnamed(self) -> tuple[Result, ...]:
        """Return the faults that were found, under another clause."""
        known_bad = (*self.faults, *self.advisories)
        return tuple(one for one in known_bad if one.found and not one.named)

    @property
    def blamed(self) -> tuple[Result, ...]:
        """Return the liberties, and the servers that only a should clause speaks of, that did not pass."""
        return tuple(one for one in (*self.advisories, *self.liberties) if one.blamed)

    @property
    def spread(self) -> tuple[Result, ...]:
        """Return the faults for which more clauses were named than one fault may cost."""
        known_bad = (*self.faults, *self.advisories)
        return tuple(one for one in known_bad if len(one.told) > MOST_FAILED_CLAUSES)

    @property
    def named(self) -> int:
        """Return for how many faults the right clause was named."""
        return sum(one.named for one in self.faults)

    @property
    def failed_clauses(self) -> tuple[float, int]:
        """Return how many clauses failed for a fault that was found: the median and the most."""
        counts = [len(one.failed) for one in self.faults if one.found]
        return (statistics.median(counts), max(counts)) if counts else (0, 0)

    @property
    def passes(self) -> bool:
        """Tell whether all faults were found, nearly all named, none spread, and nobody blamed."""
        enough = all(
            sum(one.named for one in known_bad) >= LEAST_NAMED * len(known_bad)
            for known_bad in (self.faults, self.advisories)
        )
        return enough and not (self.missed or self.blamed or self.spread)

    def as_json(self) -> dict[str, Any]:
        """Return the score as plain data."""
        median, most = self.failed_clauses
        return {
            "depth": self.depth,
            "passes": self.passes,
            "faults": {"all": len(self.faults), "found": sum(one.found for one in self.faults)},
            "named": self.named,
            "failed_clauses": {"median": median, "most": most},
            "should_faults": {
                "all": len(self.advisories),
                "advised": sum(one.found for one in self.advisories),
                "named": sum(one.named for one in self.advisories),
                "blamed": sum(one.blamed for one in self.advisories),
            },
            "liberties": {
                "all": len(self.liberties),
                "blamed": sum(one.blamed for one in self.liberties),
            },
            "requests": sum(one.requests for one in self.results),
            "seconds": round(self.seconds, 1),
            "jobs": self.jobs,
            "results": [_row(one) for one in self.results],
        }


def _row(result: Result) -> dict[str, Any]:
    # The cases are the matrix's: hundreds a server.
    return {name: value for name, value in asdict(result).items() if name != "cases"}


def lines(score: Score) -> Iterator[str]:
    """Yield the score in lines, then a line for each server that spoils it."""
    found, (median, most) = sum(one.found for one in score.faults), score.failed_clauses
    yield f"faults found                   {found} / {len(score.faults)}"
    yield f"right clause named             {score.named} / {len(score.faults)}"
    yield f"failed clauses per fault       median {median:g}, worst {most}"
    advised = sum(one.found for one in score.advisories)
    yield f"should faults advised of       {advised} / {len(score.advisories)}"
    named = sum(one.named for one in score.advisories)
    yield f"right clause named             {named} / {len(score.advisories)}"
    blamed = sum(one.blamed for one in score.advisories)
    yield f"must clause failed             {blamed} / {len(score.advisories)}"
    blamed = sum(one.blamed for one in score.liberties)
    yield f"liberties blamed               {blamed} / {len(score.liberties)}"
    yield from (f"could not be judged: {line(one)}" for one in score.liberties if one.unjudgeable)
    requests = sum(one.requests for one in score.results)
    yield f"requests                       {requests} in {score.seconds:.0f} s, {score.jobs} jobs"
    rows = (("missed", score.missed), ("wrong clause", score.misnamed), ("spread", score.spread))
    for word, results in (*rows, ("blamed", score.blamed)):
        for one in results:
            yield f"{word}: {line(one)}"
    counted = (*score.faults, *score.advisories, *score.liberties)
    left_out = [one for one in score.results if one not in counted]
    for one in left_out:
        yield f"not sought at {score.depth} depth by design: {line(one)}"


def line(result: Result) -> str:
    """Return what the suite made of one server in one line."""
    text = f"{result.name} ({result.docstring})"
    if result.clauses:
        text += f" expected {' or '.join(result.clauses)},"
    if result.problem:
        return f"{text} no verdict: {result.problem}"
    shown = "; ".join(f"{one.clause} by {one.case}: {one.got}" for one in result.shown[:4])
    text += f" failed {', '.join(result.failed) or 'none'}"
    if result.kind == "advisory":
        text += f", advised of {', '.join(result.advised) or 'none'}"
    return text + (f" [{shown}]" if shown else "")
