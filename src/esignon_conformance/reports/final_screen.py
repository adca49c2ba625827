"""The last screen: the verdict, a table by clause group, the failed clauses in words, the paths."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ..i18n.catalogue import render, word
from ..i18n.language import Language
from ..runner.run import Run
from ..verdicts.exit_status import EXIT_CONFORMS, EXIT_FAILS, EXIT_INTERNAL, EXIT_NOTHING_RAN
from ..verdicts.model import Verdict
from .answer_origin_text import lines_of_what_answered
from .command_name import command_name
from .coverage import coverage_lines
from .finding_text import finding_lines, impact_lines
from .left_out_cases import lines_of_part
from .load_figures import load_object, passing_gateway_errors
from .load_screen import load_table
from .priorities import deviating, mending_lines, mending_order
from .styled_text import EMPTY, Line, Style, cell_width, line_of
from .summary import (
    NONE,
    UNJUDGED_TITLES,
    columns_of,
    headline,
    labels_line,
    lines_of_not_sent,
    lines_of_traffic,
    lines_of_unjudged,
    login_notice,
    missing_settings,
    part_line,
    sent_line,
    stale_items,
    table_rows,
    target_line,
    waived_items,
)
from .token_lines import token_lines

_JUDGED = frozenset({"holds", "fails", "advisory", "waived"})
_CELL_STYLES: dict[str, Style] = {
    "holds": "good",
    "fails": "bad",
    "advisory": "warning",
    "could-not-judge": "warning",
}
# Any other status is told as a warning.
_HEADLINE_STYLES: dict[int, Style] = {
    EXIT_CONFORMS: "good",
    EXIT_FAILS: "bad",
    EXIT_INTERNAL: "bad",
}
_LETTER_LABELS = ("consequence", "action", "expected", "got", "where", "shown-by", "again")


def _table(verdicts: Sequence[Verdict], language: Language, width: int | None) -> Iterator[Line]:
    rows, columns = table_rows(verdicts, language), columns_of(verdicts)
    widths = [max(cell_width(row[column]) for row in rows) for column in range(len(rows[0]))]
    if width is not None and sum(widths) + 2 * (len(widths) - 1) > width:
        yield from _narrow_table(rows)
        return
    for number, row in enumerate(rows):
        parts: list[tuple[str, Style]] = []
        style: Style = "faint" if number == 0 else "plain"
        parts.append((row[0] + " " * (widths[0] - cell_width(row[0])), style))
        for column, cell, wide in zip(columns, row[1:], widths[1:], strict=True):
            style = "faint" if number == 0 or cell == NONE else _CELL_STYLES.get(column, "plain")
            parts.append(("  " + " " * (wide - cell_width(cell)) + cell, style))
        yield Line(tuple(parts), wraps=False)


def _narrow_table(rows: Sequence[Sequence[str]]) -> Iterator[Line]:
    """Yield a line a group, with the verdicts that it has: a table would break over lines."""
    head, *groups = rows
    for name, *cells in groups:
        counts = [
            f"{verdict} {cell}"
            for verdict, cell in zip(head[1:], cells, strict=True)
            if cell != NONE
        ]
        yield line_of(f"{name}: {' · '.join(counts)}")


def lines(
    run: Run,
    status: int,
    language: Language,
    paths: Sequence[str],
    *,
    case: str | None = None,
    width: int | None = None,
) -> Iterator[Line]:
    """Yield the lines of the last screen, every secret masked.

    Of a run of one case it is that case's verdict.  `width` is that of a terminal.
    """
    if case is None:
        found = _lines(run, status, language, paths, width)
    else:
        found = _lines_of_case(run, status, language, paths, case)
    for line in found:
        yield line.scrubbed(run.scrubber.scrub)


def _lines_of_case(
    run: Run, status: int, language: Language, paths: Sequence[str], case: str
) -> Iterator[Line]:
    yield from _verdict_lines(run, status, language)
    verdict = run.by_clause[run.contract.cases[case].clause]
    if verdict.verdict not in ("fails", "advisory"):
        came = word(f"verdict-{verdict.verdict}", language)
        reason = f": {render(verdict.reason, language)}" if verdict.reason else ""
        yield from (EMPTY, _line_of_clause(run, verdict, "title", language))
        yield line_of(f"      {came}{reason}", _CELL_STYLES.get(verdict.verdict, "plain"))
    yield from _failed(run, language)
    yield from _advisories(run, language)
    yield from _waived(run, language)
    yield from _what_answered(run, language)
    yield EMPTY
    yield from (line_of(text) for text in lines_of_not_sent(run, language))
    yield from (line_of(text) for text in token_lines(run, language))
    yield line_of(target_line(run, language))
    if paths:
        yield line_of(word("written", language, paths=", ".join(paths)))


def _lines(
    run: Run, status: int, language: Language, paths: Sequence[str], width: int | None
) -> Iterator[Line]:
    yield from _verdict_lines(run, status, language)
    if run.traffic is not None and run.traffic.load is not None:
        # The load itself was told in the first line, which stands just above.
        yield from load_table(load_object(run.traffic.load), language, width)
    yield EMPTY
    if status == EXIT_NOTHING_RAN and not (run.cases or run.clauses or run.draws):
        # A table of all that was not judged would only hide why.
        yield line_of(word("nothing-chosen", language, explain=f"{command_name()} explain"))
        return
    yield from _table(run.verdicts, language, width)
    yield from _failed(run, language)
    yield from _advisories(run, language)
    yield from _waived(run, language)
    yield from _unjudged(run, language)
    yield from _what_answered(run, language)
    yield from _mend_first(run, language)
    yield EMPTY
    yield from (line_of(text) for text in lines_of_traffic(run, language))
    passing = passing_gateway_errors(run)
    if passing:
        yield line_of(word("passing-gateway", language, count=passing))
    excused = run.recording.excused.values()
    unrepeated = sum(one.word in ("unrepeated", "gateway-at-once") for one in excused)
    if unrepeated:
        yield line_of(word("unrepeated", language, count=unrepeated))
    yield from (line_of(text) for text in lines_of_not_sent(run, language))
    yield from (line_of(text) for text in token_lines(run, language))
    missing = missing_settings(run)
    if missing:
        yield line_of(word("missing-settings", language, names=", ".join(missing)))
    asked = [one for one in run.verdicts if one.level != "observe"]
    judged = sum(1 for one in asked if one.verdict in _JUDGED)
    count = word("judged-count", language, judged=judged, all=len(asked))
    yield line_of(f"{count} · {sent_line(run, language)}")
    yield from (line_of(text, "faint") for text in coverage_lines(run, language))
    if run.traffic is None or run.traffic.load is None:
        yield line_of(target_line(run, language))
    labels = labels_line(run, language)
    if labels:
        yield line_of(labels)
    if paths:
        yield line_of(word("written", language, paths=", ".join(paths)))


def _verdict_lines(run: Run, status: int, language: Language) -> Iterator[Line]:
    notice = login_notice(run, language)
    if notice:
        yield line_of(notice, "warning")
    # A part run says of no server that it conforms, and so is not green.
    says_nothing = status == EXIT_CONFORMS and not run.complete
    style = "title" if says_nothing else _HEADLINE_STYLES.get(status, "warning")
    yield line_of(headline(run, status, language), style)
    part = part_line(run, language)
    if part:
        yield line_of(part)


def _failed(run: Run, language: Language) -> Iterator[Line]:
    failed = deviating(run.contract, run.verdicts, "fails")
    if failed:
        yield from (EMPTY, line_of(word("title-failed", language), "title"))
    for verdict in failed:
        yield _line_of_clause(run, verdict, "bad", language)
        for text in impact_lines(run, verdict, language):
            yield _line_of_letter(f"      {text}", language)
        for finding in verdict.findings:
            for text in finding_lines(run, finding, language):
                yield _line_of_letter(f"      {text}", language)


def _advisories(run: Run, language: Language) -> Iterator[Line]:
    advisories = deviating(run.contract, run.verdicts, "advisory")
    if advisories:
        yield from (EMPTY, line_of(word("title-advisories", language), "title"))
    for verdict in advisories:
        yield _line_of_clause(run, verdict, "warning", language)
        due = ""
        for finding in verdict.findings:
            # What came may be a right text in a language that nobody asked for: what was due stands above.
            before, due = due, render(finding.expected, language)
            if due != before:
                label = f"      {word('label-expected', language)}: "
                yield Line(((label, "faint"), (due, "plain")))
            got = f"      {word('label-got', language)}: "
            came = f"{render(finding.got, language)}  [{finding.case}]"
            yield Line(((got, "faint"), (came, "plain")))


def _line_of_clause(run: Run, verdict: Verdict, style: Style, language: Language) -> Line:
    clause = run.contract.clauses[verdict.clause]
    level = word(f"level-{verdict.level}", language)
    rest = f" ({level})  {clause.title[language]}"
    return Line(((f"  {verdict.clause}", style), (rest, "plain")))


def _line_of_letter(text: str, language: Language) -> Line:
    """Return a line of a letter, its label faint; what is to be copied is never wrapped."""
    label, colon, rest = text.partition(": ")
    if colon and label.strip() in {word(f"label-{one}", language) for one in _LETTER_LABELS}:
        is_command = label.strip() == word("label-again", language)
        return Line(((f"{label}: ", "faint"), (rest, "plain")), wraps=not is_command)
    return line_of(text)


def _waived(run: Run, language: Language) -> Iterator[Line]:
    items = list(waived_items(run, language))
    if items:
        yield from (EMPTY, line_of(word("title-waived", language), "title"))
    for what, why in items:
        yield from (line_of(f"  {what}"), line_of(f"      {why}"))
    stale = list(stale_items(run, language))
    if stale:
        yield from (EMPTY, line_of(word("title-stale-waivers", language), "title"))
    yield from (line_of(f"  {text}") for text in stale)


def _unjudged(run: Run, language: Language) -> Iterator[Line]:
    found = [
        (title, list(lines_of_unjudged(run, one, language)))
        for one, title in UNJUDGED_TITLES.items()
    ]
    for title, reasons in (*found, ("title-part", list(lines_of_part(run, language)))):
        if reasons:
            yield from (EMPTY, line_of(word(title, language), "title"))
        yield from (line_of(f"  {text}") for text in reasons)


def _mend_first(run: Run, language: Language) -> Iterator[Line]:
    order = mending_order(run.contract, run.verdicts)
    texts = list(mending_lines(order, language))
    if texts:
        yield from (EMPTY, line_of(word("title-mend", language), "title"))
    yield from (line_of(f"  {text}") for text in texts)


def _what_answered(run: Run, language: Language) -> Iterator[Line]:
    for title, texts in lines_of_what_answered(run, language):
        yield from (EMPTY, line_of(title, "title"))
        yield from (line_of(f"  {text}") for text in texts)
