"""The exit status of a run: one meaning for each number."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from ..contract.model import Contract
from ..i18n.errors import ConfigurationError
from ..i18n.message import say
from ..i18n.near_names import near_names
from .model import BUILDS_ON_UNJUDGED, BUILDS_ON_WAIVED, LEFT_BY_DEPTH, Verdict

EXIT_CONFORMS = 0
EXIT_FAILS = 1
EXIT_INTERRUPTED = 2
EXIT_INTERNAL = 3
EXIT_CONFIGURATION = 4
EXIT_NOTHING_RAN = 5
EXIT_COULD_NOT_JUDGE = 6
EXIT_WAIVERS = 7

# `--fail-on uncovered`: a documented code never came; `uncovered:95`: this one never did.
UNCOVERED = "uncovered"


def exit_status(
    verdicts: Sequence[Verdict],
    fail_on: frozenset[str] = frozenset(),
    *,
    interrupted: bool = False,
    internal_error: bool = False,
    gone: bool = False,
    turned_away: bool = False,
    uncovered: bool = False,
    stale_waivers: bool = False,
) -> int:
    """Return the exit status of a run, the first that applies.

    `fail_on` holds ``advisory``, ``not-judged``, clause ids or what `uncovered_codes` reads; a named
    clause fails the run with any verdict but *holds*, *observed* and *waived*.  What a loopback target
    never needs fails no run.
    `turned_away` says that something before the target turned right logins away: then nothing but a must
    clause that failed before says anything of the target.  `uncovered` says that a code which
    `fail_on` asks for never came, which says something of a run that came to its end only.
    `stale_waivers` says that a waiver is to be removed or renewed.
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
    if failing_run(verdicts, fail_on):
        return EXIT_FAILS
    could_not = any(one.verdict == "could-not-judge" and one.level == "must" for one in verdicts)
    if gone or could_not:
        return EXIT_COULD_NOT_JUDGE
    if uncovered:
        return EXIT_FAILS
    if stale_waivers:
        return EXIT_WAIVERS
    if not any(one.exchanges for one in verdicts):
        return EXIT_NOTHING_RAN
    return EXIT_CONFORMS


# A loopback target needs no https (SEC-5), so that nothing the settings lost is behind it.
_NEVER_ASKED = "not-needed-on-loopback"


def failing_run(verdicts: Sequence[Verdict], fail_on: frozenset[str]) -> list[str]:
    """Return the clauses whose verdict fails the run.

    What is not judged since the depth left it out, or what it builds on, fails none.
    """
    by_depth = {
        one.clause for one in verdicts if one.reason is not None and one.reason.key == LEFT_BY_DEPTH
    }
    while more := {one.clause for one in verdicts if _builds_on(one, by_depth)} - by_depth:
        by_depth |= more
    left_out = fail_on - {"not-judged"}
    return [
        one.clause
        for one in verdicts
        if _fails_run(one, left_out if one.clause in by_depth else fail_on)
    ]


def check_fail_on(wanted: Collection[str], contract: Contract, typed: Collection[str] = ()) -> None:
    """Raise `ConfigurationError` where a run is to fail on what there is not.

    What was `typed` has to be judged by this run; a target says it for runs and for load.
    """
    of_codes = [f"{UNCOVERED}:{code}" for code in contract.documented_texts]
    known = ["advisory", "not-judged", UNCOVERED, *of_codes, *contract.known_clauses]
    for what in wanted:
        if what not in known:
            raise ConfigurationError(
                say("config-fail-on", what=what, names=near_names(what, known))
            )
        if what in typed and what in contract.load_clauses and not contract.is_of_load:
            raise ConfigurationError(say("config-fail-on-load", what=what))


def uncovered_codes(fail_on: Collection[str], came: Mapping[str, int]) -> list[str]:
    """Return the documented codes that never came although `fail_on` asks for them."""
    return [
        code
        for code, count in came.items()
        if not count and (UNCOVERED in fail_on or f"{UNCOVERED}:{code}" in fail_on)
    ]


def _builds_on(verdict: Verdict, clauses: Collection[str]) -> bool:
    reason = verdict.reason
    if reason is None or reason.key != BUILDS_ON_UNJUDGED:
        return False
    return dict(reason.words).get("clause") in clauses


def _fails_run(verdict: Verdict, fail_on: frozenset[str]) -> bool:
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
