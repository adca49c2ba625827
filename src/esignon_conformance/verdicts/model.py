"""What judging comes to: deviations, findings, verdicts, and the exit status of a run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..contract.waiver import Waiver
from ..i18n.message import Message

VerdictWord = Literal[
    "holds", "fails", "advisory", "waived", "not-judged", "could-not-judge", "observed"
]


@dataclass(frozen=True)
class Finding:
    """A deviation with all exchanges that show it; `case` is the first case, `cases` are all of them.

    `unstable` says that what fuzzing found did not show when it was sent again.  What deviates alike
    under a waiver and under none are two findings.
    """

    case: str
    cases: tuple[str, ...]
    pointer: str
    expected: Message
    got: Message
    exchanges: tuple[str, ...]
    unstable: bool = False
    waiver: Waiver | None = None
    # How many exchanges show it beside those named: of recorded traffic only some are kept.
    more: int = 0

    @property
    def count(self) -> int:
        """Return how many exchanges show it."""
        return len(self.exchanges) + self.more


@dataclass(frozen=True)
class Verdict:
    """What a clause comes to for this target.

    `left_out` says by case why the clause was not judged by it.  `waiver` is set where the whole verdict
    is *waived*; `blocks` says that what builds on the clause is not judged although it is waived, since
    it does not hold; `carries` that it is judged although the clause fails.  Of recorded
    traffic `without_outcome` is how many requests it was not judged by, since they came to nothing.
    """

    clause: str
    level: str
    verdict: VerdictWord
    reason: Message | None = None
    findings: tuple[Finding, ...] = ()
    cases: tuple[str, ...] = ()
    exchanges: int = 0
    left_out: Mapping[str, Message] = field(default_factory=dict)
    observed: Mapping[str, Any] = field(default_factory=dict)
    waiver: Waiver | None = None
    blocks: bool = False
    carries: bool = False
    without_outcome: int = 0


# The reason of a clause that is not judged, since what it builds on is waived: it fails no run.
BUILDS_ON_WAIVED = "builds-on-waived"

# The reasons of a clause that is not judged, since no answer, or none of a kind, passed what it sees.
NOTHING_LEFT = frozenset({"nothing-left", "nothing-shows", "no-success-left", "no-refusal-left"})

# The reason of a clause that is not judged, since what it builds on is not.
BUILDS_ON_UNJUDGED = "builds-on-unjudged"

# The reason of a clause that is not judged, since the depth of the run leaves out what it needs.
LEFT_BY_DEPTH = "reason-depth"

# The reason of a clause at which the suite itself met an error: such a run ends with 3.
BROKE_DOWN = "reason-broke-down"


def is_broken_down(verdict: Verdict) -> bool:
    """Tell whether the suite itself met an error at a clause."""
    return verdict.reason is not None and verdict.reason.key == BROKE_DOWN
