"""The last screen: the verdict, a table by clause group, the failed clauses in words, the paths."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from .contract.model import GROUPS, Language
from .coverage import coverage_lines
from .letter import finding_lines, waiver_text
from .reading import REFUSED, outcome
from .run import Run
from .settings import setting_names
from .verdict import (
    EXIT_COULD_NOT_JUDGE,
    EXIT_FAILS,
    EXIT_INTERNAL,
    EXIT_INTERRUPTED,
    EXIT_NOTHING_RAN,
    EXIT_WAIVERS,
    Verdict,
    fails_run,
)
from .waiver_standing import stale_waivers, standing
from .wording import render, word

_COLUMNS = ("holds", "fails", "advisory", "not-judged", "could-not-judge", "observed")
_JUDGED = frozenset({"holds", "fails", "advisory", "waived"})


def headline(run: Run, status: int, language: Language) -> str:
    """Return the first line of the verdict."""
    failed = [one for one in run.verdicts if one.verdict == "fails"]
    if status == EXIT_INTERNAL:
        return word("headline-internal", language)
    if status == EXIT_INTERRUPTED:
        return word("headline-interrupted", language)
    if status == EXIT_FAILS and not failed:
        named = [one.clause for one in run.verdicts if fails_run(one, run.fail_on)]
        return word("headline-fail-on", language, clauses=", ".join(named))
    if status == EXIT_FAILS:
        key = "headline-fails-one" if len(failed) == 1 else "headline-fails"
        return word(key, language, count=len(failed))
    if status == EXIT_COULD_NOT_JUDGE:
        return word("headline-could-not-judge", language, reason=_could_not_reason(run, language))
    if status == EXIT_WAIVERS:
        return word("headline-waivers", language)
    if status == EXIT_NOTHING_RAN:
        return word("headline-nothing-ran", language)
    return word("headline-conforms" if run.complete else "headline-part", language)


def _could_not_reason(run: Run, language: Language) -> str:
    for verdict in run.verdicts:
        if verdict.verdict == "could-not-judge" and verdict.level == "must" and verdict.reason:
            return render(verdict.reason, language)
    return word("part-could-not", language)


def login_notice(run: Run, language: Language) -> str | None:
    """Return the line that names both causes when a first right login was refused."""
    if not any(one.word == "first-login-refused" for one in run.recording.unsent.values()):
        return None
    for exchange in run.recording.exchanges:
        result = outcome(exchange, frozenset())
        if exchange.role == "login" and result in REFUSED:
            got = word("code", language, code=result)
            return word("headline-login-refused", language, got=got)
    return None


def target_line(run: Run, language: Language) -> str:
    """Return the line that says what was tested; the server in the box says that it is one."""
    if run.target.kind == "box":
        return word("box-notice", language)
    return word("target-notice", language, url=run.target.base_url)


def table(verdicts: Sequence[Verdict], language: Language) -> Iterator[str]:
    """Yield the lines of the table by clause group: counts by verdict."""
    # Where nothing is waived the word is left out.
    waived = ("waived",) if any(one.verdict == "waived" for one in verdicts) else ()
    columns = (*_COLUMNS[:3], *waived, *_COLUMNS[3:])
    names = [word("table-group", language), *(word(f"verdict-{one}", language) for one in columns)]
    rows = [names]
    for group in (*GROUPS, None):
        chosen = [one for one in verdicts if group is None or one.clause.startswith(f"{group}-")]
        label = word(f"group-{group}", language) if group else word("table-total", language)
        counts = [sum(1 for one in chosen if one.verdict == column) for column in columns]
        rows.append([label, *(str(count) if count else "·" for count in counts)])
    widths = [max(_width(row[column]) for row in rows) for column in range(len(names))]
    for row in rows:
        first = row[0] + " " * (widths[0] - _width(row[0]))
        cells = [
            " " * (width - _width(cell)) + cell
            for cell, width in zip(row[1:], widths[1:], strict=True)
        ]
        yield "  ".join([first, *cells])


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(one) in "WF" else 1 for one in text)


def lines(run: Run, status: int, language: Language, paths: Sequence[str]) -> Iterator[str]:
    """Yield the lines of the last screen, every secret masked."""
    for line in _lines(run, status, language, paths):
        yield run.scrubber.scrub(line)


def _lines(run: Run, status: int, language: Language, paths: Sequence[str]) -> Iterator[str]:
    yield from _verdict_lines(run, status, language)
    yield ""
    yield from table(run.verdicts, language)
    for title, wanted, brief in (
        ("title-failed", "fails", False),
        ("title-advisories", "advisory", True),
    ):
        chosen = [one for one in run.verdicts if one.verdict == wanted]
        if chosen:
            yield ""
            yield word(title, language)
        for verdict in chosen:
            clause = run.contract.clauses[verdict.clause]
            level = word(f"level-{verdict.level}", language)
            yield f"  {verdict.clause} ({level})  {clause.title[language]}"
            for finding in verdict.findings:
                if brief:
                    got = render(finding.got, language)
                    yield f"      {word('label-got', language)}: {got}  [{finding.case}]"
                else:
                    yield from (f"      {line}" for line in finding_lines(run, finding, language))
    yield from _waived(run, language)
    yield from _unjudged(run, "could-not-judge", language)
    yield from _unjudged(run, "not-judged", language)
    yield ""
    passing = sum(len(one.passing) for one in run.recording.exchanges)
    if passing:
        yield word("passing-gateway", language, count=passing)
    missing = missing_settings(run)
    if missing:
        yield word("missing-settings", language, names=", ".join(missing))
    asked = [one for one in run.verdicts if one.level != "observe"]
    judged = sum(1 for one in asked if one.verdict in _JUDGED)
    count = word("judged-count", language, judged=judged, all=len(asked))
    sent = word("requests-count", language, requests=run.requests, seconds=f"{run.seconds:.1f}")
    yield f"{count} · {sent}"
    yield from coverage_lines(run, language)
    yield target_line(run, language)
    if paths:
        yield word("written", language, paths=", ".join(paths))


def _verdict_lines(run: Run, status: int, language: Language) -> Iterator[str]:
    notice = login_notice(run, language)
    if notice:
        yield notice
    yield headline(run, status, language)
    if not run.is_whole:
        yield word("part-run", language)


def _waived(run: Run, language: Language) -> Iterator[str]:
    """Yield what is waived, and the waivers that have to be removed or renewed."""
    chosen = [(one, finding) for one in run.verdicts for finding in one.findings if finding.waiver]
    left_out = [one for one in run.waivers if not one.send and one in run.waivers_in_force]
    if chosen or left_out:
        yield ""
        yield word("title-waived", language)
    for verdict, finding in chosen:
        if finding.waiver is not None:
            got = render(finding.got, language)
            yield f"  {verdict.clause}  {word('label-got', language)}: {got}  [{finding.case}]"
            yield f"      {waiver_text(finding.waiver, language)}"
    for waiver in left_out:
        yield f"  {waiver.about}  {word('waiver-left-out', language)}"
        yield f"      {waiver_text(waiver, language)}"
    told = dict.fromkeys(stale_waivers(run), "waiver-not-needed")
    for waiver in run.waivers:
        if standing(run, waiver) == "expired":
            told[waiver] = "waiver-expired" if waiver.send else "waiver-expired-left-out"
    if told:
        yield ""
        yield word("title-stale-waivers", language)
    for waiver, key in told.items():
        words = {"about": waiver.about, "ticket": waiver.ticket, "until": waiver.until}
        yield f"  {waiver.place}: {word(key, language, **words)}"


def _unjudged(run: Run, wanted: str, language: Language) -> Iterator[str]:
    """Yield the clauses with a verdict that says why there is none, one line a reason."""
    by_reason: dict[str, list[str]] = {}
    for verdict in run.verdicts:
        if verdict.verdict == wanted and verdict.level != "observe" and verdict.reason:
            by_reason.setdefault(render(verdict.reason, language), []).append(verdict.clause)
    if by_reason:
        yield ""
        yield word(
            "title-could-not" if wanted == "could-not-judge" else "title-not-judged", language
        )
    for reason, clauses in by_reason.items():
        yield f"  {', '.join(clauses)}: {reason}"


def missing_settings(run: Run) -> list[str]:
    """Return the names of the settings that would let more clauses or cases be judged."""
    groups = {one.about for one in run.recording.unsent.values() if one.word == "no-account"}
    return [name for group in sorted(groups) for name in setting_names(group)]
