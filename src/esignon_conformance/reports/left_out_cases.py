"""Which clauses hold by some of their cases, and which cases were left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..contract.skip_reason import BY_LIMITS
from ..i18n.catalogue import render, word
from ..i18n.language import Language
from ..i18n.message import Message
from ..i18n.near_names import first_names
from ..runner.run import Run
from ..verdicts.model import Verdict

# So many cases are named in a line.
_MOST_NAMED = 6
# So many clauses that a limit has left cases out of have a line of their own.
_MOST_PARTS = 3


def lines_of_part(run: Run, language: Language) -> Iterator[str]:
    """Yield the clauses that hold by some of their cases, and which were left out, one text a reason.

    Of many clauses that one limit leaves cases out of, one text says by how many each holds: twenty lines
    of names would hide what else stands there.
    """
    # "A clause that holds names the cases that were left out (by a limit, a waiver, by what they build
    # on)."  The statement does so in any case.
    by_limit: dict[str, list[str]] = {}
    texts = []
    for verdict in run.verdicts:
        if verdict.verdict != "holds" or not verdict.left_out:
            continue
        own = [case for case in run.contract.cases_of(verdict.clause) if not case.is_drawn]
        meant = [case for case in own if _was_meant(run, case.id)]
        judged = len(meant) - len(verdict.left_out)
        counted = word("part-of-cases", language, judged=judged, all=len(meant))
        limits = {render(one, language) for one in verdict.left_out.values() if _is_limit(one)}
        for reason, cases in cases_by_reason(verdict, language).items():
            texts.append(
                (reason, f"{verdict.clause}: {counted} · {reason}: {first_of(cases, language)}")
            )
            if reason in limits:
                words = {"clause": verdict.clause, "judged": judged, "all": len(meant)}
                by_limit.setdefault(reason, []).append(word("part-of-clause", language, **words))
    many = {one: clauses for one, clauses in by_limit.items() if len(clauses) > _MOST_PARTS}
    yield from (text for reason, text in texts if reason not in many)
    for reason, clauses in many.items():
        words = {"count": len(clauses), "clauses": ", ".join(clauses)}
        yield word("part-by-limit", language, reason=reason, **words)


def _is_limit(reason: Message) -> bool:
    return reason.key.removeprefix("reason-") in BY_LIMITS


def first_of(names: Sequence[str], language: Language) -> str:
    """Return the first of many names, and how many there are beside them."""
    return render(first_names(names, _MOST_NAMED), language)


def _was_meant(run: Run, case_id: str) -> bool:
    reason = run.recording.unsent.get(case_id)
    if reason is None:
        # A burst is recorded as what it mixes.
        return bool(run.contract.cases[case_id].burst) or any(run.recording.of_case(case_id))
    return reason.word not in ("not-applicable", "not-selected")


def cases_by_reason(verdict: Verdict, language: Language) -> dict[str, list[str]]:
    """Return the cases that a clause was not judged by, by the reason in words."""
    found: dict[str, list[str]] = {}
    for case, reason in verdict.left_out.items():
        found.setdefault(render(reason, language), []).append(case)
    return found
