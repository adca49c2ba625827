"""What the proof comes to: which faults were found and named, which liberties were blamed."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

MOST_FAILED_CLAUSES = 3
LEAST_NAMED = 0.95


@dataclass(frozen=True)
class Shown:
    """What a failed clause rests on: the first case that shows it, and what came."""

    clause: str
    case: str
    got: str


@dataclass(frozen=True)
class Result:
    """What the suite made of one server.

    `clauses` are those that may be named, none for a liberty; `shown` has an entry for each finding.
    `problem` says why there is no verdict: the suite broke down or found no end.
    """

    name: str
    kind: Literal["fault", "liberty"]
    docstring: str
    clauses: tuple[str, ...] = ()
    least_depth: str = "quick"
    failed: tuple[str, ...] = ()
    not_judged: tuple[str, ...] = ()
    exit_status: int = 0
    shown: tuple[Shown, ...] = ()
    requests: int = 0
    seconds: float = 0.0
    problem: str = ""

    @property
    def found(self) -> bool:
        """Tell whether the server fails."""
        return bool(self.failed)

    @property
    def named(self) -> bool:
        """Tell whether one of the clauses that may be named is among those that failed."""
        return bool(set(self.clauses) & set(self.failed))

    @property
    def blamed(self) -> bool:
        """Tell whether a server that is right did not pass."""
        return self.kind == "liberty" and (self.exit_status != 0 or bool(self.problem))


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
    liberties: tuple[Result, ...] = field(init=False)

    def __post_init__(self) -> None:
        depths = ("quick", "standard", "deep")[
            : ("quick", "standard", "deep").index(self.depth) + 1
        ]
        counted = [one for one in self.results if one.least_depth in depths]
        faults = tuple(one for one in counted if one.kind == "fault")
        object.__setattr__(self, "faults", faults)
        liberties = tuple(one for one in self.results if one.kind == "liberty")
        object.__setattr__(self, "liberties", liberties)

    @property
    def missed(self) -> tuple[Result, ...]:
        """Return the faults that nothing failed for."""
        return tuple(one for one in self.faults if not one.found)

    @property
    def misnamed(self) -> tuple[Result, ...]:
        """Return the faults that were found, under another clause."""
        return tuple(one for one in self.faults if one.found and not one.named)

    @property
    def blamed(self) -> tuple[Result, ...]:
        """Return the liberties that did not pass."""
        return tuple(one for one in self.liberties if one.blamed)

    @property
    def spread(self) -> tuple[Result, ...]:
        """Return the faults for which more clauses failed than one fault may cost."""
        return tuple(one for one in self.faults if len(one.failed) > MOST_FAILED_CLAUSES)

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
        enough = self.named >= LEAST_NAMED * len(self.faults)
        return enough and not (self.missed or self.blamed or self.spread)

    def as_json(self) -> dict[str, Any]:
        """Return the score as plain data."""
        median, most = self.failed_clauses
        return {
            "depth": self.depth,
            "passes": self.passes,
            "faults": {"all": len(self.faults), "found": len(self.faults) - len(self.missed)},
            "named": self.named,
            "failed_clauses": {"median": median, "most": most},
            "liberties": {"all": len(self.liberties), "blamed": len(self.blamed)},
            "requests": sum(one.requests for one in self.results),
            "seconds": round(self.seconds, 1),
            "jobs": self.jobs,
            "results": [asdict(one) for one in self.results],
        }


def lines(score: Score) -> Iterator[str]:
    """Yield the score in lines, then a line for each server that spoils it."""
    found, (median, most) = len(score.faults) - len(score.missed), score.failed_clauses
    yield f"faults found                   {found} / {len(score.faults)}"
    yield f"right clause named             {score.named} / {len(score.faults)}"
    yield f"failed clauses per fault       median {median:g}, worst {most}"
    yield f"liberties blamed               {len(score.blamed)} / {len(score.liberties)}"
    requests = sum(one.requests for one in score.results)
    yield f"requests                       {requests} in {score.seconds:.0f} s, {score.jobs} jobs"
    rows = (("missed", score.missed), ("wrong clause", score.misnamed), ("spread", score.spread))
    for word, results in (*rows, ("blamed", score.blamed)):
        for one in results:
            yield f"{word}: {line(one)}"
    left_out = [one for one in score.results if one.kind == "fault" and one not in score.faults]
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
    return f"{text} failed {', '.join(result.failed) or 'none'}" + (f" [{shown}]" if shown else "")
