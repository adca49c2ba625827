"""What judging comes to: deviations, findings, verdicts, and the exit status of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

VerdictWord = Literal[
    "holds", "fails", "advisory", "waived", "not-judged", "could-not-judge", "observed"
]


@dataclass(frozen=True)
class Message:
    """A text of the catalogue by its key, with the words to fill in; rendered in the chosen language."""

    key: str
    words: tuple[tuple[str, str], ...] = ()


def say(key: str, **words: object) -> Message:
    """Return the message `key` of the catalogue with `words` filled in."""
    return Message(key, tuple((name, str(word)) for name, word in words.items()))


@dataclass(frozen=True)
class Waiver:
    """A deviation that is known and borne with for a time: of a clause, of a case, or of both together.

    `until` is the last day on which it waives.  `may_hold` says that the deviation comes and goes;
    `send` is False for a case that harms the target and is left out.  `place` is file and line.
    """

    reason: str
    owner: str
    ticket: str
    until: date
    clause: str = ""
    case: str = ""
    may_hold: bool = False
    send: bool = True
    place: str = ""

    @property
    def about(self) -> str:
        """Return what is waived: a clause, a case, or a case under a clause."""
        return " ".join(one for one in (self.clause, self.case) if one)


@dataclass(frozen=True)
class Deviation:
    """What one exchange did otherwise: where, what was expected, what came.

    Deviations of one clause with the same place and `group` (by default: the same expectation and
    answer) are one finding.
    """

    expected: Message
    got: Message
    pointer: str = ""
    group: str = ""

    @property
    def likeness(self) -> tuple[object, ...]:
        """Return what makes two deviations the same finding."""
        return (self.pointer, self.group or (self.expected, self.got))


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


@dataclass(frozen=True)
class Verdict:
    """What a clause comes to for this target.

    `left_out` says by case why the clause was not judged by it.  `waiver` is set where the whole verdict
    is *waived*; `blocks` says that what builds on the clause is not judged although it is waived, since
    it does not hold; `carries` that it is judged although the clause fails.
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


# The reason of a clause that is not judged, since what it builds on is waived: it fails no run.
BUILDS_ON_WAIVED = "builds-on-waived"

# The reason of a clause at which the suite itself met an error: such a run ends with 3.
BROKE_DOWN = "reason-broke-down"

EXIT_CONFORMS = 0
EXIT_FAILS = 1
EXIT_INTERRUPTED = 2
EXIT_INTERNAL = 3
EXIT_CONFIGURATION = 4
EXIT_NOTHING_RAN = 5
EXIT_COULD_NOT_JUDGE = 6
EXIT_WAIVERS = 7


def exit_status(
    verdicts: Sequence[Verdict],
    fail_on: frozenset[str] = frozenset(),
    *,
    interrupted: bool = False,
    internal_error: bool = False,
    gone: bool = False,
    turned_away: bool = False,
    stale_waivers: bool = False,
) -> int:
    """Return the exit status of a run, the first that applies.

    `fail_on` holds ``advisory``, ``not-judged`` or clause ids; a named clause fails the run with any
    verdict but *holds*, *observed* and *waived*.  What a loopback target never needs fails no run.
    `turned_away` says that something before the target turned right logins away: then nothing but a must
    clause that failed before says anything of the target.  `stale_waivers` says that a waiver is to be
    removed or renewed.
    """
    if internal_error:
        return EXIT_INTERNAL
    if interrupted:
        return EXIT_INTERRUPTED
    if any(one.verdict == "fails" for one in verdicts):
        return EXIT_FAILS
    # "A gateway that turns right logins away is always 6, or 1 where an earlier must clause failed."
    if turned_away:
        return EXIT_COULD_NOT_JUDGE
    if any(fails_run(verdict, fail_on) for verdict in verdicts):
        return EXIT_FAILS
    could_not = any(one.verdict == "could-not-judge" and one.level == "must" for one in verdicts)
    if gone or could_not:
        return EXIT_COULD_NOT_JUDGE
    if stale_waivers:
        return EXIT_WAIVERS
    if not any(one.exchanges for one in verdicts):
        return EXIT_NOTHING_RAN
    return EXIT_CONFORMS


# A loopback target needs no https (SEC-5), so that nothing the settings lost is behind it.
_NEVER_ASKED = "not-needed-on-loopback"


def is_broken_down(verdict: Verdict) -> bool:
    """Tell whether the suite itself met an error at a clause."""
    return verdict.reason is not None and verdict.reason.key == BROKE_DOWN


def fails_run(verdict: Verdict, fail_on: frozenset[str]) -> bool:
    """Tell whether a verdict fails the run, by itself or since `fail_on` names it."""
    if verdict.verdict == "fails":
        return True
    if verdict.reason is not None and verdict.reason.key == _NEVER_ASKED:
        return False
    excused = verdict.reason is not None and verdict.reason.key == BUILDS_ON_WAIVED
    if not excused and verdict.verdict in fail_on & {"advisory", "not-judged"}:
        return True
    return verdict.clause in fail_on and verdict.verdict in (
        "advisory",
        "not-judged",
        "could-not-judge",
    )
